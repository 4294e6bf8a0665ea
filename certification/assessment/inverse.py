"""A formula as a fraction of polynomials in one input, so that the input can be told from the value.

Least, greatest, clamped and smallest are fractions piece by piece: the piece is the one at the given place.
Where the fraction is of the first degree its inverse is exact; for the rest there is ``search``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException, localcontext
from typing import NamedTuple

from certification.scheme.formula import Inputs, scalar
from certification.scheme.formula.scalar import CONTEXT
from certification.scheme.formula.tree import Column, Expression, Gather, Metric, Number, Operation

ZERO, ONE, HALF = Decimal(0), Decimal(1), Decimal("0.5")
DEGREE = 2
NARROW = Decimal("1e-20")
EDGE = Decimal("1e-9")
MOST_STEPS = 200
STRIDES = tuple(Decimal(10) ** -power for power in range(9, 0, -1)) + tuple(
    Decimal(tenth) / 10 for tenth in range(2, 11)
)

Progress = Callable[[Decimal], Decimal | None]
Polynomial = tuple[Decimal, ...]
"""Coefficients, that of the constant first."""


class Fraction(NamedTuple):
    """One polynomial over another."""

    above: Polynomial
    below: Polynomial

    def at(self, place: Decimal) -> Decimal:
        """Its value; raises DecimalException at a pole."""
        return _value(self.above, place) / _value(self.below, place)


class TooDeepError(ValueError):
    """The formula is no fraction of polynomials of a low degree in this input."""


def place_of(fraction: Fraction, value: Decimal) -> Decimal | None:
    """Where a fraction of the first degree takes a value; None where it never does, or is of another degree."""
    with localcontext(CONTEXT):
        line = _trimmed(_sum(fraction.above, _times(fraction.below, (-value,))))
        if len(line) != DEGREE:
            return None
        try:
            place = -line[0] / line[1]
            return None if not _value(fraction.below, place) else place
        except DecimalException:
            return None


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads a formula as a fraction in one input around ``place``: a metric, or what a row function gives.

    ``name`` is the metric's key, or the row function as the formula has it.
    """

    inputs: Inputs
    name: str
    place: Decimal

    def read(self, tree: Expression) -> Fraction:
        """The formula. Raises TooDeepError or DecimalException."""
        with localcontext(CONTEXT):
            return self._read(tree)

    def _read(self, node: Expression) -> Fraction:
        if isinstance(node, Metric | Gather) and node.text == self.name:
            return X
        match node:
            case Number():
                return _plain(node.value)
            case Operation():
                return self._operated(node)
            case Metric() | Gather():
                return _plain(_known(scalar.evaluate(node, self.inputs).value))
            case Column():
                raise TooDeepError

    def _operated(self, node: Operation) -> Fraction:
        parts = [self._read(part) for part in node.parts]
        if node.op in SIGNS:
            return SIGNS[node.op](*parts)
        if node.op == "clamp":
            value, low, high = parts
            return self._outer([self._outer([value, low], max), high], min)
        return self._outer(parts, min if node.op == "min" else max)

    def _outer(self, parts: Sequence[Fraction], choose: Callable[..., Fraction]) -> Fraction:
        """The piece that holds at the place."""
        return choose(parts, key=lambda part: part.at(self.place))


def _known(value: Decimal | None) -> Decimal:
    if value is None:
        raise TooDeepError
    return value


def _plain(number: Decimal) -> Fraction:
    return Fraction((number,), (ONE,))


X = Fraction((ZERO, ONE), (ONE,))


def _value(polynomial: Polynomial, place: Decimal) -> Decimal:
    value = ZERO
    for coefficient in reversed(polynomial):
        value = value * place + coefficient
    return value


def _trimmed(polynomial: Polynomial) -> Polynomial:
    while len(polynomial) > 1 and not polynomial[-1]:
        polynomial = polynomial[:-1]
    if len(polynomial) > DEGREE + 1:
        raise TooDeepError
    return polynomial


def _sum(left: Polynomial, right: Polynomial) -> Polynomial:
    longest = max(len(left), len(right))
    padded = [each + (ZERO,) * (longest - len(each)) for each in (left, right)]
    return tuple(one + other for one, other in zip(*padded, strict=True))


def _times(left: Polynomial, right: Polynomial) -> Polynomial:
    made = [ZERO] * (len(left) + len(right) - 1)
    for power, one in enumerate(left):
        for more, other in enumerate(right):
            made[power + more] += one * other
    return _trimmed(tuple(made))


def _added(left: Fraction, right: Fraction) -> Fraction:
    if left.below == right.below:
        return Fraction(_trimmed(_sum(left.above, right.above)), left.below)
    above = _sum(_times(left.above, right.below), _times(right.above, left.below))
    return Fraction(_trimmed(above), _times(left.below, right.below))


def _negative(part: Fraction) -> Fraction:
    return Fraction(tuple(-each for each in part.above), part.below)


def _multiplied(left: Fraction, right: Fraction) -> Fraction:
    return Fraction(_times(left.above, right.above), _times(left.below, right.below))


SIGNS: dict[str, Callable[..., Fraction]] = {
    "add": _added,
    "subtract": lambda left, right: _added(left, _negative(right)),
    "negative": _negative,
    "multiply": _multiplied,
    "divide": lambda left, right: _multiplied(left, Fraction(right.below, right.above)),
}


def search(
    progress: Progress, start: Decimal, end: Decimal, wanted: Decimal, *, narrow: Decimal = NARROW
) -> Decimal | None:
    """The place nearest to ``start``, on the way to ``end``, where ``progress`` is as wanted; None if nowhere.

    ``narrow`` is how near the border is told, as a part of what stands there. Strides first, then the border
    between the last place that falls short and the first that is enough: what lies between two strides and is
    over again is not seen.
    """
    with localcontext(CONTEXT):
        short = start
        for stride in STRIDES:
            place = start + (end - start) * stride
            made = progress(place)
            if made is not None and made >= wanted:
                return _border(progress, short, place, wanted, narrow)
            short = place
    return None


def _border(progress: Progress, short: Decimal, enough: Decimal, wanted: Decimal, narrow: Decimal) -> Decimal:
    """The nearest place that is enough: by the straight line between the ends, every third time by the middle."""
    lacks, exceeds = progress(short), progress(enough) or wanted
    for step in range(MOST_STEPS):
        if abs(enough - short) <= abs(enough) * narrow:
            break
        part = HALF
        if lacks is not None and exceeds > wanted and step % 3:
            part = max(min((wanted - lacks) / (exceeds - lacks), ONE - EDGE), EDGE)
        middle = short + (enough - short) * part
        made = progress(middle)
        if made is not None and made >= wanted:
            enough, exceeds = middle, made
        else:
            short, lacks = middle, made
    return enough


def stretched(fraction: Fraction, factor: Decimal) -> Fraction:
    """The same fraction in another variable, ``factor`` of which make one."""

    def scaled(polynomial: Polynomial) -> Polynomial:
        return tuple(each * factor**power for power, each in enumerate(polynomial))

    return Fraction(scaled(fraction.above), scaled(fraction.below))


def is_piecewise(tree: Expression) -> bool:
    """Whether the formula chooses between parts."""
    if not isinstance(tree, Operation):
        return False
    return tree.op in {"min", "max", "clamp"} or any(is_piecewise(part) for part in tree.parts)
