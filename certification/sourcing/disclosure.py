"""The yearly disclosure of a buyer: what X62 and X63 of the scheme ask to be told, as a page and on paper.

X62: the share of high and of medium risk suppliers audited in the year, and the share of low-risk suppliers. X63: what
suppliers disclose of energy and emissions, told as how many of them share it. The scheme names the figures; formulas,
grading rules and intervals carry their marks.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.printing.front import Front, Table, grouped, head_of, shown
from certification.printing.paper import set_front
from certification.sourcing.figures import RISKY, TAKEN_BACK, YearFigures, findings_of, share_of
from certification.sourcing.models import Grade, SupplierAudit
from certification.sourcing.rules import RULEBOOKS, Rulebook, current
from greenchain.audit.canonical import canonical, digest

MEMORY, OURS = "memory", "suggestion"


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: ``part`` of ``whole`` (None where the report does not say it), as a share of 0 to 1.

    ``code`` is the scheme's indicator, ``mark`` says whose formula it is.
    """

    code: str
    label: str
    part: Decimal | int | None
    whole: Decimal | int | None
    share: Decimal | None
    mark: str = MEMORY

    def kept(self) -> list[Any]:
        """For the digest: whatever language it is read in."""
        numbers = (self.part, self.whole, self.share)
        return [self.code, *(None if each is None else f"{Decimal(each).normalize():f}" for each in numbers)]


@dataclass(frozen=True, slots=True)
class GradeLine:
    """Suppliers of a grade: how many, and how many of them were audited in the year, by kind."""

    grade: Grade
    suppliers: int
    onsite: int
    document: int
    interval: str


@dataclass(frozen=True)
class Disclosure:
    """What is told of a year."""

    figures: YearFigures
    lines: tuple[Line, ...]
    grades: tuple[GradeLine, ...]
    findings: tuple[int, int]
    book: Rulebook

    @property
    def digest(self) -> str:
        """SHA-256 over the figures, the same in every language."""
        told = {
            "buyer": self.figures.buyer.pk,
            "year": self.figures.year,
            "day": self.figures.day.isoformat(),
            "rules": self.book.version,
            "lines": [line.kept() for line in self.lines],
            "grades": [[row.grade.value, row.suppliers, row.onsite, row.document] for row in self.grades],
            "findings": list(self.findings),
        }
        return digest("", canonical(told))


def disclosure_of(figures: YearFigures) -> Disclosure:
    """One query more than the figures."""
    book = RULEBOOKS.get(figures.version) or current()
    return Disclosure(
        figures=figures,
        lines=(*_x62(figures), _x63(figures), *_others(figures)),
        grades=tuple(_grade_line(figures, grade, book) for grade in Grade),
        findings=findings_of(figures),
        book=book,
    )


def _x62(figures: YearFigures) -> tuple[Line, ...]:
    def audited(label: str, *grades: Grade) -> Line:
        rows = figures.of_grade(*grades)
        part = sum(bool(row.audits) for row in rows)
        return Line("X62", label, part, len(rows), share_of(part, len(rows)))

    low, all_ = figures.count("suppliers_low_risk"), len(figures.rows)
    return (
        audited(_("High-risk suppliers audited in the year"), Grade.HIGH),
        audited(_("Medium-risk suppliers audited in the year"), Grade.MEDIUM),
        audited(_("High and medium risk suppliers audited in the year"), *RISKY),
        Line("X26, X62", _("Low-risk suppliers among all suppliers"), low, all_, figures.low_risk_share),
    )


def _x63(figures: YearFigures) -> Line:
    part = sum(row.answers == "shared" for row in figures.rows)
    label = _("Suppliers that share energy and carbon figures with the enterprise")
    return Line("X63", label, part, len(figures.rows), share_of(part, len(figures.rows)), OURS)


def _others(figures: YearFigures) -> tuple[Line, ...]:
    green = figures.count("suppliers_green")
    labels = ((_("Products taken back, t"), "X41"), (_("Packaging taken back, t"), "X42"))
    back = (
        Line(code, label, figures.reported(part), figures.reported(whole), figures.taken_back(part, whole))
        for (label, code), (part, whole) in zip(labels, TAKEN_BACK, strict=True)
    )
    told = Line("", _("Green suppliers among all suppliers"), green, len(figures.rows), figures.green_share)
    return (told, *back)


def _grade_line(figures: YearFigures, grade: Grade, book: Rulebook) -> GradeLine:
    rows = figures.of_grade(grade)
    kinds = SupplierAudit.Kind
    onsite = sum(any(audit.kind == kinds.ONSITE for audit in row.audits) for row in rows)
    audited = sum(bool(row.audits) for row in rows)
    return GradeLine(grade, len(rows), onsite, audited - onsite, str(book.plan[grade]))


def paper_of(told: Disclosure) -> bytes:
    """The PDF, in the active language; the same figures give the same bytes."""
    return set_front(front_of(told))[0]


def front_of(told: Disclosure) -> Front:
    """All that is set."""
    figures, buyer = told.figures, told.figures.buyer
    counted = date_format(figures.day, "DATE_FORMAT")
    head = head_of(f"{buyer.identifier}-{figures.year}", told.digest, None)
    head["date"] = [figures.day.year, figures.day.month, figures.day.day]
    return Front(
        **head,
        words={"contents": _("Contents"), "page": _("Page"), "digest": _("Digest of the figures")},
        title=_("Disclosure on suppliers"),
        subtitle=f"{buyer.shown_name}, {figures.year}",
        blocks=[
            (
                _("Enterprise"),
                [
                    (_("Name"), buyer.name),
                    (_("Identifier"), buyer.identifier),
                    (_("Year"), str(figures.year)),
                    (_("Counted on"), counted),
                    (
                        _("Rules of grading"),
                        f"{told.book} ({_('chosen by the enterprise, no rule of the ministry')})",
                    ),
                ],
            )
        ],
        tables=[_figures_table(told), _grades_table(told)],
        commitment=(_("Statement"), _statement(told)),
        signatures=[(_("Seal of the enterprise"), buyer.name, 30), (_("Date"), "", 8)],
    )


def _figures_table(told: Disclosure) -> Table:
    return Table(
        _("Figures"),
        [_("Figure"), _("Number"), _("Of"), _("Share")],
        [
            [_labelled(line), shown(line.part), shown(line.whole), _per_cent(line.share)]
            for line in told.lines
        ],
        _(
            "Codes are those of the evaluation requirements of MIIT document 586/2016. The formulas are from memory, "
            "not checked against the ministry's text; X63 is told as a count, which is our reading."
        ),
    )


def _grades_table(told: Disclosure) -> Table:
    raised, closed = told.findings
    return Table(
        _("Suppliers by risk"),
        [_("Risk and interval"), _("Suppliers"), _("Audited on site"), _("Audited by documents")],
        [
            [f"{row.grade.label}: {row.interval}", *map(str, (row.suppliers, row.onsite, row.document))]
            for row in told.grades
        ],
        _("Findings of these audits: %(raised)d, of them closed: %(closed)d.")
        % {"raised": raised, "closed": closed},
    )


def _statement(told: Disclosure) -> str:
    text = _(
        "The figures are counted from the records that the enterprise keeps of its suppliers: links, grades, audits "
        "and titles. The list behind each number is kept and can be shown. Digest of the figures:"
    )
    return f"{text}\n{grouped(told.digest)}"


def _labelled(line: Line) -> str:
    return f"{line.label} ({line.code})" if line.code else line.label


def _per_cent(part: Decimal | None) -> str:
    return "–" if part is None else f"{shown(round(part * 100, 1))} %"
