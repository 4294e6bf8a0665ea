"""Alerts: something happened to a supplier, and these buyers above it are touched."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.chain.causes import CAUSES, Change
from certification.designation.models import Designation
from greenchain.audit.models import AuditEntry
from greenchain.clock import now
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import enterprise_scope
from suppliers.place.models import Level
from suppliers.supply.models import SupplyLink

HARD = 0.1
"""A buyer is hit hard when this share of its purchases or more depends on the supplier (ours)."""


class AlertQuerySet(models.QuerySet["Alert"]):
    """Alerts belong to the buyer, and to the reviewers of its territory."""

    def visible_to(self, user: Any) -> "AlertQuerySet":
        """A buyer's own; reviewers and other officials those of buyers in their territory."""
        return self.filter(enterprise_scope(user, "buyer", "buyer__region"))

    def named_to(self, user: Any) -> "AlertQuerySet":
        """Those whose supplier the reader may know for certain: what is searched for by name is among these only."""
        everything = user.is_official and user.authority is not None and user.authority.rank == Level.NATIONAL
        return self if everything else self.filter(tier=1)

    def for_mail(self) -> "AlertQuerySet":
        """Those that come by mail too: of direct suppliers, and of others from ``HARD`` on."""
        return self.filter(Q(tier=1) | Q(exposure__gte=HARD))

    def unseen(self) -> "AlertQuerySet":
        """Not yet seen by anybody of the buyer."""
        return self.filter(seen_at__isnull=True)


class Alert(models.Model):
    """One buyer, one change of one supplier in whatever tier.

    Who reads it may not know the supplier: pages, mails and programs read ``certification.chain.heard``.
    """

    buyer = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="alerts")
    supplier = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(SupplyLink, null=True, on_delete=models.SET_NULL, related_name="alerts")
    designation = models.ForeignKey(Designation, null=True, on_delete=models.CASCADE, related_name="alerts")
    entry = models.ForeignKey(AuditEntry, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(_("what happened"), max_length=16)
    tier = models.PositiveSmallIntegerField(_("tier"), default=1)
    exposure = models.FloatField(
        null=True, help_text="share of the buyer's purchases through it, 0 to 1; none where no spend is known"
    )
    way = models.JSONField(default=list, help_text="keys, from the buyer up to the supplier")
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
    def keys(self) -> list[int]:
        """The way, from the buyer to the supplier; alerts of before there were ways are of direct suppliers."""
        return self.way or [self.buyer_id, self.supplier_id]

    @property
    def change(self) -> Change:
        """The kind of what happened."""
        return CAUSES[self.cause].change

    @property
    def what(self) -> Any:
        """What happened, in the reader's language."""
        return CAUSES[self.cause].words

    @property
    def state(self) -> str:
        """Where that left the supplier: the state whose look it wears."""
        return CAUSES[self.cause].look
