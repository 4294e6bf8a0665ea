"""Identifiers of enterprises: bring them to one form, and say in words what is wrong with one.

USCC: GB 32100-2015, 18 characters, the last one a check (ISO 7064, modulo 31). Characters 9 to 17 are the
older organisation code with a check of its own (GB 11714-1997, modulo 11); some registries did not keep
it, so that one only warns.
"""

import unicodedata

from django.utils.translation import gettext as _
from stdnum import exceptions, lei
from stdnum.cn import uscc
from stdnum.util import clean, get_cc_module

USCC_LENGTH = 18
USCC_DIGITS = 8
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
DUNS_LENGTH = 9
MAX_LENGTH = 40


def normalise(scheme: str, text: str) -> str:
    """``text`` as identifiers are kept: NFKC (full-width digits become plain), no blanks, upper case.

    Hyphens and dots only structure the number and go, except in national numbers, which are kept as given.
    """
    plain = unicodedata.normalize("NFKC", text)
    separators = " \t\n\u200b\ufeff" if scheme == "national" else " \t\n\u200b\ufeff-."
    return str(clean(plain, separators)).strip().upper()


def fault(scheme: str, identifier: str, country: str = "CN") -> str | None:
    """What is wrong with a normalised identifier, in words; None when it is sound."""
    if not identifier:
        return _("Please give the identifier.")
    match scheme:
        case "uscc":
            return _uscc_fault(identifier)
        case "lei":
            return (
                None
                if lei.is_valid(identifier)
                else _("This is not a valid LEI: 20 characters, the last two a check.")
            )
        case "duns":
            sound = len(identifier) == DUNS_LENGTH and identifier.isdigit()
            return None if sound else _("A D-U-N-S number has nine digits.")
        case "vat":
            return _vat_fault(identifier, country)
        case _:
            return None if len(identifier) <= MAX_LENGTH else _("This number is too long.")


def warning(scheme: str, identifier: str) -> str | None:
    """A doubt about a sound identifier that a person should look at; never a reason to refuse."""
    if scheme != "uscc" or organisation_check(identifier[8:16]) == identifier[16]:
        return None
    return _(
        "Characters 9 to 17 do not carry the check of the older organisation code (GB 11714). "
        "Some registries issued such codes; please compare with the licence once more."
    )


def organisation_check(stem: str) -> str:
    """The check character of an organisation code's first eight characters (GB 11714-1997)."""
    total = sum(int(each, 36) * weight for each, weight in zip(stem, ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def _uscc_fault(code: str) -> str | None:
    if len(code) != USCC_LENGTH:
        return _("A Unified Social Credit Code has 18 characters; this one has %(count)d.") % {
            "count": len(code)
        }
    for place, each in enumerate(code, start=1):
        if place <= USCC_DIGITS and not (each.isascii() and each.isdigit()):
            return _("Character %(place)d is “%(each)s”; the first eight are digits.") % {
                "place": place,
                "each": each,
            }
        if each not in USCC_ALPHABET:
            return _(
                "Character %(place)d is “%(each)s”; the letters I, O, S, V and Z and signs are never used "
                "(look for 1, 0, 5 or 2 instead)."
            ) % {"place": place, "each": each}
    if uscc.calc_check_digit(code) != code[-1]:
        return _("The check character does not fit: a character is mistyped, or two have changed places.")
    return None


def _vat_fault(number: str, country: str) -> str | None:
    """Checked by the country's own rule where one is known."""
    module = get_cc_module(country.lower(), "vat")
    try:
        if module is not None:
            module.validate(number)
    except exceptions.ValidationError:
        return _("This is not a valid VAT number of the country given.")
    return None if len(number) <= MAX_LENGTH else _("This number is too long.")
