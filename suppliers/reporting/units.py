"""Units: in which a figure is kept, in which a person may give it, and what kind of thing a formula measures.

Read once from ``catalogue/units.toml``. What is typed is converted exactly, in decimals; where one kind of
thing stands for another (electricity for coal equivalent) the factor has a basis and a source, and is told.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from django.utils.translation import gettext as _

from greenchain.languages import LANGUAGES, pick
from greenchain.located import Document, Table, Texts

FILE = Path(__file__).parent / "catalogue" / "units.toml"
BASES = ("calorific", "equivalent")
MARKS = ("source", "sample", "memory", "suggestion")
DIGITS = 28
FRACTION = re.compile(r"[0-9]{1,6}/[1-9][0-9]{0,5}")


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A unit of one kind of thing; ``factor`` of its kind's first unit make one of it."""

    key: str
    of: str
    factor: Decimal
    also: tuple[str, ...]
    names: Texts
    offered: bool

    def __str__(self) -> str:
        return pick(self.names) if self.names else self.key


@dataclass(frozen=True, kw_only=True)
class Conversion:
    """A unit that may be typed for a figure kept in ``to``; ``factor`` of these make one of it.

    ``basis`` says which coal-equivalent value is meant: calorific (当量值) or equivalent (等价值). With ``about``
    it holds only for figures whose key has this word.
    """

    key: str
    to: str
    about: str
    factor: Decimal
    basis: str
    source: "Origin"
    also: tuple[str, ...]
    names: Texts
    offered: bool

    def __str__(self) -> str:
        return f"{pick(self.names)} ({self.said})" if self.basis == BASES[1] else pick(self.names)

    @property
    def said(self) -> str:
        """Which of the two coal-equivalent values, in the reader's language; "" where there is but one."""
        return _("equivalent value") if self.basis == BASES[1] else _("calorific value") if self.basis else ""


@dataclass(frozen=True)
class Origin:
    """Where a conversion's factor comes from; ``mark`` says how far to trust it."""

    mark: str
    names: Texts

    def __str__(self) -> str:
        return pick(self.names)


class Choice(NamedTuple):
    """One of the units in which a figure may be given: what to type, what to show, and how many make one."""

    key: str
    factor: Decimal
    conversion: Conversion | None
    unit: Unit | None

    def __str__(self) -> str:
        return str(self.conversion or self.unit or self.key)

    def told(self) -> dict[str, str]:
        """Factor and, where one kind of thing stands for another, basis and source: for the record."""
        said = {"factor": f"{self.factor:f}"}
        if self.conversion:
            said |= {"basis": self.conversion.basis, "source": self.conversion.source.names["en"]}
        return said


class _Catalogue(NamedTuple):
    units: Mapping[str, Unit]
    conversions: tuple[Conversion, ...]


def read(path: Path) -> _Catalogue:
    """The units and conversions of a file; raises FaultyFileError with lines."""
    document = Document(path.name, path.read_text(encoding="utf-8"))
    units: dict[str, Unit] = {}
    for entry in document.root.tables("units"):
        unit = _unit(entry)
        if unit.key in units:
            entry.fault("key", f"'{unit.key}' stands twice")
        units[unit.key] = unit
        entry.close()
    sources = {entry.text("key"): _source(entry) for entry in document.root.tables("sources")}
    conversions = tuple(_conversion(entry, units, sources) for entry in document.root.tables("conversions"))
    document.root.close()
    document.finish()
    return _Catalogue(MappingProxyType(units), conversions)


def _unit(entry: Table) -> Unit:
    return Unit(
        key=entry.text("key"),
        of=entry.text("of", blank=True),
        factor=_factor(entry),
        also=entry.words("also", required=False),
        names=entry.texts("names", required=False),
        offered=entry.flag("offer"),
    )


def _source(entry: Table) -> Origin:
    source = Origin(entry.choice("mark", MARKS), entry.texts("names"))
    entry.close()
    return source


def _conversion(entry: Table, units: Collection[str], sources: Mapping[str, Origin]) -> Conversion:
    source, to = entry.text("source"), entry.text("to")
    basis = entry.text("basis", blank=True)
    if to not in units:
        entry.fault("to", f"there is no unit '{to}'")
    if source not in sources:
        entry.fault("source", f"there is no source '{source}'")
    if basis and basis not in BASES:
        entry.fault("basis", f"'basis' is '{basis}', not one of {', '.join(BASES)}")
    conversion = Conversion(
        key=entry.text("key"),
        to=to,
        about=entry.text("about", required=False),
        factor=_factor(entry),
        basis=basis,
        source=sources.get(source, Origin(MARKS[-1], {})),
        also=entry.words("also", required=False),
        names=entry.texts("names"),
        offered=entry.flag("offer", default=True),
    )
    entry.close()
    return conversion


def _factor(entry: Table) -> Decimal:
    """A number above 0, or an exact fraction in quotes such as "2000/3"."""
    given = entry.data.get("factor")
    if isinstance(given, str) and FRACTION.fullmatch(given):
        return _decimal(Fraction(entry.text("factor")))
    number = entry.number("factor")
    if number is not None and number <= 0:
        entry.fault("factor", "'factor' must be above 0")
    return number or Decimal(1)


def _decimal(exact: Fraction) -> Decimal:
    with localcontext() as context:
        context.prec = DIGITS
        return Decimal(exact.numerator) / Decimal(exact.denominator)


UNITS, CONVERSIONS = read(FILE)


@cache
def unit_texts(unit: str) -> Texts:
    """A unit in each language, part by part: "10k CNY/m2" is 万元/m2. What has no name is its own sign."""
    whole = UNITS[unit].names if unit in UNITS else {}
    parts = {sign: UNITS[sign].names if sign in UNITS else {} for sign in unit.split("/")}
    return {
        language: whole.get(language)
        or "/".join(names.get(language) or sign for sign, names in parts.items())
        for language in LANGUAGES
    }


def unit_name(unit: str) -> str:
    """A unit in the reader's language."""
    return pick(unit_texts(unit)) if unit else ""


# ── What may be typed for a figure ───────────────────────────────────────────────────────────────────────


@cache
def choices(target: str, key: str = "") -> tuple[Choice, ...]:
    """Everything in which a figure kept in ``target`` may be given, the unit itself first; ``key`` is its name."""
    kept = UNITS.get(target)
    if kept is None or not kept.of:
        return (Choice(target, Decimal(1), None, kept),)
    found = [Choice(target, Decimal(1), None, kept)]
    found += [Choice(each.key, each.factor, each, None) for each in CONVERSIONS if _fits(each, target, key)]
    taken = {choice.key for choice in found}
    with localcontext() as context:
        context.prec = DIGITS
        for unit in UNITS.values():
            if unit.of == kept.of and unit.key not in taken:
                found.append(Choice(unit.key, unit.factor / kept.factor, None, unit))
    return tuple(found)


def _fits(conversion: Conversion, target: str, key: str) -> bool:
    return conversion.to == target and conversion.about in key


def offered(target: str, key: str = "") -> list[Choice]:
    """The choices that stand in the list beside a field; one alone is no choice."""
    first, *others = choices(target, key)
    shown = [each for each in others if (each.conversion or each.unit) and _is_offered(each)]
    return [first, *sorted(shown, key=lambda each: each.conversion is not None)]


def _is_offered(choice: Choice) -> bool:
    asked = choice.conversion or choice.unit
    return bool(asked and asked.offered)


def choice(target: str, typed: str, key: str = "") -> Choice | None:
    """The choice that a typed unit means; None where it is none. Case counts only where it must."""
    wanted = plain(typed)
    spelled = list(_spelled(target, key))
    exact = [found for text, found in spelled if plain(text) == wanted]
    loose = [found for text, found in spelled if plain(text).casefold() == wanted.casefold()]
    return next(iter(exact or loose), None)


def _spelled(target: str, key: str) -> Iterator[tuple[str, Choice]]:
    for found in choices(target, key):
        asked = found.conversion or found.unit
        yield found.key, found
        for text in asked.also if asked else ():
            yield text, found


def plain(text: str) -> str:
    """A unit as it is compared: one form for each sign, single spaces, m3 for m³."""
    return " ".join(unicodedata.normalize("NFKC", text).split())
