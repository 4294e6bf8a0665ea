"""What a formula measures, against the unit that its author gives it.

Energy is never added to water, nor tonnes to kilograms; a formula over 10,000 CNY is not in percent; and where
the two differ by a power of ten only, a conversion was forgotten. Other factors (a mean over three years) are
the author's own business.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

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
)
from suppliers.reporting.catalogue import METRICS, TABLES
from suppliers.reporting.measures import measure, parsed

if TYPE_CHECKING:
    import pint

FREE = "[points]"
"""The kind of unit to which no formula is held."""

ONE = Decimal(1)
EXACT = 12
"""Digits to which two sizes are compared."""


class Dimension(NamedTuple):
    """What a part measures: a value is ``factor`` times the quantity in ``unit``.

    No unit: a plain number, which goes with anything of its kind. No factor: nobody can say.
    """

    unit: "pint.Unit | None"
    factor: Decimal | None


def faults(tree: Expression, unit: str) -> list[str]:
    """What is wrong with a formula of known units, in words for its author; empty when nothing is."""
    walk = _Walk()
    found = walk.read(tree)
    return walk.faults or list(_against(found, unit))


def _against(found: Dimension, unit: str) -> Iterator[str]:
    """The whole formula against its unit."""
    wanted = measure(parsed(unit))
    if found.unit is None or FREE in wanted.kind:
        return
    given = measure(found.unit)
    if given.kind != wanted.kind:
        yield f"the formula measures {_kind(given.kind)}, and its unit '{unit}' {_kind(wanted.kind)}"
    elif found.factor:
        times = _rounded(given.scale / wanted.scale / found.factor)
        if times != ONE and set(times.normalize().as_tuple().digits) == {1}:
            yield f"in '{unit}' the formula must give {times.normalize():f} times as much"


def _kind(kind: str) -> str:
    return "a plain number" if kind == "dimensionless" else kind.translate({ord("["): None, ord("]"): None})


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1).scaleb(number.adjusted() - EXACT)) if number else number


class _Walk:
    """One walk over a tree; ``table`` is set while names are columns."""

    def __init__(self) -> None:
        self.table = ""
        self.faults: list[str] = []

    def read(self, node: Expression) -> Dimension:
        match node:
            case Number():
                return Dimension(None, node.value)
            case Metric():
                return Dimension(parsed(METRICS[node.text].unit), ONE)
            case Column():
                return Dimension(parsed(TABLES[self.table].columns[node.text].unit or "ratio"), ONE)
            case Operation():
                return self.operate(node)
            case Gather():
                return self.gather(node)

    def operate(self, node: Operation) -> Dimension:
        if node.op == "negative":
            return self.read(node.parts[0])
        if node.op in {"multiply", "divide"}:
            return _combined(node.op, *(self.read(part) for part in node.parts))
        return self.alike(node, node.parts, plain=node.op not in {"add", "subtract"})

    def alike(self, node: Operation | Compare, parts: Sequence[Expression], *, plain: bool) -> Dimension:
        """Parts of one kind and size; plain numbers may stand beside any of them where ``plain``."""
        read = [self.read(part) for part in parts]
        known = [(each.unit, each.factor) for each in read if each.unit is not None]
        if not known:
            return Dimension(None, None)
        first, factor = known[0]
        kinds = [measure(unit).kind for unit, _factor in known]
        if other := next((kind for kind in kinds if kind != kinds[0]), ""):
            self.faults.append(f"'{node.text}' takes {_kind(kinds[0])} and {_kind(other)} together")
        elif not plain and kinds[0] != "dimensionless" and any(_is_number(each) for each in read):
            self.faults.append(f"'{node.text}' takes {_kind(kinds[0])} and a plain number together")
        elif len(sizes := {_rounded(measure(unit).scale / by) for unit, by in known if by}) > 1:
            self.faults.append(f"'{node.text}' takes {_kind(kinds[0])} in units of different size together")
        elif any(by is None for _unit, by in known) or not sizes:
            factor = None
        return Dimension(first, factor)

    def gather(self, node: Gather) -> Dimension:
        outer, self.table = self.table, node.rows.table
        for condition in (node.rows.condition, node.condition):
            self.holds(condition)
        for extra in (node.rows.by, node.weight):
            if extra is not None:
                self.read(extra)
        each = self.read(node.each) if node.each is not None else Dimension(None, ONE)
        self.table = outer
        if node.op == "count":
            return Dimension(parsed("items"), ONE)
        return Dimension(parsed("%"), ONE) if node.op == "share" else each

    def holds(self, condition: Condition | None) -> None:
        """What a condition compares is of one kind."""
        if isinstance(condition, Compare):
            self.alike(condition, (condition.left, condition.right), plain=True)
        elif isinstance(condition, Junction):
            for part in condition.parts:
                self.holds(part)


def _is_number(part: Dimension) -> bool:
    return part.unit is None and part.factor != 0


def _combined(op: str, left: Dimension, right: Dimension) -> Dimension:
    """A product or a quotient."""
    factor = None
    if left.factor is not None and right.factor:
        factor = left.factor * right.factor if op == "multiply" else left.factor / right.factor
    if right.unit is None:
        return Dimension(left.unit, factor)
    one = left.unit if left.unit is not None else parsed("ratio")
    return Dimension(one * right.unit if op == "multiply" else one / right.unit, factor)
