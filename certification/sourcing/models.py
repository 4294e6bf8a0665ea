"""What a buyer keeps of its suppliers: their risk grades, its audits of them, and what these found.

All of it belongs to the buyer. Its members read it, and the officials of the buyer's place as they read its spends;
the supplier reads nothing of it but the findings that the buyer asked it to answer.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certification.sourcing.grading import worded
from greenchain.accounts.models import Role
from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import NOTHING, enterprise_scope, member_of
from suppliers.evidence.models import Evidence

PERSON = settings.AUTH_USER_MODEL


class Grade(models.TextChoices):
    """Risk, the highest first."""

    HIGH = "high", _("high risk")
    MEDIUM = "medium", _("medium risk")
    LOW = "low", _("low risk")


class OfBuyer(models.QuerySet[Any]):
    """Rows that belong to a buyer."""

    buyer = "buyer"

    def visible_to(self, user: Any) -> Self:
        """The buyer's members; officials who answer for the buyer's place."""
        return self.filter(enterprise_scope(user, self.buyer, f"{self.buyer}__region"))


class ProgrammeQuerySet(OfBuyer):
    """Programmes by what is due."""

    def due(self) -> Self:
        """Something changed since the last grading, or that was before today."""
        midnight = dt.datetime.combine(today(), dt.time(), tzinfo=timezone.get_default_timezone())
        changed = Q(stale_at__isnull=False)
        return self.filter(changed | Q(graded_at__isnull=True) | Q(graded_at__lt=midnight))


class Programme(models.Model):
    """A buyer manages its suppliers: from ``begun_at`` on they are graded by themselves."""

    buyer = models.OneToOneField(Enterprise, on_delete=models.PROTECT, related_name="supplier_programme")
    begun_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(_("begun"), default=now)
    version = models.CharField(_("rules"), max_length=20, blank=True)
    graded_at = models.DateTimeField(_("graded at"), null=True, blank=True)
    stale_at = models.DateTimeField(null=True, blank=True, db_index=True)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier management")
        verbose_name_plural = _("supplier management")

    def __str__(self) -> str:
        return str(self.buyer)


class SupplierGradeQuerySet(OfBuyer):
    """Grades by time."""

    def current(self) -> Self:
        """Those that hold now."""
        return self.filter(until_at__isnull=True)

    def held_at(self, moment: dt.datetime) -> Self:
        """Those that held at a moment."""
        return self.filter(Q(until_at__isnull=True) | Q(until_at__gt=moment), since_at__lte=moment)


class SupplierGrade(models.Model):
    """The grade of one supplier for one buyer over a time; another grade is another row.

    ``computed`` is what the rules say, ``chosen`` what the buyer says instead, with reasons; ``grade`` is the one that
    holds. ``spend`` is in 10,000 CNY a year, ``share`` 0 to 1 of the buyer's purchases, as the buyer declared them.
    """

    buyer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="supplier_grades")
    supplier = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    grade = models.CharField(_("grade"), max_length=6, choices=Grade)
    computed = models.CharField(_("by the rules"), max_length=6, choices=Grade)
    points = models.PositiveSmallIntegerField(_("points"))
    reasons = models.JSONField(default=list)
    facts = models.JSONField(default=dict, help_text="what the rules looked at")
    version = models.CharField(_("rules"), max_length=20)
    state = models.CharField(_("title state"), max_length=12)
    answers = models.CharField(_("answers"), max_length=8)
    share = models.DecimalField(
        _("share of purchases, 0 to 1"), max_digits=7, decimal_places=6, null=True, blank=True
    )
    spend = models.DecimalField(
        _("spend, 10,000 CNY a year"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    chosen = models.CharField(_("grade chosen by the buyer"), max_length=6, choices=Grade, blank=True)
    chosen_because = models.TextField(_("reasons"), max_length=4000, blank=True)
    chosen_by = models.ForeignKey(
        PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chosen by")
    )
    chosen_at = models.DateTimeField(_("chosen at"), null=True, blank=True)
    audit_kind = models.CharField(_("next audit"), max_length=8, blank=True)
    audit_due_on = models.DateField(_("next audit by"), null=True, blank=True)
    since_at = models.DateTimeField(_("since"), default=now)
    until_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = SupplierGradeQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier grade")
        verbose_name_plural = _("supplier grades")
        indexes = [models.Index(fields=["buyer", "since_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "supplier"], condition=Q(until_at__isnull=True), name="one_grade_holds"
            ),
            models.CheckConstraint(
                condition=Q(chosen="") | ~Q(chosen_because=""), name="a_chosen_grade_has_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier_id} → {self.buyer_id}: {self.grade}"

    @property
    def worded(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The reasons in the reader's language."""
        return worded(self.reasons, self.version)

    @property
    def since_on(self) -> dt.date:
        """The day on which it began."""
        return timezone.localdate(self.since_at)

    @property
    def is_overdue(self) -> bool:
        """Whether the next audit should have been done."""
        return self.audit_due_on is not None and self.audit_due_on < today()


class SupplierAuditQuerySet(OfBuyer):
    """Audits by how far they are."""

    def done(self) -> Self:
        """Those that took place."""
        return self.filter(done_on__isnull=False)

    def planned(self) -> Self:
        """Those that are still to take place."""
        return self.filter(done_on__isnull=True, cancelled_at__isnull=True)


class SupplierAudit(models.Model):
    """A buyer looks at a supplier, on site or by its documents."""

    class Kind(models.TextChoices):
        ONSITE = "onsite", _("on site")
        DOCUMENT = "document", _("by documents")

    class Result(models.TextChoices):
        PASSED = "passed", _("passed")
        CONDITIONAL = "conditional", _("passed with findings")
        FAILED = "failed", _("not passed")

    buyer = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="supplier_audits")
    supplier = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    planned_on = models.DateField(_("planned for"))
    auditor = models.CharField(_("auditor"), max_length=120)
    done_on = models.DateField(_("done on"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=11, choices=Result, blank=True)
    summary = models.TextField(_("summary"), max_length=4000, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    cancelled_because = models.TextField(_("reasons"), max_length=1000, blank=True)
    created_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=now)

    objects = SupplierAuditQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier audit")
        verbose_name_plural = _("supplier audits")
        indexes = [models.Index(fields=["buyer", "done_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True, result="") | (Q(done_on__isnull=False) & ~Q(result="")),
                name="an_audit_that_was_done_has_a_result",
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(cancelled_at__isnull=True),
                name="a_cancelled_audit_was_not_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.supplier} · {self.done_on or self.planned_on}"

    @property
    def state(self) -> str:
        """planned, overdue, done or cancelled."""
        if self.cancelled_at is not None:
            return "cancelled"
        if self.done_on is not None:
            return "done"
        return "overdue" if self.planned_on < today() else "planned"

    @property
    def is_planned(self) -> bool:
        """It is still to take place."""
        return self.done_on is None and self.cancelled_at is None


class AuditFindingQuerySet(OfBuyer):
    """Findings by who reads them and by state."""

    buyer = "audit__buyer"

    def asked_of(self, user: Any) -> Self:
        """Those that a buyer asked the person's enterprises to answer."""
        if not user.is_authenticated or not user.is_active or user.role != Role.ENTERPRISE:
            return self.filter(NOTHING)
        return self.filter(asked_at__isnull=False, audit__supplier__in=member_of(user))

    def unsettled(self) -> Self:
        """Not closed yet."""
        return self.filter(closed_on__isnull=True)


class AuditFinding(models.Model):
    """What an audit found, by when it is to be mended, what the supplier says, and how it was closed."""

    class Severity(models.TextChoices):
        MINOR = "minor", _("minor")
        MAJOR = "major", _("major")

    audit = models.ForeignKey(SupplierAudit, on_delete=models.PROTECT, related_name="findings")
    severity = models.CharField(_("severity"), max_length=5, choices=Severity)
    description = models.TextField(_("what was found"), max_length=4000)
    due_on = models.DateField(_("to be corrected by"))
    raised_at = models.DateTimeField(_("raised at"), default=now)
    asked_at = models.DateTimeField(_("asked the supplier"), null=True, blank=True)
    answer = models.TextField(_("answer of the supplier"), max_length=4000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    proof = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    closing = models.TextField(_("what was done"), max_length=4000, blank=True)
    evidence = models.ForeignKey(Evidence, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_by = models.ForeignKey(PERSON, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = AuditFindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("audit finding")
        verbose_name_plural = _("audit findings")
        indexes = [models.Index(fields=["closed_on", "due_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(closing=""), name="a_closed_finding_says_how"
            )
        ]

    def __str__(self) -> str:
        return f"{self.audit_id}: {self.description[:60]}"

    @property
    def state(self) -> str:
        """closed, answered, overdue or open."""
        if self.closed_on is not None:
            return "closed"
        if self.answered_at is not None:
            return "answered"
        return "overdue" if self.due_on < today() else "open"
