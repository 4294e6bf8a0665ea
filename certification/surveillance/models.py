"""What keeps a title true: duties with dates, and proposals heard before anything is taken away."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from certification.workflow import Status
from greenchain.clock import now, today
from suppliers.enterprise.models import Membership
from suppliers.place.models import Authority, Level
from suppliers.record.models import ComplianceRecord

STANDING = (Status.CURRENT, Status.SUSPENDED)


def titles_of(user: Any, title: str = "designation") -> Q:
    """Rows about titles that the person holds, or that lie in the official's territory."""
    if getattr(user, "is_official", False):
        return Q(**{f"{title}__home__path__startswith": user.authority.path})
    own = Membership.objects.current().filter(user=getattr(user, "pk", None)).values("enterprise")
    return Q(**{f"{title}__in": Designation.objects.held_by(own)})


def reviewer_of(title: Designation) -> Authority | None:
    """The authority that looks at a title's forms: the city of its place, or the lowest one above (policy 1.2)."""
    return title.home.desk_for(Level.MUNICIPAL) if title.home else None


class Owed(models.TextChoices):
    """What a title's holder owes."""

    ANNUAL_FORM = "annual_form", _("annual form")
    NAME = "name_change", _("tell of the new name")
    SCOPE = "scope_change", _("tell of the change")
    REBENCHMARK = "rebenchmark", _("measure by the new rules")


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Obligations bind the holder and are watched by its authorities."""

    def visible_to(self, user: Any) -> "ObligationQuerySet":
        """Those of one's own titles; officials those of their territory."""
        return self.filter(titles_of(user))

    def annual(self) -> "ObligationQuerySet":
        """Annual forms."""
        return self.filter(kind=Owed.ANNUAL_FORM)

    def open(self) -> "ObligationQuerySet":
        """Not done, of titles that stand or are suspended: with a title end its duties."""
        return self.filter(filed_at__isnull=True, designation__status__in=STANDING)


class Obligation(models.Model):
    """What a title owes by a day: its annual form by the region's calendar, or to tell of a change."""

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="obligations")
    kind = models.CharField(_("duty"), max_length=16, choices=Owed, default=Owed.ANNUAL_FORM)
    year = models.PositiveSmallIntegerField(_("year"))
    about = models.CharField(max_length=60, blank=True, default="", help_text="what it stems from")
    due_on = models.DateField(_("due on"))
    reminded = models.SmallIntegerField(null=True, editable=False, help_text="the last rung: days left")
    filed_at = models.DateTimeField(_("filed at"), null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.UniqueConstraint(fields=["designation", "kind", "year", "about"], name="owed_once")
        ]
        indexes = [models.Index(fields=["filed_at", "due_on"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"

    @property
    def is_annual(self) -> bool:
        """Whether it is the annual form."""
        return self.kind == Owed.ANNUAL_FORM

    @property
    def is_late(self) -> bool:
        """Open, and its day has gone by."""
        return self.filed_at is None and self.due_on < today()


class Cause(models.TextChoices):
    """Why a title is taken away; only fault bars."""

    FAULT = "fault", _("fault")
    CLOSED = "closed", _("closed")
    RELOCATED = "relocated", _("relocated")
    MERGED = "merged", _("merged")


class Measure(models.TextChoices):
    """What is proposed."""

    SUSPEND = "suspend", _("suspension")
    REMOVE = "remove", _("removal")


class Ground(models.TextChoices):
    """What a proposal of the system rests on."""

    NONE = "", _("as reasoned")
    FORM = "form", _("a duty was not done in time")
    LOWEST = "lowest", _("among the lowest three years running")
    DEPENDS = "depends", _("the title below was removed")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals are between the holder and the authorities."""

    def visible_to(self, user: Any) -> "ProposalQuerySet":
        """Those of one's own titles; officials those of their territory."""
        return self.filter(titles_of(user))

    def open(self) -> "ProposalQuerySet":
        """Neither carried out nor dropped."""
        return self.filter(outcome="")


class Proposal(models.Model):
    """A proposal to suspend or remove a title; the holder may answer until ``reply_by``."""

    class Outcome(models.TextChoices):
        CARRIED = "carried", _("carried out")
        DROPPED = "dropped", _("dropped")

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="proposals")
    measure = models.CharField(_("measure"), max_length=8, choices=Measure, default=Measure.REMOVE)
    ground = models.CharField(_("ground"), max_length=8, choices=Ground, blank=True, default="")
    cause = models.CharField(_("cause"), max_length=12, choices=Cause)
    reasons = models.TextField(_("reasons"))
    evidence = models.JSONField(_("what it rests on"), default=dict, blank=True)
    obligation = models.ForeignKey(
        Obligation, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    reply_by = models.DateField(_("reply by"))
    reply = models.TextField(_("answer"), blank=True)
    replied_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True, default="")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("proposed at"), default=now)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "measure"],
                condition=Q(obligation__isnull=False),
                name="proposed_once_per_duty",
            ),
            models.UniqueConstraint(
                fields=["designation", "ground", "year"],
                condition=Q(year__isnull=False),
                name="proposed_once_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.designation_id}: {self.cause}"

    @property
    def is_heard(self) -> bool:
        """Whether the holder answered, or had until yesterday to answer."""
        return self.replied_at is not None or self.reply_by < today()


class HoldQuerySet(models.QuerySet["Hold"]):
    """Holds are between the holder and the authorities."""

    def visible_to(self, user: Any) -> "HoldQuerySet":
        """Those of one's own titles; officials those of their territory."""
        return self.filter(titles_of(user))


class Hold(models.Model):
    """A title that was suspended at once after a serious accident; its authority confirms or lifts it."""

    class Outcome(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        LIFTED = "lifted", _("lifted")

    designation = models.ForeignKey(Designation, on_delete=models.CASCADE, related_name="accident_holds")
    record = models.ForeignKey(ComplianceRecord, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("since"), default=now)
    answer_by = models.DateField(_("confirm or lift by"))
    reminded = models.BooleanField(default=False, editable=False)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True, default="")
    reasons = models.TextField(_("reasons"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspension after an accident")
        verbose_name_plural = _("suspensions after accidents")
        constraints = [models.UniqueConstraint(fields=["designation", "record"], name="held_once")]

    def __str__(self) -> str:
        return f"{self.designation_id}: {self.record}"
