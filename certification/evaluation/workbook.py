"""The offline workbook for a site visit: the indicators with room for findings, out as XLSX and in again.

Read row by row; every fault is told with row and column, and a workbook with one changes nothing. Cells that a
spreadsheet would run as a formula are refused.
"""

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from certification.application.local import gates_of
from certification.application.models import Application
from certification.evaluation.findings import MET, faults_of, number, values_of
from greenchain.clock import today
from greenchain.exports import cell
from greenchain.sheets import Fault, FaultySheet, Row, formula_in, read

FINDINGS = ("code", "indicator", "weight", "value", "unit", "points", "reason", "corrected_value", "because")
VISITS = ("date", "place", "people", "seen", "photos")
GATES = ("gate", "name", "met", "reason")
PARTS = {"points": "points", "reason": "reason", "to": "corrected_value", "because": "because"}
"""The parts of an entry and the columns in which they stand."""
LENGTHS = {"place": 200, "people": 300, "seen": 4000, "photos": 1000}
EMPTY_ROWS = 20
"""Rows for visits that stand ready."""


@dataclass
class Read:
    """What a workbook says; visits name their photos by file name."""

    points: dict[str, dict[str, str]] = field(default_factory=dict)
    gates: dict[str, dict[str, str]] = field(default_factory=dict)
    visits: list[dict[str, Any]] = field(default_factory=list)


def workbook(application: Application, content: Mapping[str, Any]) -> bytes:
    """The workbook of a case, filled in with what the worksheet holds."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        _sheet(book, "findings", FINDINGS, _findings(application, content), open_from=5)
        _sheet(book, "gates", GATES, _gates(application, content), open_from=2)
        _sheet(book, "visits", VISITS, [[""] * len(VISITS)] * EMPTY_ROWS, open_from=0)
    return out.getvalue()


def _findings(application: Application, content: Mapping[str, Any]) -> Iterator[list[Any]]:
    results, kept = values_of(application), content.get("points", {})
    for item in application.scheme_version.definition.indicators:
        result, entry = results.get(item.code), kept.get(item.code, {})
        value = "" if result is None or item.is_qualitative or result.value is None else f"{result.value:f}"
        yield [
            item.code,
            str(item),
            f"{item.weight.normalize():f}",
            value,
            "" if result is None or item.is_qualitative else result.unit,
            *(entry.get(part, "") for part in PARTS),
        ]


def _gates(application: Application, content: Mapping[str, Any]) -> Iterator[list[Any]]:
    kept = content.get("gates", {})
    for gate in gates_of(application):
        entry = kept.get(gate.key, {})
        yield [gate.key, str(gate), entry.get("met", ""), entry.get("reason", "")]


def _sheet(book: Any, name: str, head: Iterable[str], rows: Iterable[list[Any]], *, open_from: int) -> None:
    """A sheet whose columns from ``open_from`` on are to be filled in, and shown so."""
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    to_fill = book.add_format({"text_wrap": True, "valign": "top", "bg_color": "#E8F3EE", "border": 1})
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(head):
        sheet.write_string(0, place, column, bold)
        sheet.set_column(
            place, place, 44 if column in {"indicator", "name", "reason", "because", "seen"} else 14
        )
    for count, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            sheet.write_string(count, place, _safe(value), to_fill if place >= open_from else wrapped)


def _safe(value: Any) -> str:
    """The text of a cell; what a spreadsheet would run gets a quote before it, numbers stay as they are."""
    return str(value) if number(value) is not None else str(cell(value))


def read_workbook(path: Path, application: Application) -> Read:
    """What the workbook says; FaultySheet with all faults where any row of any sheet is wrong."""
    reader = _Reader(application)
    for row in read(path, needed=("code", "points", "reason"), sheet=0):
        reader.finding(row)
    reader.sheet = _("gates")
    for row in read(path, needed=("gate", "met"), sheet=1):
        reader.gate(row)
    reader.sheet = _("visits")
    for row in read(path, needed=VISITS, sheet=2):
        reader.visit(row)
    if reader.faults:
        raise FaultySheet(reader.faults)
    return reader.found


class _Reader:
    """Knows the case, and gathers what is said and what is wrong."""

    def __init__(self, application: Application) -> None:
        self.items = {item.code: item for item in application.scheme_version.definition.indicators}
        self.gates = {gate.key for gate in gates_of(application)}
        self.found, self.faults, self.sheet = Read(), list[Fault](), ""

    def fault(self, row: Row, column: str, message: str) -> None:
        where = f"{self.sheet}, {column}" if self.sheet else column
        self.faults.append(Fault(row.number, where, message))

    def is_hostile(self, row: Row, columns: Iterable[str]) -> bool:
        """Whether a cell would run as a formula, or holds signs that nobody can read; both are faults."""
        before = len(self.faults)
        for column in columns:
            text = row.cells.get(column, "")
            if number(text) is None and (words := formula_in(text)) is not None:
                self.fault(row, column, words)
            elif not text.replace("\n", "").replace("\r", "").isprintable():
                self.fault(row, column, _("holds signs that cannot be printed."))
        return len(self.faults) > before

    def finding(self, row: Row) -> None:
        code = row.text("code")
        item = self.items.get(code)
        if item is None:
            self.fault(row, "code", _("“%(code)s” is no indicator of this case.") % {"code": code[:40]})
            return
        entry = {part: row.text(column) for part, column in PARTS.items() if row.text(column)}
        if not entry or self.is_hostile(row, PARTS.values()):
            return
        if code in self.found.points:
            self.fault(row, "code", _("stands twice."))
            return
        for part, words in faults_of(entry, item).items():
            self.fault(row, PARTS[part], words)
        self.found.points[code] = entry

    def gate(self, row: Row) -> None:
        key, met = row.text("gate"), row.text("met").lower()
        if key not in self.gates:
            self.fault(row, "gate", _("“%(key)s” is no gate of this case.") % {"key": key[:40]})
        elif met and met not in dict(MET):
            self.fault(row, "met", _("must be yes or no."))
        elif row.text("reason") and not met:
            self.fault(row, "met", _("is needed."))
        elif met and not self.is_hostile(row, ("reason",)):
            self.found.gates[key] = {"met": met, "reason": row.text("reason")[:1000]}

    def visit(self, row: Row) -> None:
        if self.is_hostile(row, VISITS):
            return
        before = len(self.faults)
        day = self.day(row)
        for column in ("place", "people", "seen"):
            if not row.text(column):
                self.fault(row, column, _("is needed."))
        for column, most in LENGTHS.items():
            if len(row.text(column)) > most:
                self.fault(row, column, _("is longer than %(max)d characters.") % {"max": most})
        if len(self.faults) == before:
            names = [
                name.strip() for name in row.text("photos").replace("；", ";").split(";") if name.strip()
            ]
            told = {column: row.text(column) for column in ("place", "people", "seen")}
            self.found.visits.append({"row": row.number, "visited_on": day, "photos": names, **told})

    def day(self, row: Row) -> dt.date:
        """The visit's date, written 2026-01-31 or as a date of the spreadsheet."""
        try:
            day = dt.date.fromisoformat(row.text("date")[:10])
        except ValueError:
            self.fault(row, "date", _("must be a date such as 2026-01-31."))
            return today()
        if day > today():
            self.fault(row, "date", _("lies in the future."))
        return day
