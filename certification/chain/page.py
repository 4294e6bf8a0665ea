"""What the pages of chains show, gathered with a few queries however many suppliers there are."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from certification.chain.causes import BROKEN
from certification.chain.models import Alert
from certification.chain.reach import unseen_by_buyer
from certification.chain.status import UNKNOWN, Holding, holdings
from certification.chain.tally import Row, Tally, rows, tally
from greenchain.accounts.models import User
from greenchain.clock import now
from suppliers.enterprise.models import Enterprise
from suppliers.supply.models import Standing, SupplyLink, SupplyLinkQuerySet

YEAR = dt.timedelta(days=365)
BREAKS_SHOWN = 5


@dataclass
class Break:
    """A title that was lost, and what the supplier holds now."""

    alert: Alert
    row: Row | None
    holding: Holding


@dataclass
class Chain:
    """One buyer's chain as one reader sees it."""

    buyer: Enterprise
    rows: list[Row]
    tally: Tally
    breaks: list[Break]
    customers: list[SupplyLink]
    waiting: int
    """Links that the other party declared and the buyer has not answered."""


@dataclass
class Summary:
    """One buyer in a list of many."""

    buyer: Enterprise
    tally: Tally
    alerts: int


def chain_of(user: User, buyer: Enterprise) -> Chain:
    """The chain of a buyer that ``user`` follows."""
    links = _links(user).filter(buyer=buyer).select_related("supplier__region", "declared_by")
    held = holdings(SupplyLink.objects.filter(buyer=buyer).values("supplier"))
    found = rows(links, held)
    customers = _customers(user, buyer)
    mine = [row.link for row in found] + customers
    return Chain(
        buyer=buyer,
        rows=found,
        tally=tally(found),
        breaks=_breaks(user, buyer, found, held),
        customers=customers,
        waiting=sum(_waits_for(buyer, link) for link in mine),
    )


def summaries(user: User, buyers: list[Enterprise]) -> list[Summary]:
    """Each buyer with its totals: three queries for all of them."""
    links = _links(user).current().filter(buyer__in=buyers).select_related("supplier")
    held = holdings(SupplyLink.objects.current().filter(buyer__in=buyers).values("supplier"))
    by_buyer: dict[int, list[SupplyLink]] = {buyer.pk: [] for buyer in buyers}
    for link in links:
        by_buyer[link.buyer_id].append(link)
    alerts = unseen_by_buyer(user, buyers)
    return [
        Summary(buyer, tally(rows(by_buyer[buyer.pk], held)), alerts.get(buyer.pk, 0)) for buyer in buyers
    ]


def _links(user: User) -> SupplyLinkQuerySet:
    return SupplyLink.objects.visible_to(user).with_figures_for(user)


def _customers(user: User, supplier: Enterprise) -> list[SupplyLink]:
    """Whom the enterprise serves, as far as the reader may see; what waits for an answer first."""
    links = _links(user).filter(supplier=supplier).select_related("buyer__region", "declared_by")
    running = [link for link in links.order_by("buyer__name", "pk") if link.standing != Standing.ENDED]
    running.sort(key=lambda link: not _waits_for(supplier, link))
    return running


def _waits_for(party: Enterprise, link: SupplyLink) -> bool:
    return link.standing == Standing.DECLARED and link.declared_by_id != party.pk


def _breaks(user: User, buyer: Enterprise, found: list[Row], held: Any) -> list[Break]:
    """Titles that direct suppliers lost within a year, the newest first."""
    direct = Alert.objects.visible_to(user).filter(buyer=buyer, tier=1)
    alerts = direct.filter(cause__in=BROKEN, at__gte=now() - YEAR)
    newest = alerts.select_related("supplier", "designation__scheme", "designation__site").order_by(
        "-at", "-pk"
    )
    by_link = {row.link.pk: row for row in found}
    return [
        Break(alert, by_link.get(alert.link_id or 0), held.get(alert.supplier_id, UNKNOWN))
        for alert in newest[:BREAKS_SHOWN]
    ]
