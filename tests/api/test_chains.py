"""Chains in depth by the API: figures for everybody concerned, names as far as links are seen."""

import pytest

from tests.api.caller import Caller
from tests.cast import Cast
from tests.chain.conftest import Chains
from tests.chain.test_tiers import Net

pytestmark = pytest.mark.django_db


@pytest.fixture
def net(cast: Cast) -> Net:
    return Net(Chains(cast, cast.enterprise))


def test_tiers_weak_links_and_cycles(net: Net):
    address = f"supply-chains/{net.buyer.pk}/"
    told = Caller.of(net.chains.cast.owner).get(address).body
    assert [(row["tier"], row["suppliers"], row["green"]) for row in told["tiers"]] == [
        (1, 2, 1),
        (2, 2, 1),
        (0, 4, 2),
    ]
    assert told["tiers"][1]["states"] == {"green": 1, "suspended": 1}
    assert told["tiers"][1]["green_by_spend"] is None
    ore = told["weakest"][1]
    assert (ore["id"], ore["exposure"], ore["exact"], ore["state"]) == (None, 0.1, False, "suspended")
    assert told["in_cycles"] == 2
    assert told["if_certified"] == [
        {"count": 1, "green_by_number": 0.75, "green_by_spend": None},
        {"count": 2, "green_by_number": 1.0, "green_by_spend": None},
    ]
    assert net.ore.name not in str(told)
    told = Caller.of(net.chains.cast.people["auditor_CN"]).get(address, tiers=1).body
    assert [row["tier"] for row in told["tiers"]] == [1, 0]
    assert told["cycles"] == []


def test_losses_and_ways(net: Net):
    auditor = Caller.of(net.chains.cast.people["auditor_CN"])
    loss = auditor.get(f"supply-chains/{net.steel.pk}/loss").body
    assert (loss["buyers"], loss["spend"], loss["hit"][0]["id"]) == (2, "60.0000", net.buyer.pk)
    assert Caller.of(net.chains.cast.owner).get(f"supply-chains/{net.buyer.pk}/loss").body["spend"] is None
    address = f"supply-chains/{net.buyer.pk}/paths"
    (way,) = auditor.get(address, to=net.ore.identifier).body["ways"]
    assert [step["id"] for step in way] == [net.buyer.pk, net.steel.pk, net.ore.pk]
    assert Caller.of(net.chains.cast.owner).get(address, to=net.ore.identifier).body == {"ways": []}
    assert auditor.get(address, to="nobody").body == {"ways": []}
