"""The gap of each indicator: which change in which single input reaches base, half and lead, and what it brings.

Pure. The inverse is exact where the formula is a fraction of the first degree in the input, and every answer is
tried on the scoring's own evaluation before it is given; where that refuses it, the input is searched within
the catalogue's bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DecimalException
from typing import NamedTuple

from certification.assessment import inverse
from certification.assessment.inverse import Reader, TooDeepError, place_of
from certification.assessment.known import SHARES, Known
from certification.assessment.levers import Kind, Lever, levers, method_of
from certification.assessment.results import Result, Scored
from certification.assessment.scale import scale_of
from certification.assessment.scoring import result_of
from certification.scheme.definition import Definition, Indicator, Method

ZERO, HALF, ONE = Decimal(0), Decimal("0.5"), Decimal(1)
MARKS = {"base": ZERO, "half": HALF, "lead": ONE}
CLOSE = Decimal("1e-12")
"""How near an answer must come, as a part of the weight."""

TRIES = 6
FAR = Decimal(1000)
"""Without a bound in the catalogue, an input is searched up to so many times what it is now."""


class Target(NamedTuple):
    """One mark of the scale, and where the input reaches it.

    ``at`` is exact; ``enter`` is what can be typed for it. Both are None where this input alone never gets
    there, or where the mark is reached already.
    """

    mark: str
    reached: bool
    points: Decimal
    at: Decimal | None = None
    enter: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One input and what changing it alone can do."""

    lever: Lever
    targets: tuple[Target, ...]
    gain: Decimal = ZERO
    """The points won at the farthest mark that can be reached."""
    per_unit: Decimal | None = None
    """Points per unit of the input on the way there; below 0 where less of it is better."""

    @property
    def farthest(self) -> Target | None:
        """The farthest mark that this input alone can reach."""
        return next((target for target in reversed(self.targets) if target.enter is not None), None)

    @property
    def relative(self) -> Decimal | None:
        """The change to the farthest mark as a part of what the input is now; None from 0."""
        far, now = self.farthest, self.lever.now
        return None if far is None or far.enter is None or not now else (far.enter - now) / now


class Claimed(NamedTuple):
    """What a claim would bring, if it is confirmed."""

    claim: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class IndicatorGap:
    """One indicator: where it stands, and the ways on."""

    indicator: Indicator
    result: Result
    ways: tuple[Way, ...] = ()
    missing: tuple[str, ...] = ()
    """What must be reported first: metric keys, tables, columns as table.column."""
    claims: tuple[Claimed, ...] = field(default=())

    @property
    def lacking(self) -> Decimal:
        """Points still to be had."""
        return self.result.weight - self.result.points


def gaps(definition: Definition, known: Known) -> list[IndicatorGap]:
    """Every indicator of a version, in its order."""
    return [gap_of(indicator, known) for indicator in definition.indicators]


def gap_of(indicator: Indicator, known: Known) -> IndicatorGap:
    """One indicator's gap."""
    result = result_of(indicator, known)
    if indicator.is_qualitative:
        return IndicatorGap(indicator, result, claims=_claims(indicator))
    if result.state is Scored.MISSING:
        return IndicatorGap(indicator, result, missing=_missing(indicator, result, known))
    if progress(indicator, result) is None or result.corrected:
        return IndicatorGap(indicator, result)
    return IndicatorGap(indicator, result, tuple(ways(indicator, result, known)))


def _claims(indicator: Indicator) -> tuple[Claimed, ...]:
    return tuple(Claimed(word, indicator.weight * share) for word, share in SHARES.items())


def _missing(indicator: Indicator, result: Result, known: Known) -> tuple[str, ...]:
    method = method_of(indicator, result)
    about: Sequence[str] = result.trace.get("about") or ()  # type: ignore[assignment]
    wanting = scale_of(method, known.inputs).wanting if method else ()
    return tuple(dict.fromkeys([*about, *wanting]))


def progress(indicator: Indicator, result: Result) -> Decimal | None:
    """How far the value is: 0 at base, 1 at lead, beyond both in either direction. None without a scale."""
    method, value, base, lead = method_of(indicator, result), result.value, result.base, result.lead
    if result.state is not Scored.COMPUTED or method is None or value is None or lead is None:
        return None
    if method.has_base:
        return None if base is None or base == lead else (value - base) / (lead - base)
    better = lead - value if method.less_is_better else value - lead
    if method.scoring == "step" or lead <= 0:
        return ONE + better
    if better >= 0:
        return max(ONE + better / lead, ONE)
    return lead / value if method.less_is_better else value / lead


def marks_of(method: Method) -> list[str]:
    """The marks of a method's scale: a ratio has no base, a step only its lead."""
    if method.scoring == "step":
        return ["lead"]
    return ["base", "half", "lead"] if method.has_base else ["half", "lead"]


def ways(indicator: Indicator, result: Result, known: Known) -> list[Way]:
    """What each input can do by itself."""
    return [_Climb(indicator, result, known, lever).way() for lever in levers(indicator, result, known)]


class _Climb:
    """One input of one indicator, moved by itself."""

    def __init__(self, indicator: Indicator, result: Result, known: Known, lever: Lever) -> None:
        self.indicator = indicator
        self.result = result
        self.known = known
        self.lever = lever
        method = method_of(indicator, result)
        assert method is not None  # noqa: S101 - there are levers of a method only
        self.method = method

    def at(self, amount: Decimal) -> Result:
        """The result with the input at another amount."""
        return result_of(*self.lever.applied(amount, self.indicator, self.known), in_words=False)

    def progress(self, amount: Decimal) -> Decimal | None:
        return progress(self.indicator, self.at(amount))

    def way(self) -> Way:
        targets = tuple(self.target(mark) for mark in marks_of(self.method))
        way = Way(self.lever, targets)
        far = way.farthest
        if far is None or far.at is None or far.at == self.lever.now:
            return way
        gain = far.points - self.result.points
        return Way(self.lever, targets, gain, gain / (far.at - self.lever.now))

    def target(self, mark: str) -> Target:
        wanted = MARKS[mark]
        points, now = self.result.weight * wanted, progress(self.indicator, self.result)
        if now is not None and now >= wanted:
            return Target(mark, reached=True, points=points)
        place = self.place(wanted)
        if place is None:
            return Target(mark, reached=False, points=points)
        enter = self.entered(place, wanted)
        return Target(mark, False, points, place if enter is not None else None, enter)  # noqa: FBT003

    def entered(self, place: Decimal, wanted: Decimal) -> Decimal | None:
        """The nearest amount that can be typed and is enough."""
        enter = self.lever.rounded(place)
        made = self.progress(enter) if self.lever.allows(enter) else None
        return enter if made is not None and made >= wanted - CLOSE else None

    def place(self, wanted: Decimal) -> Decimal | None:
        """Where the input reaches a part of the way: by algebra if that holds, else by search."""
        return self.solved(wanted) if self.lever.kind is not Kind.CELL else self.searched(wanted)

    def solved(self, wanted: Decimal) -> Decimal | None:
        """By algebra. Where the whole formula is one fraction on one scale, its no is final."""
        place = self.lever.now
        try:
            for _try in range(TRIES):
                found = place_of(self.fraction(place), self.value_at(wanted))
                if found is None:
                    break
                if self.lever.allows(found) and self.is_at(found, wanted):
                    return found
                if not self.lever.allows(found) or found == place:
                    break
                place = found
        except (TooDeepError, DecimalException):
            return self.searched(wanted)
        whole = (
            not inverse.is_piecewise(self.method.formula.tree) and self.lever.name not in self.method.sized_by
        )
        return None if whole else self.searched(wanted)

    def fraction(self, place: Decimal) -> inverse.Fraction:
        """The formula's value by what is entered, around a place."""
        reader = Reader(self.known.inputs, self.lever.name, self.lever.gathered(place))
        found = reader.read(self.method.formula.tree)
        factor = self.lever.gathered(ONE)
        return found if factor == ONE else inverse.stretched(found, factor)

    def value_at(self, wanted: Decimal) -> Decimal:
        """The value that lies at a part of the way on the present scale."""
        base, lead = self.result.base, self.result.lead or ZERO
        if self.method.has_base:
            return (base or ZERO) + wanted * (lead - (base or ZERO))
        return lead / wanted if self.method.less_is_better else lead * wanted

    def is_at(self, amount: Decimal, wanted: Decimal) -> bool:
        made = self.progress(amount)
        return made is not None and abs(made - wanted) <= CLOSE

    def searched(self, wanted: Decimal) -> Decimal | None:
        """The nearest amount in either direction."""
        now, lowest = self.lever.now, self.lever.minimum
        highest = self.lever.maximum if self.lever.maximum is not None else FAR * max(now, ONE)
        ends = [end for end in (lowest, highest) if end != now]
        found = [inverse.search(self.progress, now, end, wanted) for end in ends]
        return min(
            (each for each in found if each is not None), key=lambda each: abs(each - now), default=None
        )
