"""What keeps a title true: obligations with dates, and proposals heard before anything is taken away."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from greenchain.clock import now
from suppliers.enterprise.models import Membership


def _titles_of(user: Any) -> Q:
    if getattr(user, "is_official", False):
        return Q(designation__home__path__startswith=user.authority.path)
    own = Membership.objects.current().filter(user=user).values("enterprise")
    return Q(designation__in=Designation.objects.held_by(own))


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Obligations bind the holder and are watched by its authorities."""

    def visible_to(self, user: Any) -> "ObligationQuerySet":
        """Those of one's own titles; officials those of their territory."""
        return self.filter(_titles_of(user))


class Obligation(models.Model):
    """The annual form for a title and year, due by the region's calendar."""

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="obligations")
    year = models.PositiveSmallIntegerField()
    due_on = models.DateField()
    filed_at = models.DateTimeField(null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [models.UniqueConstraint(fields=["designation", "year"], name="one_annual_form")]

    def __str__(self) -> str:
        return f"{self.designation_id}: {self.year}"


class Cause(models.TextChoices):
    """Why a title is taken away; only fault bars."""

    FAULT = "fault", _("fault")
    CLOSED = "closed", _("closed")
    RELOCATED = "relocated", _("relocated")
    MERGED = "merged", _("merged")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals are between the holder and the authorities."""

    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Those of one's own titles; officials those of their territory."""
        return self.filter(_titles_of(user))


class Proposal(models.Model):
    """A proposal to suspend or remove a title; the holder may answer until ``reply_by``."""

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="proposals")
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    reasons = models.TextField(_("reasons"))
    reply_by = models.DateField(_("reply by"))
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")

    def __str__(self) -> str:
        return f"{self.designation_id}: {self.cause}"
