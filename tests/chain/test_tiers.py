"""Tiers with shares by number, spend and output; weak links; what may be named; what a loss touches."""

from decimal import Decimal

import pytest

from certification.chain import marks
from certification.chain.loss import loss_of
from certification.chain.named import Reader, names
from certification.chain.status import State
from certification.chain.tiers import Depth, depth_of
from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.models import Enterprise, SiteYear
from suppliers.supply import live
from tests.chain.conftest import Chains
from tests.factories_suppliers import ComplianceRecordFactory, EnterpriseFactory, SiteFactory


class Net:
    """buyer ← steel (60 %, green), cloth (40 %, none); steel ← ore (half, suspended), coal (half, green) ← nobody.

    And the ore's enterprise buys from the buyer: a cycle.
    """

    def __init__(self, chains: Chains) -> None:
        self.chains = chains
        self.buyer = chains.buyer
        self.steel = chains.supplier("current", name="钢")
        self.cloth = chains.supplier("", name="布")
        self.ore = chains.supplier("suspended", name="矿", region="440103")
        self.coal = chains.supplier("current", name="煤", region="440103")
        chains.link(self.steel, spend=Decimal(60))
        chains.link(self.cloth, spend=Decimal(40))
        chains.link(self.ore, self.steel, share=Decimal("0.5"))
        chains.link(self.coal, self.steel, share=Decimal("0.5"))
        chains.link(self.buyer, self.ore)

    def place(self, depth: Depth, enterprise: Enterprise) -> int:
        found = depth.network.place(enterprise.pk)
        assert found is not None
        return found


@pytest.fixture
def net(chains: Chains) -> Net:
    return Net(chains)


def fold() -> None:
    live.fold()
    marks.fold()


@pytest.mark.parametrize("folded", [False, True])
def test_each_tier_has_its_shares(net: Net, *, folded: bool) -> None:
    if folded:
        fold()
    depth = depth_of(net.buyer.pk)
    first, second = depth.tiers
    assert (first.suppliers, first.green) == (2, 1)
    assert first.exposure == pytest.approx(1, abs=1e-3)
    assert first.green_spend_share == pytest.approx(0.6, abs=1e-3)
    assert second.states == {State.GREEN: 1, State.SUSPENDED: 1}
    assert (second.exposure, second.green_spend_share) == pytest.approx((0.6, 0.5), abs=1e-3)
    assert depth.whole.green_share == 0.5
    assert depth.whole.green_spend_share == pytest.approx(0.9 / 1.6, abs=1e-3)
    assert depth.whole.green_output_share is None
    assert [depth.network.keys[place] for place in depth.weakest(5)] == [net.cloth.pk, net.ore.pk]


def test_a_title_lost_a_moment_ago_and_a_new_site_count_at_once(net: Net) -> None:
    fold()
    title = net.steel.sites.get().designations.get()
    net.chains.suspend(title)
    assert depth_of(net.buyer.pk).tiers[0].states == {State.SUSPENDED: 1, State.NONE: 1}
    net.chains.title(net.cloth.sites.get())
    assert depth_of(net.buyer.pk).tiers[0].states == {State.SUSPENDED: 1, State.GREEN: 1}
    SiteFactory.create(enterprise=net.coal)
    assert depth_of(net.buyer.pk).tiers[1].states == {State.SUSPENDED: 1, State.PARTLY: 1}


def test_violations_and_outputs_are_laid_on_top(net: Net) -> None:
    fold()
    ComplianceRecordFactory.create(enterprise=net.coal, match="confirmed")
    ComplianceRecordFactory.create(enterprise=net.steel, match="possible")
    for enterprise, output in ((net.steel, 300), (net.cloth, 100)):
        SiteYear.objects.create(
            site=enterprise.sites.get(),
            year=today().year - 1,
            gross_output=output,
            reported_by=net.chains.cast.owner,
        )
    depth = depth_of(net.buyer.pk)
    assert [tier.violations for tier in depth.tiers] == [0, 1]
    assert depth.violation(net.place(depth, net.coal))
    assert depth.tiers[0].green_output_share == 0.75
    assert not depth.refused(net.place(depth, net.coal))


def called(net: Net, person: User, *, down: bool = False) -> dict[str, str]:
    depth = depth_of(net.buyer.pk, down=down)
    reader = Reader(person, depth)
    told = names(reader, depth.reach.places.tolist())
    by_key = {int(depth.network.keys[place]): one.name for place, one in told.items()}
    parts = {"steel": net.steel, "cloth": net.cloth, "ore": net.ore, "coal": net.coal, "buyer": net.buyer}
    return {word: by_key[each.pk] for word, each in parts.items() if each.pk in by_key}


def test_names_end_where_the_reader_s_links_end(net: Net) -> None:
    masked = {"steel": "English 钢", "cloth": "English 布", "ore": "a supplier of English 钢"}
    masked["coal"] = masked["ore"]
    assert called(net, net.chains.cast.owner) == masked
    everything = {"steel": "English 钢", "cloth": "English 布", "ore": "English 矿", "coal": "English 煤"}
    assert called(net, net.chains.cast.reviewer_CN) == everything
    assert called(net, net.chains.cast.reviewer_3306) == everything  # steel buys in Shaoxing
    net.steel.region_id = "440103"
    net.steel.save()
    assert called(net, net.chains.cast.reviewer_3306) == masked


def test_customers_beyond_the_direct_ones_are_not_named(net: Net) -> None:
    other = EnterpriseFactory.create()
    net.chains.link(net.ore, other)
    told = called(net, net.chains.cast.owner, down=True)
    assert told["ore"] == "English 矿"
    assert told["steel"] == "a customer of English 矿"


def test_figures_of_others_are_told_in_bands(net: Net) -> None:
    depth = depth_of(net.buyer.pk)
    ore = net.place(depth, net.ore)
    assert Reader(net.chains.cast.owner, depth).exposure(ore) == (0.1, False)
    cloth = net.place(depth, net.cloth)
    assert Reader(net.chains.cast.owner, depth).exposure(cloth)[1]
    net.chains.link(net.coal, declared_by=net.coal, spend=Decimal(1))
    assert not Reader(net.chains.cast.owner, depth).exposure(cloth)[1]
    net.coal.buyer_links.filter(buyer=net.buyer).delete()
    told, exact = Reader(net.chains.cast.reviewer_CN, depth).exposure(ore)
    assert exact
    assert told == pytest.approx(0.3, abs=1e-3)
    assert not Reader(net.chains.cast.owner, depth).spend_share(2)
    assert Reader(net.chains.cast.owner, depth).spend_share(1)
    assert Reader(net.chains.cast.reviewer_CN, depth).spend_share(2)


def test_the_loss_of_one_supplier(net: Net) -> None:
    fold()
    loss = loss_of(net.coal.pk)
    assert [tier.suppliers for tier in loss.depth.tiers] == [1, 1, 1]
    assert loss.depth.tiers[1].exposure == pytest.approx(0.3, abs=1e-3)
    assert (loss.spend, loss.links, loss.known, loss.hard) == (None, 1, 0, (1, 1, 0))
    assert (loss.applications, loss.titles) == (0, 1)
    net.chains.cast.submitted(net.chains.cast.draft())
    steel = loss_of(net.steel.pk)
    assert (steel.spend, steel.applications) == (Decimal(60), 1)
