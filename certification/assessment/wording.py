"""Why an indicator scored what it scored, in three languages."""

from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from django.utils.formats import get_format
from django.utils.translation import gettext_noop, override

from greenchain.languages import LANGUAGES
from greenchain.languages import listed as in_a_row
from greenchain.located import Texts
from suppliers.reporting.catalogue import METRICS, TABLES

BETWEEN = gettext_noop(
    "%(value)s %(unit)s lies between base %(base)s and lead %(lead)s: %(points)s of %(weight)s points."
)
AT_LEAD = gettext_noop("%(value)s %(unit)s reaches the lead value %(lead)s: all %(weight)s points.")
AT_BASE = gettext_noop("%(value)s %(unit)s is not better than the base value %(base)s: no points.")
RATIO = gettext_noop(
    "%(value)s %(unit)s is %(percent)s %% of the way to the lead value %(lead)s: %(points)s of %(weight)s points."
)
SHORT = gettext_noop("%(value)s %(unit)s does not reach the required value %(lead)s: no points.")
NOT_CHOSEN = gettext_noop("Optional: others bring more, so it is not counted.")
UNPUBLISHED = gettext_noop(
    "%(value)s %(unit)s. No benchmark is published for this indicator: it is not scored."
)
FLAT = gettext_noop("%(value)s %(unit)s. Base and lead value are the same (%(base)s): it cannot be scored.")
UNREPORTED = gettext_noop("Not reported: %(what)s. A missing figure brings no points.")
DIVIDED_BY_ZERO = gettext_noop("Cannot be calculated: a division by zero (%(what)s). It brings no points.")
OUT_OF_RANGE = gettext_noop(
    "The figures give a value beyond all reason. Check their units. It brings no points."
)
NOTHING_TO_MEASURE = gettext_noop(
    "Nothing was reported that this indicator measures: a person must confirm that it does not apply."
)
STILL_NOTHING = gettext_noop("It applies, but nothing was reported that it measures. It brings no points.")
SAID_NOT_TO_APPLY = gettext_noop("The applicant says that this does not apply: a person must confirm it.")
DOES_NOT_APPLY = gettext_noop("Confirmed not to apply: its weight is left out of the total.")
UNCLAIMED = gettext_noop("No case was put forward. It brings no points.")
CLAIMED = gettext_noop("%(points)s of %(weight)s points are claimed on the case: a person must judge it.")
CLAIMED_NOTHING = gettext_noop("No points are claimed.")
JUDGED = gettext_noop("Judged on the case: %(points)s of %(weight)s points.")
CORRECTED = gettext_noop("Value corrected in examination.")
ENTERED = gettext_noop("Benchmark entered by an administrator: %(source)s.")
BY_PRODUCT = gettext_noop("Measured per product, weighted over the top three.")

HELD = gettext_noop("%(value)s %(unit)s keeps the limit (%(limit)s).")
OVERSTEPPED = gettext_noop("%(value)s %(unit)s does not keep the limit (%(limit)s).")
AT_LEAST = gettext_noop("at least %(limit)s %(unit)s")
AT_MOST = gettext_noop("at most %(limit)s %(unit)s")
GATE_UNREPORTED = gettext_noop(
    "Not reported: %(what)s. Without it nobody can tell whether the limit is kept."
)
GATE_UNDEFINED = gettext_noop("Cannot be calculated: a division by zero (%(what)s).")
GATE_NOTHING = gettext_noop("Nothing was reported that this limit applies to: a person must confirm that.")
GATE_NO_LIMIT = gettext_noop("%(value)s %(unit)s. No limit is published for this size: a person must decide.")

PLACES = Decimal("0.0001")
MAX_DIGITS = 17


def joined(*texts: Texts) -> dict[str, str]:
    """Several sentences, one after the other, in each language; Chinese sets no space between them."""
    gap = {language: "" if language.startswith("zh") else " " for language in LANGUAGES}
    return {language: gap[language].join(text[language] for text in texts) for language in LANGUAGES}


def in_each(make: Callable[[], str]) -> dict[str, str]:
    """What ``make`` says in each language."""
    texts = {}
    for language in LANGUAGES:
        with override(language):
            texts[language] = make()
    return texts


def number(value: Decimal) -> dict[str, str]:
    """A number with at most four decimals, with each language's decimal sign; an endless one in powers of ten."""
    if value.adjusted() > MAX_DIGITS:
        return dict.fromkeys(LANGUAGES, f"{value:.4E}")
    rounded = value.quantize(PLACES, ROUND_HALF_UP)
    plain = f"{rounded:f}".rstrip("0").rstrip(".")
    shown = plain if plain != "-0" else "0"
    return {language: shown.replace(".", _decimal_sign(language)) for language in LANGUAGES}


@cache
def _decimal_sign(language: str) -> str:
    """The sign before a language's decimals."""
    with override(language):
        return str(get_format("DECIMAL_SEPARATOR"))


def named(keys: Iterable[str]) -> dict[str, str]:
    """Metrics, tables and columns by their names; a key that the catalogue does not know stands as it is."""
    return listed(_names(key) for key in keys)


def listed(texts: Iterable[Texts]) -> dict[str, str]:
    """Short texts in a row, in each language."""
    texts = list(texts)
    return {language: in_a_row((text[language] for text in texts), language) for language in LANGUAGES}


def _names(key: str) -> Texts:
    if key in METRICS:
        return METRICS[key].names
    table_key, _, column_key = key.partition(".")
    table = TABLES.get(table_key)
    if table is None:
        return dict.fromkeys(LANGUAGES, key)
    column = table.columns.get(column_key)
    if column is None:
        return table.names
    return {language: f"{table.names[language]}: {column.names[language]}" for language in LANGUAGES}
