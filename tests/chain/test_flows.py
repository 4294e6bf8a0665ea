"""Who depends on whom in a territory: against a plain reckoning, as of a day, and for its officials alone."""

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from certification.chain import marks
from certification.chain.marks import CODES
from certification.chain.status import State
from certification.chain.territory.flows import Flow, Links, flows, links_of, tiers_above, totals
from certification.chain.territory.matrix import LARGEST, OTHERS, matrix
from certification.chain.territory.scope import INDUSTRY, REGION, Scope
from certification.chain.territory.weak import weakest
from greenchain.accounts.models import User
from greenchain.clock import now, today
from suppliers.models import Authority, Enterprise, Industry, Region, SupplyLink
from suppliers.supply import dated, live, places
from suppliers.supply.network import build
from suppliers.supply.places import Places
from tests.api.caller import Caller
from tests.chain.conftest import Chains, read
from tests.chain.test_tiers import Net
from tests.factories_suppliers import EnterpriseFactory, SupplyLinkFactory

Enter = Callable[[User], Client]
NATION, SHAOXING = "CN", "3306"


def at(code: str, region: str | None = None, industry: str | None = None) -> Scope:
    place = Region.objects.get(pk=region) if region else None
    division = Industry.objects.get(pk=industry) if industry else None
    return Scope(Authority.objects.get(code=code), place, division)


@pytest.fixture
def net(chains: Chains) -> Net:
    """Steel and cloth are in Shaoxing and buy or sell there; ore and coal are in Guangzhou."""
    found = Net(chains)
    for division, kind in (("06", "0610"), ("31", "3110")):
        Industry.objects.create(code=division, kind=Industry.Kind.DIVISION, name_zh=division)
        Industry.objects.create(code=kind, kind=Industry.Kind.CLASS, name_zh=kind, parent_id=division)
    Enterprise.objects.filter(pk__in=[found.ore.pk, found.coal.pk]).update(industry="0610")
    Enterprise.objects.filter(pk=found.steel.pk).update(industry="3110")
    return found


def told(scope: Scope, by: str = REGION, day: dt.date | None = None) -> dict[tuple[int, int], Flow]:
    links = links_of(scope, day or today())
    found = flows(links, scope.groups(links.where, links.size, by))
    return {(flow.buyer, flow.supplier): flow for flow in found}


# ── Against a plain reckoning ────────────────────────────────────────────────────────────────────────────

ENTERPRISES = 12
ends = st.integers(0, ENTERPRISES - 1)
links = st.lists(st.tuples(ends, ends, st.one_of(st.none(), st.integers(0, 1000))), max_size=60)
codes = st.lists(st.sampled_from([0, 13, 17, 31]), min_size=ENTERPRISES, max_size=ENTERPRISES)
states = st.lists(st.booleans(), min_size=ENTERPRISES, max_size=ENTERPRISES)


@given(links, codes, states)
@pytest.mark.once
def test_sums_are_those_of_a_plain_reckoning(
    rows: list[tuple[int, int, int | None]], industry: list[int], green: list[bool]
) -> None:
    found = _links(rows, industry, green)
    plain: Counter[tuple[int, int, str]] = Counter()
    for buyer, supplier, spend in rows:
        pair = (industry[buyer], industry[supplier])
        plain[*pair, "links"] += 1
        plain[*pair, "green"] += green[supplier]
        plain[*pair, "spend"] += spend or 0
        plain[*pair, "green_spend"] += (spend or 0) * green[supplier]
    told = flows(found, np.array(industry, dtype=np.int32))
    assert {
        (flow.buyer, flow.supplier, name): getattr(flow, name)
        for flow in told
        for name in ("links", "green", "spend", "green_spend")
    } == {
        (*pair, name): plain[*pair, name]
        for pair in {(industry[buyer], industry[supplier]) for buyer, supplier, _spend in rows}
        for name in ("links", "green", "spend", "green_spend")
    }
    whole, suppliers = totals(found), {supplier for _buyer, supplier, _spend in rows}
    assert (whole.buyers, whole.suppliers) == (len({row[0] for row in rows}), len(suppliers))
    assert whole.green == sum(green[supplier] for supplier in suppliers)
    assert whole.spend == sum(spend or 0 for *_ends, spend in rows)
    table = matrix(told)
    assert sum(cell.links for _code, cells in table.rows for cell in cells) == len(rows)


@given(links, codes, states)
@pytest.mark.once
def test_tiers_are_those_of_a_plain_search(
    rows: list[tuple[int, int, int | None]], industry: list[int], green: list[bool]
) -> None:
    pairs = [(buyer, supplier) for buyer, supplier, _spend in rows]
    reached: set[int] = set()
    frontier, sizes = {buyer for buyer, _supplier in pairs}, []
    while frontier:
        fresh = {supplier for buyer, supplier in pairs if buyer in frontier} - reached
        reached |= fresh
        frontier = fresh
        if fresh:
            sizes.append((len(fresh), sum(green[each] for each in fresh)))
    found = tiers_above(_links(rows, industry, green), build(pairs))
    assert [(one.suppliers, one.green) for one in found] == sizes[:6]


def _links(rows: list[tuple[int, int, int | None]], industry: list[int], green: list[bool]) -> Links:
    keys = np.arange(ENTERPRISES)
    columns = [np.array([row[side] for row in rows], dtype=np.int32) for side in (0, 1)]
    zeros = np.zeros(ENTERPRISES, dtype=np.int32)
    return Links(
        day=today(),
        buyer=columns[0],
        supplier=columns[1],
        spend=np.array([row[2] or 0 for row in rows], dtype=np.float64),
        known=sum(row[2] is not None for row in rows),
        where=Places(keys, zeros, np.array(industry, dtype=np.int32)),
        state=np.array([CODES[State.GREEN if each else State.NONE] for each in green], dtype=np.uint8),
        against=zeros.astype(np.uint8),
    )


def test_small_groups_stand_together() -> None:
    many = [Flow(code, 100 + code, links=code, green=0, spend=0.0, green_spend=0.0) for code in range(1, 21)]
    table = matrix(many)
    assert len(table.suppliers) == len(table.rows) == LARGEST + 1
    assert table.suppliers[-1] == OTHERS
    assert sum(cell.links for _code, cells in table.rows for cell in cells) == sum(range(1, 21))
    assert table.rows[-1][1][-1].links == sum(range(1, 21 - LARGEST))
    assert table.rows[-1][1][-1].shade == 4
    assert table.rows[0][1][0].green_share == 0


# ── By hand ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.usefixtures("net")
def test_regions_of_a_nation_a_city_and_a_part(*, folded: bool) -> None:
    if folded:
        fold()
    nation = told(at(NATION))
    assert set(nation) == {(330000, 330000), (330000, 440000), (440000, 330000)}
    home = nation[330000, 330000]
    assert (home.links, home.green, home.spend, home.green_spend) == (2, 1, 100, 60)
    assert home.green_spend_share == 0.6
    away = nation[330000, 440000]
    assert (away.links, away.green, away.spend, away.green_spend_share) == (2, 1, 0, None)
    city = told(at(SHAOXING))
    assert (330602, 330602) in city
    assert {supplier for _buyer, supplier in city} == {330602, 440000}
    assert all(buyer // 100 == 3306 for buyer, _supplier in city)
    assert set(told(at(NATION, region="440000"))) == {(440100, 330000)}
    assert set(told(at(SHAOXING, region="330602"))) == set(city)


def test_industries_and_the_buyers_of_one(net: Net) -> None:
    found = told(at(NATION), INDUSTRY)
    assert net.buyer.industry_id == "1751"
    assert found[31, 6].links == 2
    assert found[17, 31].spend == 60
    assert set(told(at(NATION, industry="31"), INDUSTRY)) == {(31, 6)}


def test_another_day_has_its_own_links_and_titles(net: Net) -> None:
    past = today() - dt.timedelta(days=100)
    SupplyLink.objects.filter(supplier=net.cloth).update(since_on=past + dt.timedelta(days=1))
    SupplyLink.objects.filter(supplier=net.steel).update(until_on=today() - dt.timedelta(days=1))
    SupplyLink.objects.filter(supplier=net.coal).update(disputed_at=now())
    for fresh in (True, False):
        before = told(at(NATION), day=past)
        assert {pair: (flow.links, flow.green) for pair, flow in before.items()} == {
            (330000, 330000): (1, 0),  # steel, whose title was not there yet
            (330000, 440000): (2, 0),
            (440000, 330000): (1, 0),
        }
        assert told(at(NATION))[330000, 330000].links == 1
        assert told(at(NATION))[330000, 440000].links == 1  # the disputed one is gone
        if fresh:
            fold()


@pytest.mark.parametrize("folded", [False, True])
def test_what_changed_since_counts_at_once(net: Net, *, folded: bool) -> None:
    if folded:
        fold()
    Enterprise.objects.filter(pk=net.ore.pk).update(region="330203")
    assert (330000, 330000) in told(at(NATION))
    assert told(at(NATION))[330000, 330000].links == 4
    fresh = EnterpriseFactory.create(region_id="440103")
    net.chains.link(fresh, spend=Decimal(5))
    assert told(at(SHAOXING))[330602, 440000].spend == 5
    SupplyLink.objects.filter(supplier=fresh).delete()
    assert told(at(NATION))[330000, 440000].links == 1


@pytest.mark.django_db(transaction=True)
def test_a_process_keeps_what_nothing_changed(chains: Chains) -> None:
    net = Net(chains)
    assert dated.dated() is dated.dated()
    assert places.places() is places.places()
    assert not dated.fold_if_due()
    assert not places.fold_if_due()
    net.chains.link(net.coal, spend=Decimal(7))
    assert told(at(NATION))[330000, 440000].spend == 7


def test_the_weakest_first_with_whom_they_alone_supply(net: Net) -> None:
    other = EnterpriseFactory.create(region_id="330602")
    net.chains.link(net.ore, other, spend=Decimal(500))
    found = weakest(links_of(at(NATION), today()))
    assert [(one.supplier.pk, one.state, one.buyers, one.spend) for one in found[:2]] == [
        (net.ore.pk, State.SUSPENDED, 2, 500),
        (net.cloth.pk, State.NONE, 1, 40),
    ]
    assert found[0].sole == 1  # steel has coal of the same division; the other buyer has nobody else
    assert net.coal.pk not in {one.supplier.pk for one in found}


def fold() -> None:
    live.fold()
    marks.fold()
    dated.fold_if_due()
    places.fold_if_due()


# ── Who may read it ──────────────────────────────────────────────────────────────────────────────────────


def test_the_page_tells_flows_tiers_and_weak_links(net: Net, signed_in: Enter) -> None:
    page = read(signed_in(net.chains.cast.reviewer_CN), "/supply/flows/")
    for words in ("Zhejiang", "Guangdong", "60.0\u00a0%", "2 of 5", "English 布", "Read for China"):
        assert words in page, words
    page = read(signed_in(net.chains.cast.reviewer_3306), "/supply/flows/?by=industry&industry=31")
    assert "31" in page
    assert "English 矿" in page
    page = read(signed_in(net.chains.cast.reviewer_3306), "/supply/flows/?day=2020-01-01&region=440000&by=x")
    assert "No enterprise here has declared suppliers" in page


def test_a_city_reads_of_its_own_buyers_only(net: Net, signed_in: Enter) -> None:
    secret = EnterpriseFactory.create(name="外省供应商", name_en="Secret", region_id="440103")
    net.chains.link(secret, buyer=net.coal, spend=Decimal(99999))
    client = signed_in(net.chains.cast.reviewer_3306)
    for query in ("", "?region=440000", "?format=weak", "?format=csv&region=440000"):
        assert "Secret" not in read(client, f"/supply/flows/{query}")
        assert "99999" not in read(client, f"/supply/flows/{query}")
    told = Caller.of(net.chains.cast.people["auditor_3306"]).get("supply-flows/", region="440000").body
    assert secret.pk not in {row["supplier"]["id"] for row in told["weakest"]}
    assert "Secret" in read(signed_in(net.chains.cast.reviewer_CN), "/supply/flows/")


def test_the_sheets_and_the_api_say_the_same(net: Net, signed_in: Enter) -> None:
    client = signed_in(net.chains.cast.reviewer_CN)
    rows = list(csv.DictReader(io.StringIO(read(client, "/supply/flows/?format=csv")[1:])))
    assert [
        (row["buyers_code"], row["suppliers_code"], row["links"], row["spend_10k_cny"]) for row in rows
    ] == [
        ("330000", "330000", "2", "100.00"),
        ("330000", "440000", "2", "0.00"),
        ("440000", "330000", "1", "0.00"),
    ]
    weak = list(csv.DictReader(io.StringIO(read(client, "/supply/flows/?format=weak")[1:])))
    assert weak[0]["identifier"] == net.cloth.identifier
    told = Caller.of(net.chains.cast.people["auditor_CN"]).get("supply-flows/").body
    assert [(row["buyer"], row["supplier"], row["links"]) for row in told["flows"]] == [
        (330000, 330000, 2),
        (330000, 440000, 2),
        (440000, 330000, 1),
    ]
    assert told["totals"]["green_by_spend"] == 0.6
    assert [row["tier"] for row in told["tiers"]] == [1]


def test_others_are_told_that_there_is_no_such_page(net: Net, signed_in: Enter) -> None:
    for part in ("owner", "stranger", "evaluator", "expert_a", "administrator"):
        person = getattr(net.chains.cast, part)
        assert signed_in(person).get("/supply/flows/").status_code == 404
        assert Caller.of(person).get("supply-flows/").status == 404
    assert Client().get("/supply/flows/").headers["Location"].startswith("/accounts/login/")


def test_the_admin_leads_there(net: Net, signed_in: Enter) -> None:
    client = signed_in(net.chains.cast.reviewer_3306)
    assert 'href="/supply/flows/"' in read(client, "/admin/")
    register = read(client, f"/admin/suppliers/enterprise/{net.buyer.pk}/change/")
    assert f'href="/supply/?q={net.buyer.identifier}"' in register
    assert f"/supply/{net.buyer.pk}/" in read(client, f"/supply/?q={net.buyer.identifier}")
    owner = signed_in(net.chains.cast.owner)
    assert f'href="/supply/{net.buyer.pk}/"' in read(owner, f"/enterprises/{net.buyer.pk}/")


@pytest.mark.parametrize("part", ["reviewer_3306", "reviewer_CN"])
def test_the_page_asks_the_same_however_many_there_are(net: Net, signed_in: Enter, part: str) -> None:
    client, counts = signed_in(getattr(net.chains.cast, part)), []
    for more in (5, 300):
        firms = Enterprise.objects.bulk_create(EnterpriseFactory.build_batch(more))
        SupplyLink.objects.bulk_create(
            SupplyLinkFactory.build(buyer=net.buyer, declared_by=net.buyer, supplier=firm, spend=Decimal(3))
            for firm in firms
        )
        with CaptureQueriesContext(connection) as asked:
            read(client, "/supply/flows/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
