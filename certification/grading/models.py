"""The green code of a year: who takes part, the frozen cohort, and the codes that follow from it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from certification.scheme.models import SchemeVersion
from certification.workflow import Status
from greenchain.audit.models import AppendOnly
from greenchain.clock import now
from greenchain.jobs.models import Job
from greenchain.languages import pick
from suppliers.enterprise.models import Membership
from suppliers.place.models import Level


def keeps_codes(user: Any) -> bool:
    """Whether the person is an official of the nation, whose desk makes the codes."""
    return bool(getattr(user, "is_official", False)) and user.authority.rank == Level.NATIONAL


class Participation(models.Model):
    """Whether the holder of a title takes part: voluntary, so nobody does who has not said so."""

    title = models.OneToOneField(Designation, on_delete=models.CASCADE, related_name="participation")
    takes_part = models.BooleanField(_("takes part"))
    since_on = models.DateField(_("since"))

    class Meta:
        verbose_name = _("participation in the green code")
        verbose_name_plural = _("participations in the green code")

    def __str__(self) -> str:
        return f"{self.title_id}: {self.takes_part}"


class State(models.TextChoices):
    """How far a grading is."""

    WAITING = "waiting", _("being computed")
    DRY_RUN = "dry_run", _("dry run")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")
    FAILED = "failed", _("broken off")


class GradingQuerySet(models.QuerySet["Grading"]):
    """What is published is public; the rest is the nation's desk's."""

    def visible_to(self, user: Any) -> "GradingQuerySet":
        """Officials of the nation see all."""
        return self.all() if keeps_codes(user) else self.published()

    def published(self) -> "GradingQuerySet":
        """What holds."""
        return self.filter(state=State.PUBLISHED)


class Grading(models.Model):
    """The codes of one reporting year: a dry run until an approver of the nation publishes it."""

    year = models.PositiveSmallIntegerField(_("reporting year"))
    number = models.PositiveSmallIntegerField(_("run"))
    scheme_version = models.ForeignKey(
        SchemeVersion, verbose_name=_("scheme version"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.WAITING)
    cut_on = models.DateField(_("snapshot of"))
    numbers = models.JSONField(default=dict, help_text="the rules' numbers that it is made by")
    explained = models.JSONField(
        default=list, help_text="numbers of titles whose swings the desk finds explained"
    )
    outcome = models.JSONField(default=dict, help_text="how many have each code, and each refusal")
    digest = models.CharField(_("digest"), max_length=64, blank=True)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("prepared by"), on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(_("prepared at"), default=now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("published by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    published_at = models.DateTimeField(_("published at"), null=True)
    withdrawn_because = models.TextField(_("why it was withdrawn"), blank=True)

    objects = GradingQuerySet.as_manager()

    class Meta:
        verbose_name = _("green code grading")
        verbose_name_plural = _("green code gradings")
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="one_grading_number"),
            models.UniqueConstraint(
                fields=["year"], condition=Q(state="published"), name="one_published_grading_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}/{self.number}"

    def get_absolute_url(self) -> str:
        """The public page of the year's codes."""
        return reverse("green-codes", args=[self.year])

    @property
    def codes(self) -> list[str]:
        """The codes that there are, the best first."""
        return [code for code, _share in self.numbers["bands"]]


def _of(user: Any, title: str) -> Q:
    """Titles that the person acts for, or that lie in the person's territory."""
    if getattr(user, "is_official", False):
        return Q(**{f"{title}__home__path__startswith": user.authority.path})
    own = Membership.objects.current().filter(user=getattr(user, "pk", None)).values("enterprise")
    held = Designation.objects.filter(site__enterprise__in=own)
    return Q(**{f"{title}__in": held})


SHOWN = Q(grade__isnull=False, title__participation__takes_part=True, title__status=Status.CURRENT)
"""A code is shown while its title stands and its holder takes part."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Rows of snapshots by who may see them."""

    def visible_to(self, user: Any) -> "EntryQuerySet":
        """Everybody: published codes of who takes part today; holders and their desks: theirs; the nation: all."""
        if keeps_codes(user):
            return self.all()
        told = self.filter(grading__state=State.PUBLISHED)
        return told.filter(SHOWN | _of(user, "title")) if getattr(user, "pk", None) else told.filter(SHOWN)

    def shown(self) -> "EntryQuerySet":
        """Codes that hold and may be shown to everybody."""
        return self.filter(SHOWN, grading__state=State.PUBLISHED)

    def of(self, user: Any) -> "EntryQuerySet":
        """Rows that this person reads in full: score, ranks, and why there is no code."""
        return self if keeps_codes(user) else self.filter(_of(user, "title"))


class Entry(AppendOnly):
    """A title as the snapshot found it: its figures, the score that they bring, or why it is not ranked."""

    grading = models.ForeignKey(Grading, on_delete=models.PROTECT, related_name="entries")
    title = models.ForeignKey(Designation, on_delete=models.PROTECT, related_name="code_entries")
    industry = models.CharField(_("industry"), max_length=2, blank=True)
    score = models.DecimalField(_("score"), max_digits=9, decimal_places=4, null=True)
    refusal = models.CharField(_("why there is no code"), max_length=12, blank=True)
    reason = models.JSONField(default=dict, help_text="the refusal in three languages")
    inputs = models.JSONField(default=dict, help_text="what the score was computed from")
    digest = models.CharField(max_length=64, help_text="SHA-256 over all of this")

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("title in a grading")
        verbose_name_plural = _("titles in gradings")
        constraints = [
            models.UniqueConstraint(fields=["grading", "title"], name="graded_once"),
            models.CheckConstraint(
                condition=Q(refusal="", score__isnull=False) | (~Q(refusal="") & Q(score__isnull=True)),
                name="ranked_or_refused",
            ),
        ]
        indexes = [models.Index(fields=["title", "grading"])]

    def __str__(self) -> str:
        return f"{self.grading_id}: {self.title_id}"

    def why(self) -> str:
        """The refusal in the reader's language."""
        return pick(self.reason)


class Grade(AppendOnly):
    """The code of a ranked title, and the two ranks that it follows from."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="grade")
    code = models.CharField(_("green code"), max_length=4)
    rank = models.PositiveIntegerField(_("rank"))
    of = models.PositiveIntegerField()
    band = models.CharField(max_length=4, help_text="by rank among all")
    industry_rank = models.PositiveIntegerField(_("rank in the industry"), null=True)
    industry_of = models.PositiveIntegerField(null=True)
    industry_band = models.CharField(max_length=4, blank=True, help_text="by rank in the industry")

    class Meta:
        verbose_name = _("green code")
        verbose_name_plural = _("green codes")
        indexes = [models.Index(fields=["code", "rank"])]

    def __str__(self) -> str:
        return f"{self.code} {self.rank}/{self.of}"
