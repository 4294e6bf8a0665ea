"""The evaluated formula in words: one line per part, indented as it is nested, with what it came to."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.templatetags.figures import NOTHING, as_decimal, number
from suppliers.reporting.catalogue import METRICS, TABLES, Column, Table
from suppliers.reporting.units import unit_name

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
SIGNS = str.maketrans({"*": "×", "/": "÷"})
FUNCTIONS: Mapping[str, Any] = {
    "total": gettext_lazy("sum of"),
    "smallest": gettext_lazy("smallest of"),
    "largest": gettext_lazy("largest of"),
    "mean": gettext_lazy("mean of"),
    "count": gettext_lazy("number of"),
    "share": gettext_lazy("share in per cent of"),
    "top": gettext_lazy("first of"),
    "min": gettext_lazy("least of"),
    "max": gettext_lazy("greatest of"),
    "clamp": gettext_lazy("kept within"),
}
STATES: Mapping[str, Any] = {
    "missing": gettext_lazy("not reported"),
    "undefined": gettext_lazy("cannot be calculated: division by zero"),
    "not_applicable": gettext_lazy("nothing to measure"),
}
DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the formula: its words, what it came to, and the rows that it went over."""

    depth: int
    words: str
    result: str
    unit: str = ""
    known: bool = True
    rows: list[dict[str, str]] = field(default_factory=list)
    counted: str = ""

    @property
    def look(self) -> str:
        """The class that indents it."""
        return f"depth-{min(self.depth, DEEPEST)}"


def lines(trace: Mapping[str, Any], depth: int = 0) -> Iterator[Line]:
    """The trace from the whole formula down to what was reported; plain numbers are seen in the text."""
    if not trace or trace.get("op") == "number":
        return
    corrected = trace.get("op") == "correction"
    text = str(trace.get("text", ""))
    yield Line(
        depth=depth,
        words=_("corrected in examination; before, it was") if corrected else in_words(text, _tables(trace)),
        result=_result(trace),
        unit=unit_name(str(trace.get("unit", ""))),
        known=trace.get("state", "value") == "value",
        rows=[_row(row, trace) for row in trace.get("rows", [])],
        counted=_counted(trace),
    )
    for child in trace.get("children", []):
        yield from lines(child, depth + 1)


def _tables(trace: Mapping[str, Any]) -> list[Table]:
    """The tables that a part reads, itself or further down."""
    own = [TABLES[trace["table"]]] if trace.get("table") in TABLES else []
    return [*own, *(table for child in trace.get("children", []) for table in _tables(child))]


def in_words(text: str, tables: Sequence[Table] = ()) -> str:
    """A formula's text with the catalogue's names for its keys; words in quotes stay as they are."""
    columns = {key: column for table in tables for key, column in table.columns.items()}

    def named(match: re.Match[str]) -> str:
        key = match.group()
        for names in (METRICS, TABLES, columns):
            if key in names:
                return f"“{names[key]}”"
        return str(FUNCTIONS.get(key, key))

    return NAME.sub(named, text).translate(SIGNS).replace(" - ", " − ")


def _result(part: Mapping[str, Any]) -> str:
    state = part.get("state", "value")
    return _number(part.get("value")) if state == "value" else str(STATES.get(state, state))


def _number(value: Any) -> str:
    """At most four decimals, and none that say nothing."""
    amount = as_decimal(value)
    if amount is None:
        return number(None)
    rounded = f"{amount:.4f}".rstrip("0").rstrip(".")
    return number(rounded, len(rounded.partition(".")[2]))


def _counted(trace: Mapping[str, Any]) -> str:
    if "of" not in trace:
        return ""
    said = _("%(kept)d of %(of)d rows count") % {"kept": trace["kept"], "of": trace["of"]}
    if left_out := trace.get("left_out"):
        said += " · " + _("%(count)d more not shown") % {"count": left_out}
    return said


def _row(row: Mapping[str, Any], trace: Mapping[str, Any]) -> dict[str, str]:
    table = TABLES.get(str(trace.get("table", "")))
    cells = row.get("cells", {})
    columns = table.columns if table else {}
    shown = [
        f"{columns.get(key, key)}: {said(columns.get(key), value)}" for key, value in cells.items() if value
    ]
    return {
        "position": str(row.get("position", "")),
        "cells": " · ".join(shown),
        "result": _result(row),
        "weight": _number(row["weight"]) if row.get("weight") else "",
        "chosen": "yes" if trace.get("chosen") == row.get("position") else "",
    }


def said(column: Column | None, value: Any) -> str:
    """A cell as its column means it: a tick, a number, the name of a choice, or the text itself."""
    if value in {None, ""}:
        return NOTHING
    if isinstance(value, bool):
        return "✓" if value else NOTHING
    if column is not None and column.kind == "number":
        return number(value)
    options = column.options if column else ()
    return str(next((option for option in options if option.key == value), value))
