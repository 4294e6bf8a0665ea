"""What may be certified: schemes, their versions, and the rounds that open them."""

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.scheme.local import LocalGate, read
from certification.scheme.terms import Counting, Term
from greenchain.clock import today
from greenchain.languages import pick
from suppliers.place.models import Authority, Level

if TYPE_CHECKING:
    from certification.scheme.definition import Definition


class Subject(models.TextChoices):
    """What a title is given to."""

    SITE = "site", _("site")
    ENTERPRISE = "enterprise", _("enterprise")
    PRODUCT = "product", _("product")
    PARK = "park", _("park")


class Scheme(models.Model):
    """A green designation that may be sought, such as the green factory."""

    key = models.SlugField(unique=True)
    subject = models.CharField(max_length=12, choices=Subject)
    prefix = models.CharField(max_length=6, help_text="starts the numbers of its cases and titles")
    names = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")

    def __str__(self) -> str:
        return pick(self.names)


class SchemeVersionQuerySet(models.QuerySet["SchemeVersion"]):
    """Versions are public."""

    def visible_to(self, user: Any) -> "SchemeVersionQuerySet":  # noqa: ARG002 - the one scope, same signature everywhere
        """Everybody reads every version."""
        return self.all()


class SchemeVersion(models.Model):
    """One published text of a scheme. It never changes: scores point to the version that made them."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    version = models.CharField(max_length=60)
    names = models.JSONField(default=dict)
    effective_on = models.DateField()
    retired_on = models.DateField(null=True, blank=True)
    source = models.TextField(help_text="the scheme file as loaded")
    digest = models.CharField(max_length=64)

    objects = SchemeVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("scheme version")
        verbose_name_plural = _("scheme versions")
        constraints = [models.UniqueConstraint(fields=["scheme", "version"], name="one_scheme_version")]

    def __str__(self) -> str:
        return f"{self.scheme} · {self.text()}"

    @cached_property
    def definition(self) -> "Definition":
        """The parsed scheme file; parsed once per process and text."""
        from certification.scheme.loading import parse_source  # noqa: PLC0415 - the loader imports these models

        return parse_source(self.source, name=self.digest[:12])

    def text(self) -> str:
        """The version's name in the reader's language."""
        return pick(self.names) or self.version


class Evaluating(models.TextChoices):
    """Whether a round wants a third party's evaluation."""

    NONE = "none", _("none")
    OPTIONAL = "optional", _("optional")
    REQUIRED = "required", _("required")


class RoundQuerySet(models.QuerySet["Round"]):
    """Rounds are public."""

    def visible_to(self, user: Any) -> "RoundQuerySet":  # noqa: ARG002 - the one scope, same signature everywhere
        """Everybody sees which rounds there are."""
        return self.all()

    def open_on(self, day: dt.date | None = None) -> "RoundQuerySet":
        """Rounds that take applications on ``day`` (today)."""
        day = day or today()
        return self.filter(opens_on__lte=day, closes_on__gte=day)


class Round(models.Model):
    """A call for applications: one scheme version, at some levels, in an authority's territory, between dates."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = models.JSONField(_("names"), default=dict)
    scheme_version = models.ForeignKey(
        SchemeVersion, verbose_name=_("scheme version"), on_delete=models.PROTECT, related_name="rounds"
    )
    authority = models.ForeignKey(
        Authority,
        verbose_name=_("authority"),
        on_delete=models.PROTECT,
        help_text=_("Opens the round in its territory."),
    )
    year = models.PositiveSmallIntegerField(
        _("reporting year"), help_text=_("The year whose figures are judged.")
    )
    levels = models.JSONField(_("levels"), default=list, help_text=_("1 municipal, 2 provincial, 3 national"))
    opens_on = models.DateField(_("opens on"))
    closes_on = models.DateField(_("closes on"))
    quota = models.JSONField(
        _("quota"), default=dict, blank=True, help_text=_("Titles per level; none means no limit.")
    )
    evaluation = models.CharField(
        _("third-party evaluation"), max_length=8, choices=Evaluating, default=Evaluating.NONE
    )
    panel = models.BooleanField(_("expert panel"), default=False)
    panel_threshold = models.DecimalField(
        _("points by which two experts may differ"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Of 100. Empty: as the scheme version says, else 10, which is our choice."),
    )
    notice_days = models.PositiveSmallIntegerField(_("days of public notice"), default=15)
    notice_counting = models.CharField(
        _("days of public notice are"), max_length=8, choices=Counting, default=Counting.CALENDAR
    )
    notice_terms = models.JSONField(
        _("public notice by level"), default=dict, blank=True, help_text="level: days, counting"
    )
    desk_days = models.PositiveSmallIntegerField(_("days per desk"), default=10)
    desk_counting = models.CharField(
        _("days per desk are"), max_length=8, choices=Counting, default=Counting.WORKING
    )
    desk_terms = models.JSONField(
        _("days by desk"), default=dict, blank=True, help_text="level of the desk: days"
    )
    local_gates = models.JSONField(
        _("local requirements"),
        default=list,
        blank=True,
        help_text=_("What is asked here beside the scheme: a title, a figure, a paper."),
    )
    departments = models.JSONField(
        _("departments to be heard"),
        default=list,
        blank=True,
        help_text=_("Their replies must be on file before a desk endorses."),
    )
    return_days = models.PositiveSmallIntegerField(_("working days to answer a return"), default=10)
    max_returns = models.PositiveSmallIntegerField(_("returns allowed"), default=3)
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=30)
    appeal_counting = models.CharField(
        _("days to appeal are"), max_length=8, choices=Counting, default=Counting.CALENDAR
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closes_on__gte=models.F("opens_on")), name="round_closes_after_open"
            )
        ]

    def __str__(self) -> str:
        return pick(self.names) or self.code

    @property
    def level_choices(self) -> list[Level]:
        """The levels offered, lowest first."""
        return [Level(level) for level in sorted(self.levels)]

    def is_open(self) -> bool:
        """Whether applications are taken today."""
        return self.opens_on <= today() <= self.closes_on

    @property
    def local(self) -> list[LocalGate]:
        """What is asked here beside the scheme."""
        return [read(data) for data in self.local_gates]

    def notice_term(self, level: int) -> Term:
        """How long the public notice of a level runs; no days: there is none."""
        own = self.notice_terms.get(str(int(level)))
        return Term(**own) if own else Term(self.notice_days, self.notice_counting)

    def desk_term(self, level: int) -> Term:
        """How long a desk of a level has for a case."""
        return Term(self.desk_terms.get(str(int(level)), self.desk_days), self.desk_counting)

    @property
    def appeal_term(self) -> Term:
        """How long an outcome may be appealed against."""
        return Term(self.appeal_days, self.appeal_counting)

    def quota_at(self, level: int) -> int | None:
        """How many titles this round may give at a level; None means no limit."""
        given = self.quota.get(str(level))
        return None if given is None else int(given)


class Benchmark(models.Model):
    """A base and lead value that an administrator entered where none is published, with its source."""

    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="benchmarks")
    indicator = models.CharField(_("indicator"), max_length=12)
    industry = models.ForeignKey(
        "suppliers.Industry", verbose_name=_("industry"), null=True, blank=True, on_delete=models.PROTECT
    )
    base = models.DecimalField(_("base value"), max_digits=20, decimal_places=6)
    lead = models.DecimalField(_("lead value"), max_digits=20, decimal_places=6)
    source = models.CharField(_("source"), max_length=200)
    demo = models.BooleanField(_("demo figure"), default=False)
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("benchmark")
        verbose_name_plural = _("benchmarks")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(base=models.F("lead")), name="benchmark_base_differs_from_lead"
            ),
            models.UniqueConstraint(
                fields=["scheme_version", "indicator", "industry", "valid_from"], name="one_benchmark"
            ),
            models.UniqueConstraint(
                fields=["scheme_version", "indicator", "valid_from"],
                condition=models.Q(industry=None),
                name="one_benchmark_for_all_industries",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.base}…{self.lead}"
