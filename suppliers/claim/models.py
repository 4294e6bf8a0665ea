"""Claims: how a person comes to act for an enterprise."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from greenchain.clock import now
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.models import Evidence
from suppliers.place.models import Authority

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """The claimant's own; officials see those at desks of their authority or below."""
        if user.is_authenticated and user.is_active and user.is_official and user.authority is not None:
            return self.filter(desk__in=Authority.objects.under(user.authority))
        return self.filter(user=user.pk) if user.is_authenticated else self.none()

    def pending(self) -> Self:
        """Waiting for the desk."""
        return self.filter(status=Claim.Status.PENDING)


class Claim(models.Model):
    """A person says that they act for an enterprise; the desk compares the licence and decides."""

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting for the desk")
        CONFIRMED = "confirmed", _("confirmed")
        REFUSED = "refused", _("refused")

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="claims")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="claims")
    licence = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+")
    desk = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="claims")
    details = models.JSONField(_("details"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    note = models.TextField(_("note"), blank=True, max_length=1000)
    created_at = models.DateTimeField(default=now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reasons = models.TextField(_("reasons"), blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "user"],
                condition=Q(status="pending"),
                name="one_pending_claim_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.enterprise} · {self.get_status_display()}"
