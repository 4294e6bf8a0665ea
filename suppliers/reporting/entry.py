"""What people type or upload, turned into the catalogue's exact values, and stored values read back.

Refusals are ValidationErrors: bad input is a fault of a field, told in words beside it.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from suppliers.reporting.catalogue import METRICS, PLACES, TABLES, Column, Metric, Table

Cell = Decimal | str | bool | None
Stored = str | int | bool | None
MAX_DIGITS = 24


def read_value(metric: Metric, raw: object) -> Decimal | None:
    """The value that was meant; None for an empty one. Raises ValidationError."""
    value = _decimal(raw, metric.places)
    _plausible(value, metric.minimum, metric.maximum, metric.unit)
    return value


def read_values(raw: Mapping[str, object]) -> dict[str, Decimal | None]:
    """Values by metric key; all faults together, by key."""
    values: dict[str, Decimal | None] = {}
    errors: dict[str, ValidationError] = {}
    for key, given in raw.items():
        try:
            values[key] = read_value(METRICS[key], given)
        except KeyError:
            errors[key] = ValidationError(_("There is no metric “%(key)s”.") % {"key": key}, code="unknown")
        except ValidationError as error:
            errors[key] = error
    if errors:
        raise ValidationError({key: error.messages for key, error in errors.items()})
    return values


def read_rows(table: Table, raw: Sequence[Mapping[str, object]], *, year: int) -> list[dict[str, Stored]]:
    """A table's rows in the form that is stored; faults name the row, counted from 1, and the column."""
    if len(raw) > table.max_rows:
        raise ValidationError(_("At most %(max)d rows.") % {"max": table.max_rows}, code="too_many")
    rows, faults = [], []
    for number, given in enumerate(raw, start=1):
        row, row_faults = _read_row(table, given, year)
        rows.append(row)
        faults += [_("Row %(row)d, %(column)s: %(fault)s") % {"row": number, **fault} for fault in row_faults]
    faults += [_("Row %(row)d, %(column)s: %(fault)s") % fault for fault in _repeats(table, rows)]
    if faults:
        raise ValidationError(faults, code="rows")
    return rows


def cells(table_key: str, stored: Mapping[str, object]) -> dict[str, Cell]:
    """A stored row with typed cells; what the catalogue no longer knows is left out."""
    table = TABLES.get(table_key)
    columns = table.columns.values() if table else ()
    return {column.key: _typed(column, stored.get(column.key)) for column in columns}


def _typed(column: Column, value: object) -> Cell:
    if value is None or value == "":
        return None
    if column.kind == "flag":
        return value is True
    if not column.is_number:
        return str(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _read_row(
    table: Table, given: Mapping[str, object], year: int
) -> tuple[dict[str, Stored], list[dict[str, str]]]:
    row: dict[str, Stored] = {}
    faults = [
        {"column": key, "fault": _("there is no such column.")} for key in given.keys() - table.columns.keys()
    ]
    for column in table.columns.values():
        try:
            row[column.key] = read_cell(column, given.get(column.key), year)
        except ValidationError as error:
            faults.append({"column": str(column), "fault": " ".join(error.messages)})
    return {key: value for key, value in row.items() if value not in {None, ""}}, faults


def read_cell(column: Column, raw: object, year: int) -> Stored:
    """One cell in the form that is stored; raises ValidationError."""
    if column.kind == "flag":
        return _flag(raw)
    value = _text(raw, column) if not column.is_number else _number_text(raw, column, year)
    if column.required and value == "":
        raise ValidationError(_("is needed."), code="required")
    return value


def _flag(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = "" if raw is None else str(raw).strip().lower()
    if word in {"", "0", "false", "no", "off", "否"}:
        return False
    if word in {"1", "true", "yes", "on", "是"}:
        return True
    raise ValidationError(_("must be yes or no."), code="not_a_flag")


def _text(raw: object, column: Column) -> str:
    text = "" if raw is None else unicodedata.normalize("NFC", str(raw)).strip()
    if "\x00" in text or len(text) > column.max_length:
        raise ValidationError(
            _("must be at most %(max)d characters.") % {"max": column.max_length}, code="too_long"
        )
    if column.kind == "choice" and text and text not in {option.key for option in column.options}:
        known = ", ".join(option.key for option in column.options)
        raise ValidationError(_("must be one of: %(options)s.") % {"options": known}, code="not_an_option")
    return text


def _number_text(raw: object, column: Column, year: int) -> str:
    number = _decimal(raw, PLACES if column.kind == "number" else 0)
    if number is None:
        return ""
    _plausible(number, column.minimum, column.maximum, column.unit)
    if column.within_years and not year - column.within_years < number <= year:
        first = year - column.within_years + 1
        raise ValidationError(
            _("must be from %(first)d to %(last)d.") % {"first": first, "last": year}, code="year"
        )
    return f"{number:f}"


def _decimal(raw: object, places: int) -> Decimal | None:
    """A finite number with at most ``places`` decimals; a comma is refused: it means two things."""
    text = "" if raw is None else unicodedata.normalize("NFKC", str(raw)).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValidationError(_("is not a number."), code="not_a_number") from None
    if isinstance(raw, bool) or not number.is_finite() or "_" in text:
        raise ValidationError(_("is not a number."), code="not_a_number")
    number = number.normalize() if number else Decimal(0)
    exponent = number.as_tuple().exponent
    if number.adjusted() >= MAX_DIGITS:
        raise ValidationError(_("is too large."), code="too_large")
    if isinstance(exponent, int) and -exponent > places:
        raise ValidationError(
            _("has more than %(places)d decimals.") % {"places": places}, code="too_precise"
        )
    return number


def _plausible(value: Decimal | None, minimum: Decimal | None, maximum: Decimal | None, unit: str) -> None:
    bounds = {"minimum": minimum, "maximum": maximum, "unit": unit}
    if value is not None and minimum is not None and value < minimum:
        raise ValidationError(_("is below %(minimum)s %(unit)s. Check the unit.") % bounds, code="too_small")
    if value is not None and maximum is not None and value > maximum:
        raise ValidationError(_("is above %(maximum)s %(unit)s. Check the unit.") % bounds, code="too_large")


def _repeats(table: Table, rows: Sequence[Mapping[str, Stored]]) -> list[dict[str, str | int]]:
    faults: list[dict[str, str | int]] = []
    for column in (column for column in table.columns.values() if column.unique):
        seen: set[Stored] = set()
        for number, row in enumerate(rows, start=1):
            value = row.get(column.key)
            if value is not None and value in seen:
                faults.append({"row": number, "column": str(column), "fault": _("stands twice.")})
            seen.add(value)
    return faults
