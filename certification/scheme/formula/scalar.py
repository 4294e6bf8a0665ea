"""The scalar evaluator: one site, Decimal throughout, with the trace that an auditor reads.

Arithmetic is done with 28 digits, half even. What is missing outweighs what is undefined, and that what does
not apply: a figure that nobody gave never becomes a number.
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from typing import NamedTuple

from certification.scheme.formula.outcome import Cell, Inputs, Outcome, Row, State, Trace
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
    Rows,
    Ticked,
    Word,
)

CONTEXT = Context(
    prec=28, rounding=ROUND_HALF_EVEN, Emin=-999, Emax=999, traps=[InvalidOperation, DivisionByZero, Overflow]
)
TRACED_ROWS = 50
TRACED_TEXT = 100
WORST_FIRST = (State.MISSING, State.UNDEFINED, State.NOT_APPLICABLE)

APPLY: Mapping[str, Callable[..., Decimal]] = {
    "negative": operator.neg,
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "min": min,
    "max": max,
    "clamp": lambda value, low, high: min(max(value, low), high),
}
ORDERED: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Reading(NamedTuple):
    """A value or why there is none, with the part of the trace that shows it."""

    value: Decimal | None
    state: State
    about: tuple[str, ...]
    trace: Trace

    @property
    def number(self) -> Decimal:
        """The value of a reading that has one."""
        return self.value or Decimal(0)


def evaluate(tree: Expression, inputs: Inputs) -> Outcome:
    """Evaluate a formula's tree."""
    with localcontext(CONTEXT):
        return Outcome(*_Evaluation(inputs).read(tree))


def written(value: Decimal) -> str:
    """A number as plain digits."""
    return f"{value:f}"


class _Evaluation:
    """One walk over the tree; ``row`` is set while the names are cells."""

    def __init__(self, inputs: Inputs, table: str = "", row: Row | None = None) -> None:
        self.inputs = inputs
        self.table = table
        self.row = row or {}

    def read(self, node: Expression) -> Reading:
        match node:
            case Number():
                return _value(node.value, {"op": "number", "text": node.text})
            case Metric():
                shown: Trace = {"op": "metric", "text": node.text, "unit": node.unit}
                return _given(self.inputs.value(node.text), node.text, shown)
            case Column():
                cell = _number(self.row.get(node.text))
                return _given(cell, f"{self.table}.{node.text}", {"op": "column", "text": node.text})
            case Operation():
                return self.operate(node)
            case Gather():
                return self.gather(node)

    def operate(self, node: Operation) -> Reading:
        """An operation on several parts: the worst of their states, or the result."""
        readings = [self.read(part) for part in node.parts]
        children = [reading.trace for reading in readings]
        shown: Trace = {"op": node.op, "text": node.text, "children": children}
        if worst := _worst(readings):
            return _none(*worst, shown)
        try:
            return _value(APPLY[node.op](*(reading.number for reading in readings)), shown)
        except DecimalException:
            return _none(State.UNDEFINED, (node.parts[-1].text,), shown)

    def gather(self, node: Gather) -> Reading:
        """One number from the rows that count."""
        rows = self.inputs.rows(node.rows.table)
        shown: Trace = {"op": node.op, "text": node.text, "table": node.rows.table}
        if rows is None:
            return _none(State.MISSING, (node.rows.table,), shown)
        kept, problem = self.keep(node.rows, rows)
        read = [self.read_row(node, position, row) for position, row in kept]
        shown |= {"of": len(rows), "kept": len(kept), "rows": [line.trace for line in read[:TRACED_ROWS]]}
        if len(read) > TRACED_ROWS:
            shown["left_out"] = len(read) - TRACED_ROWS
        if worst := _worst([*problem, *(part for line in read for part in line.parts)]):
            return _none(*worst, shown)
        try:
            return self.fold(node, read, shown)
        except DecimalException:
            return _none(State.UNDEFINED, (node.weight.text if node.weight else node.text,), shown)

    def keep(self, rows: Rows, given: Sequence[Row]) -> tuple[list[tuple[int, Row]], list[Reading]]:
        """The rows that count with their position from 1, and what kept ``top`` from ordering them."""
        kept = [
            (position, row)
            for position, row in enumerate(given, start=1)
            if rows.condition is None or self.at(rows.table, row).holds(rows.condition)
        ]
        if rows.by is None:
            return kept, []
        keys = {position: self.at(rows.table, row).read(rows.by) for position, row in kept}
        if unordered := [key for key in keys.values() if key.value is None]:
            return kept, unordered
        kept.sort(key=lambda item: (-keys[item[0]].number, item[0]))
        return kept[: rows.first], []

    def at(self, table: str, row: Row) -> "_Evaluation":
        return _Evaluation(self.inputs, table, row)

    def read_row(self, node: Gather, position: int, row: Row) -> "_Line":
        here = self.at(node.rows.table, row)
        value = here.read(node.each) if node.each else _value(Decimal(1), {})
        if node.condition:
            value = _value(Decimal(100 * here.holds(node.condition)), {})
        weight = here.read(node.weight) if node.weight else _value(Decimal(1), {})
        trace: Trace = {"position": position, "cells": _shown_cells(row), **_result(value)}
        if node.weight:
            trace["weight"] = None if weight.value is None else written(weight.value)
        return _Line(position, value, weight, trace)

    def fold(self, node: Gather, read: "Sequence[_Line]", shown: Trace) -> Reading:
        """The rows' values, all of which are there, made one; raises DecimalException where that fails."""
        values = [line.value.number for line in read]
        if node.op in {"total", "count"}:
            return _value(sum(values, Decimal(0)), shown)
        if not read:
            return _none(State.NOT_APPLICABLE, (node.rows.text,), shown)
        if node.op in {"smallest", "largest"}:
            found = APPLY["min" if node.op == "smallest" else "max"](values)
            return _value(found, {**shown, "chosen": read[values.index(found)].position})
        weights = [line.weight.number for line in read]
        weighed = [value * weight for value, weight in zip(values, weights, strict=True)]
        return _value(sum(weighed, Decimal(0)) / sum(weights, Decimal(0)), shown)

    def holds(self, condition: Condition) -> bool:
        """Whether the row meets a condition. What the row does not say is not met."""
        match condition:
            case Compare():
                left, right = self.read(condition.left).value, self.read(condition.right).value
                return left is not None and right is not None and ORDERED[condition.order](left, right)
            case Word():
                cell = self.row.get(condition.column)
                return isinstance(cell, str) and (cell in condition.words) is condition.wanted
            case Ticked():
                return self.row.get(condition.column) is True
            case Junction():
                holding = [self.holds(part) for part in condition.parts]
                return all(holding) if condition.every else any(holding)


class _Line(NamedTuple):
    """A row that counts: its value, its weight, its line in the trace."""

    position: int
    value: Reading
    weight: Reading
    trace: Trace

    @property
    def parts(self) -> tuple[Reading, Reading]:
        return self.value, self.weight


def _number(cell: Cell) -> Decimal | None:
    return cell if isinstance(cell, Decimal) and cell.is_finite() else None


def _shown_cells(row: Row) -> dict[str, object]:
    return {
        key: written(cell) if isinstance(cell, Decimal) else cell
        for key, cell in row.items()
        if cell is not None and not (isinstance(cell, str) and len(cell) > TRACED_TEXT)
    }


def _worst(readings: Iterable[Reading]) -> tuple[State, tuple[str, ...]] | None:
    """The state that outweighs the others, and everything that it is about; None when all have a value."""
    readings = [reading for reading in readings if reading.value is None]
    for state in WORST_FIRST:
        if about := [name for reading in readings if reading.state is state for name in reading.about]:
            return state, tuple(dict.fromkeys(about))
    return None


def _result(reading: Reading) -> Trace:
    if reading.value is None:
        return {"state": str(reading.state), "about": list(reading.about)}
    return {"state": str(State.VALUE), "value": written(reading.value)}


def _value(value: Decimal, shown: Trace) -> Reading:
    return Reading(value, State.VALUE, (), {**shown, "state": str(State.VALUE), "value": written(value)})


def _none(state: State, about: tuple[str, ...], shown: Trace) -> Reading:
    return Reading(None, state, about, {**shown, "state": str(state), "about": list(about)})


def _given(value: Decimal | None, name: str, shown: Trace) -> Reading:
    return _none(State.MISSING, (name,), shown) if value is None else _value(value, shown)
