"""What a unit measures, in pint's terms: kinds that are never added to one another, and how large a unit is."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from suppliers.reporting.units import UNITS, plain

if TYPE_CHECKING:
    import pint

PARTS = re.compile(r"([/·])")


class Measure(NamedTuple):
    """What a unit measures: its kind as pint writes it, and how large it is among units of the kind."""

    kind: str
    scale: Decimal


@cache
def registry() -> "pint.UnitRegistry[Decimal]":
    """Our units in pint's terms; made when it is first asked for, because pint takes a while to load."""
    import pint  # noqa: PLC0415 - see above

    made: pint.UnitRegistry[Decimal] = pint.UnitRegistry(None, non_int_type=Decimal, cache_folder=None)
    kinds = dict.fromkeys(unit.of for unit in UNITS.values() if unit.of)
    for kind in kinds:
        made.define(f"one_{kind} = [{kind}]")
    for number, unit in enumerate(UNITS.values()):
        made.define(f"u{number} = {unit.factor:f}" + (f" * one_{unit.of}" if unit.of else ""))
    return made


@cache
def _names() -> Mapping[str, str]:
    """The registry's name for each way to write a unit; a key goes before another unit's other spelling."""
    names: dict[str, str] = {}
    for number, unit in enumerate(UNITS.values()):
        for text in unit.also:
            names.setdefault(plain(text), f"u{number}")
    return names | {unit.key: f"u{number}" for number, unit in enumerate(UNITS.values())}


def unknown_in(text: str) -> list[str]:
    """The parts of a unit such as "kgce/10k CNY" that nobody knows."""
    parts = (part.strip() for part in PARTS.split(plain(text)))
    return [part for part in parts if part and part not in {"/", "·"} and part not in _names()]


@cache
def parsed(text: str) -> "pint.Unit":
    """A unit such as "kgce/10k CNY" in pint's terms. Raises KeyError where a part of it is unknown."""
    made, sign = registry().dimensionless, "·"
    for part in PARTS.split(plain(text)):
        if part in {"/", "·"}:
            sign = part
        else:
            found = registry().Unit(_names()[part.strip()])
            made = made / found if sign == "/" else made * found
    return made


def measure(unit: "pint.Unit") -> Measure:
    """What a unit measures and how large it is."""
    size = registry().Quantity(Decimal(1), unit).to_root_units()
    return Measure(str(size.dimensionality), Decimal(size.magnitude))
