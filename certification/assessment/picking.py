"""Which optional indicators count, for many subjects at once: as ``results.picked`` chooses for one."""

from collections.abc import Sequence

import numpy as np

from certification.assessment.marks import LEFT_OUT, NO_BENCHMARK, Marks
from certification.scheme.formula.columns import Flags, Floats, Whole
from certification.scheme.formula.readings import either

TIE = 1e-9
"""Points nearer to each other than this are a tie, or floats cannot tell whether they are one."""


def picked(
    found: Sequence[Marks], groups: Sequence[str], count: int, *, hoping: bool = False
) -> tuple[list[Marks], Flags | None]:
    """The marks, of whose optional ones only ``count`` count; and the subjects for which floats cannot tell.

    ``groups`` stand beside the indicators, "" for those that count for everybody.
    """
    optional = [place for place, group in enumerate(groups) if group]
    keys = {place: _key(found[place], hoping=hoping) for place in optional}
    ahead = {place: np.zeros(len(found[0].state), dtype=np.int64) for place in optional}
    first = {place: np.ones(len(found[0].state), dtype=np.bool_) for place in optional}
    doubtful = None
    for one, other in ((one, other) for one in optional for other in optional if one < other):
        before, open_ones = _before(keys[one], keys[other])
        doubtful = either(doubtful, open_ones)
        if groups[one] == groups[other]:
            first[one] &= before
            first[other] &= ~before
    for one, other in ((one, other) for one in optional for other in optional if one < other):
        before, _open = _before(keys[one], keys[other])
        ahead[other] += before & first[one]
        ahead[one] += ~before & first[other]
    kept = {place: first[place] & (ahead[place] < count) for place in optional}
    return [
        _left_out(each, kept[place]) if place in kept else each for place, each in enumerate(found)
    ], doubtful


Key = tuple[Whole, Floats, Floats]


def _key(each: Marks, *, hoping: bool) -> Key:
    """What comes first: what can be scored, then certain points, then claimed ones."""
    awaiting = np.zeros(len(each.state)) if each.awaiting is None else each.awaiting
    claimed = awaiting if hoping or each.idle is None else np.where(each.idle, 0.0, awaiting)
    out = (each.state == NO_BENCHMARK) | (each.state == LEFT_OUT)
    return (-out.astype(np.int64), each.points + claimed if hoping else each.points, claimed)


def _before(one: Key, other: Key) -> tuple[Flags, Flags | None]:
    """Where the earlier indicator comes before the later one, which it does unless it is outdone."""
    outdone = one[0] < other[0]
    level = ~outdone & (one[0] <= other[0])
    doubtful: Flags | None = None
    for mine, theirs in zip(one[1:], other[1:], strict=True):
        apart = np.abs(mine - theirs)
        outdone |= level & (mine < theirs)
        doubtful = either(doubtful, level & (apart > 0) & (apart < TIE))
        level = level & ~(apart > 0)
    return ~outdone, doubtful


def _left_out(each: Marks, kept: Flags) -> Marks:
    return each._replace(
        state=np.where(kept, each.state, LEFT_OUT),
        points=np.where(kept, each.points, 0.0),
        awaiting=None if each.awaiting is None else np.where(kept, each.awaiting, 0.0),
    )
