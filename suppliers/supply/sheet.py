"""Read a sheet of suppliers (CSV) into checked lines, and say in words what is wrong with each cell.

Columns, in any order: ``supplier_identifier`` (a USCC, or ``lei:…``, ``duns:…``, ``vat:…``,
``national:…``), ``supplier_name``, ``kind`` (supplies, carries, recovers), ``material``, ``spend``
(10,000 CNY a year), ``share`` (0 to 1, or with %), ``since_on`` (2026-01-31), ``vendor_code``,
``supplier_email`` (whom an invitation may be sent to). At least
one of the first two is needed; others may be missing, and columns of other names are left aside.
"""

import codecs
import csv
import datetime as dt
import io
import re
import unicodedata
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from greenchain.refusals import Refused
from greenchain.sheets import FORMULA, Fault
from suppliers.supply.models import SupplyLink

COLUMNS = (
    "supplier_identifier",
    "supplier_name",
    "kind",
    "material",
    "spend",
    "share",
    "since_on",
    "vendor_code",
    "supplier_email",
)
LENGTHS = {
    "supplier_identifier": 60,
    "supplier_name": 200,
    "material": 200,
    "vendor_code": 40,
    "supplier_email": 254,
}
MAX_ROWS = 2_000
MAX_BYTES = 5 * 1024 * 1024
SPEND_DIGITS, SPEND_PLACES, SHARE_PLACES = 14, 4, 6
DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")


@dataclass
class Line:
    """One row of the sheet, read."""

    row: int
    supplier_identifier: str = ""
    supplier_name: str = ""
    kind: str = SupplyLink.Kind.SUPPLIES.value
    vendor_code: str = ""
    material: str = ""
    spend: Decimal | None = None
    share: Decimal | None = None
    since_on: dt.date | None = None
    supplier_email: str = ""


@dataclass
class Sheet:
    """The lines, the known columns, those left aside, and every fault found so far."""

    columns: list[str]
    left_aside: list[str]
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read(content: bytes) -> Sheet:
    """The sheet in ``content``; Refused where it is no such sheet at all."""
    rows = list(_records(decode(content)))
    if not rows:
        raise _refused(_("The file is empty."), "empty")
    header = [_heading(cell) for cell in rows[0]]
    _must_be_usable(header)
    body = [
        (number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)
    ]
    if len(body) > MAX_ROWS:
        message = _("At most %(max)d rows at once; this file has %(count)d. Please split it.")
        raise _refused(message % {"max": MAX_ROWS, "count": len(body)}, "too_many_rows")
    sheet = Sheet(
        columns=[name for name in header if name in COLUMNS],
        left_aside=[name for name in header if name and name not in COLUMNS],
    )
    for number, cells in body:
        _read_row(sheet, number, header, cells)
    return sheet


def decode(content: bytes) -> str:
    """The text: UTF-8 with or without a mark, else GB 18030, as Chinese spreadsheets save it."""
    if len(content) > MAX_BYTES:
        raise _refused(_("The file is too large. Please split it."), "too_large")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in content:
        raise _refused(
            _("This is not a CSV file in UTF-8 or GB 18030. Please save it as “CSV UTF-8”."), "encoding"
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(
        _("This is not a CSV file in UTF-8 or GB 18030. Please save it as “CSV UTF-8”."), "encoding"
    )


def _records(text: str) -> list[list[str]]:
    first = text.split("\n", 1)[0]
    delimiter = max((",", ";", "\t"), key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _refused(
            _("The file is not a well-formed CSV: a quotation mark is not closed."), "malformed"
        ) from error


def _heading(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).strip().lower().replace(" ", "_")


def _must_be_usable(header: list[str]) -> None:
    known = [name for name in header if name in COLUMNS]
    if not {"supplier_identifier", "supplier_name"} & set(known):
        message = _(
            "The first row must name the columns; “supplier_identifier” or “supplier_name” is missing."
        )
        raise _refused(message, "missing_column")
    twice = next((name for name in known if known.count(name) > 1), None)
    if twice:
        raise _refused(_("The column “%(name)s” stands twice.") % {"name": twice}, "column_twice")


def _refused(message: str, code: str) -> Refused:
    return Refused(message, code=code, field="file")


def _read_row(sheet: Sheet, number: int, header: list[str], cells: list[str]) -> None:
    if len(cells) > len(header):
        message = _("This row has %(count)d cells, the header only %(header)d.")
        sheet.faults.append(Fault(number, "", message % {"count": len(cells), "header": len(header)}))
        return
    line, before = Line(number), len(sheet.faults)
    for column, cell in zip(header, cells, strict=False):
        if column in COLUMNS:
            fault = _read_cell(line, column, unicodedata.normalize("NFC", cell.strip()))
            if fault:
                sheet.faults.append(Fault(number, column, fault))
    if not line.supplier_identifier and not line.supplier_name and len(sheet.faults) == before:
        sheet.faults.append(Fault(number, "", _("Neither an identifier nor a name is given.")))
    if len(sheet.faults) == before:
        sheet.lines.append(line)


def _read_cell(line: Line, column: str, cell: str) -> str | None:
    """Put the cell's meaning into the line; answers what is wrong with it."""
    if column in LENGTHS:
        return _read_text(line, column, cell)
    match column:
        case "kind":
            return _read_kind(line, cell)
        case "since_on":
            return _read_day(line, cell)
        case _:
            return _read_number(line, column, cell)


def _read_text(line: Line, column: str, cell: str) -> str | None:
    if cell.startswith(FORMULA):
        message = _("begins with “%(sign)s”, which a spreadsheet runs as a formula. Please remove it.")
        return message % {"sign": cell[0]}
    if len(cell) > LENGTHS[column]:
        return _("is longer than %(max)d characters.") % {"max": LENGTHS[column]}
    if column == "supplier_email" and cell and not _is_address(cell):
        return _("is no e-mail address.")
    setattr(line, column, cell)
    return None


def _is_address(cell: str) -> bool:
    try:
        validate_email(cell)
    except ValidationError:
        return False
    return True


def _read_kind(line: Line, cell: str) -> str | None:
    word = cell.lower() or "supplies"
    if word not in SupplyLink.Kind.values:
        return _("must be one of: %(options)s.") % {"options": ", ".join(SupplyLink.Kind.values)}
    line.kind = word
    return None


def _read_day(line: Line, cell: str) -> str | None:
    if not cell:
        return None
    parts = DAY.fullmatch(unicodedata.normalize("NFKC", cell))
    try:
        line.since_on = dt.date(*map(int, parts.groups())) if parts else dt.date.fromisoformat(cell)
    except ValueError:
        return _("must be a day such as 2026-01-31.")
    return None


def _read_number(line: Line, column: str, cell: str) -> str | None:
    text = unicodedata.normalize("NFKC", cell).replace(" ", "")
    if not text:
        return None
    percent = column == "share" and text.endswith("%")
    try:
        number = Decimal(text.removesuffix("%") if percent else text)
    except InvalidOperation:
        return _("is not a number. Write decimals with a point and no separators.")
    if not number.is_finite() or "_" in text:
        return _("is not a number. Write decimals with a point and no separators.")
    number = number / 100 if percent else number
    setattr(line, column, number)
    return _out_of_bounds(column, number)


def _out_of_bounds(column: str, number: Decimal) -> str | None:
    exponent = number.normalize().as_tuple().exponent
    places = SHARE_PLACES if column == "share" else SPEND_PLACES
    if number < 0:
        return _("must not be negative.")
    if column == "share" and number > 1:
        return _("must be from 0 to 1, or a percentage up to 100.")
    if number.adjusted() >= SPEND_DIGITS:
        return _("is too large.")
    if isinstance(exponent, int) and -exponent > places:
        return _("has more than %(places)d decimals.") % {"places": places}
    return None
