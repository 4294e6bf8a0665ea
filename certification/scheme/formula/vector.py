"""The vector evaluator: many subjects at once, over the same tree as the scalar one."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from certification.scheme.formula import gathering
from certification.scheme.formula.columns import Columns, Flags, Ragged
from certification.scheme.formula.readings import (
    MISSING,
    NOT_APPLICABLE,
    OPERATIONS,
    Reading,
    either,
    given,
    worst,
)
from certification.scheme.formula.tree import (
    Column,
    Compare,
    Condition,
    Expression,
    Gather,
    Junction,
    Metric,
    Number,
    Operation,
    Ticked,
    Word,
)

Scalar = TypeVar("Scalar", bound=np.generic)

REACH = 30
"""Figures lie between 1e-30 and 1e30."""
MOST = 280
"""The powers of ten that float64 has room for, with some to spare."""


ORDERED: Mapping[str, "np.ufunc"] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}


def evaluate(tree: Expression, columns: Columns) -> Reading:
    """Every subject's value of a formula: arrays of ``columns.count``, states as in ``STATES``."""
    count = columns.count
    with np.errstate(all="ignore"):
        found = Evaluation(columns).read(tree)
    unsure = np.ones(count, dtype=np.bool_) if reach(tree) > MOST else found.unsure
    return found._replace(
        number=_spread(np.asarray(found.number, dtype=np.float64), count),
        state=None if found.state is None else _spread(found.state, count),
        unsure=None if unsure is None else _spread(unsure, count),
    )


def _spread(found: "NDArray[Scalar]", count: int) -> "NDArray[Scalar]":
    """A constant stands for every subject."""
    return found if found.shape == (count,) else np.broadcast_to(found, count)


def reach(node: Expression) -> int:
    """The power of ten within which a formula's numbers stay, whatever the figures."""
    match node:
        case Operation(op="multiply" | "divide"):
            return sum(map(reach, node.parts))
        case Operation(op="add" | "subtract"):
            return max(map(reach, node.parts)) + 16  # what is left of a difference may be small
        case Operation():
            return max(map(reach, node.parts))
        case Gather():
            return sum(reach(part) for part in (node.each, node.weight, node.weight) if part) + 10
    return REACH


@dataclass(frozen=True)
class Evaluation:
    """One walk over the tree; ``table`` is set while the names are columns of its rows."""

    columns: Columns
    table: Ragged | None = None

    def read(self, node: Expression) -> Reading:
        """The numbers that a node of the tree brings."""
        match node:
            case Number():
                return Reading(float(node.value), exact=True, positive=True)
            case Metric():
                return self.metric(node.text)
            case Column():
                assert self.table is not None  # noqa: S101 - the parser makes columns inside row functions only
                return given(self.table.numbers.get(node.text), self.table.count)
            case Operation():
                return OPERATIONS[node.op](*(self.read(part) for part in node.parts))
            case Gather():
                return self.gather(node)

    def metric(self, key: str) -> Reading:
        """What the subjects reported."""
        column = self.columns.values.get(key)
        if column is None:
            return given(None, self.columns.count)
        missing = self.columns.missing(key)
        state = None if missing is None else missing.view(np.uint8) * MISSING
        return Reading(column, state, exact=True, positive=self.columns.positive(key))

    def gather(self, node: Gather) -> Reading:
        """One number for each subject from the rows that count."""
        table = self.columns.tables.get(node.rows.table)
        if table is None:
            return Reading(np.nan, np.full(self.columns.count, MISSING))
        rows = Evaluation(self.columns, table)
        chosen = gathering.Chosen.all_of(table)
        if node.rows.condition:
            chosen = chosen.where(*rows.holds(node.rows.condition))
        ordered = None
        if node.rows.by:
            ordered = rows.read(node.rows.by)
            chosen = gathering.top(chosen, ordered, node.rows.first)
        each = rows.read(node.each) if node.each else Reading(1.0, exact=True)
        if node.condition:
            met, open_ones = rows.holds(node.condition)
            each = Reading(np.where(met, 100.0, 0.0), unsure=open_ones, exact=True)
        weight = rows.read(node.weight) if node.weight else None
        return gathering.fold(node.op, chosen, each, weight)

    def holds(self, condition: Condition) -> tuple[Flags, Flags | None]:
        """Which rows meet a condition, and for which of them the scalar evaluator must say."""
        assert self.table is not None  # noqa: S101 - conditions stand inside row functions only
        match condition:
            case Compare():
                return compared(
                    condition, self.read(condition.left), self.read(condition.right), self.table.count
                )
            case Word():
                words = self.table.words[condition.column]
                wanted = [place for place, word in enumerate(words.known) if word in condition.words]
                found = np.isin(words.codes, wanted)
                return (found if condition.wanted else ~found) & (words.codes >= 0), None
            case Ticked():
                return self.table.flags[condition.column], None
            case Junction():
                parts = [self.holds(part) for part in condition.parts]
                join = np.logical_and if condition.every else np.logical_or
                return reduce(join, (met for met, _open in parts)), either(
                    *(open_ones for _met, open_ones in parts)
                )


def compared(condition: Compare, left: Reading, right: Reading, count: int) -> tuple[Flags, Flags | None]:
    """Which rows compare as wanted; what has no value does not."""
    met = np.broadcast_to(ORDERED[condition.order](left.number, right.number), count)
    state, unsure = worst(left, right), either(left.unsure, right.unsure)
    if state is not None:
        met = met & (state < NOT_APPLICABLE)
    if not (left.exact and right.exact):
        unsure = either(unsure, np.abs(np.subtract(left.number, right.number)) <= left.off() + right.off())
    return met, None if unsure is None else np.broadcast_to(unsure, count)
