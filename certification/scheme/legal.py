"""On what a letter rests: legal bases by scheme and verb, as data (``legal.toml``)."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from greenchain.languages import pick

FILE = Path(__file__).with_name("legal.toml")
MARKS = ("source", "memory", "suggestion")
ALL = "*"


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis: for which schemes, verbs and causes (none: any), in which words, and whose rule it is."""

    schemes: frozenset[str]
    verbs: frozenset[str]
    causes: frozenset[str]
    mark: str
    url: str
    texts: Mapping[str, str]

    def __str__(self) -> str:
        return pick(self.texts)

    def fits(self, scheme: str, verb: str, cause: str) -> bool:
        """Whether a letter of that kind rests on it."""
        known = ALL in self.schemes or scheme in self.schemes
        return known and verb in self.verbs and (not self.causes or not cause or cause in self.causes)


@lru_cache(maxsize=1)
def bases() -> tuple[Basis, ...]:
    """All of them, in the order of the file."""
    return tuple(map(_read, tomllib.loads(FILE.read_text(encoding="utf-8"))["basis"]))


def _read(entry: Mapping[str, Any]) -> Basis:
    if entry["mark"] not in MARKS:
        raise ValueError(f"{FILE.name}: no such mark: {entry['mark']}")
    return Basis(
        frozenset(entry["schemes"]),
        frozenset(entry["verbs"]),
        frozenset(entry.get("causes", ())),
        entry["mark"],
        entry.get("url", ""),
        entry["texts"],
    )


def basis_of(scheme: str, verb: str, cause: str = "") -> Iterator[Basis]:
    """What a letter about that move rests on."""
    return (each for each in bases() if each.fits(scheme, verb, cause))
