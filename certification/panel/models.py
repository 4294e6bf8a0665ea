"""Experts score blind; what they gave is kept as given."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now


class PanelScoreQuerySet(models.QuerySet["PanelScore"]):
    """Blind until all are done."""

    def visible_to(self, user: Any) -> "PanelScoreQuerySet":
        """An expert sees only their own; officials see all; applicants none."""
        if getattr(user, "role", None) == Role.EXPERT:
            return self.filter(expert=user)
        if getattr(user, "is_official", False):
            return self.filter(application__in=Application.objects.visible_to(user))
        return self.none()


class PanelScore(AppendOnly):
    """One expert's points out of 100, with reasons."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="panel_scores")
    expert = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panel_scores"
    )
    points = models.DecimalField(max_digits=5, decimal_places=2)
    reasons = models.TextField()
    at = models.DateTimeField(default=now)

    objects = PanelScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("panel score")
        verbose_name_plural = _("panel scores")
        constraints = [
            models.UniqueConstraint(fields=["application", "expert"], name="one_score_per_expert"),
            models.CheckConstraint(
                condition=models.Q(points__gte=0) & models.Q(points__lte=100), name="panel_points_of_100"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.points}"
