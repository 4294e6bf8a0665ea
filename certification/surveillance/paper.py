"""The annual form as it reads now: each figure beside the year before, its swing, and what still has to be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from certification.scheme.subject import owner_of
from certification.surveillance.annual import AnnualForm, Filing
from certification.surveillance.catalogue import HUNDRED, Figure, catalogue, number
from certification.surveillance.models import Obligation
from greenchain.audit.canonical import plain
from suppliers.enterprise.models import Site
from suppliers.reporting.models import years_of


@dataclass(frozen=True, slots=True)
class Line:
    """A figure of this year and the last. ``source``: "report" (the year's figures), "typed", "before" or ""."""

    figure: Figure
    value: Decimal | None
    source: str
    before: Decimal | None
    explanation: str

    @property
    def is_fixed(self) -> bool:
        """Whether it stands in the year's report and is changed there."""
        return self.source == "report"

    @property
    def stated(self) -> Decimal | None:
        """What counts when the form is filed: what was only proposed from last year does not."""
        return None if self.source == "before" else self.value

    @property
    def swing(self) -> Decimal | None:
        """By how much it changed: per cent of last year's amount, percentage points of a share."""
        if self.value is None or self.before is None or self.source == "before":
            return None
        if self.figure.is_share:
            return self.value - self.before
        return (self.value - self.before) / self.before * HUNDRED if self.before else None

    @property
    def is_large(self) -> bool:
        """Whether it must be explained."""
        limit = number("swing_points") if self.figure.is_share else number("swing")
        return self.swing is not None and abs(self.swing) > limit

    @property
    def lacks(self) -> bool:
        """Neither a figure nor a word why there is none."""
        return self.stated is None and not self.explanation

    @property
    def unexplained(self) -> bool:
        """A large swing without a word."""
        return self.is_large and not self.explanation


@dataclass(frozen=True)
class Paper:
    """The form of one title and year."""

    obligation: Obligation
    lines: list[Line]
    changes: Mapping[str, str]
    before_from: str

    @property
    def declared(self) -> list[tuple[Any, str]]:
        """Each kind of change, and what was declared of it."""
        return [(kind, self.changes.get(key, "")) for key, kind in catalogue().changes.items()]

    def content(self) -> dict[str, Any]:
        """What is frozen."""
        title = self.obligation.designation
        subject = title.subject
        holder = owner_of(subject)
        return {
            "title": title.number,
            "scheme": title.scheme.key,
            "level": title.level,
            "year": self.obligation.year,
            "duty": self.obligation.kind,
            "holder": {"name": holder.name, "identifier": holder.identifier, "address": holder.address},
            "name": title.name,
            "site": {"name": subject.name, "address": subject.address} if isinstance(subject, Site) else None,
            "figures": {line.figure.key: plain(line.stated) for line in self.lines},
            "sources": {line.figure.key: line.source for line in self.lines if line.stated is not None},
            "before": {line.figure.key: plain(line.before) for line in self.lines},
            "before_from": self.before_from,
            "swings": {line.figure.key: plain(round(line.swing, 1)) for line in self.lines if line.swing},
            "explanations": {line.figure.key: line.explanation for line in self.lines if line.explanation},
            "changes": dict(self.changes),
        }


def paper_of(obligation: Obligation) -> Paper:
    """The form of a duty, filled in with what the year's report says, what was typed, and the year before."""
    title = obligation.designation
    years = years_of(title.subject).filter(year__in=[obligation.year, obligation.year - 1])
    reports = {report.year: report for report in years}
    kept = AnnualForm.objects.filter(obligation=obligation).first()
    typed = kept.figures if kept else {}
    said = kept.explanations if kept else {}
    before, before_from = _before(obligation, reports.get(obligation.year - 1))
    lines = [
        _line(figure, reports.get(obligation.year), typed.get(key), before.get(key), said.get(key, ""))
        for key, figure in catalogue().figures.items()
    ]
    return Paper(obligation, lines, kept.changes if kept else {}, before_from)


def _before(obligation: Obligation, report: Any) -> tuple[dict[str, Decimal], str]:
    """Last year's figures: as they were filed, else as the report has them."""
    last = (
        Filing.objects.filter(
            obligation__designation=obligation.designation_id,
            obligation__kind=obligation.kind,
            obligation__year=obligation.year - 1,
        )
        .order_by("-number")
        .first()
    )
    if last is not None:
        figures = last.content["figures"]
        return {key: Decimal(text) for key, text in figures.items() if text is not None}, "form"
    if report is None:
        return {}, ""
    read = {key: figure.read(report) for key, figure in catalogue().figures.items()}
    return {key: value for key, value in read.items() if value is not None}, "report"


def _line(figure: Figure, report: Any, typed: str | None, before: Decimal | None, explanation: str) -> Line:
    reported = figure.read(report) if report is not None else None
    if reported is not None:
        return Line(figure, reported, "report", before, explanation)
    if typed:
        return Line(figure, Decimal(typed), "typed", before, explanation)
    # Only shares are proposed from last year: they move slowly, and an amount never stays the same.
    if before is not None and figure.is_share:
        return Line(figure, before, "before", before, explanation)
    return Line(figure, None, "", before, explanation)
