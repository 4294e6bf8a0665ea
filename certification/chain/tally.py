"""The suppliers of one buyer, with what each holds, and the shares that are green.

Spend and share belong to the party that declared them. A buyer's totals may use figures that the buyer does
not see, from ``ENOUGH`` such figures on, so that none can be worked out from the total; the page says so.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from certification.chain.status import UNKNOWN, Holding, State
from greenchain.clock import today
from suppliers.supply.models import SupplyLink

ENOUGH = 3
"""So many hidden figures at least, before they enter a total that is shown."""
NOTHING = Decimal(0)


@dataclass(slots=True)
class Row:
    """One link of a buyer, as one reader sees it."""

    link: SupplyLink
    holding: Holding
    exposure: Decimal | None = None
    """Share of purchases, 0 to 1, where the reader may know it."""
    estimated: bool = False
    """The exposure was computed from the spends that the reader sees."""
    of_most: Decimal = NOTHING
    """The exposure as a percentage of the largest, for its bar."""

    @property
    def state(self) -> State:
        """What the chain says of the supplier."""
        return self.holding.state

    @property
    def hidden(self) -> bool:
        """There is a spend that the reader does not see."""
        return self.link.spend is not None and self.link.shown_spend is None


@dataclass(slots=True)
class Tally:
    """Direct suppliers in all, by state, by spend."""

    states: dict[int, State] = field(default_factory=dict)
    spends: dict[State, Decimal] = field(default_factory=dict)
    spending: set[int] = field(default_factory=set)
    """The suppliers whose spend is known and used."""
    hidden_used: int = 0
    hidden_left: int = 0

    @property
    def suppliers(self) -> int:
        """Each counted once, however many links there are."""
        return len(self.states)

    @property
    def spend(self) -> Decimal:
        """All spends that are used, in 10,000 CNY a year."""
        return sum(self.spends.values(), NOTHING)

    @property
    def green(self) -> int:
        """Suppliers that are green; partly green ones are not."""
        return self.count(State.GREEN)

    @property
    def green_share(self) -> Decimal | None:
        """0 to 1, by count."""
        return Decimal(self.green) / self.suppliers if self.states else None

    @property
    def green_spend_share(self) -> Decimal | None:
        """0 to 1, by spend; None where no spend is known."""
        return self.spends.get(State.GREEN, NOTHING) / self.spend if self.spend else None

    def count(self, state: State) -> int:
        """Suppliers in this state."""
        return sum(each is state for each in self.states.values())


def rows(links: Iterable[SupplyLink], held: Mapping[int, Holding]) -> list[Row]:
    """A row per link, the largest exposure first; ``links`` carry the figures that the reader may see."""
    found = [Row(link, held.get(link.supplier_id, UNKNOWN)) for link in links]
    total = sum((row.link.shown_spend or NOTHING for row in found if row.link.is_current), NOTHING)
    for row in found:
        _expose(row, total)
    most = max((row.exposure or NOTHING for row in found), default=NOTHING)
    for row in found:
        row.of_most = (row.exposure or NOTHING) * 100 / most if most else NOTHING
    return sorted(found, key=lambda row: (-(row.exposure or NOTHING), row.link.supplier.name, row.link.pk))


def _expose(row: Row, total: Decimal) -> None:
    link = row.link
    if link.shown_share is not None:
        row.exposure = link.shown_share
    elif link.shown_spend is not None and total and link.is_current:
        row.exposure, row.estimated = link.shown_spend / total, True


def tally(found: Iterable[Row], day: dt.date | None = None) -> Tally:
    """The totals of a buyer's rows on ``day`` (today); what had ended by then or was disputed does not count."""
    counted, result = [row for row in found if row.link.stood_on(day or today())], Tally()
    hidden = sum(row.hidden for row in counted)
    use_hidden = hidden >= ENOUGH
    for row in counted:
        result.states[row.link.supplier_id] = row.state
        if row.link.spend is not None and (use_hidden or not row.hidden):
            result.spends[row.state] = result.spends.get(row.state, NOTHING) + row.link.spend
            result.spending.add(row.link.supplier_id)
    result.hidden_used, result.hidden_left = (hidden, 0) if use_hidden else (0, hidden)
    return result
