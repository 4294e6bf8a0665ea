"""Complaints by real name against a title or an evaluation body."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.body.models import Body
from certification.designation.models import Designation
from certification.hearing.models import Exhibit, Heard
from certification.scheme.subject import owner_of
from greenchain.accounts.models import Role
from greenchain.accounts.posts import places_of
from greenchain.clock import today
from suppliers.enterprise.access import may
from suppliers.enterprise.models import Membership
from suppliers.place.models import Authority

OFFICERS = (Role.AUDITOR, Role.APPROVER)


class Outcome(models.TextChoices):
    """What became of a complaint."""

    FOUNDED = "founded", _("founded")
    UNFOUNDED = "unfounded", _("unfounded")
    WITHDRAWN = "withdrawn", _("withdrawn")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Complaints name people: only the officers of the one authority that answers read them."""

    def visible_to(self, user: Any) -> "ComplaintQuerySet":
        """Auditors and approvers of the authority, and only what its sender confirmed."""
        if getattr(user, "is_official", False) and user.role in OFFICERS:
            return self.counted().filter(authority__in=places_of(user))
        return self.none()

    def told_to(self, user: Any) -> "ComplaintQuerySet":
        """Those that the holder or body was asked about; who complains is no part of it."""
        asked = self.counted().filter(told_at__isnull=False)
        if getattr(user, "role", "") == Role.ENTERPRISE and user.is_active:
            mine = Membership.objects.current().filter(user=user).values("enterprise")
            return asked.filter(designation__in=Designation.objects.held_by(mine))
        if getattr(user, "role", "") == Role.EVALUATOR and user.is_active:
            return asked.filter(body__in=Body.members.through.objects.filter(user=user).values("body"))
        return self.none()

    def counted(self) -> "ComplaintQuerySet":
        """Those whose address was confirmed."""
        return self.filter(confirmed_at__isnull=False)

    def open(self) -> "ComplaintQuerySet":
        """Counted and without outcome."""
        return self.counted().filter(outcome="")


class Complaint(Heard):
    """Somebody identified says, with evidence, what is wrong with a title or a body (policy.md 1.4, [S9]).

    Holder or body learn the substance in an officer's words, never who complains or the statement itself.
    """

    designation = models.ForeignKey(
        Designation, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("title")
    )
    body = models.ForeignKey(
        Body, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("evaluation body")
    )
    authority = models.ForeignKey(
        Authority, on_delete=models.PROTECT, related_name="+", verbose_name=_("authority")
    )
    due_on = models.DateField(_("due on"), null=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("taken up by"),
    )
    taken_at = models.DateTimeField(_("taken up"), null=True)
    substance = models.TextField(_("what the holder is told"), blank=True)
    told_at = models.DateTimeField(_("holder asked"), null=True)
    answer_by = models.DateField(_("holder may answer until"), null=True)
    reply = models.TextField(_("holder's answer"), blank=True)
    replied_at = models.DateTimeField(_("holder answered"), null=True)
    outcome = models.CharField(_("outcome"), max_length=10, blank=True, choices=Outcome)
    reasons = models.TextField(_("reasons"), blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes = [models.Index(fields=["authority", "outcome", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(designation__isnull=False, body__isnull=True)
                | Q(designation__isnull=True, body__isnull=False),
                name="complaint_about_one",
            )
        ]

    def get_absolute_url(self) -> str:
        """The complainant's own page, by its secret."""
        return reverse("complaint", args=[self.secret])

    @property
    def subject(self) -> Any:
        """The title or the body."""
        return self.designation or self.body

    @property
    def is_late(self) -> bool:
        """Whether the outcome is overdue."""
        return not self.outcome and self.due_on is not None and self.due_on < today()

    @property
    def may_reply(self) -> bool:
        """Whether the holder's or body's answer is still taken."""
        waits = bool(self.told_at) and not self.replied_at and not self.outcome
        return waits and self.answer_by is not None and today() <= self.answer_by

    def answers(self, user: Any) -> bool:
        """Whether the person speaks for the holder or the body."""
        if self.designation is not None:
            holder = self.designation.subject
            return holder is not None and may(user, owner_of(holder), "edit")
        members = self.body.members if self.body else None
        return members is not None and user.is_active and members.filter(pk=user.pk).exists()


class ComplaintFile(Exhibit):
    """A piece of evidence that came with a complaint."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="files")

    class Meta:
        verbose_name = _("complaint's file")
        verbose_name_plural = _("complaints' files")
