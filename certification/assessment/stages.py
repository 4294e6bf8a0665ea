"""A score by life-cycle stage: design, manufacturing, use, recycling, circular use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from certification.assessment.results import ZERO, Scored
from certification.scheme.definition import Definition
from suppliers.reporting.catalogue import STAGES

NAMES: Mapping[str, Any] = {
    "design": _("Product design"),
    "manufacturing": _("Manufacturing"),
    "use": _("Use"),
    "recycling": _("Recycling"),
    "circular": _("Circular use"),
}
UNSCORED = (Scored.NO_BENCHMARK.value, Scored.NOT_APPLICABLE.value)
"""States whose weight leaves the total."""


@dataclass(frozen=True, slots=True)
class StagePart:
    """What the indicators of one stage bring: certain points, weight that awaits judgement, weight that counts."""

    key: str
    points: Decimal = ZERO
    awaiting: Decimal = ZERO
    scorable: Decimal = ZERO

    @property
    def name(self) -> Any:
        """The stage in the reader's language."""
        return NAMES[self.key]

    @property
    def share(self) -> Decimal | None:
        """Certain points of 100 that can be had; None where nothing of the stage counts."""
        return 100 * self.points / self.scorable if self.scorable else None

    @property
    def possible(self) -> Decimal | None:
        """The share if all that awaits judgement were confirmed in full."""
        return 100 * (self.points + self.awaiting) / self.scorable if self.scorable else None

    def __add__(self, other: "StagePart") -> "StagePart":
        return StagePart(
            self.key,
            self.points + other.points,
            self.awaiting + other.awaiting,
            self.scorable + other.scorable,
        )


def stage_of(definition: Definition, code: str) -> str:
    """The stage of an indicator that counts for everybody; "" for a bonus and for what the version does not know."""
    item = definition.indicator(code)
    return "" if item is None or item.bonus else item.stage


def by_stage(definition: Definition, rows: Iterable[Any]) -> tuple[StagePart, ...]:
    """The five stages in their order, from results or stored scores: code, state, points and weight."""
    found = {key: StagePart(key) for key in STAGES}
    for row in rows:
        if not (stage := stage_of(definition, row.code)) or row.state in UNSCORED:
            continue
        awaiting = row.weight if row.state == Scored.AWAITING.value else ZERO
        found[stage] += StagePart(stage, row.points, awaiting, row.weight)
    return tuple(found.values())
