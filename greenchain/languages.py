"""Texts in the product's three languages, as data."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext, override

LANGUAGES = ("en", "zh-hans", "id")


def pick(texts: Mapping[str, str] | None) -> str:
    """The text in the active language, else English, else whatever there is."""
    if not texts:
        return ""
    language = (get_language() or "en").lower()
    return (
        texts.get(language)
        or texts.get(language.split("-")[0])
        or texts.get("en")
        or next(iter(texts.values()))
    )


def spoken(message: str, **params: Any) -> dict[str, str]:
    """``message`` (marked with ``gettext_noop``) in all three languages, ``%(name)s`` filled from ``params``.

    A mapping among the params is itself a text in three languages. Stored, so that what a check said
    stays what it said when a translation is mended later.
    """
    texts = {}
    for language in LANGUAGES:
        with override(language):
            filled = {
                key: pick(value) if isinstance(value, Mapping) else value for key, value in params.items()
            }
            texts[language] = gettext(message) % filled if filled else gettext(message)
    return texts
