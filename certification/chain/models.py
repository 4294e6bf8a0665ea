"""Alerts: a supplier's title changed, and these buyers are touched."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.designation.life import TOLD
from certification.designation.models import Designation
from greenchain.audit.models import AuditEntry
from greenchain.clock import now
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import enterprise_scope
from suppliers.supply.models import SupplyLink

LEFT = {"suspend": "suspended", "revoke": "revoked", "surrender": "surrendered", "expire": "expired"}


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts belong to the buyer, and to the reviewers of its territory."""

    def visible_to(self, user: Any) -> "AlertQuerySet":
        """A buyer's own; reviewers and other officials those of buyers in their territory."""
        return self.filter(enterprise_scope(user, "buyer", "buyer__region"))

    def unseen(self) -> "AlertQuerySet":
        """Not yet seen by anybody of the buyer."""
        return self.filter(seen_at__isnull=True)


class Alert(models.Model):
    """One buyer, one change of one direct supplier's title."""

    buyer = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="alerts")
    supplier = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(SupplyLink, null=True, on_delete=models.SET_NULL, related_name="alerts")
    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="alerts")
    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(_("what happened"), max_length=16)
    at = models.DateTimeField(default=now)
    seen_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["buyer", "supplier", "entry"], name="one_alert_per_change")
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} → {self.buyer_id}: {self.cause}"

    @property
    def what(self) -> Any:
        """What happened, in the reader's language."""
        return TOLD.get(self.cause, self.cause)

    @property
    def state(self) -> str:
        """Where that left the title: the state whose look it wears."""
        return LEFT.get(self.cause, "current")
