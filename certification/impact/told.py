"""A study as it is told: sums of its parts, and rows for tables and charts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from certification.assessment.vector import VERDICTS
from certification.impact.comparing import GROUPS, VERDICT_PAIRS
from certification.scheme.definition import Definition
from suppliers.place.models import Industry, Level, Region

COUNTED = ("titles", "scored", "rescored", "sampled", "equal", "low_before", "low_after")
PLACES = 4


def summed(parts: Iterable[Mapping[str, Any]], rules: tuple[Definition, Definition]) -> dict[str, Any]:
    """The parts' sums added up: counts, groups by pair of verdicts, mean points by indicator before and after."""
    parts = list(parts)
    found: dict[str, Any] = {key: sum(part[key] for part in parts) for key in COUNTED}
    found["groups"] = {name: _grouped(part["groups"][name] for part in parts) for name in GROUPS}
    for side, definition in zip(("before", "after"), rules, strict=True):
        rows = zip(*(part[side] for part in parts), strict=True) if parts else ()
        means = [round(sum(row) / max(found["scored"], 1), PLACES) for row in rows]
        codes = [indicator.code for indicator in definition.indicators]
        weights = [float(round(indicator.weight, PLACES)) for indicator in definition.indicators]
        found[side] = {
            code: [mean, weight] for code, mean, weight in zip(codes, means, weights, strict=False)
        }
    return found


Grouped = Mapping[str, Sequence[Sequence[int]]]


def _grouped(parts: Iterable[Grouped]) -> dict[str, list[list[int]]]:
    found: dict[str, list[list[int]]] = {}
    for part in parts:
        for key, sides in part.items():
            mine = found.setdefault(key, [[0] * VERDICT_PAIRS, [0] * VERDICT_PAIRS])
            for side, numbers in zip(mine, sides, strict=True):
                side[:] = [one + more for one, more in zip(side, numbers, strict=True)]
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Line:
    """One region, industry or level: titles, and output in 100 million CNY, by how their verdict changes."""

    key: str
    name: str
    titles: int
    falls: int
    rises: int
    reaches_before: int
    reaches_after: int
    output: float
    output_falls: float
    output_rises: float

    @property
    def affected(self) -> float | None:
        """The per cent of the output whose verdict changes; None where no output is known."""
        return 100 * (self.output_falls + self.output_rises) / self.output if self.output else None

    @property
    def falls_percent(self) -> float:
        """The per cent of the titles that fall."""
        return 100 * self.falls / self.titles if self.titles else 0.0

    @property
    def rises_percent(self) -> float:
        """The per cent of the titles that rise."""
        return 100 * self.rises / self.titles if self.titles else 0.0


CNY_IN_100_MILLION = 1e8
OF = len(VERDICTS)


def line(key: str, name: str, sides: Sequence[Sequence[int]]) -> Line:
    """A line of a table, from titles and output by pair of verdicts."""
    titles, output = sides
    fell = [place for place in range(VERDICT_PAIRS) if place % OF < place // OF]
    rose = [place for place in range(VERDICT_PAIRS) if place % OF > place // OF]
    return Line(
        key=key,
        name=name,
        titles=sum(titles),
        falls=sum(titles[place] for place in fell),
        rises=sum(titles[place] for place in rose),
        reaches_before=sum(titles[(OF - 1) * OF :]),
        reaches_after=sum(titles[place] for place in range(OF - 1, VERDICT_PAIRS, OF)),
        output=sum(output) / CNY_IN_100_MILLION,
        output_falls=sum(output[place] for place in fell) / CNY_IN_100_MILLION,
        output_rises=sum(output[place] for place in rose) / CNY_IN_100_MILLION,
    )


def lines(outcome: Mapping[str, Any], by: str) -> list[Line]:
    """The lines by region (province), industry (division) or level, the most fallen first; levels from the top."""
    groups: Grouped = outcome.get("groups", {}).get(by, {})
    names = _names(by, groups)
    found = [line(key, names.get(key, key), sides) for key, sides in groups.items()]
    if by == "level":
        return sorted(found, key=lambda each: each.key, reverse=True)
    return sorted(found, key=lambda each: (-each.falls, -each.rises, each.key))


def whole(outcome: Mapping[str, Any]) -> Line:
    """All titles as one line."""
    groups: Grouped = outcome.get("groups", {}).get("level", {})
    return line("", "", _grouped({"": sides} for sides in groups.values()).get("", EMPTY))


EMPTY = [[0] * VERDICT_PAIRS, [0] * VERDICT_PAIRS]


def _names(by: str, keys: Iterable[str]) -> dict[str, str]:
    if by == "level":
        return {str(level.value): str(level.label) for level in Level}
    nowhere = {"00": _("none stated")}
    if by == "industry":
        return nowhere | {row.pk: str(row) for row in Industry.objects.filter(pk__in=list(keys))}
    regions = Region.objects.filter(pk__in=[f"{key}0000" for key in keys])
    return nowhere | {row.pk[:2]: row.name for row in regions}


@dataclass(frozen=True, slots=True)
class Shift:
    """What an indicator brings on average by either rules; None where it is not one of them."""

    code: str
    name: str
    before: float | None
    after: float | None

    @property
    def change(self) -> float:
        """Points on average."""
        return (self.after or 0.0) - (self.before or 0.0)


def shifts(outcome: Mapping[str, Any], rules: tuple[Definition, Definition]) -> list[Shift]:
    """Each indicator's mean points by either rules; what changes most comes first."""
    before, after = outcome.get("before", {}), outcome.get("after", {})
    named = {item.code: str(item) for definition in rules for item in definition.indicators}
    nothing = (None, None)
    found = [
        Shift(code, name, before.get(code, nothing)[0], after.get(code, nothing)[0])
        for code, name in named.items()
        if code in before or code in after
    ]
    return sorted(found, key=lambda each: -abs(each.change))
