"""A chain as a picture: who stands where, what is folded, what may not be told, and to whom nothing is."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.chain import marks
from certification.chain.named import Reader
from certification.chain.picture import nodes as chosen
from certification.chain.picture.nodes import Node, Picture, picture_of
from certification.chain.tiers import depth_of
from certification.templatetags.chainmap import drawing, fitted
from greenchain.accounts.models import User
from suppliers.models import Enterprise, Site, SupplyLink
from suppliers.supply import live
from tests.api.caller import Caller
from tests.chain.conftest import Chains, read
from tests.chain.test_tiers import Net
from tests.factories_suppliers import EnterpriseFactory, SiteFactory, SupplyLinkFactory

Enter = Callable[[User], Client]
NARROW = "a supplier of English 钢"


@pytest.fixture
def net(chains: Chains) -> Net:
    return Net(chains)


def seen_by(net: Net, person: User) -> Picture:
    return picture_of(Reader(person, depth_of(net.buyer.pk)), "buyer")


def called(picture: Picture) -> dict[str, Node]:
    return {f"{node.name} {node.state and node.state.value}": node for node in picture.suppliers}


# ── Who stands where ─────────────────────────────────────────────────────────────────────────────────────


def test_an_official_sees_nodes_and_flows_as_they_are(net: Net) -> None:
    net.chains.link(net.coal, net.cloth, share=Decimal("0.5"))
    picture = seen_by(net, net.chains.cast.reviewer_CN)
    by_name = {node.name: node for node in picture.nodes}
    assert [node.tier for node in picture.nodes] == [0, 1, 1, 2, 2]
    assert [node.name for node in picture.suppliers] == [
        "English 钢",
        "English 布",
        "English 煤",
        "English 矿",
    ]
    assert by_name["English 煤"].exposure == pytest.approx(0.6 * 0.5 + 0.4 * 0.5, abs=1e-3)
    flows = {
        (picture.nodes[flow.buyer].name, picture.nodes[flow.supplier].name): flow for flow in picture.flows
    }
    assert {pair: round(flow.share, 2) for pair, flow in flows.items()} == {
        ("buyer", "English 钢"): 0.6,
        ("buyer", "English 布"): 0.4,
        ("English 钢", "English 矿"): 0.3,
        ("English 钢", "English 煤"): 0.3,
        ("English 布", "English 煤"): 0.2,
    }
    assert all(flow.exact for flow in picture.flows)


def test_a_member_sees_the_unnamed_behind_the_named_and_in_bands(net: Net) -> None:
    net.chains.link(net.coal, net.cloth, share=Decimal("0.5"))  # a link that the member does not see
    twin = net.chains.supplier("suspended", name="铁")
    net.chains.link(twin, net.steel, share=Decimal("0.25"))
    picture = seen_by(net, net.chains.cast.owner)
    told = called(picture)
    ore, steel = told[f"{NARROW} suspended"], told["English 钢 green"]
    assert (ore.count, ore.exposure, ore.exact, ore.key) == (2, 0.1, False, None)
    assert steel.exact
    assert steel.exposure == pytest.approx(0.6, abs=1e-3)
    assert ore.behind == steel.number
    pairs = {(flow.buyer, flow.supplier): flow for flow in picture.flows}
    assert set(pairs) == {(node.behind, node.number) for node in picture.suppliers}
    assert (pairs[steel.number, ore.number].share, pairs[steel.number, ore.number].exact) == (0.1, False)


def test_names_of_a_territory_end_where_its_links_end(net: Net) -> None:
    net.steel.region_id = "440103"
    net.steel.save()
    picture = seen_by(net, net.chains.cast.reviewer_3306)
    told = called(picture)
    assert told[f"{NARROW} suspended"].key is None
    assert told[f"{NARROW} suspended"].exact
    assert {node.name for node in seen_by(net, net.chains.cast.reviewer_CN).suppliers} >= {"English 矿"}


# ── Folded ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_rest_is_folded_and_counted(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    net.chains.many(5)
    monkeypatch.setattr(chosen, "SHOWN", 4)
    for person in (net.chains.cast.owner, net.chains.cast.reviewer_CN):
        depth = depth_of(net.buyer.pk)
        picture = picture_of(Reader(person, depth), "buyer")
        folds = [node for node in picture.suppliers if node.folded]
        assert (picture.shown, picture.folded) == (4, depth.whole.suppliers - 4)
        for tier in depth.tiers:
            here = [node for node in picture.suppliers if node.tier == tier.number]
            assert sum(node.count for node in here) == tier.suppliers
            for state, count in tier.states.items():
                alone = sum(node.count for node in here if node.state is state)
                assert alone + sum(dict(node.states).get(state, 0) for node in here) == count
            if person is not net.chains.cast.owner:
                assert sum(node.exposure or 0 for node in here) == pytest.approx(tier.exposure)
        assert all((node.exposure is None) == (person is net.chains.cast.owner) for node in folds)
        assert {flow.supplier for flow in picture.flows} >= {node.number for node in folds if node.tier == 1}


def test_thin_lines_are_left_out_and_counted(net: Net, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chosen, "FLOWS", 3)
    picture = seen_by(net, net.chains.cast.reviewer_CN)
    assert (len(picture.flows), picture.left_out) == (3, 1)


# ── Drawn ────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_drawn_keeps_apart(net: Net) -> None:
    net.chains.many(4)
    drawn = drawing(seen_by(net, net.chains.cast.reviewer_CN), {net.steel.pk: "/there/"})
    spots = [spot for column in drawn.columns for spot in column.spots]
    assert len({(spot.x, spot.y) for spot in spots}) == len(spots)
    assert all(spot.end <= drawn.width and spot.y < drawn.height for spot in spots)
    by_name = {spot.name: spot for spot in spots}
    assert by_name["English 钢"].url == "/there/"
    assert by_name["English 布"].url == f"#node-{by_name['English 布'].node.number}"
    assert by_name["English 钢"].lost  # on the way to the suspended ore
    assert not by_name["English 煤"].lost
    assert [curve.lost for curve in drawn.curves].count(True) == 2


def test_names_are_cut_by_the_room_they_take() -> None:
    assert fitted("abcdef", 6) == "abcdef"
    assert fitted("abcdefg", 6) == "abcde…"
    assert fitted("绍兴纺织", 7) == "绍兴纺织"
    assert fitted("绍兴纺织", 6) == "绍兴…"


def test_state_is_told_by_shape_and_word_too(net: Net, signed_in: Enter) -> None:
    page = read(signed_in(net.chains.cast.reviewer_CN), f"/supply/{net.buyer.pk}/picture/")
    drawn = page[page.index("<svg width") : page.index("</figure>")]
    shapes: dict[str, str] = {}
    for label, inside in re.findall(r'<a [^>]*aria-label="([^"]+)"(.*?)</a>', drawn):
        shape = re.search(r'viewBox="0 0 10 10">(.*?)</svg>', inside)
        assert shape
        shapes |= {state: shape[1] for state in ("green", "suspended", "no title") if f", {state}," in label}
    assert len(set(shapes.values())) == len(shapes) == 3
    assert "style=" not in drawn
    assert '<title id="map-title">' in drawn
    assert "<desc" in drawn


# ── What each role may read ──────────────────────────────────────────────────────────────────────────────


def test_page_sheet_and_api_tell_members_no_names_beyond_their_links(net: Net, signed_in: Enter) -> None:
    address = f"/supply/{net.buyer.pk}/picture/"
    client = signed_in(net.chains.cast.owner)
    told = Caller.of(net.chains.cast.owner).get(f"supply-chains/{net.buyer.pk}/picture").body
    for said in (read(client, address), read(client, f"{address}?format=csv"), str(told)):
        assert NARROW in said
        for hidden in (net.ore, net.coal):
            assert hidden.name not in said
            assert hidden.identifier not in said
            assert f"/supply/{hidden.pk}/" not in said
    assert {node["id"] for node in told["nodes"]} == {net.buyer.pk, net.steel.pk, net.cloth.pk, None}
    link = SupplyLink.objects.get(buyer=net.buyer, supplier=net.steel)
    assert f'href="/supply/links/{link.pk}/"' in read(client, address)
    rows = list(csv.DictReader(io.StringIO(read(client, f"{address}?format=csv")[1:])))
    assert {(row["tier"], row["exact"]) for row in rows} == {("1", "1"), ("2", "0")}
    assert {row["exposure"] for row in rows if row["tier"] == "2"} == {"0.1000"}


def test_an_official_opens_what_lies_in_the_territory(net: Net, signed_in: Enter) -> None:
    for part, opens in (("reviewer_CN", True), ("reviewer_3306", False)):
        page = read(signed_in(getattr(net.chains.cast, part)), f"/supply/{net.buyer.pk}/picture/")
        assert f"/supply/{net.steel.pk}/picture/" in page
        assert (f"/supply/{net.ore.pk}/picture/" in page) == opens
    told = Caller.of(net.chains.cast.people["auditor_CN"]).get(f"supply-chains/{net.buyer.pk}/picture").body
    assert net.ore.pk in {node["id"] for node in told["nodes"]}


def test_others_are_told_that_there_is_no_such_page(net: Net, signed_in: Enter) -> None:
    address = f"/supply/{net.buyer.pk}/picture/"
    for part in ("stranger", "reviewer_44", "evaluator", "expert_a", "administrator"):
        person = getattr(net.chains.cast, part)
        assert signed_in(person).get(address).status_code == 404
        assert signed_in(person).get(f"{address}?format=csv").status_code == 404
        assert Caller.of(person).get(f"supply-chains/{net.buyer.pk}/picture").status == 404
    assert Client().get(address).headers["Location"].startswith("/accounts/login/")


def test_another_day_and_nothing_yet(net: Net, signed_in: Enter) -> None:
    client = signed_in(net.chains.cast.reviewer_CN)
    page = read(client, f"/supply/{net.buyer.pk}/picture/?day=2020-01-01")
    assert "The picture appears" in page
    assert "As of 1 Jan 2020" in page
    assert "English 矿" in read(client, f"/supply/{net.buyer.pk}/picture/?day=2999-01-01&tiers=x")
    assert "English 矿" not in read(client, f"/supply/{net.buyer.pk}/picture/?tiers=1")


# ── How much it asks ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("part", ["owner", "reviewer_3306", "reviewer_CN"])
def test_two_thousand_suppliers(net: Net, signed_in: Enter, part: str) -> None:
    firms = Enterprise.objects.bulk_create(EnterpriseFactory.build_batch(2_000))
    Site.objects.bulk_create(SiteFactory.build(enterprise=firm) for firm in firms)
    SupplyLink.objects.bulk_create(
        SupplyLinkFactory.build(
            buyer=net.buyer, declared_by=net.buyer, supplier=firm, spend=Decimal(number % 50)
        )
        for number, firm in enumerate(firms)
    )
    live.fold()
    marks.fold()
    client = signed_in(getattr(net.chains.cast, part))
    for address in (f"/supply/{net.buyer.pk}/picture/", f"/supply/{net.buyer.pk}/tiers/"):
        with CaptureQueriesContext(connection) as asked:
            page = read(client, address)
        if (
            connection.vendor == "sqlite"
        ):  # on PostgreSQL what this transaction did itself is always laid over
            assert len(asked) <= 12, address
        assert "2,002" in page
    page = read(client, f"/supply/{net.buyer.pk}/picture/")
    assert page.count('<tr id="node-') <= chosen.SHOWN + 2
    assert "1,804 more are folded" in page
