"""What people type or upload, turned into the catalogue's exact values, and stored values read back.

Refusals are ValidationErrors: bad input is a fault of a field, told in words beside it.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from suppliers.reporting.catalogue import METRICS, PLACES, TABLES, Column, Metric, Table
from suppliers.reporting.units import Choice, choice, choices

Cell = Decimal | str | bool | None
Stored = str | int | bool | None
MAX_DIGITS = 24
QUANTITY = re.compile(
    r"(?P<number>[+-]?(?:\d{1,3}(?: \d{3})+(?:\.\d+)?(?= |$)|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?))\s*(?P<unit>.*)"
)
"""A number, its thousands perhaps set apart by spaces, and after it perhaps a unit."""
UNIT = re.compile(r"$|%|(?=[^\W_]).*[^\W\d_]")
"""Nothing, a percent sign, or something with a letter that starts like a word."""


class Figure(NamedTuple):
    """A figure as it is kept, and the unit in which it was given where that is another one."""

    value: Decimal | None
    given: Choice | None = None


def read_value(metric: Metric, raw: object) -> Decimal | None:
    """The value that was meant; None for an empty one. Raises ValidationError."""
    return read_figure(metric, raw).value


def read_figure(metric: Metric, raw: object) -> Figure:
    """The value that was meant, in the metric's unit: "1.2 kt", "3 500 MWh", a number, or a mapping with both.

    A mapping has ``value`` and ``unit``. What is converted is rounded to the metric's places, half to even.
    Raises ValidationError.
    """
    figure = _figure(raw, metric.unit, metric.places, metric.key)
    _plausible(figure.value, metric.minimum, metric.maximum, metric.unit)
    return figure


def read_values(
    raw: Mapping[str, object], *, metrics: Mapping[str, Metric] = METRICS
) -> dict[str, Decimal | None]:
    """Values by metric key, of the ``metrics`` that fit the subject; all faults together, by key."""
    return {key: figure.value for key, figure in read_figures(raw, metrics=metrics).items()}


def read_figures(raw: Mapping[str, object], *, metrics: Mapping[str, Metric] = METRICS) -> dict[str, Figure]:
    """Figures by metric key; all faults together, by key."""
    figures: dict[str, Figure] = {}
    errors: dict[str, ValidationError] = {}
    for key, given in raw.items():
        try:
            figures[key] = read_figure(metrics[key], given)
        except KeyError:
            errors[key] = ValidationError(_("There is no metric “%(key)s”.") % {"key": key}, code="unknown")
        except ValidationError as error:
            errors[key] = error
    if errors:
        raise ValidationError({key: error.messages for key, error in errors.items()})
    return figures


def converted(raw: Mapping[str, object]) -> dict[str, dict[str, str]]:
    """How the figures that came in another unit were converted: what was given, factor, basis, source."""
    return {
        key: {"given": _as_given(raw[key]), "unit": figure.given.key, **figure.given.told()}
        for key, figure in read_figures(raw).items()
        if figure.given is not None
    }


def _as_given(raw: object) -> str:
    return f"{raw.get('value')} {raw.get('unit')}" if isinstance(raw, Mapping) else str(raw)


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
    number = (
        _figure(raw, column.unit, PLACES, column.key).value if column.kind == "number" else _decimal(raw, 0)
    )
    if number is None:
        return ""
    _plausible(number, column.minimum, column.maximum, column.unit)
    if column.within_years and not year - column.within_years < number <= year:
        first = year - column.within_years + 1
        raise ValidationError(
            _("must be from %(first)d to %(last)d.") % {"first": first, "last": year}, code="year"
        )
    return f"{number:f}"


def _figure(raw: object, target: str, places: int, key: str) -> Figure:
    """A number with or without a unit, converted into ``target``."""
    if isinstance(raw, Mapping):
        if not raw.keys() <= {"value", "unit"}:
            raise ValidationError(_("is not a number."), code="not_a_number")
        value, unit = raw.get("value"), str(raw.get("unit") or "")
    else:
        value, unit = parted(raw)
    given = choice(target, unit, key) if unit else None
    if unit and given is None:
        known = ", ".join(each.key for each in choices(target, key))
        message = _("“%(given)s” is not a unit for it. It may be given in: %(units)s.")
        raise ValidationError(message % {"given": unit[:40], "units": known}, code="unit")
    if given is None or given.key == target:
        return Figure(_decimal(value, places))
    number = _decimal(value, MAX_DIGITS)
    if number is None:
        return Figure(None)
    with localcontext() as context:
        context.prec = 3 * MAX_DIGITS
        kept = (number * given.factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    return Figure(_decimal(kept, places), given)


def parted(raw: object) -> tuple[object, str]:
    """A text as its number and its unit; anything else, and what does not begin with a number, as it is."""
    if not isinstance(raw, str):
        return raw, ""
    found = QUANTITY.fullmatch(" ".join(unicodedata.normalize("NFKC", raw).split()))
    if found is None or not UNIT.match(found["unit"]):
        return raw, ""
    return found["number"].replace(" ", ""), found["unit"]


def _decimal(raw: object, places: int) -> Decimal | None:
    """A finite number with at most ``places`` decimals; a comma is refused: it means two things."""
    text = "" if raw is None else unicodedata.normalize("NFKC", str(raw)).strip()
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        told = _("is not a number.")
        if "," in text:
            told = _("is not a number. Write decimals with a point and no separators.")
        raise ValidationError(told, code="not_a_number") from None
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
