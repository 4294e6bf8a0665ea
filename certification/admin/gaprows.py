"""What the page of the gap shows of each indicator, input and step, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.admin import trace
from certification.assessment.gap import IndicatorGap, Target, Way
from certification.assessment.path import Step
from certification.scheme.definition import Block, Indicator
from certification.templatetags.figures import exact, percent
from greenchain.languages import pick
from suppliers.reporting.catalogue import METRICS, TABLES
from suppliers.reporting.units import unit_name

MARKS: Mapping[str, Any] = {
    "base": gettext_lazy("base"),
    "half": gettext_lazy("half the points"),
    "lead": gettext_lazy("all points"),
}
TELLING = 3
"""Digits of a slope that say something."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One mark in the table of ways: what to enter, or why there is nothing to enter."""

    mark: str
    target: Target
    asks: str = ""
    """What a button sends to try it; "" where the form has no field for the input."""

    @property
    def word(self) -> Any:
        """The mark in the reader's language."""
        return MARKS[self.mark]

    @property
    def amount(self) -> str:
        """What to enter, in the reader's writing."""
        return exact(self.target.enter) if self.target.enter is not None else ""


@dataclass(frozen=True, slots=True)
class WayRow:
    """One input in words, with a cell for each mark of the scale."""

    way: Way
    words: str
    unit: str
    cells: tuple[Cell, ...]

    @property
    def now(self) -> str:
        """What it is now."""
        return exact(self.way.lever.now)

    @property
    def change(self) -> str:
        """The change to the farthest mark, in per cent."""
        return "" if self.way.relative is None else _signed(self.way.relative)

    @property
    def slope(self) -> str:
        """Points per unit on the way there."""
        if self.way.per_unit is None:
            return ""
        told = {
            "points": exact(Decimal(f"{abs(self.way.per_unit):.{TELLING}g}")),
            "unit": unit_name(self.unit) or _("row"),
        }
        return (
            _("%(points)s per %(unit)s") if self.way.per_unit > 0 else _("%(points)s per %(unit)s less")
        ) % told

    @property
    def is_size(self) -> bool:
        """Whether it says how large the unit is."""
        return self.way.lever.role == "size"


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: how it would stand, its formula, and the ways on."""

    item: Indicator
    result: Any
    gap: IndicatorGap | None
    ways: list[WayRow]
    claim: Any
    waived: Any

    @property
    def reason(self) -> str:
        """Why it scores so, in the reader's language."""
        return pick(self.result.reason)

    @property
    def trace(self) -> list[trace.Line]:
        """The evaluated formula in words."""
        return list(trace.lines(self.result.trace))

    @property
    def unit(self) -> str:
        """The unit of the value."""
        return self.result.unit or self.item.unit

    @property
    def missing(self) -> list[str]:
        """What must be reported first, in words."""
        return [named(key) for key in self.gap.missing] if self.gap else []

    @property
    def marks(self) -> list[Any]:
        """The marks of its scale, in words."""
        return [cell.word for cell in self.ways[0].cells] if self.ways else []


@dataclass(frozen=True, slots=True)
class Part:
    """A block: the figures that it reads first, and its indicators."""

    block: Block
    figures: list[dict[str, Any]]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step of a path in words."""

    step: Step
    words: str

    @property
    def change(self) -> str:
        """The relative change."""
        return "" if self.step.relative is None else _signed(self.step.relative)


def named(key: str) -> str:
    """A metric, a table, or a column as table.column, in the reader's language."""
    table, _dot, column = key.partition(".")
    if table in TABLES:
        return f"{TABLES[table]}: {TABLES[table].columns[column]}" if column else str(TABLES[table])
    return str(METRICS.get(key, key))


def _signed(part: Decimal) -> str:
    text = percent(part * 100)
    return f"+{text}" if part > 0 else text
