"""What a rule change would do: a study, the frozen figures that it is made of, and a row per title."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.designation.models import Designation
from certification.scheme.models import SchemeVersion
from greenchain.accounts.models import Role
from greenchain.clock import now
from greenchain.jobs.models import Job
from suppliers.place.models import Authority, Level, Region

STUDIES = (Role.APPROVER, Role.REVIEWER)
PARTS = Decimal(10_000)
"""Scores are kept as whole numbers of 1/10,000."""


def may_study(user: Any) -> bool:
    """Administrators, and the approvers and reviewers of an authority."""
    if getattr(user, "role", "") == Role.ADMINISTRATOR:
        return True
    return bool(getattr(user, "is_official", False)) and user.role in STUDIES


class State(models.TextChoices):
    """How far a study is."""

    WAITING = "waiting", _("being computed")
    DONE = "done", _("done")
    FAILED = "failed", _("broken off")


class StudyQuerySet(models.QuerySet["Study"]):
    """Studies tell of a territory's titles: they are read by who answers for it."""

    def visible_to(self, user: Any) -> "StudyQuerySet":
        """Administrators see all totals; officials those of their authority and below it."""
        if getattr(user, "role", "") == Role.ADMINISTRATOR:
            return self.all()
        if not getattr(user, "is_official", False):
            return self.none()
        return self.filter(authority__path__startswith=user.authority.path)


class Study(models.Model):
    """All titles in force of a scheme in a territory, scored by one version and by another or a changed one.

    Its figures are frozen part by part, so that its rows can be made again, and a further study can have the
    same ``basis``.
    """

    authority = models.ForeignKey(
        Authority, verbose_name=_("territory of"), on_delete=models.PROTECT, related_name="+"
    )
    before = models.ForeignKey(
        SchemeVersion, verbose_name=_("by today's rules"), on_delete=models.PROTECT, related_name="+"
    )
    after = models.ForeignKey(
        SchemeVersion, verbose_name=_("by other rules"), on_delete=models.PROTECT, related_name="+"
    )
    changes = models.JSONField(
        _("changes"),
        default=dict,
        help_text="to the other rules: by indicator code or level, decimals as text",
    )
    year = models.PositiveSmallIntegerField(_("figures of"))
    level = models.PositiveSmallIntegerField(_("level"), choices=Level, null=True, blank=True)
    region = models.ForeignKey(
        Region, verbose_name=_("region"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    as_of = models.DateField(_("titles in force on"))
    note = models.CharField(_("what it is for"), max_length=200, blank=True)
    basis = models.ForeignKey(
        "self",
        verbose_name=_("same figures as"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    outcome = models.JSONField(default=dict)
    digest = models.CharField(_("digest"), max_length=64, blank=True, help_text="over the frozen figures")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("asked for at"), default=now)

    objects = StudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("impact study")
        verbose_name_plural = _("impact studies")
        indexes = [models.Index(fields=["state"])]

    def __str__(self) -> str:
        return self.note or f"{self.after} ({self.year})"

    @property
    def is_silent(self) -> bool:
        """Whether it is not done and nobody has worked on it for a minute."""
        return self.state == State.WAITING and self.job.updated_at < now() - dt.timedelta(minutes=1)


class StudyPart(models.Model):
    """Some thousand titles of a study: their keys, their figures frozen as arrays, and what came of them."""

    study = models.ForeignKey(Study, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    titles = models.BinaryField(help_text="keys of the titles, eight bytes each, little end first")
    figures = models.BinaryField(
        null=True, help_text="the figures of those that reported, as ``packing`` has them"
    )
    digest = models.CharField(max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    told = models.JSONField(default=dict, help_text="sums of the rows, and how the sampled ones compare")
    done_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("part of an impact study")
        verbose_name_plural = _("parts of impact studies")
        constraints = [models.UniqueConstraint(fields=["study", "number"], name="one_study_part_per_number")]

    def __str__(self) -> str:
        return f"{self.study_id}/{self.number}"


class StudyRowQuerySet(models.QuerySet["StudyRow"]):
    """Rows tell what a subject scores: they are for the officials of its place."""

    def visible_to(self, user: Any) -> "StudyRowQuerySet":
        """Those of studies of one's territory; administrators read totals, never a case's figures."""
        if getattr(user, "role", "") == Role.ADMINISTRATOR:
            return self.none()
        return self.filter(study__in=Study.objects.visible_to(user).values("pk"))


class Verdict(models.IntegerChoices):
    """What the figures alone say of the pass score."""

    FAILS = 0, _("does not reach it")
    OPEN = 1, _("hangs on what people judge")
    REACHES = 2, _("reaches it")


class Moved(models.IntegerChoices):
    """How the verdict changes."""

    FALLS = -1, _("falls")
    STAYS = 0, _("stays")
    RISES = 1, _("rises")


class StudyRow(models.Model):
    """What one title scores by either rules, in 1/10,000 of 100, and the verdicts (places in VERDICTS).

    Rows come in hundreds of thousands and are only ever written with their part, so the database does not look
    up the part and the title for each of them.
    """

    study = models.ForeignKey(Study, on_delete=models.DO_NOTHING, db_constraint=False, related_name="rows")
    part = models.ForeignKey(
        StudyPart, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    title = models.ForeignKey(
        Designation, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    region = models.CharField(max_length=6)
    division = models.CharField(max_length=2)
    level = models.SmallIntegerField()
    output = models.BigIntegerField(help_text="CNY; 0 where none was reported")
    low_before = models.IntegerField()
    high_before = models.IntegerField()
    low_after = models.IntegerField()
    high_after = models.IntegerField()
    verdict_before = models.SmallIntegerField(choices=Verdict)
    verdict_after = models.SmallIntegerField(choices=Verdict)
    moved = models.SmallIntegerField(choices=Moved)

    objects = StudyRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("title in an impact study")
        verbose_name_plural = _("titles in impact studies")
        indexes = [
            models.Index(
                fields=["study", "moved", "-output"], name="study_rows_moved", condition=~models.Q(moved=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.study_id}: {self.title_id}"

    @property
    def scores(self) -> tuple[Decimal, Decimal]:
        """The confirmed score of 100 by today's rules and by the others."""
        return self.low_before / PARTS, self.low_after / PARTS
