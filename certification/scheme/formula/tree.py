"""The tree of a formula. Evaluators read it; only the parser makes it.

Every node keeps the text it was written as, so that a trace shows the formula as its author wrote it.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Operator = Literal["negative", "add", "subtract", "multiply", "divide", "min", "max", "clamp"]
Gathering = Literal["total", "smallest", "largest", "mean", "count", "share"]
Order = Literal["<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Number:
    """A constant, exactly as written."""

    text: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Metric:
    """A value of the site-year."""

    text: str
    unit: str


@dataclass(frozen=True, slots=True)
class Column:
    """A cell of the row at hand."""

    text: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation on one part (negative), two (the four operations), or several (min, max, clamp)."""

    text: str
    op: Operator
    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """A number of the row against another. An empty cell is never on the right side of a comparison."""

    text: str
    order: Order
    left: "Expression"
    right: "Expression"


@dataclass(frozen=True, slots=True)
class Word:
    """A choice or text column that is, or is not, one of some words."""

    text: str
    column: str
    words: tuple[str, ...]
    wanted: bool


@dataclass(frozen=True, slots=True)
class Ticked:
    """A yes/no column that says yes."""

    text: str
    column: str


@dataclass(frozen=True, slots=True)
class Junction:
    """All of several conditions, or any of them."""

    text: str
    every: bool
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table that meet a condition; of those, the ``first`` by the greatest ``by``."""

    text: str
    table: str
    condition: "Condition | None" = None
    first: int = 0
    by: "Expression | None" = None


@dataclass(frozen=True, slots=True)
class Gather:
    """One number from many rows."""

    text: str
    op: Gathering
    rows: Rows
    each: "Expression | None" = None
    condition: "Condition | None" = None
    weight: "Expression | None" = None


Condition = Compare | Word | Ticked | Junction
Expression = Number | Metric | Column | Operation | Gather
