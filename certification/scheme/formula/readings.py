"""Numbers of many subjects on their way through a formula, each with its state and with how far off it may be.

What has no value is told by a state beside the number, never by the number. Where the possible error leaves a
comparison, an order or a division by zero open, the subject is *unsure*: the scalar evaluator decides. Nothing here
compares measured numbers by equality.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from certification.scheme.formula.columns import Flags, Floats
from certification.scheme.formula.outcome import State

States = NDArray[np.uint8]

STATES = (State.VALUE, State.NOT_APPLICABLE, State.UNDEFINED, State.MISSING)
"""By their code, from what is outweighed to what outweighs all."""
VALUE, NOT_APPLICABLE, UNDEFINED, MISSING = (np.uint8(code) for code in range(len(STATES)))

ROUNDING = 2.0**-52
"""Twice the most that one step in float64 is off, so that products of such steps are covered."""
CLEAR = 4.0
"""A divisor this many times as large as it may be off is not zero."""


class Reading(NamedTuple):
    """Numbers, and beside each its state (None: all have a value), and how far off it may be.

    A number is off by at most ``relative`` × its size + ``slack``. ``exact`` numbers are figures as given: two of
    them are equal if, and only if, the decimals are. Of ``positive`` ones none is below zero. ``unsure`` marks what
    only the scalar evaluator can tell.
    """

    number: "Floats | float"
    state: States | None = None
    relative: float = ROUNDING
    slack: Floats | None = None
    unsure: Flags | None = None
    exact: bool = False
    positive: bool = False

    def off(self) -> "Floats | float":
        """By how much each number may be off."""
        off = self.relative * np.abs(self.number)
        return off if self.slack is None else off + self.slack


def given(column: Floats | None, count: int) -> Reading:
    """Figures as they were reported."""
    if column is None:
        return Reading(np.nan, np.full(count, MISSING))
    missing = np.isnan(column)
    state = missing.view(np.uint8) * MISSING if missing.any() else None
    return Reading(column, state, exact=True)


def worst(*readings: Reading) -> States | None:
    """What outweighs: missing, then undefined, then not applicable; None where all have values."""
    states = [reading.state for reading in readings if reading.state is not None]
    return reduce(np.maximum, states) if states else None


def either(*flags: Flags | None) -> Flags | None:
    """What any of them marks; None where none marks anything."""
    marked = [each for each in flags if each is not None]
    return reduce(np.logical_or, marked) if marked else None


def _negative(part: Reading) -> Reading:
    return part._replace(number=-part.number, positive=False)


def _sum(apply: "np.ufunc", left: Reading, right: Reading) -> Reading:
    """A sum or difference: off by what both parts are off, however small it is itself."""
    number = apply(left.number, right.number)
    slack = np.asarray(left.off() + right.off())
    if left.exact and right.exact and apply is np.subtract:
        slack = np.where(np.abs(number) > 0, slack, 0.0)  # what is equal is equal
    return Reading(number, worst(left, right), ROUNDING, slack, either(left.unsure, right.unsure))


def _add(left: Reading, right: Reading) -> Reading:
    if left.positive and right.positive and left.slack is None and right.slack is None:
        return Reading(
            np.add(left.number, right.number),
            worst(left, right),
            max(left.relative, right.relative) + ROUNDING,
            unsure=either(left.unsure, right.unsure),
            positive=True,
        )
    return _sum(np.add, left, right)


def _subtract(left: Reading, right: Reading) -> Reading:
    return _sum(np.subtract, left, right)


def _multiply(left: Reading, right: Reading) -> Reading:
    slack = None
    if left.slack is not None or right.slack is not None:
        mine, theirs = (0.0 if part.slack is None else part.slack for part in (left, right))
        slack = 2 * (np.abs(left.number) * theirs + np.abs(right.number) * mine + mine * theirs)
    return Reading(
        left.number * right.number,
        worst(left, right),
        left.relative + right.relative + ROUNDING,
        slack,
        either(left.unsure, right.unsure),
        positive=left.positive and right.positive,
    )


def divide(left: Reading, right: Reading) -> Reading:
    """A quotient; undefined where the divisor is zero, unsure where it might be."""
    number = np.divide(left.number, right.number)
    size = np.asarray(right.number) if right.positive else np.abs(right.number)
    state, unsure, slack = worst(left, right), either(left.unsure, right.unsure), None
    zero = size <= 0
    if zero.any():
        state = _undefined(state, zero, np.shape(number) or (() if state is None else state.shape))
    if left.slack is not None or right.slack is not None:
        mine, theirs = (0.0 if part.slack is None else part.slack for part in (left, right))
        slack = np.where(size > 0, 2 * (mine + np.abs(number) * theirs) / size, 0.0)
        if right.slack is not None:
            unsure = either(unsure, (right.slack > 0) & (size <= CLEAR * right.slack))
    relative, positive = left.relative + right.relative + ROUNDING, left.positive and right.positive
    return Reading(number, state, relative, slack, unsure, positive=positive)


def _undefined(state: States | None, zero: Flags, shape: tuple[int, ...]) -> States:
    """The state where a divisor is zero; what is missing stays missing, and what does not apply is no quotient."""
    found = np.zeros(shape if state is None else shape or state.shape, dtype=np.uint8)
    if state is not None:
        found[...] = state
    found[zero & (found <= VALUE)] = UNDEFINED
    return found


def _choice(apply: "np.ufunc", *parts: Reading) -> Reading:
    """The least or the greatest: off by no more than the part that is off most."""
    slacks = [part.slack for part in parts if part.slack is not None]
    return Reading(
        reduce(apply, (part.number for part in parts)),
        worst(*parts),
        max(part.relative for part in parts),
        reduce(np.maximum, slacks) if slacks else None,
        either(*(part.unsure for part in parts)),
        exact=all(part.exact for part in parts),
    )


def _min(*parts: Reading) -> Reading:
    return _choice(np.minimum, *parts)


def _max(*parts: Reading) -> Reading:
    return _choice(np.maximum, *parts)


def _clamp(value: Reading, low: Reading, high: Reading) -> Reading:
    return _min(_max(value, low), high)


OPERATIONS: Mapping[str, Callable[..., Reading]] = {
    "negative": _negative,
    "add": _add,
    "subtract": _subtract,
    "multiply": _multiply,
    "divide": divide,
    "min": _min,
    "max": _max,
    "clamp": _clamp,
}
