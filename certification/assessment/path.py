"""The cheapest way to a score: again and again the change of one input that brings most per relative change.

Greedy, and said so wherever it is shown: a change that pays only together with another one is not found. What
says how large the unit is (output, land) is left alone, and what awaits a person's judgement is not counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from certification.assessment import inverse
from certification.assessment.gap import Way, progress, ways
from certification.assessment.known import Known
from certification.assessment.levers import Kind, Lever
from certification.assessment.results import Result
from certification.assessment.scoring import result_of, total_of
from certification.scheme.definition import Definition, Indicator
from certification.scheme.formula.scalar import CONTEXT

ZERO, ONE = Decimal(0), Decimal(1)
MOST_STEPS = 15
NEAR = Decimal("0.000001")
"""How near the last step of a path comes to where it is enough, as a part of it."""

FROM_NOTHING, TO_NOTHING = ONE, Decimal(10)
"""What a change counts for that cannot be told as a part of what is, or leaves nothing of it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One input from what it is to ``enter``, and the confirmed score (of 100) once it is done."""

    indicator: Indicator
    lever: Lever
    enter: Decimal
    gain: Decimal
    low: Decimal

    @property
    def relative(self) -> Decimal | None:
        """The change as a part of what it is now; None from 0."""
        return (self.enter - self.lever.now) / self.lever.now if self.lever.now else None


@dataclass(frozen=True, slots=True)
class Path:
    """The steps from ``start`` towards ``wanted``, both of 100, and how far they lead."""

    wanted: Decimal
    start: Decimal
    steps: tuple[Step, ...]
    low: Decimal

    @property
    def arrives(self) -> bool:
        """Whether the steps reach what is wanted."""
        return self.low >= self.wanted

    @property
    def lacking(self) -> Decimal:
        """What is still lacking at the end."""
        return max(self.wanted - self.low, ZERO)


def path(definition: Definition, known: Known, wanted: Decimal) -> Path:
    """The greedy path to a confirmed score of ``wanted``."""
    with localcontext(CONTEXT):
        return _Walk(definition, known).to(wanted)


@dataclass(frozen=True, slots=True)
class _Place:
    """How things would stand: indicators (a row function may have become a number), inputs, results, score."""

    indicators: tuple[Indicator, ...]
    known: Known
    results: tuple[Result, ...]
    low: Decimal


@dataclass(frozen=True, slots=True)
class _Move:
    """One input moved, and where that leads."""

    number: int
    lever: Lever
    enter: Decimal
    place: _Place
    worth: Decimal


class _Walk:
    """One walk, always up."""

    def __init__(self, definition: Definition, known: Known) -> None:
        self.definition = definition
        results = tuple(result_of(item, known, in_words=False) for item in definition.indicators)
        self.here = _Place(definition.indicators, known, results, self.low_of(results, known))
        self.ways: dict[int, Sequence[Way]] = {}
        self.first: dict[tuple[str, int], Lever] = {}

    def low_of(self, results: Sequence[Result], known: Known) -> Decimal:
        return total_of(self.definition, results, known).low

    def to(self, wanted: Decimal) -> Path:
        start, steps = self.here.low, list[Step]()
        while self.here.low < wanted and len(steps) < MOST_STEPS:
            best = max(self.moves(), key=lambda move: move.worth, default=None)
            if best is None:
                break
            if best.place.low >= wanted:
                best = self.trimmed(best, wanted)
            steps.append(self.step(best))
            self.forget(best.lever)
            self.here = best.place
        return Path(wanted, start, _merged(steps), self.here.low)

    def moves(self) -> list[_Move]:
        """Every change to a mark of a scale that brings something."""
        found = [
            self.move(number, way.lever, target.enter)
            for number, indicator in enumerate(self.here.indicators)
            for way in self.ways_of(number, indicator)
            for target in way.targets
            if target.enter is not None and target.enter != way.lever.now
        ]
        return [move for move in found if move.worth > 0]

    def ways_of(self, number: int, indicator: Indicator) -> Sequence[Way]:
        if number not in self.ways:
            result = self.here.results[number]
            open_ = not result.corrected and progress(indicator, result) is not None
            found = (
                ways(indicator, result, self.here.known) if open_ and result.points < result.weight else []
            )
            self.ways[number] = [way for way in found if way.lever.role == "lever"]
        return self.ways[number]

    def move(self, number: int, lever: Lever, enter: Decimal) -> _Move:
        place = self.at(lever, enter)
        return _Move(number, lever, enter, place, (place.low - self.here.low) / _cost(lever.now, enter))

    def at(self, lever: Lever, amount: Decimal) -> _Place:
        """How things stand with one input at another amount; only what reads it is scored anew."""
        here, known = self.here, self.here.known
        indicators, results = list(here.indicators), list(here.results)
        for number, indicator in enumerate(here.indicators):
            if _reads(indicator, lever):
                indicators[number], known = lever.applied(amount, indicator, here.known)
                results[number] = result_of(indicators[number], known, in_words=False)
        low = self.low_of(results, known)
        return _Place(tuple(indicators), known, tuple(results), low)

    def trimmed(self, move: _Move, wanted: Decimal) -> _Move:
        """Only as far as it takes."""
        lever = move.lever
        found = inverse.search(
            lambda amount: self.at(lever, amount).low, lever.now, move.enter, wanted, narrow=NEAR
        )
        enter = lever.rounded(found) if found is not None else move.enter
        trimmed = self.move(move.number, lever, enter)
        return trimmed if trimmed.place.low >= wanted else move

    def step(self, move: _Move) -> Step:
        first = self.first.setdefault((move.lever.name, move.lever.position), move.lever)
        gain = move.place.low - self.here.low
        return Step(self.definition.indicators[move.number], first, move.enter, gain, move.place.low)

    def forget(self, lever: Lever) -> None:
        """What reads the input must be looked at again."""
        for number, indicator in enumerate(self.here.indicators):
            if _reads(indicator, lever):
                self.ways.pop(number, None)


def _cost(now: Decimal, enter: Decimal) -> Decimal:
    """The relative change, up and down alike: to halve something counts as much as to double it."""
    if not now:
        return FROM_NOTHING
    small, large = sorted((abs(now), abs(enter)))
    return large / small - ONE if small and now * enter > 0 else TO_NOTHING


def _reads(indicator: Indicator, lever: Lever) -> bool:
    """Whether an indicator's value or scale hangs on an input."""
    for method in indicator.methods:
        if lever.kind is Kind.METRIC and lever.name in method.formula.names | method.sized_by:
            return True
        if lever.kind is Kind.CELL and lever.table in method.formula.tables:
            return True
        if lever.kind is Kind.ROWS and lever.name in method.formula.source:
            return True
    return False


def _merged(steps: Sequence[Step]) -> tuple[Step, ...]:
    """An input that was moved twice is one step: where it was moved first, as far as it was moved last."""
    merged: dict[tuple[str, int], Step] = {}
    for step in steps:
        key = (step.lever.name, step.lever.position)
        if (before := merged.get(key)) is None:
            merged[key] = step
        else:
            merged[key] = replace(before, enter=step.enter, gain=before.gain + step.gain)
    low, told = steps[0].low - steps[0].gain if steps else ZERO, []
    for step in merged.values():
        low += step.gain
        told.append(replace(step, low=low))
    return tuple(told)
