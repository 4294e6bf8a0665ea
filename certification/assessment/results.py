"""What scoring leaves: a result per indicator, and the totals."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from certification.scheme.formula.outcome import Trace
from certification.scheme.formula.scalar import written
from greenchain.located import Texts

STORED = Decimal("0.0001")
VALUE_STORED = Decimal("0.000001")
ZERO = Decimal(0)


class Scored(StrEnum):
    """What became of an indicator."""

    COMPUTED = "computed"
    AWAITING = "awaiting"
    NO_BENCHMARK = "no_benchmark"
    NOT_APPLICABLE = "not_applicable"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One indicator's result. ``points`` are certain, ``awaiting`` are claimed; both at most ``weight``."""

    code: str
    block: str
    stage: str
    weight: Decimal
    state: Scored
    reason: Texts
    points: Decimal = ZERO
    awaiting: Decimal = ZERO
    value: Decimal | None = None
    unit: str = ""
    base: Decimal | None = None
    lead: Decimal | None = None
    by_product: bool = False
    benchmark: str = ""
    corrected: bool = False
    trace: Trace = field(default_factory=dict)

    @property
    def left(self) -> Decimal:
        """Points that are neither certain nor claimed."""
        return self.weight - self.points - self.awaiting

    def to_json(self) -> dict[str, object]:
        """The result as JSON knows it, numbers as text."""
        return {key: _plain(value) for key, value in asdict(self).items()}


class Subtotal(NamedTuple):
    """What some indicators bring; ``scorable`` leaves out what does not apply or has no benchmark."""

    points: Decimal
    awaiting: Decimal
    scorable: Decimal
    weight: Decimal


@dataclass(frozen=True, kw_only=True)
class Score:
    """Every indicator's result and the totals, to four places; ``low`` and ``high`` are of 100."""

    results: tuple[Result, ...]
    points: Decimal
    awaiting: Decimal
    no_benchmark: Decimal
    not_applicable: Decimal
    missing: Decimal
    scorable: Decimal
    low: Decimal
    high: Decimal

    def by_block(self) -> dict[str, Subtotal]:
        """Subtotals by block code."""
        return _subtotals((result.block, result) for result in self.results)

    def by_stage(self) -> dict[str, Subtotal]:
        """Subtotals by life-cycle stage."""
        return _subtotals((result.stage, result) for result in self.results)

    def result(self, code: str) -> Result | None:
        """The result of one indicator."""
        return next((result for result in self.results if result.code == code), None)

    def to_json(self) -> dict[str, object]:
        """The score as JSON knows it, numbers as text."""
        totals = {key: _plain(value) for key, value in vars(self).items() if key != "results"}
        return {**totals, "results": [result.to_json() for result in self.results]}


def totalled(results: Sequence[Result]) -> Score:
    """Totals are taken from the exact points and rounded once; then each result is rounded for itself."""

    def weight_of(state: Scored) -> Decimal:
        return sum((result.weight for result in results if result.state is state), ZERO)

    points = sum((result.points for result in results), ZERO)
    awaiting = sum((result.awaiting for result in results), ZERO)
    scorable = sum((result.weight for result in results if _counts(result)), ZERO)
    return Score(
        results=tuple(_rounded(result) for result in results),
        points=_stored(points),
        awaiting=_stored(awaiting),
        no_benchmark=_stored(weight_of(Scored.NO_BENCHMARK)),
        not_applicable=_stored(weight_of(Scored.NOT_APPLICABLE)),
        missing=_stored(weight_of(Scored.MISSING)),
        scorable=_stored(scorable),
        low=_of_100(points, scorable),
        high=_of_100(points + awaiting, scorable),
    )


def _counts(result: Result) -> bool:
    return result.state not in {Scored.NO_BENCHMARK, Scored.NOT_APPLICABLE}


def _subtotals(keyed: Iterable[tuple[str, Result]]) -> dict[str, Subtotal]:
    found: dict[str, Subtotal] = {}
    for key, result in keyed:
        sums = found.get(key, Subtotal(ZERO, ZERO, ZERO, ZERO))
        found[key] = Subtotal(
            sums.points + result.points,
            sums.awaiting + result.awaiting,
            sums.scorable + (result.weight if _counts(result) else ZERO),
            sums.weight + result.weight,
        )
    return found


def _rounded(result: Result) -> Result:
    value = None if result.value is None else result.value.quantize(VALUE_STORED, ROUND_HALF_UP)
    return replace(
        result,
        value=value,
        points=_stored(result.points),
        awaiting=_stored(result.awaiting),
        weight=_stored(result.weight),
    )


def _stored(points: Decimal) -> Decimal:
    return points.quantize(STORED, ROUND_HALF_UP)


def _of_100(points: Decimal, scorable: Decimal) -> Decimal:
    """Points as a share of what can be scored, of 100; 0 where nothing can be."""
    return _stored(points / scorable * 100 if scorable else ZERO)


def _plain(value: object) -> object:
    return (
        written(value) if isinstance(value, Decimal) else str(value) if isinstance(value, StrEnum) else value
    )
