"""How green direct suppliers were at the end of each year: links by their dates, titles by their spells."""

import datetime as dt
from dataclasses import dataclass

from certification.chain.status import UNKNOWN, holdings
from certification.chain.tally import Row, tally
from certification.chain.territory.flows import links_of, totals
from certification.chain.territory.scope import Scope
from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.enterprise.models import Enterprise
from suppliers.supply.models import SupplyLink

YEARS = 6
"""So many years are looked at, the running one included: each costs a reading of all titles."""


@dataclass(frozen=True, slots=True)
class Point:
    """Direct suppliers on one day, each counted once."""

    day: dt.date
    suppliers: int
    green: int
    spend_share: float | None
    """Of the spend that may be told, what goes to green suppliers, 0 to 1; None where none is declared."""

    @property
    def green_share(self) -> float | None:
        """0 to 1, by number."""
        return self.green / self.suppliers if self.suppliers else None

    @property
    def is_today(self) -> bool:
        """The year is still running."""
        return self.day == today()


def days() -> list[dt.date]:
    """The ends of the years, the oldest first; today for the running one."""
    this = today()
    return [*(dt.date(year, 12, 31) for year in range(this.year - YEARS + 1, this.year)), this]


def of_buyer(user: User, buyer: Enterprise) -> list[Point]:
    """One buyer's direct suppliers, as ``user`` may read the figures: two questions and one for each year."""
    links = list(SupplyLink.objects.visible_to(user).with_figures_for(user).filter(buyer=buyer))
    found = []
    for day in days():
        standing = [link for link in links if link.stood_on(day)]
        held = holdings({link.supplier_id for link in standing}, day)
        told = tally([Row(link, held.get(link.supplier_id, UNKNOWN)) for link in standing], day)
        share = told.green_spend_share
        found.append(Point(day, told.suppliers, told.green, None if share is None else float(share)))
    return _since_first(found)


def of_territory(scope: Scope) -> list[Point]:
    """The direct suppliers of all buyers looked at."""
    found = []
    for day in days():
        whole = totals(links_of(scope, day))
        found.append(Point(day, whole.suppliers, whole.green, whole.green_spend_share))
    return _since_first(found)


def _since_first(points: list[Point]) -> list[Point]:
    """From the first year on in which there was a supplier."""
    first = next((place for place, point in enumerate(points) if point.suppliers), len(points))
    return points[first:]
