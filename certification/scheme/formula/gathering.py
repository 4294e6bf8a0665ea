"""Row functions over many subjects: the rows lie one after the other, each subject's rows are a stretch."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from certification.scheme.formula.columns import Flags, Floats, Ragged, Whole
from certification.scheme.formula.readings import (
    MISSING,
    NOT_APPLICABLE,
    ROUNDING,
    VALUE,
    Reading,
    States,
    divide,
    either,
    worst,
)
from certification.scheme.formula.tree import Gathering

Numbers = TypeVar("Numbers", Floats, States)


@dataclass(frozen=True)
class Chosen:
    """The rows of a table that count: all (``rows`` is None) or some, and per subject what is known besides."""

    table: Ragged
    start: Whole
    rows: Whole | None = None
    state: States | None = None
    unsure: Flags | None = None

    @classmethod
    def all_of(cls, table: Ragged) -> "Chosen":
        """Every row; a table that was not reported is missing."""
        missing = None if table.reported.all() else (~table.reported).view(np.uint8) * MISSING
        return cls(table, table.start, state=missing)

    @property
    def count(self) -> int:
        """How many subjects there are."""
        return len(self.start) - 1

    def where(self, met: Flags, open_ones: Flags | None) -> "Chosen":
        """Those of all rows that meet a condition; ``open_ones`` are rows that may or may not."""
        before = np.concatenate(([0], np.cumsum(met)))
        unsure = either(self.unsure, self.of_subjects(open_ones))
        return replace(self, start=before[self.start], rows=np.flatnonzero(met), unsure=unsure)

    def of_subjects(self, flags: Flags | None) -> Flags | None:
        """The subjects of which any row of the table is marked."""
        if flags is None or not flags.any():
            return None
        marked = np.zeros(self.count, dtype=np.bool_)
        marked[np.searchsorted(self.table.start, np.flatnonzero(flags), side="right") - 1] = True
        return marked

    def take(self, numbers: "Floats | float") -> Floats:
        """A number for each row that counts."""
        column = np.broadcast_to(np.asarray(numbers, dtype=np.float64), self.table.count)
        return column if self.rows is None else column[self.rows]

    def folded(self, apply: np.ufunc, numbers: Numbers, empty: float) -> Numbers:
        """One number per subject; ``empty`` where no row counts."""
        found = np.full(self.count, empty, dtype=numbers.dtype)
        filled = self.start[1:] > self.start[:-1]
        if filled.any():
            found[filled] = apply.reduceat(numbers, self.start[:-1][filled])
        return found

    def worst(self, state: States | None) -> States | None:
        """Per subject the state that outweighs those of its rows."""
        if state is None or not state.any():
            return None
        rows = np.broadcast_to(state, self.table.count)
        rows = rows if self.rows is None else rows[self.rows]
        return self.folded(np.maximum, rows, 0)


def top(chosen: Chosen, by: Reading, first: int) -> Chosen:
    """The ``first`` rows by the greatest ``by``, the earlier row before the later; all where one has no order."""
    lacking = chosen.worst(by.state)
    keys, sizes = chosen.take(by.number), np.diff(chosen.start)
    subject = np.repeat(np.arange(chosen.count), sizes)
    order = np.lexsort((-keys, subject))  # stable: what is equal stays in its order
    rank = np.arange(len(order)) - np.repeat(chosen.start[:-1], sizes)
    inside = rank < first
    if lacking is not None:
        inside |= np.repeat(lacking > VALUE, sizes)
    rows = np.arange(chosen.table.count) if chosen.rows is None else chosen.rows
    start = np.concatenate(([0], np.cumsum(inside)))[chosen.start]
    state = (
        lacking
        if chosen.state is None
        else chosen.state
        if lacking is None
        else np.maximum(chosen.state, lacking)
    )
    unsure = either(chosen.unsure, chosen.of_subjects(_rowwise(chosen, by)))
    if not by.exact:
        unsure = either(unsure, _too_close(chosen, keys[order], chosen.take(by.off()), first))
    return replace(chosen, start=start, rows=rows[np.sort(order[inside])], state=state, unsure=unsure)


def _too_close(chosen: Chosen, ordered: Floats, off: Floats, first: int) -> Flags:
    """The subjects whose last row inside and first row outside may be the other way round."""
    cut = chosen.start[:-1] + first
    cut_off = cut < chosen.start[1:]
    close = np.zeros(chosen.count, dtype=np.bool_)
    apart = ordered[cut[cut_off] - 1] - ordered[cut[cut_off]]
    close[cut_off] = apart <= 2 * chosen.folded(np.maximum, off, 0.0)[cut_off]
    return close


def fold(op: Gathering, chosen: Chosen, each: Reading, weight: Reading | None) -> Reading:
    """One reading per subject from its rows; of no rows only the count and the total have a value."""
    readings = [each] if weight is None else [each, weight]
    states = [chosen.worst(reading.state) for reading in readings]
    state = worst(*(Reading(0.0, known) for known in (chosen.state, *states)))
    unsure = either(chosen.unsure, *(chosen.of_subjects(_rowwise(chosen, reading)) for reading in readings))
    found = _folded(op, chosen, each, weight)
    return found._replace(state=_and(found.state, state), unsure=either(unsure, found.unsure))


def _folded(op: Gathering, chosen: Chosen, each: Reading, weight: Reading | None) -> Reading:
    sizes = np.diff(chosen.start).astype(np.float64)
    if op == "count":
        return Reading(sizes, exact=True)
    if op == "total":
        return _total(chosen, each, sizes)
    empty = (~(sizes > 0)).view(np.uint8) * NOT_APPLICABLE
    if op in {"smallest", "largest"}:
        apply = np.minimum if op == "smallest" else np.maximum
        slack = None if each.slack is None else chosen.folded(np.maximum, chosen.take(each.slack), 0.0)
        return Reading(
            chosen.folded(apply, chosen.take(each.number), np.nan),
            empty,
            each.relative,
            slack,
            exact=each.exact,
        )
    if weight is None:
        mean = divide(_total(chosen, each, sizes), Reading(np.maximum(sizes, 1.0), exact=True))
    else:
        mean = divide(_total(chosen, _product(each, weight), sizes), _total(chosen, weight, sizes))
    return mean._replace(
        state=np.where(sizes > 0, VALUE if mean.state is None else mean.state, NOT_APPLICABLE)
    )


def _product(each: Reading, weight: Reading) -> Reading:
    """What ``multiply`` makes of them, without the states: these are told once, by the rows."""
    off = np.abs(each.number) * weight.off() + np.abs(weight.number) * each.off() + each.off() * weight.off()
    return Reading(each.number * weight.number, None, ROUNDING, np.asarray(off))


def _total(chosen: Chosen, each: Reading, sizes: Floats) -> Reading:
    """The sum of each subject's rows: off by what every row is, and by what adding them up loses."""
    numbers = chosen.take(each.number)
    sizes_of_all = chosen.folded(np.add, np.abs(numbers), 0.0)
    slack = sizes_of_all * (each.relative + ROUNDING * sizes)
    if each.slack is not None:
        slack = slack + chosen.folded(np.add, chosen.take(each.slack), 0.0)
    return Reading(chosen.folded(np.add, numbers, 0.0), None, ROUNDING, slack)


def _rowwise(chosen: Chosen, reading: Reading) -> Flags | None:
    return None if reading.unsure is None else np.broadcast_to(reading.unsure, chosen.table.count)


def _and(state: States | None, other: States | None) -> States | None:
    """The worse of two states."""
    return other if state is None else state if other is None else np.maximum(state, other)
