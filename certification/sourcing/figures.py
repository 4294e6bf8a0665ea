"""The figures that the green supply-chain scheme asks of a year, from the records, with the suppliers behind each.

Counted as of 31 December of the year, of the running year as of today: suppliers by the links of that day, grades and
titles as they stood then, audits done in the year up to it. The formulas are those of the scheme file
(``green_supply_chain``: X26, X41, X42, X62), which are from memory there.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from certification.designation.green import green_enterprises
from certification.sourcing.facts import links_of
from certification.sourcing.models import AuditFinding, Grade, Programme, SupplierAudit, SupplierGrade
from greenchain.clock import today
from suppliers.enterprise.models import Enterprise
from suppliers.reporting.models import SubjectYear
from suppliers.supply.models import SupplyLink

COUNTED = (
    "suppliers_total",
    "suppliers_low_risk",
    "suppliers_high_medium",
    "suppliers_audited",
    "suppliers_green",
)
"""Metrics of the catalogue, in the order in which they are shown."""
TAKEN_BACK = (("products_recovered_t", "products_sold_t"), ("packaging_recovered_t", "packaging_used_t"))
"""Part and whole, in tonnes, as the enterprise reports them."""
RISKY = (Grade.HIGH, Grade.MEDIUM)


@dataclass(frozen=True, slots=True)
class Counted:
    """One supplier of the year: grade and answers as of the day ("" without a grade), title, audits of the year."""

    supplier: Enterprise
    grade: str
    green: bool
    answers: str = ""
    audits: tuple[SupplierAudit, ...] = ()

    def counts_for(self, metric: str) -> bool:
        """Whether it is one of those that the metric counts."""
        match metric:
            case "suppliers_low_risk":
                return self.grade == Grade.LOW
            case "suppliers_high_medium":
                return self.grade in RISKY
            case "suppliers_audited":
                return self.grade in RISKY and bool(self.audits)
            case "suppliers_green":
                return self.green
            case _:
                return True


@dataclass(frozen=True)
class YearFigures:
    """A buyer's year, as counted on ``day`` by ``version`` of the rules; the rest is what its report says."""

    buyer: Enterprise
    year: int
    day: dt.date
    version: str
    rows: tuple[Counted, ...]
    report: SubjectYear | None
    recoverers: tuple[Enterprise, ...]

    def behind(self, metric: str) -> list[Counted]:
        """The suppliers that a metric counts."""
        return [row for row in self.rows if row.counts_for(metric)]

    def count(self, metric: str) -> int:
        """How many a metric counts."""
        return sum(row.counts_for(metric) for row in self.rows)

    @property
    def ungraded(self) -> int:
        """Suppliers without a grade on the day: they are in the total alone."""
        return sum(not row.grade for row in self.rows)

    @property
    def complete(self) -> bool:
        """There are suppliers, and each has a grade."""
        return bool(self.rows) and not self.ungraded

    def of_grade(self, *grades: str) -> list[Counted]:
        """The suppliers of these grades."""
        return [row for row in self.rows if row.grade in grades]

    def audited_share(self, *grades: str) -> Decimal | None:
        """0 to 1: of the suppliers of these grades, those audited in the year."""
        rows = self.of_grade(*grades)
        return share_of(sum(bool(row.audits) for row in rows), len(rows))

    @property
    def low_risk_share(self) -> Decimal | None:
        """0 to 1 of all suppliers."""
        return share_of(self.count("suppliers_low_risk"), len(self.rows))

    @property
    def green_share(self) -> Decimal | None:
        """0 to 1 of all suppliers."""
        return share_of(self.count("suppliers_green"), len(self.rows))

    def reported(self, metric: str) -> Decimal | None:
        """What the enterprise's own report of the year says."""
        return self.report.metric(metric) if self.report else None

    def taken_back(self, part: str, whole: str) -> Decimal | None:
        """0 to 1, from the report; None where it does not say both."""
        above, below = self.reported(part), self.reported(whole)
        return above / below if above is not None and below else None

    def told(self) -> Iterator[tuple[str, int, Decimal | None]]:
        """Each counted metric, its number here, and the number in the report."""
        for metric in COUNTED:
            yield metric, self.count(metric), self.reported(metric)

    @property
    def differs(self) -> bool:
        """The report says something else, or nothing."""
        return any(reported != count for _metric, count, reported in self.told())


def share_of(part: int, whole: int) -> Decimal | None:
    """0 to 1; None of nothing."""
    return Decimal(part) / whole if whole else None


def figures_of(buyer: Enterprise, year: int) -> YearFigures:
    """Six queries, however many suppliers there are."""
    day = min(dt.date(year, 12, 31), today())
    links = links_of(buyer, day)
    suppliers = Enterprise.objects.filter(pk__in=links.values("supplier")).select_related("region")
    grades = {key: held for key, *held in _grades(buyer, day)}
    green = set(green_enterprises(day).filter(pk__in=links.values("supplier")).values_list("pk", flat=True))
    audits = _audits(buyer, year, day)
    rows = (
        _counted(one, grades.get(one.pk, ("", "", "")), audits.get(one.pk, ()), green=one.pk in green)
        for one in suppliers.order_by("name", "pk")
    )
    back = SupplyLink.objects.in_force(day).filter(buyer=buyer, kind=SupplyLink.Kind.RECOVERS)
    return YearFigures(
        buyer=buyer,
        year=year,
        day=day,
        version=max((version for _grade, _answers, version in grades.values()), default=""),
        rows=tuple(rows),
        report=SubjectYear.objects.filter(enterprise=buyer, year=year).first(),
        recoverers=tuple(Enterprise.objects.filter(pk__in=back.values("supplier")).order_by("name", "pk")),
    )


def findings_of(figures: YearFigures) -> tuple[int, int]:
    """Findings raised in the audits of the year, and how many of them are closed by the day: one query."""
    keys = [audit.pk for row in figures.rows for audit in row.audits]
    days = list(AuditFinding.objects.filter(audit__in=keys).values_list("closed_on", flat=True))
    return len(days), sum(each is not None and each <= figures.day for each in days)


def years_of(programme: Programme | None) -> list[int]:
    """The years that can be counted, the newest first: from the first grading on, and this one."""
    start = timezone.localdate(programme.begun_at).year if programme else today().year
    return list(range(today().year, start - 1, -1))


def cells(rows: Iterable[Counted]) -> Iterator[tuple[object, ...]]:
    """The suppliers behind a number as a sheet."""
    for row in rows:
        who, last = row.supplier, row.audits[-1] if row.audits else None
        audited = (last.done_on, last.kind, last.result) if last else ("", "", "")
        yield who.name, who.name_en, who.identifier, row.grade, "yes" if row.green else "no", *audited


HEAD = ("supplier", "name_en", "identifier", "grade", "green", "audited_on", "audit_kind", "audit_result")


def _counted(
    supplier: Enterprise, held: Iterable[str], audits: Iterable[SupplierAudit], *, green: bool
) -> Counted:
    grade, answers, _version = held
    return Counted(supplier, grade, green, answers, tuple(audits))


def _grades(buyer: Enterprise, day: dt.date) -> Any:
    """Supplier, grade, answers and version of the rules, as of the end of the day."""
    rows = SupplierGrade.objects.filter(buyer=buyer)
    following = dt.datetime.combine(day, dt.time(), tzinfo=timezone.get_default_timezone()) + dt.timedelta(
        days=1
    )
    held = rows.current() if day == today() else rows.held_at(following)
    return held.values_list("supplier", "grade", "answers", "version")


def _audits(buyer: Enterprise, year: int, day: dt.date) -> dict[int, list[SupplierAudit]]:
    found: dict[int, list[SupplierAudit]] = {}
    done = SupplierAudit.objects.done().filter(buyer=buyer, done_on__range=(dt.date(year, 1, 1), day))
    for audit in done.order_by("done_on", "pk"):
        found.setdefault(audit.supplier_id, []).append(audit)
    return found
