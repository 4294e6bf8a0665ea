"""Sheets as people upload them, CSV in UTF-8 or XLSX: rows one by one, faults told by row and column.

Row numbers are those of the file, header = 1. Cells come as they stand: names survive byte for byte.
"""

import codecs
import csv
import datetime as dt
import unicodedata
import zipfile
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from python_calamine import CalamineError, CalamineWorkbook

from greenchain.refusals import Refused

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these as a formula."""
ZIP = b"PK\x03\x04"
MAX_UNPACKED = 1024 * 1024 * 1024
SHOWN = 20
Cells = Generator[list[str], None, None]


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong in one cell, or with "" as column in the row; rows count as in the file, header = 1."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        where = _("Row %(row)d") % {"row": self.row}
        return f"{where}, {self.column}: {self.message}" if self.column else f"{where}: {self.message}"


class FaultySheet(Refused):
    """Some rows are wrong; ``faults`` says where, and nothing was changed."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = sorted(faults)
        count = len({fault.row for fault in faults})
        message = ngettext(
            "%(count)d row has faults; nothing was changed.",
            "%(count)d rows have faults; nothing was changed.",
            count,
        )
        super().__init__(message % {"count": count}, code="faulty_rows", field="file")

    def listed(self) -> str:
        """The message and the first faults, a line each."""
        more = len(self.faults) - SHOWN
        lines = [str(self), *map(str, self.faults[:SHOWN])]
        if more > 0:
            lines.append(ngettext("… and %(more)d more.", "… and %(more)d more.", more) % {"more": more})
        return "\n".join(lines)


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, and its cells by column."""

    number: int
    cells: dict[str, str]

    def text(self, column: str) -> str:
        """The cell without blanks around it; "" where there is no such column."""
        return self.cells.get(column, "").strip()


def read(path: Path, *, needed: Collection[str], sheet: int = 0) -> Iterator[Row]:
    """The rows of a sheet, empty ones left out; ``sheet`` says which one of a workbook.

    Refused where it is no such sheet, FaultySheet where a row does not fit the header.
    """
    with closing(_records(path, sheet)) as records:
        columns = [_heading(cell) for cell in next(records, [])]
        _must_be_usable(columns, needed)
        for number, cells in enumerate(records, start=2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                message = _("has %(count)d cells, the header only %(header)d.")
                raise FaultySheet(
                    [Fault(number, "", message % {"count": len(cells), "header": len(columns)})]
                )
            filled = [*cells, *[""] * (len(columns) - len(cells))]
            yield Row(number, {name: cell for name, cell in zip(columns, filled, strict=True) if name})


def formula_in(cell: str) -> str | None:
    """What is wrong with a text that a spreadsheet would run; None where nothing is."""
    if not cell.startswith(FORMULA):
        return None
    message = _("begins with “%(sign)s”, which a spreadsheet runs as a formula. Please remove it.")
    return message % {"sign": cell[0]}


def _records(path: Path, sheet: int) -> Cells:
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise _refused(_("The file is empty."), "empty")
    return _workbook(path, sheet) if start.startswith(ZIP) else _text(path, start)


def _text(path: Path, start: bytes) -> Cells:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in start:
        raise _refused(_("This is neither CSV in UTF-8 nor XLSX. Please save it as “CSV UTF-8”."), "encoding")
    number = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            for number, cells in enumerate(csv.reader(file, strict=True), start=1):  # noqa: B007 - told on failure
                yield cells
        except UnicodeDecodeError as error:
            raise _not_utf8(path, number + 1) from error
        except csv.Error as error:
            message = _("Row %(row)d is no well-formed CSV: a quotation mark is wrong.") % {"row": number + 1}
            raise _refused(message, "malformed") from error


def _not_utf8(path: Path, row: int) -> Refused:
    """Chinese spreadsheets save GB 18030; guessing could change a name, so we say it and stop."""
    try:
        with path.open(encoding="gb18030") as file:
            while file.read(1 << 20):
                pass
    except UnicodeDecodeError:
        message = _("Row %(row)d is not in UTF-8. Please save the file as “CSV UTF-8”.")
    else:
        message = _("The file is in GB 18030, not in UTF-8 (row %(row)d). Please save it as “CSV UTF-8”.")
    return _refused(message % {"row": row}, "encoding")


def _workbook(path: Path, place: int) -> Cells:
    damaged = _("The workbook is damaged and cannot be opened.")
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > MAX_UNPACKED:
            raise _refused(_("The workbook unpacks to far more than its size. It is refused."), "bomb")
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(place)
    except (CalamineError, zipfile.BadZipFile, IndexError) as error:
        raise _refused(damaged, "damaged") from error
    for cells in sheet.iter_rows():
        yield [_cell(value) for value in cells]


def _cell(value: object) -> str:
    """A workbook's cell as text: whole numbers without a point, days as 2026-01-31."""
    match value:
        case bool():
            return "1" if value else "0"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.date().isoformat()
        case _:
            return "" if value is None else str(value)


def _heading(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().lower().replace(" ", "_")


def _must_be_usable(columns: Sequence[str], needed: Collection[str]) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        message = ngettext(
            "The first row must name the columns; this one is missing: %(names)s.",
            "The first row must name the columns; these are missing: %(names)s.",
            len(missing),
        )
        raise _refused(message % {"names": ", ".join(missing)}, "missing_column")
    twice = next((name for name in columns if name and columns.count(name) > 1), None)
    if twice:
        raise _refused(_("The column “%(name)s” stands twice.") % {"name": twice}, "column_twice")


def _refused(message: str, code: str) -> Refused:
    return Refused(message, code=code, field="file")
