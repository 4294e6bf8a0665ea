"""What if suppliers were certified or lost: as it would really be, and telling nothing that belongs to others."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.chain.named import Reader
from certification.chain.supposing import Supposed, Supposing, chosen, offered, suppose
from certification.chain.tiers import depth_of
from certification.chain.told import Line, if_certified, lines
from certification.designation.actions import reinstate
from certification.models import Application
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from suppliers.models import Consent, Enterprise, SupplyLink
from suppliers.reporting.actions import report
from tests.api.caller import Caller
from tests.cast import YEAR
from tests.chain.conftest import Chains
from tests.chain.test_tiers import Net

Enter = Callable[[User], Client]


@pytest.fixture
def net(chains: Chains) -> Net:
    return Net(chains)


def reader(net: Net, name: str = "owner") -> Reader:
    return Reader(net.chains.cast.people[name], depth_of(net.buyer.pk))


def supposed(net: Net, what: str, *suppliers: Enterprise, name: str = "owner") -> Supposed:
    asked = reader(net, name)
    places = chosen(asked, [one.pk for one in suppliers])
    return suppose(asked, places, Supposing(what), buyer=net.buyer)


def figures(rows: list[Line]) -> list[tuple[object, ...]]:
    return [(row.tier.number, dict(row.tier.states), row.tier.green_share, row.spend) for row in rows]


def test_certified_is_what_a_real_certification_brings(net: Net) -> None:
    """By the nation's reader, who may know everybody, so that each share is told."""
    found = supposed(net, "certified", net.cloth, net.ore, name="reviewer_CN")
    assert figures([change.before for change in found.changes]) == figures(lines(reader(net, "reviewer_CN")))
    net.chains.title(net.cloth.sites.get())
    title = net.ore.sites.get().designations.get()
    reinstate(title, by=net.chains.cast.approver_3306, cured="repaired")
    after = lines(reader(net, "reviewer_CN"))
    assert figures([change.after for change in found.changes]) == figures(after)
    assert after[-1].tier.green_share == 1


def test_lost_is_what_the_end_of_the_links_brings(net: Net) -> None:
    found = supposed(net, "lost", net.steel, name="reviewer_CN")
    assert found.at_stake == pytest.approx(0.6, abs=1e-3)
    assert found.touched == 2  # the buyer, and above it ore
    SupplyLink.objects.filter(buyer=net.buyer, supplier=net.steel).delete()
    after = depth_of(net.buyer.pk)
    told = [change.after.tier for change in found.changes]
    assert [tier.suppliers for tier in told] == [1, 0, 1]
    assert [tier.suppliers for tier in (*after.tiers, after.whole)] == [1, 1]


def test_who_stands_behind_another_too_stays(net: Net) -> None:
    net.chains.link(net.ore, net.cloth, share=Decimal("0.2"))
    found = supposed(net, "lost", net.steel, name="reviewer_CN")
    assert [change.after.tier.suppliers for change in found.changes] == [1, 1, 2]


def test_members_are_told_by_spend_what_follows_from_their_own_figures(net: Net) -> None:
    own = supposed(net, "certified", net.cloth).changes[0]
    assert (own.before.spend, own.after.spend) == pytest.approx((0.6, 1.0), abs=1e-3)
    lost = supposed(net, "lost", net.cloth)
    assert lost.at_stake == pytest.approx(0.4, abs=1e-3)
    assert all(change.after.spend is None for change in lost.changes[1:])
    for _each in range(3):
        other = net.chains.supplier("")
        net.chains.link(other, declared_by=other, spend=Decimal(10))
    assert supposed(net, "certified", net.cloth).changes[0].before.spend is not None
    assert supposed(net, "certified", net.cloth).changes[0].after.spend is None
    assert supposed(net, "lost", net.cloth).at_stake is None


def test_the_weakest_tell_no_single_share_of_others_either(net: Net) -> None:
    for number in range(5):
        other = net.chains.supplier("")
        net.chains.link(other, declared_by=other, spend=Decimal(10 + number))
        net.chains.link(net.chains.supplier(""), net.steel, share=Decimal("0.1"))
    told = if_certified(reader(net))
    assert [one.count for one in told if one.spend is None] == [1, 12]  # one, and two more than ten
    assert all(one.spend is not None for one in if_certified(reader(net, "reviewer_CN")))


def test_whom_one_may_not_name_one_cannot_choose(net: Net) -> None:
    asked = reader(net)
    assert {row.key for row in offered(asked)} == {net.steel.pk, net.cloth.pk}
    assert next(row.key for row in offered(asked)) == net.cloth.pk  # the weak ones first
    assert len(chosen(asked, [net.ore.pk, net.buyer.pk, 10**9])) == 0
    Consent.objects.create(enterprise=net.ore, named=True, given_by=net.chains.cast.owner)
    assert {row.key for row in offered(reader(net))} == {net.steel.pk, net.cloth.pk, net.ore.pk}
    assert len(chosen(reader(net), [net.ore.pk])) == 1
    assert all(change.after.spend is None for change in supposed(net, "certified", net.ore).changes)


def test_a_loss_tells_members_of_their_own_customers_only(net: Net) -> None:
    for _each in range(4):
        net.chains.link(net.cloth, net.chains.supplier(""))
    assert supposed(net, "lost", net.cloth).touched == supposed(net, "lost", net.steel).touched == 2


def test_the_open_case_that_counts_suppliers_is_scored_anew(net: Net) -> None:
    cast = net.chains.cast
    draft = cast.draft()
    Application.objects.filter(pk=draft.pk).update(site=None, enterprise=net.buyer)
    report(net.buyer, YEAR, by=cast.owner, values={"suppliers_total": "2", "suppliers_green": "1"})
    found = supposed(net, "certified", net.cloth).case
    assert found is not None
    assert found.after.values["suppliers_green"] == "2"
    lost = supposed(net, "lost", net.steel).case
    assert lost is not None
    assert (lost.after.values["suppliers_total"], lost.after.values["suppliers_green"]) == ("1", "0")
    assert (
        supposed(net, "lost", net.steel, name="reviewer_CN").case is None
    )  # a draft is the enterprise's own


def test_the_page_and_that_nothing_is_stored(net: Net, signed_in: Enter) -> None:
    before = AuditEntry.objects.count()
    client = signed_in(net.chains.cast.viewer)
    address = f"/supply/{net.buyer.pk}/what-if/"
    page = client.get(address).content.decode()
    assert "English 布" in page
    assert "矿" not in page
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"{address}?what=certified&supplier={net.cloth.pk}").content.decode()
    assert len(asked) <= 20
    assert "If 1 supplier were certified" in page
    assert "50.0\u00a0% → <strong>100.0\u00a0%</strong>" in page
    page = client.get(f"{address}?what=lost&supplier={net.cloth.pk}").content.decode()
    assert "Share of purchases at stake" in page
    assert client.get(f"{address}?what=lost&supplier={net.ore.pk}").status_code == 422
    assert client.get(f"{address}?what=x&supplier=y").status_code == 422
    assert signed_in(net.chains.cast.stranger).get(address).status_code == 404
    assert AuditEntry.objects.count() == before


def test_programs_ask_the_same(net: Net) -> None:
    caller = Caller.of(net.chains.cast.owner)
    path = f"supply-chains/{net.buyer.pk}/what-if"
    answer = caller.post(path, {"what": "certified", "suppliers": [net.cloth.pk, net.ore.pk]})
    assert (answer.status, answer.body["counted"]) == (200, 1)
    assert [tier["after"]["green"] for tier in answer.body["tiers"]] == [2, 1, 3]
    assert answer.body["score_before"] == []
    assert caller.post(path, {"what": "certified", "suppliers": []}).status == 400
    assert caller.post(path, {"what": "x", "suppliers": [1]}).status == 400
