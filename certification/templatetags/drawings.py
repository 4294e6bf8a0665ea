"""Geometry of the score bar, the score range and bars of shares: text for SVG attributes, in per cent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from certification.templatetags.figures import as_decimal

BASE_AT, LEAD_AT = Decimal(25), Decimal(75)
LABEL_TURNS = Decimal(92)
FIRST, LAST = Decimal(3), Decimal(97)


def per_cent(value: Decimal | float) -> str:
    """``value`` for an SVG attribute; never in the reader's own notation."""
    return f"{Decimal(value):.2f}%"


def part_of(value: Any, top: int) -> str:
    """``value`` out of ``top`` for an SVG attribute, at most the whole; empty where there is no number."""
    amount = as_decimal(value)
    return "" if amount is None else per_cent(min(max(amount * 100 / top, Decimal(0)), Decimal(100)))


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """The base mark stands at a quarter and the lead mark at three quarters on every bar.

    So right is better for either direction, and the marks of one column stand above each other.
    """

    dot: str = ""
    fill: str = ""
    below: bool = False
    beyond: bool = False
    falling: bool = False
    base_at: str = per_cent(BASE_AT)
    lead_at: str = per_cent(LEAD_AT)
    band: str = per_cent(LEAD_AT - BASE_AT)


def score_bar(value: Any, base: Any, lead: Any) -> ScoreBar | None:
    """The bar for ``value`` between ``base`` and ``lead``; None where there is no scale."""
    x, low, high = as_decimal(value), as_decimal(base), as_decimal(lead)
    if low is None or high is None or low == high:
        return None
    if x is None:
        return ScoreBar(falling=high < low)
    at = BASE_AT + (x - low) / (high - low) * (LEAD_AT - BASE_AT)
    return ScoreBar(
        dot=per_cent(min(max(at, FIRST), LAST)),
        fill=per_cent(min(max(at, BASE_AT), LEAD_AT) - BASE_AT),
        below=at < FIRST,
        beyond=at > LAST,
        falling=high < low,
    )


@dataclass(frozen=True, slots=True)
class Range:
    """A score from 0 to 100: sure up to ``low``, claimable up to ``high``, the pass score as a mark."""

    low: str
    span: str
    high: str
    passing: str
    label_end: bool
    settled: bool
    passes: bool
    may_pass: bool


def score_range(low: Any, high: Any, passing: Any = None) -> Range:
    """The bar of a score that is a range; all three on a scale of 0 to 100."""
    bottom = min(max(as_decimal(low) or Decimal(0), Decimal(0)), Decimal(100))
    top = min(max(as_decimal(high) or bottom, bottom), Decimal(100))
    mark = as_decimal(passing)
    return Range(
        low=per_cent(bottom),
        span=per_cent(top - bottom),
        high=per_cent(top),
        passing="" if mark is None else per_cent(mark),
        label_end=mark is not None and mark > LABEL_TURNS,
        settled=bottom == top,
        passes=mark is not None and bottom >= mark,
        may_pass=mark is not None and top >= mark,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a bar of shares."""

    label: str
    value: Any
    tone: str
    shape: str
    x: str
    width: str


def shares(parts: Iterable[Mapping[str, Any]]) -> list[Part]:
    """Stretches that fill the bar in proportion to ``value``; each part has label, value and tone."""
    rows = [(part, as_decimal(part["value"]) or Decimal(0)) for part in parts]
    total = sum((value for _part, value in rows), Decimal(0)) or Decimal(1)
    drawn, at = [], Decimal(0)
    for part, value in rows:
        width = value * 100 / total
        shape = part.get("shape", "square")
        drawn.append(Part(part["label"], value, part["tone"], shape, per_cent(at), per_cent(width)))
        at += width
    return drawn
