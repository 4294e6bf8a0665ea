"""The front matter of a package as text: what its template sets, whatever it is about."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from textwrap import wrap
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from greenchain.clock import today

DIGITS = 16


def grouped(digest: str) -> str:
    """A digest in groups that can be compared by eye."""
    return " ".join(wrap(digest, DIGITS))


def shown(value: Any) -> str:
    """A figure in the reader's writing; what is no number stays as it is."""
    if value in (None, ""):
        return "–"
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    return str(number_format(f"{number.normalize():f}", use_l10n=True, force_grouping=True))


@dataclass(frozen=True)
class Table:
    """A heading, the columns' names with their widths, and the rows, all as text."""

    heading: str
    head: list[str]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True)
class Front:
    """What the template sets."""

    language: str
    number: str
    digest: str
    date: list[int]
    words: dict[str, str]
    title: str
    subtitle: str
    blocks: list[tuple[str, list[tuple[str, str]]]]
    tables: list[Table]
    commitment: tuple[str, str]
    signatures: list[tuple[str, str, int]]
    """What stands there, whose, and how many millimetres are left for it."""


def head_of(number: str, digest: str | None, at: dt.datetime | None) -> dict[str, Any]:
    """What stands on every page; without a digest it is a draft."""
    day = timezone.localdate(at) if at else today()
    language = get_language() or "en"
    return {
        "language": "zh" if language.startswith("zh") else language,
        "number": number,
        "digest": grouped(digest) if digest else _("draft, not submitted: nothing is frozen"),
        "date": [day.year, day.month, day.day],
    }
