"""The rules of surveillance as data: days, shares, and the fields of the annual form in three languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from greenchain.languages import LANGUAGES, pick

FILE = Path(__file__).parent / "rules.toml"
HUNDRED = Decimal(100)
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the annual form: reported under its key, or a share in per cent of two reported sums."""

    key: str
    unit: str
    texts: Mapping[str, str]
    part: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()

    def __str__(self) -> str:
        return pick(self.texts)

    @property
    def is_share(self) -> bool:
        """A share swings by percentage points, an amount by per cent."""
        return self.unit == "%"

    def read(self, report: Any) -> Decimal | None:
        """The figure as the year's report has it; None where the report does not say it."""
        if not self.is_share:
            value: Decimal | None = report.metric(self.key)
            return value
        part, whole = _sum(report, self.part), _sum(report, self.whole)
        return (part / whole * HUNDRED).quantize(TENTH) if part is not None and whole else None


def _sum(report: Any, keys: tuple[str, ...]) -> Decimal | None:
    """The sum of what is reported under the keys; the first one must be there."""
    first, *others = [report.metric(key) for key in keys]
    return None if first is None else sum((each or Decimal(0) for each in others), first)


@dataclass(frozen=True, slots=True)
class Declared:
    """A kind of change that the form asks about."""

    key: str
    texts: Mapping[str, str]

    def __str__(self) -> str:
        return pick(self.texts)


@dataclass(frozen=True)
class Catalogue:
    """Everything that ``rules.toml`` says."""

    numbers: Mapping[str, Any]
    kinds: Mapping[str, tuple[str, ...]]
    figures: Mapping[str, Figure]
    changes: Mapping[str, Declared]


@cache
def catalogue() -> Catalogue:
    """The file, read once per process."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Catalogue(
        numbers=told["numbers"],
        kinds={key: tuple(words) for key, words in told["kinds"].items()},
        figures={row["key"]: _figure(row) for row in told["figures"]},
        changes={row["key"]: Declared(row["key"], _texts(row)) for row in told["changes"]},
    )


def _figure(row: Mapping[str, Any]) -> Figure:
    sums = {key: tuple(row.get(key, ())) for key in ("part", "whole")}
    return Figure(row["key"], row["unit"], _texts(row), **sums)


def _texts(row: Mapping[str, str]) -> Mapping[str, str]:
    return {language: row[language] for language in LANGUAGES}


def number(key: str) -> Any:
    """One of the numbers."""
    return catalogue().numbers[key]
