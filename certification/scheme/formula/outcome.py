"""What goes into a formula and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Cell = Decimal | str | bool | None
Row = Mapping[str, Cell]
Trace = dict[str, object]
"""A JSON object: op, text, state, value (decimal text), children or rows; metrics with their unit."""


class State(StrEnum):
    """How an evaluation ended."""

    VALUE = "value"
    MISSING = "missing"
    UNDEFINED = "undefined"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class Inputs:
    """What a site reported: values by metric key, rows by table key. An absent key was not reported."""

    values: Mapping[str, Decimal | None] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)

    def value(self, key: str) -> Decimal | None:
        """The metric's value; None where it was not reported."""
        value = self.values.get(key)
        return value if value is not None and value.is_finite() else None

    def rows(self, key: str) -> Sequence[Row] | None:
        """The table's rows; None where the table was not reported."""
        return self.tables.get(key)

    def with_values(self, changes: Mapping[str, Decimal | None]) -> "Inputs":
        """The same inputs with some values changed, for a what-if."""
        return Inputs({**self.values, **changes}, self.tables)


@dataclass(frozen=True)
class Outcome:
    """A value, or why there is none: ``about`` names what is missing or the divisor that is zero."""

    value: Decimal | None
    state: State
    about: tuple[str, ...]
    trace: Trace
