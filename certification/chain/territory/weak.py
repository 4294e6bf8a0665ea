"""Weak links of a territory: suppliers that are not green, by how much of its purchases depends on them."""

from dataclasses import dataclass

import numpy as np

from certification.chain.marks import STATES, VIOLATION
from certification.chain.status import State
from certification.chain.territory.flows import Links
from certification.chain.tiers import GREEN
from suppliers.enterprise.models import Enterprise
from suppliers.supply.rows import Integers

WEAKEST = 30


@dataclass(frozen=True)
class WeakLink:
    """A direct supplier that is not green."""

    supplier: Enterprise
    state: State
    violation: bool
    buyers: int
    spend: float
    """10,000 CNY a year, with all buyers looked at."""
    sole: int
    """Buyers for which no other supplier is of its industry."""


def weakest(links: Links, limit: int = WEAKEST) -> list[WeakLink]:
    """The largest spend first, then the most links."""
    weak = links.state[links.supplier] != GREEN
    spend = np.bincount(links.supplier[weak], links.spend[weak], links.size)
    count = np.bincount(links.supplier[weak], minlength=links.size)
    there = np.flatnonzero(count)
    order = there[np.lexsort((there, -count[there], -spend[there]))][:limit]
    buyers, sole = _depending(links, order)
    known = Enterprise.objects.select_related("region").in_bulk(order.tolist())
    return [
        WeakLink(
            supplier=known[key],
            state=STATES[int(links.state[key])],
            violation=bool(links.against[key] & VIOLATION),
            buyers=int(buyers[key]),
            spend=float(spend[key]),
            sole=int(sole[key]),
        )
        for key in order.tolist()
    ]


def _depending(links: Links, chosen: Integers) -> tuple[Integers, Integers]:
    """By supplier, for those chosen: its buyers, and those of them for which it alone is of its industry."""
    industry = links.where.by_key("industry", links.size).astype(np.int64)
    touched = np.zeros(links.size, dtype=np.bool_)
    touched[links.buyer[np.isin(links.supplier, chosen)]] = True
    alike = np.zeros(int(industry.max(initial=0)) + 1, dtype=np.bool_)
    alike[industry[chosen]] = True
    rows = touched[links.buyer] & alike[industry[links.supplier]]
    # One number per buyer, industry and supplier: sorted, each pair stands once and those of one industry together.
    need = links.buyer[rows].astype(np.int64) * len(alike) + industry[links.supplier[rows]]
    pairs = np.sort(need * links.size + links.supplier[rows])
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    need, supplier = np.divmod(pairs, links.size)
    fresh = np.diff(need, prepend=-1) > 0
    alone = fresh & np.append(fresh[1:], True) & (industry[supplier] > 0)
    return np.bincount(supplier, minlength=links.size), np.bincount(supplier[alone], minlength=links.size)
