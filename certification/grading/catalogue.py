"""The rules of the green code as data: shares, numbers of our own, and every sentence in three languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from greenchain.languages import LANGUAGES, pick

FILE = Path(__file__).parent / "rules.toml"
Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One sentence of the rules. ``mark`` is "source" where the ministry says so, "suggestion" where we do."""

    key: str
    mark: str
    texts: Texts

    def __str__(self) -> str:
        return pick(self.texts)


@dataclass(frozen=True)
class Catalogue:
    """Everything that ``rules.toml`` says."""

    scheme: str
    numbers: Mapping[str, Any]
    rules: tuple[Rule, ...]
    refusals: Mapping[str, Texts]

    def reason(self, refusal: str, **params: Any) -> dict[str, str]:
        """A refusal's words in three languages; a mapping among the params is itself such a text."""
        texts = self.refusals[refusal]
        return {language: texts[language].format(**_in(language, params)) for language in LANGUAGES}


def _in(language: str, params: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value[language] if isinstance(value, Mapping) else value for key, value in params.items()}


@cache
def catalogue() -> Catalogue:
    """The file, read once per process; ``numbers`` holds what a grading is made by, bands included."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    bands = [[band["code"], band["share"]] for band in told["bands"]]
    return Catalogue(
        scheme=told["scheme"],
        numbers={**told["numbers"], "bands": bands},
        rules=tuple(Rule(row["key"], row["mark"], _texts(row)) for row in told["rules"]),
        refusals={row["key"]: _texts(row) for row in told["refusals"]},
    )


def _texts(row: Mapping[str, str]) -> Texts:
    return {language: row[language] for language in LANGUAGES}
