"""Stored runs of the checks: what was found, what each indicator scored, and why, in three languages."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.scheme.models import SchemeVersion
from greenchain.audit.models import AppendOnly
from greenchain.clock import now, today
from greenchain.languages import pick

if TYPE_CHECKING:
    from certification.scheme.definition import Definition


class Severity(models.TextChoices):
    """What a finding asks for."""

    BLOCKS = "blocks", _("blocks")
    ASKS = "asks", _("asks")
    INFORMS = "informs", _("informs")
    PASSED = "passed", _("passed")


MUST = "must.met"
KEEPING = ("veto.", "must.")
"""Open questions under these keys keep a case until a person has answered; others only ask."""


def keeping() -> models.Q:
    """Findings that keep a case, unless they are waived."""
    question = models.Q()
    for start in KEEPING:
        question |= models.Q(severity=Severity.ASKS, check_key__startswith=start)
    return question | models.Q(severity=Severity.BLOCKS)


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Runs are seen by those who see the case."""

    def visible_to(self, user: Any) -> "AssessmentQuerySet":
        """Runs of the cases that this person sees."""
        return self.filter(application__in=Application.objects.visible_to(user))


class Assessment(AppendOnly):
    """One run: the rule and version, the inputs' digest, the totals, who ran it and how long it took."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="assessments")
    number = models.PositiveSmallIntegerField()
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    inputs_digest = models.CharField(max_length=64)
    trigger = models.CharField(max_length=40)
    worker = models.CharField(max_length=120, blank=True)
    duration_ms = models.PositiveIntegerField()
    ran_at = models.DateTimeField(default=now)
    points = models.DecimalField(max_digits=9, decimal_places=4)
    awaiting = models.DecimalField(max_digits=9, decimal_places=4)
    scorable = models.DecimalField(max_digits=9, decimal_places=4)
    no_benchmark = models.DecimalField(max_digits=9, decimal_places=4)
    not_applicable = models.DecimalField(max_digits=9, decimal_places=4)
    missing = models.DecimalField(max_digits=9, decimal_places=4)
    bonus = models.DecimalField(
        max_digits=9, decimal_places=4, default=0, help_text="confirmed bonus, already part of low and high"
    )
    low = models.DecimalField(max_digits=9, decimal_places=4, help_text="confirmed score, of 100")
    high = models.DecimalField(
        max_digits=9, decimal_places=4, help_text="if all that awaits judgement is confirmed"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="one_assessment_number")
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.number}"


class Finding(AppendOnly):
    """What one check said; ``clause`` in English, as it read then (``clause_in`` has it in all languages)."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="findings")
    check_key = models.CharField(max_length=60)
    severity = models.CharField(max_length=8, choices=Severity)
    clause = models.CharField(max_length=120, blank=True)
    title = models.JSONField()
    reason = models.JSONField()
    remedy = models.JSONField(default=dict, blank=True)
    evidence = models.JSONField(default=list, blank=True, help_text="ids of the evidence read")
    about = models.JSONField(default=dict, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")

    def __str__(self) -> str:
        return f"{self.check_key}: {self.severity}"

    def text(self) -> str:
        """The reason in the reader's language."""
        return pick(self.reason)

    def clause_in(self, definition: "Definition") -> Mapping[str, str]:
        """Where the rule is said, in three languages, by the version that made the run; else as it was stored."""
        return definition.clauses.get(self.check_key) or ({"en": self.clause} if self.clause else {})

    @property
    def keeps(self) -> bool:
        """Whether it keeps the case, unless it is waived."""
        asks = self.severity == Severity.ASKS and self.check_key.startswith(KEEPING)
        return asks or self.severity == Severity.BLOCKS


class IndicatorScore(AppendOnly):
    """What one indicator scored, with the evaluated formula as a tree."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="scores")
    code = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=16)
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    base = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    lead = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    points = models.DecimalField(max_digits=9, decimal_places=4)
    weight = models.DecimalField(max_digits=9, decimal_places=4)
    reason = models.JSONField()
    trace = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("indicator score")
        verbose_name_plural = _("indicator scores")
        constraints = [models.UniqueConstraint(fields=["assessment", "code"], name="one_score_per_indicator")]

    def __str__(self) -> str:
        return f"{self.code} {self.points}/{self.weight}"


class Waiver(AppendOnly):
    """A blocking finding set aside for this case by an approver, with reasons and an end."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="waivers")
    check_key = models.CharField(max_length=60)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField()
    until_on = models.DateField()
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("waiver")
        verbose_name_plural = _("waivers")

    def __str__(self) -> str:
        return f"{self.check_key} until {self.until_on}"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed, so that the finding blocks again."""
        return self.until_on < today()


class Correction(AppendOnly):
    """An auditor's finding that replaces what was submitted: "changed from A to B because …"."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="corrections")
    code = models.CharField(max_length=60, help_text="an indicator's code or a check's key")
    field = models.CharField(max_length=20, help_text="value, judgement, not_applicable or veto")
    before = models.CharField(max_length=60, blank=True)
    after = models.CharField(max_length=60)
    reasons = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")

    def __str__(self) -> str:
        return f"{self.code}: {self.before} → {self.after}"


class PeerFigure(models.Model):
    """How a ratio lies among the sites of one industry and size in one year: what a check compares with.

    Of natural logarithms, since such ratios are skewed: ``middle`` is the median, ``spread`` the median of the
    distances from it (MAD). Made anew each night; ``count`` says of how many sites.
    """

    year = models.PositiveSmallIntegerField()
    industry = models.ForeignKey("suppliers.Industry", on_delete=models.CASCADE, related_name="+")
    size = models.CharField(max_length=10)
    ratio = models.CharField(max_length=20)
    count = models.PositiveIntegerField()
    middle = models.FloatField()
    spread = models.FloatField()
    made_at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("peer figure")
        verbose_name_plural = _("peer figures")
        constraints = [
            models.UniqueConstraint(fields=["year", "industry", "size", "ratio"], name="one_peer_figure")
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.industry_id} {self.size} {self.ratio}"
