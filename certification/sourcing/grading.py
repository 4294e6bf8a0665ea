"""From what is known of a supplier to its risk grade, with the reasons: pure, no database."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from certification.sourcing.rules import GRADES, RULEBOOKS, Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at. ``share`` is 0 to 1, as the buyer declared it or by the spends that it declared."""

    industry: str = ""
    share: Decimal | None = None
    spend: Decimal | None = None
    violations: int = 0
    state: str = "none"
    answers: str = "none"
    ems: str = "no"
    enms: str = "no"
    audit: str = ""
    open_major: int = 0
    overdue: int = 0

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> "Facts":
        """As they were stored."""
        numbers = {key: Decimal(kept[key]) for key in ("share", "spend") if kept.get(key) is not None}
        return cls(**{**kept, **numbers})

    def kept(self) -> dict[str, Any]:
        """As they are stored: decimals as text."""
        numbers = {"share": self.share, "spend": self.spend}
        told = {key: None if one is None else f"{one.normalize():f}" for key, one in numbers.items()}
        return {**asdict(self), **told}

    @property
    def share_known(self) -> str:
        """Whether the buyer told how much it buys."""
        return "no" if self.share is None else "yes"


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule that fitted: what it gave, and the value that it saw."""

    rule: str
    points: int
    at_least: str
    value: str

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return {"rule": self.rule, "points": self.points, "at_least": self.at_least, "value": self.value}


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade, the sum of the points (0 at least), and why."""

    grade: str
    points: int
    reasons: tuple[Reason, ...]


def grade(facts: Facts, book: Rulebook) -> Graded:
    """The grade by points, lifted to the highest that a fitting rule sets at least."""
    fitting = list(_fitting(facts, book))
    points = max(sum(rule.points for rule in fitting), 0)
    by_points = next(
        (each for each in ("high", "medium") if points >= book.numbers[f"{each}_from"]), GRADES[-1]
    )
    floors = [rule.at_least for rule in fitting if rule.at_least in GRADES]
    return Graded(
        grade=min((by_points, *floors), key=GRADES.index),
        points=points,
        reasons=tuple(_reason(rule, facts) for rule in fitting),
    )


def worded(reasons: list[Mapping[str, Any]], version: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Stored reasons with the words of their version, in the reader's language."""
    rules = RULEBOOKS[version].rules if version in RULEBOOKS else {}
    return [(str(rules.get(row["rule"], row["rule"])), row) for row in reasons]


def _fitting(facts: Facts, book: Rulebook) -> list[Rule]:
    found: list[Rule] = []
    taken: set[str] = set()
    for rule in book.rules.values():
        if (rule.group and rule.group in taken) or not rule.fits(facts):
            continue
        found.append(rule)
        taken.add(rule.group)
    return found


def _reason(rule: Rule, facts: Facts) -> Reason:
    value = getattr(facts, rule.fact)
    said = f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
    return Reason(rule.key, rule.points, rule.at_least if rule.at_least in GRADES else "", said)
