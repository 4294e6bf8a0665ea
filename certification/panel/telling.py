"""The panel and its draws as officials read them."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.panel.draw import agrees, lot
from certification.panel.independence import REASONS
from certification.panel.models import Draw, PanelResult, PanelScore
from certification.panel.standing import judging_of, standing
from certification.workflow import Status
from greenchain.accounts.models import User


@dataclass(frozen=True, slots=True)
class Panel:
    """How far it is; the rows are empty until the points are opened."""

    result: PanelResult | None
    scored: int
    lacking: int
    apart: bool
    threshold: Decimal
    rows: list[PanelScore]

    @property
    def how(self) -> str:
        """How the points became one number, in words."""
        return how_combined(self.result.combined) if self.result else ""


def how_combined(how: str) -> str:
    """In words."""
    words = {
        "mean": _("the mean of two"),
        "nearest": _("three scored; the mean of the two nearest"),
        "median": _("the median"),
    }
    return words.get(how, how)


def panel_of(application: Application, user: Any) -> Panel:
    """The panel as the official may see it now."""
    now = standing(application)
    scores = PanelScore.objects.visible_to(user).filter(application=application)
    rows = list(scores.select_related("expert").order_by("pk")) if application.left_by("score") else []
    for row in rows:
        row.by_criterion = by_criterion(application, row)  # type: ignore[attr-defined]
    waits = application.status == Status.PANEL
    return Panel(now.result, len(now.given), now.lacking if waits else 0, now.apart, now.threshold, rows)


def by_criterion(application: Application, row: PanelScore) -> list[tuple[str, Decimal, Decimal]]:
    """Name, points given, points to be had."""
    asked = judging_of(application).criteria
    return [
        (str(item), Decimal(row.criteria[item.code]), item.points)
        for item in asked
        if item.code in row.criteria
    ]


@dataclass(frozen=True, slots=True)
class Told:
    """A draw, in words."""

    cause: Any
    at: Any
    seed: str
    agrees: bool
    candidates: list[dict[str, Any]]
    left_out: list[dict[str, Any]]


def told(draws: Iterable[Draw]) -> list[Told]:
    """Draws with names; candidates in the order in which they stood to be drawn."""
    rows = list(draws)
    keys = {each["user"] for row in rows for each in (*row.candidates, *row.left_out)}
    people = User.objects.in_bulk(keys)
    return [_told(row, people) for row in rows]


def _told(row: Draw, people: dict[int, User]) -> Told:
    candidates = [
        {
            **each,
            "person": _name(people, each["user"]),
            "lot": lot(row.seed, each["user"]),
            "outcome": _("drawn") if each["user"] in row.drawn else _("not drawn"),
        }
        for each in row.candidates
    ]
    candidates.sort(key=lambda each: (each["open"], each["lot"]))
    left = [
        {"person": _name(people, each["user"]), "why": REASONS.get(each["why"], each["why"])}
        for each in row.left_out
    ]
    return Told(row.get_cause_display(), row.at, row.seed, agrees(row), candidates, left)


def _name(people: dict[int, User], key: int) -> str:
    person = people.get(key)
    return (person.get_full_name() or person.get_username()) if person else "–"
