"""Who depends on whom: the links of a territory's buyers on one day, added up by regions or industries."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from certification.chain.marks import VIOLATION, marks
from certification.chain.territory.scope import Scope
from certification.chain.tiers import GREEN
from suppliers.supply import live
from suppliers.supply.dated import Keys, dated
from suppliers.supply.network import Network
from suppliers.supply.places import Codes, Places, places
from suppliers.supply.rows import Integers, Mask

DEEP = 6
"""So many tiers above a territory are counted."""
Sums = NDArray[np.float64]


@dataclass(frozen=True)
class Links:
    """The links of the buyers looked at, a row per link; by key where enterprises are and what they hold."""

    day: dt.date
    buyer: Keys
    supplier: Keys
    spend: Sums
    """10,000 CNY a year; 0 where not declared."""
    known: int
    """Links with a declared spend."""
    where: Places
    state: NDArray[np.uint8]
    against: NDArray[np.uint8]

    @property
    def size(self) -> int:
        """All keys are below."""
        return len(self.state)

    @property
    def green(self) -> Mask:
        """By link whether its supplier is green."""
        found: Mask = self.state[self.supplier] == GREEN
        return found


@dataclass(frozen=True, slots=True)
class Totals:
    """Direct suppliers, each counted once; spend in 10,000 CNY a year."""

    buyers: int
    links: int
    known: int
    suppliers: int
    green: int
    spend: float
    green_spend: float

    @property
    def green_share(self) -> float | None:
        """0 to 1, by number."""
        return self.green / self.suppliers if self.suppliers else None

    @property
    def green_spend_share(self) -> float | None:
        """0 to 1, by spend; None where none is declared."""
        return self.green_spend / self.spend if self.spend > 0 else None


@dataclass(frozen=True, slots=True)
class Flow:
    """What one group buys from another."""

    buyer: int
    supplier: int
    links: int
    green: int
    spend: float
    green_spend: float

    @property
    def green_share(self) -> float:
        """0 to 1, of the links."""
        return self.green / self.links if self.links else 0.0

    @property
    def green_spend_share(self) -> float | None:
        """0 to 1, of the spend; None where none is declared."""
        return self.green_spend / self.spend if self.spend > 0 else None


@dataclass(frozen=True, slots=True)
class Above:
    """Suppliers in one tier above all buyers looked at, each in its nearest."""

    tier: int
    suppliers: int
    green: int
    violations: int

    @property
    def green_share(self) -> float:
        """0 to 1, by number."""
        return self.green / self.suppliers


def links_of(scope: Scope, day: dt.date) -> Links:
    """The links in force on ``day`` whose buyers are looked at."""
    rows, where, held = dated(), places(), marks(day)
    size = 1 + max(int(each.max(initial=0)) for each in (rows.buyer, rows.supplier, held.keys, where.keys))
    rows = rows.only(rows.on(day) & scope.buyers(where, size)[rows.buyer])
    known = ~np.isnan(rows.spend)
    return Links(
        day=day,
        buyer=rows.buyer,
        supplier=rows.supplier,
        spend=np.where(known, rows.spend, 0.0).astype(np.float64),
        known=int(known.sum()),
        where=where,
        state=_by_key(held.keys, held.state, size),
        against=_by_key(held.keys, held.against, size),
    )


def totals(links: Links) -> Totals:
    """All of it together."""
    suppliers = _present(links.supplier, links.size)
    return Totals(
        buyers=int(_present(links.buyer, links.size).sum()),
        links=len(links.buyer),
        known=links.known,
        suppliers=int(suppliers.sum()),
        green=int((suppliers & (links.state == GREEN)).sum()),
        spend=float(links.spend.sum()),
        green_spend=float(links.spend[links.green].sum()),
    )


def flows(links: Links, groups: Codes) -> list[Flow]:
    """What passes between the groups that enterprises are counted in (by key), the largest spend first, then links."""
    present = np.zeros(int(groups.max(initial=0)) + 1, dtype=np.bool_)
    present[groups[links.buyer]] = present[groups[links.supplier]] = True
    codes, number = np.flatnonzero(present), np.cumsum(present) - 1
    count = len(codes)
    slot = number[groups[links.buyer]] * count + number[groups[links.supplier]]
    green = links.green

    def table(of: Any, weights: Any = None) -> Any:
        return np.bincount(slot[of], None if weights is None else weights[of], count * count)

    columns = (table(...), table(green), table(..., links.spend), table(green, links.spend))
    found = np.flatnonzero(columns[0])
    order = found[np.lexsort((found, -columns[0][found], -columns[2][found]))]
    return [
        Flow(int(codes[at // count]), int(codes[at % count]), *(each[at].item() for each in columns))
        for at in order.tolist()
    ]


def tiers_above(links: Links, network: Network | None = None) -> Iterator[Above]:
    """Tier by tier above all buyers at once; the network of the same day."""
    network = network or live.network(links.day)
    frontier = network.places(np.flatnonzero(_present(links.buyer, links.size)))
    frontier = frontier[frontier >= 0]
    state, against = links.state[network.keys], links.against[network.keys]
    reached = np.zeros(network.size, dtype=np.bool_)
    for tier in range(1, DEEP + 1):
        fresh = np.zeros(network.size, dtype=np.bool_)
        for ends in network.ends(frontier):
            fresh[ends] = True
        fresh &= ~reached
        reached |= fresh
        frontier = np.flatnonzero(fresh).astype(np.int32)
        if not len(frontier):
            return
        green, against_it = (state[frontier] == GREEN).sum(), (against[frontier] & VIOLATION).sum()
        yield Above(tier, len(frontier), int(green), int(against_it))


def _present(keys: Keys, size: int) -> Mask:
    found = np.zeros(size, dtype=np.bool_)
    found[keys] = True
    return found


def _by_key(keys: Integers, values: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    found = np.zeros(size, dtype=np.uint8)
    found[keys] = values
    return found
