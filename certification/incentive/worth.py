"""What the titles of a scheme are worth at a place, by level: for the gap and for the title's page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from certification.incentive.models import Incentive
from suppliers.place.models import Authority, Level


@dataclass(frozen=True)
class Worth:
    """The incentives of one level; ``level`` None: of every level."""

    level: int | None
    rows: Sequence[Incentive]

    @property
    def label(self) -> Any:
        """The level in the reader's language; "" where it is every level."""
        return "" if self.level is None else Level(self.level).label


def worth(scheme: Any, home: Authority | None, levels: Iterable[int]) -> list[Worth]:
    """What holds today, given by the authorities that answer for the place: the highest level first. One query."""
    wanted = set(levels)
    rows = Incentive.objects.holding().reaching(home).filter(scheme=scheme).select_related("authority")
    found: dict[int | None, list[Incentive]] = {}
    for row in rows.order_by("-authority__path", "kind", "pk"):
        if row.level is None or row.level in wanted:
            found.setdefault(row.level, []).append(row)
    levels_first = sorted(found, key=lambda level: -1 if level is None else level, reverse=True)
    return [Worth(level, found[level]) for level in levels_first]
