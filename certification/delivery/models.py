"""What was told to whom: a row per audit entry and addressee; the entry itself never changes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenchain.accounts.models import Role
from greenchain.audit.models import AuditEntry


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Mails are private to their addressee; an administrator sees them to help."""

    def visible_to(self, user: Any) -> "DeliveryQuerySet":
        """One's own; an administrator all."""
        if getattr(user, "role", None) == Role.ADMINISTRATOR:
            return self.all()
        return self.filter(addressee=user) if getattr(user, "is_authenticated", False) else self.none()


class Delivery(models.Model):
    """One mail about one entry to one person."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="deliveries")
    addressee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deliveries"
    )
    subject = models.CharField(max_length=200)
    text = models.TextField()
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        constraints = [models.UniqueConstraint(fields=["entry", "addressee"], name="told_once")]

    def __str__(self) -> str:
        return self.subject
