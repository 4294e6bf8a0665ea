"""What scoring leaves: a result per indicator, and the totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import NamedTuple

from certification.assessment.limits import Kept
from certification.assessment.wording import NOT_CHOSEN, joined
from certification.scheme.formula.outcome import Trace
from certification.scheme.formula.scalar import written
from greenchain.languages import spoken
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
    must: bool = False
    bonus: bool = False
    chosen: bool = True
    """False: optional, and others bring more."""
    idle: bool = False
    """It seems not to apply: somebody says so, or there is nothing to measure. A person must confirm that."""
    trace: Trace = field(default_factory=dict)

    @property
    def is_unmet(self) -> bool:
        """A must item that a person or a figure has shown not to be met in full."""
        return self.must and self.state in {Scored.COMPUTED, Scored.MISSING} and self.points < self.weight

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
    """Every indicator's result and the totals, to four places; ``low`` and ``high`` are of 100.

    The totals are of the indicators that count for everybody; ``bonus`` and ``bonus_awaiting``, which the scheme
    caps, stand apart and are part of ``low`` and ``high``. ``limits`` are the gates that figures decide.
    """

    results: tuple[Result, ...]
    limits: tuple[Kept, ...] = ()
    points: Decimal
    awaiting: Decimal
    no_benchmark: Decimal
    not_applicable: Decimal
    missing: Decimal
    scorable: Decimal
    low: Decimal
    high: Decimal
    bonus: Decimal = ZERO
    bonus_awaiting: Decimal = ZERO

    @property
    def unmet(self) -> tuple[str, ...]:
        """The must items that are not met, by code."""
        return tuple(result.code for result in self.results if result.is_unmet)

    @property
    def unsettled(self) -> tuple[str, ...]:
        """The must items that a person has still to judge, by code."""
        open_states = {Scored.AWAITING, Scored.NO_BENCHMARK}
        return tuple(result.code for result in self.results if result.must and result.state in open_states)

    @property
    def broken(self) -> tuple[str, ...]:
        """The gates whose limit is not kept, by key."""
        return tuple(kept.key for kept in self.limits if kept.kept is False)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The gates with a limit that a person has still to decide, by key."""
        return tuple(kept.key for kept in self.limits if kept.kept is None)

    def reaches(self, pass_score: Decimal) -> bool:
        """Whether the confirmed score passes: limits kept, must items met, nothing of both open, points enough."""
        held_back = self.unmet or self.unsettled or self.broken or self.undecided
        return not held_back and self.low >= pass_score

    def by_stage(self) -> dict[str, Subtotal]:
        """Subtotals by life-cycle stage."""
        return _subtotals((result.stage, result) for result in self.results)

    def result(self, code: str) -> Result | None:
        """The result of one indicator."""
        return next((result for result in self.results if result.code == code), None)

    def to_json(self) -> dict[str, object]:
        """The score as JSON knows it, numbers as text."""
        totals = {key: _plain(value) for key, value in vars(self).items() if isinstance(value, Decimal)}
        limits = [{key: _plain(value) for key, value in asdict(kept).items()} for kept in self.limits]
        return {**totals, "results": [result.to_json() for result in self.results], "limits": limits}


def totalled(
    results: Sequence[Result],
    *,
    hoped: Sequence[Result] | None = None,
    limits: Sequence[Kept] = (),
    bonus_max: Decimal = ZERO,
) -> Score:
    """Totals are taken from the exact points and rounded once; then each result is rounded for itself.

    ``hoped``, of which ``high`` is taken, are the results with other optional ones chosen: those that bring most
    if all that awaits judgement is confirmed.
    """
    core, extra = _core(results), [result for result in results if result.bonus]
    best = _core(hoped or results)

    def weight_of(state: Scored) -> Decimal:
        return sum((result.weight for result in core if result.state is state), ZERO)

    points = sum((result.points for result in core), ZERO)
    awaiting = sum((result.awaiting for result in core), ZERO)
    scorable = sum((result.weight for result in core if _counts(result)), ZERO)
    reachable = sum((result.weight for result in best if _counts(result)), ZERO)
    most = sum((result.points + result.awaiting for result in best), ZERO)
    bonus = min(sum((result.points for result in extra), ZERO), bonus_max)
    full_bonus = min(sum((result.points + result.awaiting for result in extra), ZERO), bonus_max)
    return Score(
        results=tuple(_rounded(result) for result in results),
        limits=tuple(limits),
        points=_stored(points),
        awaiting=_stored(awaiting),
        no_benchmark=_stored(weight_of(Scored.NO_BENCHMARK)),
        not_applicable=_stored(weight_of(Scored.NOT_APPLICABLE)),
        missing=_stored(weight_of(Scored.MISSING)),
        scorable=_stored(scorable),
        low=_stored(_of_100(points, scorable) + bonus),
        high=_stored(_of_100(most, reachable) + full_bonus),
        bonus=_stored(bonus),
        bonus_awaiting=_stored(full_bonus - bonus),
    )


def _core(results: Sequence[Result]) -> list[Result]:
    """What counts for everybody: no bonus, and no optional result that others outdo."""
    return [result for result in results if result.chosen and not result.bonus]


def picked(
    results: Sequence[Result], groups: Mapping[str, str], count: int, *, hoping: bool = False
) -> list[Result]:
    """The results, of whose optional ones only ``count`` are left to count; ``groups`` by indicator code.

    Of each group the one that brings most stands for it, and of these the best ``count`` count: certain points
    go before claimed ones (``hoping`` takes both together), what cannot be scored comes last, and the scheme's
    order settles the rest. This reading of "two of the optional groups" is ours.
    """
    order = {result.code: place for place, result in enumerate(results)}

    def rank(result: Result) -> tuple[bool, Decimal, Decimal, int]:
        claimed = result.awaiting if hoping or not result.idle else ZERO
        certain = result.points + claimed if hoping else result.points
        return (not _counts(result), -certain, -claimed, order[result.code])

    best: dict[str, Result] = {}
    for result in sorted((result for result in results if groups.get(result.code)), key=rank):
        best.setdefault(groups[result.code], result)
    kept = {result.code for result in list(best.values())[:count]}
    return [
        _left_out(result) if groups.get(result.code) and result.code not in kept else result
        for result in results
    ]


def _left_out(result: Result) -> Result:
    reason = joined(spoken(NOT_CHOSEN), result.reason) if result.reason else {}
    return replace(
        result, state=Scored.NOT_APPLICABLE, points=ZERO, awaiting=ZERO, chosen=False, reason=reason
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
