"""The bars of life-cycle stages: ``{% load stages %}``."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import template

from certification.assessment.stages import NAMES, StagePart
from certification.templatetags.drawings import part_of

register = template.Library()
ROW, HEAD, BAR = 52, 15, 12
"""Pixels: of a row, down to its words, and of its bar."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One stage: where its words and its bar stand, how far the bar goes; geometry as attribute text."""

    part: StagePart
    goal: StagePart | None
    words_at: str
    bar_at: str
    goal_from: str
    goal_to: str
    sure: str
    span: str
    goal_at: str


@register.inclusion_tag("components/stage_chart.html")
def stage_chart(
    parts: Iterable[StagePart], goals: Iterable[StagePart] | None = None, than: Any = ""
) -> dict[str, Any]:
    """A bar per stage from 0 to 100, what awaits judgement lighter; ``goals`` as marks, ``than`` says whose."""
    compared = {part.key: part for part in goals or ()}
    bars = [_bar(place, part, compared.get(part.key)) for place, part in enumerate(parts)]
    return {"bars": bars, "height": ROW * len(bars), "than": than if compared else ""}


def _bar(place: int, part: StagePart, goal: StagePart | None) -> Bar:
    top = ROW * place
    bar = top + HEAD + 7
    waiting = part.possible - part.share if part.possible is not None and part.share is not None else None
    return Bar(
        part=part,
        goal=goal,
        words_at=str(top + HEAD),
        bar_at=str(bar),
        goal_from=str(bar - 4),
        goal_to=str(bar + BAR + 4),
        sure=part_of(part.share, 100),
        span=part_of(waiting, 100),
        goal_at=part_of(goal.share, 100) if goal else "",
    )


@register.simple_tag
def stage_name(key: str) -> Any:
    """The stage in the reader's language."""
    return NAMES[key]
