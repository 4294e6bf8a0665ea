"""The single inputs that an indicator's value hangs on: metrics, rows of a table, cells of the rows that count."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from certification.assessment.known import Known
from certification.assessment.results import Result
from certification.scheme.definition import Indicator, Method
from certification.scheme.formula import Inputs
from certification.scheme.formula.language import Formula
from certification.scheme.formula.tree import (
    Column,
    Expression,
    Gather,
    Metric,
    Number,
    Operation,
)
from suppliers.reporting.catalogue import METRICS, PLACES, TABLES

ZERO = Decimal(0)
HUNDRED = Decimal(100)
SIGNIFICANT = 6
"""Digits of an amount that is proposed."""

SPARE = 6
"""Decimals beyond those that can be entered: what lies below them is the noise of a search."""

MOST_ROWS = 6
"""Rows whose cells are offered one by one."""


class Kind(StrEnum):
    """What can be changed by itself."""

    METRIC = "metric"
    ROWS = "rows"
    CELL = "cell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One input as it stands, and the bounds that the catalogue sets to it.

    METRIC: ``name`` is its key. ROWS: ``name`` is the row function as the formula has it; the input is how many
    rows there are (count), how many of ``of`` meet the condition (share), or their sum (total). CELL: a cell of
    row ``position``, from 1, of ``table``.
    """

    kind: Kind
    name: str
    now: Decimal
    unit: str
    minimum: Decimal
    maximum: Decimal | None
    places: int
    table: str = ""
    column: str = ""
    position: int = 0
    op: str = ""
    of: int = 0
    role: str = "lever"

    def gathered(self, amount: Decimal) -> Decimal:
        """What the row function gives for an amount of this input."""
        return amount * HUNDRED / self.of if self.op == "share" else amount

    def rounded(self, amount: Decimal) -> Decimal:
        """An amount fit to be entered: rounded away from what it is now, to a few digits."""
        how = ROUND_CEILING if amount > self.now else ROUND_FLOOR
        seen = amount.quantize(Decimal(1).scaleb(-self.places - SPARE))
        grain = max(-self.places, seen.adjusted() + 1 - SIGNIFICANT) if seen else -self.places
        return seen.quantize(Decimal(1).scaleb(grain), how)

    def allows(self, amount: Decimal) -> bool:
        """Whether the catalogue takes the amount."""
        return amount >= self.minimum and (self.maximum is None or amount <= self.maximum)

    def applied(self, amount: Decimal, indicator: Indicator, known: Known) -> tuple[Indicator, Known]:
        """The indicator and what is known, with this input at another amount."""
        if self.kind is Kind.METRIC:
            return indicator, replace(known, inputs=known.inputs.with_values({self.name: amount}))
        if self.kind is Kind.CELL:
            return indicator, replace(known, inputs=_with_cell(known.inputs, self, amount))
        given = Number(self.name, self.gathered(amount))
        return _with_methods(indicator, self.name, given), known


def method_of(indicator: Indicator, result: Result) -> Method | None:
    """The method by which the result was found."""
    return indicator.by_product if result.by_product else indicator.method


def levers(indicator: Indicator, result: Result, known: Known) -> list[Lever]:
    """Everything that the value hangs on, in the formula's order."""
    method = method_of(indicator, result)
    if method is None:
        return []
    found: dict[tuple[str, int, str], Lever] = {}
    for node in _leaves(method.formula.tree):
        made = _metric(node, known) if isinstance(node, Metric) else _rows(node, result, known)
        for lever in made:
            found.setdefault((lever.name, lever.position, lever.column), lever)
    return list(found.values())


def _leaves(node: Expression) -> Iterator[Metric | Gather]:
    """The metrics and row functions of a formula."""
    if isinstance(node, Metric | Gather):
        yield node
    elif isinstance(node, Operation):
        for part in node.parts:
            yield from _leaves(part)


def _metric(node: Metric, known: Known) -> Iterator[Lever]:
    now, metric = known.inputs.value(node.text), METRICS.get(node.text)
    if now is not None and metric is not None and metric.role != "norm":
        yield Lever(
            kind=Kind.METRIC,
            name=metric.key,
            now=now,
            unit=metric.unit,
            minimum=metric.minimum if metric.minimum is not None else ZERO,
            maximum=metric.maximum,
            places=metric.places,
            role=metric.role,
        )


def _rows(node: Gather, result: Result, known: Known) -> Iterator[Lever]:
    trace = next((part for part in _parts(result.trace) if part.get("text") == node.text), None)
    if trace is None or trace.get("state") != "value" or node.rows.table not in TABLES:
        return
    kept = int(str(trace.get("kept") or 0))
    if node.op in {"count", "total", "share"}:
        if node.op != "share" or (node.weight is None and kept):
            yield _gathered(node, Decimal(str(trace["value"])), kept)
        return
    lines: list[Mapping[str, object]] = trace.get("rows") or []  # type: ignore[assignment]
    chosen = trace.get("chosen")
    for line in [each for each in lines if chosen in {None, each["position"]}][:MOST_ROWS]:
        yield from _cells(node, int(str(line["position"])), known)


def _gathered(node: Gather, value: Decimal, kept: int) -> Lever:
    table = TABLES[node.rows.table]
    most = {"count": Decimal(table.max_rows), "share": Decimal(kept)}.get(node.op)
    column = table.columns.get(node.each.text) if isinstance(node.each, Column) else None
    return Lever(
        kind=Kind.ROWS,
        name=node.text,
        now=(value * kept / HUNDRED).quantize(Decimal(1)) if node.op == "share" else value,
        unit=column.unit if column else "",
        minimum=ZERO,
        maximum=most,
        places=PLACES if node.op == "total" else 0,
        table=table.key,
        op=node.op,
        of=kept,
    )


def _cells(node: Gather, position: int, known: Known) -> Iterator[Lever]:
    """The numbers of one row that the function reads."""
    table = TABLES[node.rows.table]
    row = (known.inputs.rows(table.key) or [])[position - 1]
    for key in dict.fromkeys(_columns(node.each)):
        column, now = table.columns[key], row.get(key)
        if isinstance(now, Decimal) and column.role != "norm":
            yield Lever(
                kind=Kind.CELL,
                name=f"{table.key}.{key}",
                now=now,
                unit=column.unit,
                minimum=column.minimum if column.minimum is not None else ZERO,
                maximum=column.maximum,
                places=PLACES if column.kind == "number" else 0,
                table=table.key,
                column=key,
                position=position,
                role=column.role,
            )


def _columns(node: Expression | None) -> Iterator[str]:
    if isinstance(node, Column):
        yield node.text
    elif isinstance(node, Operation):
        for part in node.parts:
            yield from _columns(part)


def _parts(trace: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    """A trace and all below it."""
    if trace:
        yield trace
    children: Sequence[Mapping[str, object]] = trace.get("children") or ()  # type: ignore[assignment]
    for child in children:
        yield from _parts(child)


def _with_cell(inputs: Inputs, lever: Lever, amount: Decimal) -> Inputs:
    rows = list(inputs.rows(lever.table) or [])
    rows[lever.position - 1] = {**rows[lever.position - 1], lever.column: amount}
    return Inputs(inputs.values, {**inputs.tables, lever.table: rows})


def _with_methods(indicator: Indicator, text: str, number: Number) -> Indicator:
    """The indicator, in whose formulas a row function is a number."""

    def changed(method: Method | None) -> Method | None:
        if method is None:
            return None
        formula = method.formula
        tree = _with_number(formula.tree, text, number)
        return replace(method, formula=Formula(formula.source, tree, formula.names, formula.uses))

    return replace(indicator, method=changed(indicator.method), by_product=changed(indicator.by_product))


def _with_number(node: Expression, text: str, number: Number) -> Expression:
    if isinstance(node, Gather) and node.text == text:
        return number
    if isinstance(node, Operation):
        return replace(node, parts=tuple(_with_number(part, text, number) for part in node.parts))
    return node
