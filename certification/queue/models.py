"""The views of the queue that officials keep."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Views are a person's own."""

    def visible_to(self, user: Any) -> "SavedViewQuerySet":
        """One's own."""
        return self.filter(user=user) if getattr(user, "is_official", False) else self.none()


class SavedView(models.Model):
    """A way of looking at the queue that an official keeps: filters and order under a name."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_views")
    name = models.CharField(_("name"), max_length=40)
    query = models.JSONField(default=dict, help_text="the filters as the queue's address has them")
    is_default = models.BooleanField(_("shown first"), default=False)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="one_view_of_a_name"),
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(is_default=True), name="one_view_shown_first"
            ),
        ]

    def __str__(self) -> str:
        return self.name
