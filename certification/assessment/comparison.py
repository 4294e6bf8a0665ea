"""Two stored runs side by side: which findings came, went or changed, and which indicators score otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from certification.assessment.models import Assessment, Finding, IndicatorScore

T = TypeVar("T")
GRAVE_FIRST = ("blocks", "asks", "informs", "passed", "")


@dataclass(frozen=True, slots=True)
class FindingChange:
    """What one check said in each run; None where a run did not carry it out."""

    key: str
    before: Finding | None
    after: Finding | None

    @property
    def named(self) -> Finding:
        """The finding that names the check."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of the runs has it
        return found


@dataclass(frozen=True, slots=True)
class PointsChange:
    """What one indicator scored in each run; None where it was not there."""

    code: str
    before: IndicatorScore | None
    after: IndicatorScore | None

    @property
    def change(self) -> Decimal:
        """Confirmed points gained, or lost below zero."""
        return _points(self.after) - _points(self.before)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs between an earlier and a later run; what is the same is only counted."""

    old: Assessment
    new: Assessment
    findings: Sequence[FindingChange]
    points: Sequence[PointsChange]
    same_findings: int
    same_points: int

    @property
    def same_inputs(self) -> bool:
        """Whether both runs read the very same facts."""
        return self.old.inputs_digest == self.new.inputs_digest

    @property
    def change(self) -> Decimal:
        """Of the confirmed score, of 100."""
        return self.new.low - self.old.low


def compare(old: Assessment, new: Assessment) -> Comparison:
    """In four queries, however many checks and indicators there are."""
    said = [{row.check_key: row for row in run.findings.order_by("pk")} for run in (old, new)]
    scored = [{row.code: row for row in run.scores.order_by("position")} for run in (old, new)]
    findings = [FindingChange(key, *pair) for key, pair in _pairs(*said) if _differ(*pair)]
    points = [
        PointsChange(code, *pair) for code, pair in _pairs(*scored) if _scored(pair[0]) != _scored(pair[1])
    ]
    findings.sort(key=lambda each: min(_rank(each.before), _rank(each.after)))
    return Comparison(
        old,
        new,
        findings,
        points,
        same_findings=len({**said[0], **said[1]}) - len(findings),
        same_points=len({**scored[0], **scored[1]}) - len(points),
    )


def _pairs(old: Mapping[str, T], new: Mapping[str, T]) -> list[tuple[str, tuple[T | None, T | None]]]:
    return [(key, (old.get(key), new.get(key))) for key in {**new, **old}]


def _differ(old: Finding | None, new: Finding | None) -> bool:
    return old is None or new is None or (old.severity, old.reason) != (new.severity, new.reason)


def _scored(row: IndicatorScore | None) -> tuple[object, ...] | None:
    return None if row is None else (row.state, row.value, row.base, row.lead, row.points, row.weight)


def _points(row: IndicatorScore | None) -> Decimal:
    return row.points if row else Decimal(0)


def _rank(finding: Finding | None) -> int:
    return GRAVE_FIRST.index(finding.severity if finding else "")
