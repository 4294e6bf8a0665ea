"""Many subjects scored at once from one definition, with the same result as ``score`` gives each of them.

Floats carry the arithmetic; verdicts are taken from whole numbers of 1/10,000. A subject whose total lies within
1e-6 of a pass score, or of where its fourth decimal would turn, or of which floats leave anything open, is scored
again by the scalar scoring, and that result stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from certification.assessment.marks import (
    AWAITING,
    CLAIMS,
    COMPUTED,
    MISSING,
    NO_BENCHMARK,
    SCORED,
    Batch,
    Marks,
    marks,
)
from certification.assessment.picking import picked
from certification.assessment.restraints import Restraint, restraint
from certification.assessment.scoring import Score, score
from certification.scheme.definition import Definition, Method, Threshold
from certification.scheme.formula.columns import Flags, Floats, Shape, Whole, shape_of
from certification.scheme.formula.readings import States, either

BLOCK = 8192
"""Subjects at a time: their columns stay in the processor's cache."""
PARTS = 10_000
"""Totals are whole numbers of 1/10,000."""
BORDER = 1e-6
TURN = 2e-10
FAILS, OPEN, REACHES = (np.int8(place) for place in range(3))
VERDICTS = ("fails", "open", "reaches")
"""Does not reach the pass score; hangs on what awaits a person's judgement; reaches it."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What n subjects score on m indicators.

    ``states`` (codes of SCORED) and ``points`` are (m, n); ``low`` and ``high`` are in 1/10,000 of 100; ``verdict``
    is a place in VERDICTS; ``rescored`` marks what the scalar scoring decided.
    """

    states: States
    points: Floats
    low: Whole
    high: Whole
    verdict: NDArray[np.int8]
    rescored: Flags


def needs(definitions: Sequence[Definition]) -> Shape:
    """The figures that these definitions read, and the cases with what is claimed of them."""
    parts: list[Method | Threshold] = []
    for each in definitions:
        parts += [method for indicator in each.indicators for method in indicator.methods]
        parts += [gate.threshold for gate in each.thresholds if gate.threshold]
    shape = shape_of((part.formula for part in parts), frozenset().union(*(part.sized_by for part in parts)))
    cases = {**shape.tables.get("cases", {}), "indicator": "word", "claim": "word"}
    return Shape(shape.metrics, {**shape.tables, "cases": cases})


def score_many(definition: Definition, batch: Batch, pass_scores: Whole, *, block: int = BLOCK) -> Scores:
    """Score every subject; ``pass_scores`` are each subject's, in 1/10,000 of 100."""
    parts = []
    with np.errstate(all="ignore"):  # what has no value is told by its state
        for first in range(0, max(batch.count, 1), block):
            last = min(first + block, batch.count)
            whole = first == 0 and last == batch.count
            part = batch if whole else batch.part(first, last)
            parts.append(_block(definition, part, pass_scores[first:last]))
    if len(parts) == 1:
        return parts[0]
    joined = {
        key: np.concatenate([getattr(part, key) for part in parts], axis=-1)
        for key in ("states", "points", "low", "high", "verdict", "rescored")
    }
    return Scores(**joined)


def in_parts(points: Decimal) -> int:
    """A score of 100 in 1/10,000."""
    return int(points * PARTS)


def _block(definition: Definition, batch: Batch, pass_scores: Whole) -> Scores:
    total = _Total(definition, batch)
    rules = [restraint(gate, batch.columns) for gate in definition.thresholds]
    verdict = _verdict(total, rules, pass_scores)
    unsure = either(total.unsure, *(rule.unsure for rule in rules), _near(total, pass_scores))
    unsure = np.zeros(batch.count, dtype=np.bool_) if unsure is None else unsure.copy()
    unsure[list(batch.columns.beyond)] = True
    found = Scores(
        states=total.states,
        points=total.points,
        low=total.low.parts,
        high=total.high.parts,
        verdict=verdict,
        rescored=unsure,
    )
    for place in np.flatnonzero(unsure):
        _again(definition, batch, found, int(place), int(pass_scores[place]))
    return found


class Sum(NamedTuple):
    """A total of 100, as it was added up and in whole parts."""

    exact: Floats
    parts: Whole


class _Total:
    """A block of subjects on its way to its totals."""

    def __init__(self, definition: Definition, batch: Batch) -> None:
        self.definition = definition
        self.count = batch.count
        self.points = np.empty((len(definition.indicators), batch.count))
        found = [
            marks(indicator, batch, room)
            for indicator, room in zip(definition.indicators, self.points, strict=True)
        ]
        hoped = found
        self.unsure: Flags | None = None
        if definition.pick:
            groups = [indicator.group for indicator in definition.indicators]
            found, doubtful = picked(found, groups, definition.pick)
            hoped, more = picked(hoped, groups, definition.pick, hoping=True)
            self.unsure = either(doubtful, more)
        self.unsure = either(self.unsure, *(each.unsure for each in found))
        self.states = np.array([each.state for each in found])
        for room, each in zip(self.points, found, strict=True):
            if each.points.base is not self.points:
                room[:] = each.points
        self.held, self.lost, doubtful = self._musts(found)
        self.unsure = either(self.unsure, doubtful)
        self.low = self._sum(found, claims=False)
        claimed = any(each.awaiting is not None for each in found)
        self.high = self._sum(hoped, claims=True) if claimed or hoped is not found else self.low

    def _sum(self, found: Sequence[Marks], *, claims: bool) -> Sum:
        """Points of what can be scored, of 100, and the bonus on top."""
        gained, lost, extra, whole = np.zeros(self.count), np.zeros(self.count), np.zeros(self.count), 0.0
        for indicator, each in zip(self.definition.indicators, found, strict=True):
            into = extra if indicator.bonus else gained
            into += each.points
            if claims and each.awaiting is not None:
                into += each.awaiting
            if not indicator.bonus:
                weight = float(indicator.weight)
                whole += weight
                if each.state.max(initial=0) > MISSING:
                    lost += np.where(each.state > MISSING, weight, 0.0)
        scorable = whole - lost  # in the same order, so that what is lost altogether leaves nothing
        of_100 = np.where(scorable > 0, gained / scorable * 100, 0.0)
        bonus = np.minimum(extra, float(self.definition.bonus_max))
        parts = np.floor(of_100 * PARTS + 0.5)
        return Sum(of_100 + bonus, np.floor(parts + bonus * PARTS + 0.5).astype(np.int64))

    def _musts(self, found: Sequence[Marks]) -> tuple[Flags, Flags, Flags | None]:
        """Where a must item awaits somebody, where one is not met, and where floats cannot tell."""
        held, lost = np.zeros(self.count, dtype=np.bool_), np.zeros(self.count, dtype=np.bool_)
        doubtful = None
        for indicator, each in zip(self.definition.indicators, found, strict=True):
            if not indicator.must:
                continue
            wanting = float(indicator.weight) - each.points
            held |= (each.state == AWAITING) | (each.state == NO_BENCHMARK)
            lost |= (each.state == MISSING) | ((each.state == COMPUTED) & (wanting > TURN))
            doubtful = either(doubtful, (each.state == COMPUTED) & (wanting > TURN) & (wanting < 1 / PARTS))
        return held, lost, doubtful


def _verdict(total: _Total, rules: Sequence[Restraint], pass_scores: Whole) -> NDArray[np.int8]:
    lost = either(total.lost, *(rule.broken for rule in rules))
    held = either(total.held, *(rule.undecided for rule in rules))
    assert lost is not None  # noqa: S101 - the must items always tell
    assert held is not None  # noqa: S101 - as above
    reaches = ~lost & ~held & (total.low.parts >= pass_scores)
    fails = lost | (total.high.parts < pass_scores)
    return np.where(reaches, REACHES, np.where(fails, FAILS, OPEN))


def _near(total: _Total, pass_scores: Whole) -> Flags | None:
    """Totals so near a pass score, or the turn of their fourth decimal, that floats may err."""
    near = None
    for sum_ in (total.low,) if total.high is total.low else (total.low, total.high):
        for pass_score in (pass_scores, pass_scores - 0.5):
            near = either(near, np.abs(sum_.exact - pass_score / PARTS) <= BORDER)
        fraction = sum_.exact * PARTS
        fraction -= np.floor(fraction)
        near = either(near, np.abs(fraction - 0.5) <= TURN * PARTS)
    return near


def verdict_of(result: Score, pass_score: Decimal) -> str:
    """The verdict of one scalar score, as in VERDICTS."""
    if result.reaches(pass_score):
        return VERDICTS[REACHES]
    return VERDICTS[FAILS if result.unmet or result.broken or result.high < pass_score else OPEN]


def scalar(definition: Definition, batch: Batch, place: int) -> Score:
    """One subject's score by the scalar scoring, from the very same figures."""
    inputs = batch.columns.inputs(place)
    claims = {code: CLAIMS[each[place]] for code, each in batch.claims.items() if each[place] >= 0}
    known = {code: each.of(place) for code, each in batch.benchmarks.items()}
    return score(
        definition,
        values=inputs.values,
        tables=inputs.tables,
        claims=claims,
        benchmarks={code: entered for code, entered in known.items() if entered},
    )


def _again(definition: Definition, batch: Batch, found: Scores, place: int, pass_score: int) -> None:
    """The scalar scoring's word on one subject stands."""
    result = scalar(definition, batch, place)
    for row, each in enumerate(result.results):
        found.states[row, place] = SCORED.index(each.state)
        found.points[row, place] = float(each.points)
    found.low[place], found.high[place] = in_parts(result.low), in_parts(result.high)
    found.verdict[place] = VERDICTS.index(verdict_of(result, Decimal(pass_score) / PARTS))
