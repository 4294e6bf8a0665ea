"""The line of progress: three lines, the target dotted, the pace needed, the forecast dashed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from certification.templatetags.drawings import per_cent
from certification.templatetags.figures import as_decimal, field_of, percent, signed

KEYS = ("any", "provincial", "national")
TOP, HEIGHT, BOTTOM = 34, 234, 26
LEFT, RIGHT = Decimal(7), Decimal(97)
LABEL_STEP = 17
FLOOR = TOP + HEIGHT - 6
NARROW = Decimal(40)
"""Per cent of the width that a line's name needs before the end of its line; it stands behind it else."""
MOST_YEARS_NAMED = 6


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight stroke; x in per cent, y in pixels, both as attribute text."""

    look: str
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot, or a word when ``text`` is given."""

    look: str
    x: str
    y: str
    text: str = ""
    dx: int = 0


@dataclass(slots=True)
class Chart:
    """Everything the template draws, from back to front."""

    height: int = TOP + HEIGHT + BOTTOM
    strokes: list[Segment] = field(default_factory=list)
    dots: list[Mark] = field(default_factory=list)
    words: list[Mark] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    caption: list[str] = field(default_factory=list)
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """From year and per cent to the plot."""

    first: int
    last: int
    highest: Decimal

    def x(self, year: Decimal | int) -> Decimal:
        """Where ``year`` stands, in per cent of the width."""
        return LEFT + (Decimal(year) - self.first) / max(self.last - self.first, 1) * (RIGHT - LEFT)

    def y(self, value: Decimal) -> int:
        """Where ``value`` stands, in pixels from the top."""
        return round(TOP + HEIGHT * (1 - value / self.highest))

    def stroke(self, look: str, start: tuple[int, Decimal], end: tuple[int, Decimal]) -> Segment:
        """A stroke from one (year, value) to another."""
        return Segment(
            look,
            per_cent(self.x(start[0])),
            str(self.y(start[1])),
            per_cent(self.x(end[0])),
            str(self.y(end[1])),
        )


def level_words() -> dict[str, str]:
    """What the three lines are called."""
    return {"any": _("any level"), "provincial": _("provincial and up"), "national": _("national")}


def _points(rows: Iterable[Any], key: str) -> list[tuple[int, Decimal]]:
    pairs = ((int(field_of(row, "year")), as_decimal(field_of(row, key))) for row in rows)
    return [(year, value) for year, value in pairs if value is not None]


def _grid(scale: Scale) -> Iterator[tuple[Segment, Mark]]:
    for value in range(0, int(scale.highest) + 1, 10):
        y = str(scale.y(Decimal(value)))
        yield (
            Segment("axis" if value == 0 else "grid", "0%", y, "100%", y),
            Mark("", "0%", str(int(y) - 4), str(value)),
        )


def _years(scale: Scale) -> Iterator[Mark]:
    step = -(-(scale.last - scale.first) // MOST_YEARS_NAMED) or 1
    for year in range(scale.last, scale.first - 1, -step):
        yield Mark("at-middle", per_cent(scale.x(year)), str(TOP + HEIGHT + 20), str(year))


def _line(chart: Chart, scale: Scale, key: str, points: list[tuple[int, Decimal]]) -> None:
    chart.strokes += [scale.stroke(f"line line-{key}", start, end) for start, end in pairwise(points)]
    chart.dots += [
        Mark(f"dot dot-{key}", per_cent(scale.x(year)), str(scale.y(value))) for year, value in points
    ]


def _labels(chart: Chart, scale: Scale, lines: Mapping[str, list[tuple[int, Decimal]]]) -> None:
    """The highest line is named above its end, the others beside theirs, kept apart and off the axis."""
    words, lowest_so_far, named = level_words(), 0, []
    for place, (key, points) in enumerate(lines.items()):
        year, value = points[-1]
        x, y = scale.x(year), scale.y(value)
        text = f"{words[key]} {percent(value)}"
        if place == 0:
            look, aside = ("", 12) if x < NARROW else ("at-end ", 4)
            named.append((f"{look}label-{key}", x, y - 10, text, aside))
            lowest_so_far = y + 2
            continue
        lowest_so_far = max(y + 6, lowest_so_far + LABEL_STEP)
        named.append((f"label-{key}", x, lowest_so_far, text, 12))
    too_low = max(named[-1][2] - FLOOR, 0)
    chart.words += [
        Mark(look, per_cent(x), str(y - too_low), text, aside) for look, x, y, text, aside in named
    ]


def _target(chart: Chart, scale: Scale, target: Mapping[str, Any], last: tuple[int, Decimal] | None) -> None:
    goal, by = Decimal(str(target["share"])), int(target["year"])
    chart.strokes.append(scale.stroke("target", (scale.first, goal), (scale.last, goal)))
    text = _("target %(share)s by %(year)s") % {"share": percent(goal, 0), "year": by}
    chart.words.append(Mark("label-target at-end", per_cent(RIGHT), str(scale.y(goal) - 8), text))
    if last is None or last[0] >= by:
        return
    if last[1] < goal:
        _pace(chart, scale, last, (by, goal))
    forecast = as_decimal(target.get("forecast"))
    if forecast is not None:
        chart.strokes.append(scale.stroke("forecast", last, (by, forecast)))
        text = _("forecast %(share)s") % {"share": percent(forecast)}
        chart.caption.append(_("forecast %(share)s from cases in flight") % {"share": percent(forecast)})
        above = scale.y(forecast) - 7  # where the names of the lines do not go
        under_goal = above > scale.y(goal) + LABEL_STEP or forecast > goal
        y = above if under_goal else scale.y(forecast) + LABEL_STEP
        chart.words.append(Mark("at-end", per_cent(RIGHT), str(y), text))


def _pace(chart: Chart, scale: Scale, last: tuple[int, Decimal], goal: tuple[int, Decimal]) -> None:
    """The straight way from here to the goal."""
    pace = (goal[1] - last[1]) / (goal[0] - last[0])
    middle, half_way = Decimal(last[0] + goal[0]) / 2, (last[1] + goal[1]) / 2
    chart.strokes.append(scale.stroke("pace", last, goal))
    text = _("pace needed: %(points)s points a year") % {"points": signed(pace, 1)}
    chart.caption.append(text)
    chart.words.append(
        Mark("at-end wide-only", per_cent(scale.x(middle)), str(scale.y(half_way) - 6), text, -6)
    )


def progress_chart(series: Iterable[Any], target: Mapping[str, Any] | None) -> Chart:
    """The chart for rows of year, national, provincial, any (per cent or None), oldest first.

    ``target`` has share (per cent), year and, where there is one, forecast (per cent in that year).
    """
    rows = list(series)
    lines = {key: points for key in KEYS if (points := _points(rows, key))}
    chart = Chart(rows=rows)
    if not lines:
        return chart
    years = [int(field_of(row, "year")) for row in rows] + ([int(target["year"])] if target else [])
    values = [value for points in lines.values() for _year, value in points]
    if target:
        values.append(Decimal(str(target["share"])))
    scale = Scale(min(years), max(years), Decimal(-(-int(max(values) + Decimal("0.999")) // 10) * 10))
    for segment, mark in _grid(scale):
        chart.strokes.append(segment)
        chart.words.append(mark)
    chart.words += _years(scale)
    first_line = next(iter(lines.values()))
    if target:
        _target(chart, scale, target, first_line[-1])
    for key in reversed(lines):
        _line(chart, scale, key, lines[key])
    _labels(chart, scale, lines)
    year, value = first_line[-1]
    chart.summary = _("%(share)s in %(year)s, from %(first)s in %(start)s.") % {
        "share": percent(value),
        "year": year,
        "first": percent(first_line[0][1]),
        "start": first_line[0][0],
    }
    return chart


def share_chart(rows: Iterable[Any], words: Mapping[str, str]) -> Chart:
    """Shares over the years without a target: rows of year and, for each key of ``words``, per cent or None."""
    shown = list(rows)
    lines = {key: points for key in words if (points := _points(shown, key))}
    chart = Chart(rows=shown)
    if not lines:
        return chart
    years = [int(field_of(row, "year")) for row in shown]
    highest = max(value for points in lines.values() for _year, value in points)
    scale = Scale(min(years), max(years), Decimal(max(-(-int(highest) // 10) * 10, 10)))
    for segment, mark in _grid(scale):
        chart.strokes.append(segment)
        chart.words.append(mark)
    chart.words += _years(scale)
    by_end = sorted(lines, key=lambda key: lines[key][-1][1], reverse=True)
    for place, key in enumerate(by_end):
        _line(chart, scale, key, lines[key])
        chart.words.append(_end_label(scale, key, words[key], lines[key][-1], above=place == 0))
    chart.summary = " ".join(
        _("%(line)s: %(share)s in %(year)s.")
        % {"line": words[key], "share": percent(lines[key][-1][1]), "year": lines[key][-1][0]}
        for key in by_end
    )
    return chart


def _end_label(scale: Scale, key: str, word: str, end: tuple[int, Decimal], *, above: bool) -> Mark:
    """The name of a line at its end: above the highest, below the others."""
    x, y = scale.x(end[0]), scale.y(end[1])
    look, aside = ("", 12) if x < NARROW else ("at-end ", 4)
    at = y - 10 if above else min(y + LABEL_STEP + 3, FLOOR)
    return Mark(f"{look}label-{key}", per_cent(x), str(at), f"{word} {percent(end[1])}", aside)
