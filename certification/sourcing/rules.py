"""The rules of supplier management as data with a version; read once from ``rulebooks/``.

Grades keep the version that made them, so a version in use stays as it is and a new text is a new file.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from greenchain import located
from greenchain.clock import today
from greenchain.languages import pick
from greenchain.located import Texts

FOLDER = Path(__file__).parent / "rulebooks"
GRADES = ("high", "medium", "low")
"""From the highest risk down."""
KINDS = ("onsite", "document")
MARKS = ("source", "memory", "suggestion")


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What must be true of one fact; exactly one of ``equals``, ``starts`` and ``least`` is set."""

    key: str
    fact: str
    texts: Texts
    equals: str | None = None
    starts: tuple[str, ...] = ()
    least: Decimal | None = None

    def __str__(self) -> str:
        return pick(self.texts)

    def fits(self, facts: Any) -> bool:
        """Whether it is true of ``facts``, which have the fact as an attribute; an unknown one fits nothing."""
        value = getattr(facts, self.fact)
        if value is None:
            return False
        if self.least is not None:
            return bool(value >= self.least)
        if self.equals is not None:
            return str(value) == self.equals
        return str(value).startswith(self.starts)


@dataclass(frozen=True, kw_only=True)
class Rule(Condition):
    """``points`` when it fits, and the grade that it sets at least; of a ``group`` the first that fits counts."""

    points: int
    at_least: str
    group: str


@dataclass(frozen=True, kw_only=True)
class Nearness(Condition):
    """How near a supplier is to a title, 0 to 1."""

    factor: Decimal


@dataclass(frozen=True, kw_only=True)
class Interval:
    """How often a grade is audited, and how; ``months`` 0 where it is not."""

    grade: str
    kind: str
    months: int
    texts: Texts

    def __str__(self) -> str:
        return pick(self.texts)


@dataclass(frozen=True, kw_only=True)
class Rulebook:
    """One version of all rules. ``mark`` says whose numbers they are."""

    version: str
    effective_on: dt.date
    mark: str
    names: Texts
    numbers: Mapping[str, int]
    rules: Mapping[str, Rule]
    plan: Mapping[str, Interval]
    nearness: tuple[Nearness, ...]
    weights: Mapping[str, Decimal]

    def __str__(self) -> str:
        return pick(self.names)


def read_rulebook(path: Path) -> Rulebook:
    """The rules of a file; raises FaultyFileError with lines."""
    document = located.Document(path.name, path.read_text(encoding="utf-8"))
    root = document.root
    found = Rulebook(
        version=root.text("version"),
        effective_on=root.day("effective_on") or dt.date.max,
        mark=root.choice("mark", MARKS),
        names=root.texts("names"),
        numbers=_numbers(root.table("numbers")),
        rules=_keyed(map(_rule, root.tables("rules"))),
        plan=MappingProxyType({each.grade: each for each in map(_interval, root.tables("plan"))}),
        nearness=tuple(map(_nearness, root.tables("nearness"))),
        weights=_weights(root.table("weights")),
    )
    root.close()
    document.finish()
    return found


def _rule(entry: located.Table) -> Rule:
    points = entry.number("points")
    found = Rule(
        **_condition(entry),
        points=int(points or 0),
        at_least=entry.choice("at_least", (*GRADES, "none"), default="none"),
        group=entry.text("group", required=False),
    )
    entry.close()
    return found


def _nearness(entry: located.Table) -> Nearness:
    found = Nearness(**_condition(entry), factor=entry.number("factor") or Decimal(0))
    entry.close()
    return found


def _condition(entry: located.Table) -> dict[str, Any]:
    starts = entry.words("starts", required=False)
    equals = entry.text("is", required=False) or None
    least = entry.number("from", required=False)
    if sum(map(bool, (starts, equals, least is not None))) != 1:
        entry.fault("", "wants exactly one of 'is', 'starts' and 'from'")
    told = {"key": entry.text("key"), "fact": entry.text("fact"), "texts": entry.texts("texts")}
    return {**told, "starts": starts, "equals": equals, "least": least}


def _interval(entry: located.Table) -> Interval:
    found = Interval(
        grade=entry.choice("grade", GRADES),
        kind=entry.choice("kind", (*KINDS, "none"), default="none"),
        months=entry.whole("months", required=False, maximum=120),
        texts=entry.texts("texts"),
    )
    entry.close()
    return found


def _numbers(entry: located.Table) -> Mapping[str, int]:
    keys = ("medium_from", "high_from", "first_audit_days", "places")
    found = {key: entry.whole(key, minimum=1) for key in keys}
    entry.close()
    return MappingProxyType(found)


def _weights(entry: located.Table) -> Mapping[str, Decimal]:
    found = {grade: entry.number(grade) or Decimal(1) for grade in GRADES}
    entry.close()
    return MappingProxyType(found)


def _keyed(rules: Iterable[Rule]) -> Mapping[str, Rule]:
    return MappingProxyType({rule.key: rule for rule in rules})


def _all() -> Mapping[str, Rulebook]:
    found = (read_rulebook(path) for path in sorted(FOLDER.glob("*.toml")))
    return MappingProxyType({each.version: each for each in found})


RULEBOOKS = _all()


def current() -> Rulebook:
    """The newest version that is in effect today, else the first there is."""
    return max(
        (each for each in RULEBOOKS.values() if each.effective_on <= today()),
        key=lambda each: each.effective_on,
        default=next(iter(RULEBOOKS.values())),
    )
