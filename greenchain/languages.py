"""Texts in the product's three languages, as data."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import get_language, gettext, override

LANGUAGES = ("en", "zh-hans", "id")


BETWEEN = {"zh": ("、", "；")}
"""What stands between the members of a list, short ones and whole phrases; a comma and a semicolon elsewhere."""
PLAIN = (str, int, float, Decimal, Mapping)
"""What reads the same whatever language is active."""


def pick(texts: Mapping[str, str] | None) -> str:
    """The text in the active language, else English, else whatever there is."""
    return _in(get_language() or "en", texts) if texts else ""


def listed(words: Iterable[Any], language: str | None = None) -> str:
    """Short words in a row, as the language (the active one) sets them."""
    return _between(language)[0].join(map(str, words))


def phrased(phrases: Iterable[Any], language: str | None = None) -> str:
    """Phrases in a row, which may hold commas themselves."""
    return _between(language)[1].join(map(str, phrases))


def comma() -> str:
    """What stands between two parts of one name, in the active language."""
    return "，" if (get_language() or "").startswith("zh") else ", "


def full_stop() -> str:
    """What ends a sentence, in the active language."""
    return "。" if (get_language() or "").startswith("zh") else "."


def _between(language: str | None) -> tuple[str, str]:
    spoken_one = language or get_language() or "en"
    return BETWEEN.get(spoken_one.split("-", maxsplit=1)[0], (", ", "; "))


def spoken(message: str, **params: Any) -> dict[str, str]:
    """``message`` (marked with ``gettext_noop``) in all three languages, ``%(name)s`` filled from ``params``.

    A mapping among the params is itself a text in three languages. Stored, so that what a check said
    stays what it said when a translation is mended later.
    """
    said = _said(message)
    if not params:
        return dict(said)
    texts = {}
    for language, text in said.items():
        filled = {
            key: _in(language, value) if isinstance(value, Mapping) else value
            for key, value in params.items()
        }
        if all(isinstance(value, PLAIN) for value in filled.values()):
            texts[language] = text % filled
        else:
            with override(language):
                texts[language] = text % filled
    return texts


@cache
def _said(message: str) -> Mapping[str, str]:
    """A message by language; a score says hundreds of them."""
    texts = {}
    for language in LANGUAGES:
        with override(language):
            texts[language] = gettext(message)
    return texts


def _in(language: str, texts: Mapping[str, str]) -> str:
    language = language.lower()
    return (
        texts.get(language)
        or texts.get(language.split("-", maxsplit=1)[0])
        or texts.get("en")
        or next(iter(texts.values()), "")
    )
