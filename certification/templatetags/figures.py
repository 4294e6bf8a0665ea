"""Numbers, money, dates and texts as a reader of each language expects them."""

import datetime as dt
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.utils import dateformat, timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenchain.languages import pick
from suppliers.reporting.units import unit_name

NOTHING = "–"
GLUE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
CNY_PER = {"cny": Decimal(1), "10k": Decimal(10) ** 4, "100m": Decimal(10) ** 8}
CHINESE_STEPS = ((12, "万亿元"), (8, "亿元"), (4, "万元"), (0, "元"))
DATES = {"en": "j M Y", "zh": "Y年n月j日", "id": "j M Y"}
OTHER_STEPS = ((12, "trillion"), (9, "billion"), (6, "million"), (0, ""))


def language() -> str:
    """The active language as one of ``en``, ``zh``, ``id``."""
    return (get_language() or "en").lower().split("-")[0]


def as_decimal(value: Any) -> Decimal | None:
    """``value`` as a finite Decimal, or None where there is no number."""
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def field_of(row: Any, name: str) -> Any:
    """A field of a mapping or of an object; None where it is missing."""
    return row.get(name) if isinstance(row, Mapping) else getattr(row, name, None)


def _separated(plain: str) -> str:
    """``1,234.5`` with the separators of the active language and a real minus sign."""
    if language() == "id":
        plain = plain.translate({ord(","): ".", ord("."): ","})
    return plain.replace("-", MINUS)


def number(value: Any, places: int | None = None) -> str:
    """Grouped thousands; ``places`` decimals, or up to two where none are asked for."""
    amount = as_decimal(value)
    if amount is None:
        return NOTHING
    rounded = amount.quantize(Decimal(1).scaleb(-(2 if places is None else int(places))), ROUND_HALF_UP)
    plain = f"{rounded + 0:,f}"
    if places is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return _separated(plain)


def exact(value: Any) -> str:
    """Every decimal that there is, and none that says nothing: ``0.1229``, ``430.15``."""
    amount = as_decimal(value)
    if amount is None:
        return NOTHING
    exponent = amount.normalize().as_tuple().exponent
    return number(amount, max(-exponent, 0) if isinstance(exponent, int) else None)


def signed(value: Any, places: int | None = None) -> str:
    """A change: ``+2,038``, ``−3``, ``0``."""
    amount = as_decimal(value)
    text = number(amount, places)
    return f"+{text}" if amount is not None and amount > 0 else text


def percent(value: Any, places: int | None = 1) -> str:
    """``value`` is in per cent already: 22.4 reads ``22.4 %`` (``22.4%``, ``22,4%``)."""
    if as_decimal(value) is None:
        return NOTHING
    return f"{number(value, places)}{GLUE if language() == 'en' else ''}%"


def share(value: Any, places: int | None = 1) -> str:
    """``value`` is a part of one: 0.224 reads as 22.4 per cent."""
    part = as_decimal(value)
    return NOTHING if part is None else percent(part * 100, places)


def quantity(value: Any, unit: str = "") -> str:
    """A number and its unit, never torn apart."""
    if as_decimal(value) is None:
        return NOTHING
    return f"{number(value)}{GLUE}{unit_name(unit)}".strip() if unit else number(value)


def _words_for_steps() -> dict[str, str]:
    return {"trillion": _("trillion"), "billion": _("billion"), "million": _("million"), "": ""}


def money(value: Any, unit: str = "10k") -> str:
    """CNY given in ``unit`` (``cny``, ``10k`` = 万元, ``100m`` = 亿元), in the reader's own steps.

    Three leading digits are kept: ``CNY 12.3 billion``, ``123 亿元``, ``CNY 12,3 miliar``.
    """
    amount = as_decimal(value)
    if amount is None:
        return NOTHING
    amount *= CNY_PER[unit]
    chinese = language() == "zh"
    steps = CHINESE_STEPS if chinese else OTHER_STEPS
    power, word = next((step for step in steps if abs(amount) >= Decimal(10) ** step[0]), steps[-1])
    scaled = amount.scaleb(-power)
    whole_digits = max(scaled.adjusted() + 1, 1)
    text = number(scaled, max(3 - whole_digits, 0) if power else 0)
    if chinese:
        return f"{text}{GLUE}{word}"
    return f"CNY{GLUE}{text}" + (f"{GLUE}{_words_for_steps()[word]}" if word else "")


def day(value: dt.date | dt.datetime | None) -> str:
    """``18 Jun 2026``, ``2026年6月18日``."""
    if not value:
        return NOTHING
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return dateformat.format(value, DATES.get(language(), DATES["en"]))


def moment(value: dt.datetime | None) -> str:
    """``18 Jun 2026, 14:05`` in the platform's time zone."""
    if not value:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{day(value)}, {local:%H:%M}" if language() != "zh" else f"{day(value)} {local:%H:%M}"


def iso(value: dt.datetime) -> str:
    """For the ``datetime`` of a ``time`` element: to the second, as HTML knows no finer one than thousandths."""
    return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat(timespec="seconds")


def seconds(value: Any) -> str:
    """``1.8 s``."""
    return NOTHING if as_decimal(value) is None else _("%(seconds)s s") % {"seconds": number(value, 1)}


def words(value: Any) -> str:
    """A text in three languages in the reader's one; any other value as it is."""
    return pick(value) if isinstance(value, Mapping) else str(value or "")


def named(value: Any) -> str:
    """The name of anything that has one: ``names`` by language, ``name`` and ``name_en``, else its text."""
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(names := getattr(value, "names", None), Mapping):
        return pick(names)
    chinese = getattr(value, "name_zh", "") or getattr(value, "name", "")
    return (chinese if language() == "zh" else getattr(value, "name_en", "") or chinese) or str(value)


def person(user: Any) -> str:
    """Somebody by name, else by sign-in; "" for nobody."""
    return "" if user is None else user.get_full_name() or user.get_username()
