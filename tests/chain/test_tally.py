"""Counts and shares of one buyer's direct suppliers, and who may see which figure."""

from decimal import Decimal

import pytest

from certification.chain.status import State, holdings
from certification.chain.tally import Row, Tally, rows, tally
from greenchain.accounts.models import User
from greenchain.clock import now, today
from suppliers.models import SupplyLink
from tests.chain.conftest import YESTERDAY, Chains


def seen_by(user: User, chains: Chains) -> list[Row]:
    links = SupplyLink.objects.visible_to(user).with_figures_for(user).filter(buyer=chains.buyer)
    return rows(links.select_related("supplier"), holdings(links.values("supplier")))


def test_by_count_and_by_spend(chains: Chains) -> None:
    green, bare, partly = chains.supplier("current"), chains.supplier(""), chains.supplier("current", "")
    chains.link(green, spend=Decimal(300))
    chains.link(green, vendor_code="2", spend=Decimal(100))
    chains.link(bare, spend=Decimal(500))
    chains.link(partly, spend=Decimal(100))
    chains.link(chains.supplier("suspended"))
    found = tally(seen_by(chains.cast.owner, chains))
    assert (found.suppliers, found.green, found.green_share) == (4, 1, Decimal("0.25"))
    assert (found.spend, found.green_spend_share) == (Decimal(1000), Decimal("0.4"))
    assert len(found.spending) == 3
    assert [found.count(state) for state in (State.PARTLY, State.SUSPENDED, State.NONE)] == [1, 1, 1]


def test_nothing_is_shared_out_where_nothing_is_known(chains: Chains) -> None:
    assert (Tally().green_share, Tally().green_spend_share) == (None, None)
    chains.link(chains.supplier("current"), spend=Decimal(0))
    found = tally(seen_by(chains.cast.owner, chains))
    assert (found.green_share, found.green_spend_share) == (Decimal(1), None)


def test_what_has_ended_is_disputed_or_has_not_begun_does_not_count(chains: Chains) -> None:
    chains.link(chains.supplier("current"), until_on=today() - YESTERDAY)
    chains.link(chains.supplier("current"), disputed_at=now())
    chains.link(chains.supplier("current"), since_on=today() + YESTERDAY)
    chains.link(chains.supplier("current"), until_on=today())
    found = seen_by(chains.cast.owner, chains)
    assert len(found) == 4
    assert tally(found).suppliers == 1


def test_the_largest_exposure_stands_first(chains: Chains) -> None:
    chains.link(chains.supplier(), spend=Decimal(100))
    chains.link(chains.supplier(), spend=Decimal(300))
    chains.link(chains.supplier(), share=Decimal("0.9"))
    chains.link(chains.supplier())
    found = seen_by(chains.cast.owner, chains)
    assert [row.exposure for row in found] == [Decimal("0.9"), Decimal("0.75"), Decimal("0.25"), None]
    assert [row.estimated for row in found] == [False, True, True, False]
    assert [round(row.of_most) for row in found] == [100, 83, 28, 0]


@pytest.mark.parametrize(("hidden", "used", "left"), [(0, 0, 0), (1, 0, 1), (2, 0, 2), (3, 3, 0)])
def test_hidden_figures_enter_a_total_only_where_none_can_be_worked_out(
    chains: Chains, hidden: int, used: int, left: int
) -> None:
    chains.link(chains.supplier("current"), spend=Decimal(100))
    for _each in range(hidden):
        supplier = chains.supplier("")
        chains.link(supplier, declared_by=supplier, spend=Decimal(100), share=Decimal("0.1"))
    owner = seen_by(chains.cast.owner, chains)
    assert sum(row.hidden for row in owner) == hidden
    assert all(row.exposure is None and row.link.shown_spend is None for row in owner if row.hidden)
    found = tally(owner)
    assert (found.hidden_used, found.hidden_left) == (used, left)
    assert found.spend == 100 + 100 * used
    official = tally(seen_by(chains.cast.reviewer_3306, chains))
    assert (official.hidden_used, official.hidden_left) == (0, 0)
    assert official.spend == 100 + 100 * hidden
