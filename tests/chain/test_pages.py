"""The pages of chains: what they say, with how many questions to the database, and to whom they say nothing."""

import csv
import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.chain.actions import alert_buyers
from certification.chain.models import Alert
from certification.models import Designation
from greenchain.accounts.models import User
from greenchain.clock import now
from suppliers.models import Enterprise, Membership, Site, SupplyLink
from tests.cast import Cast
from tests.chain.conftest import Chains
from tests.factories_suppliers import (
    EnterpriseFactory,
    MembershipFactory,
    SiteFactory,
    SupplyLinkFactory,
)

TOKEN = re.compile(r'(?:csrfmiddlewaretoken" value="|"X-CSRFToken": ")\w+')
Enter = Callable[[User], Client]
MOST_QUERIES = 12
SECRET = "不可见供应商"
"""The name of a supplier that strangers must not read."""
PARTS = ("stranger", "reviewer_44", "auditor_44", "approver_44", "evaluator", "expert_a", "administrator")


def read(client: Client, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200, address
    return b"".join(answer).decode()


def bare(answer: Any, address: str) -> str:
    """What an answer says, but for the address asked and the token that differs each time."""
    return TOKEN.sub("", answer.content.decode()).replace(address, "")


def chain_page(buyer: Enterprise) -> str:
    return f"/supply/{buyer.pk}/"


# ── What is told ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.django_db
def test_a_visitor_reads_what_this_is(client: Client, language: str) -> None:
    page = read(client, "/supply/", language)
    assert "/accounts/login/?next=/supply/" in page
    assert 'action="/register/"' in page


def test_a_member_of_one_enterprise_is_led_to_its_chain(chains: Chains, signed_in: Enter) -> None:
    answer = signed_in(chains.cast.viewer).get("/supply/")
    assert answer.headers["Location"] == chain_page(chains.buyer)


def test_a_member_of_several_chooses(chains: Chains, signed_in: Enter) -> None:
    other = MembershipFactory.create(user=chains.cast.owner, role="viewer").enterprise
    page = read(signed_in(chains.cast.owner), "/supply/")
    assert chain_page(chains.buyer) in page
    assert chain_page(other) in page


def test_a_member_of_none_is_told_the_next_step(cast: Cast, signed_in: Enter) -> None:
    Membership.objects.filter(user=cast.stranger).update(until_on="2025-01-02")
    assert "/enterprises/new/" in read(signed_in(cast.stranger), "/supply/")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_chain_says_states_shares_and_the_rule(chains: Chains, signed_in: Enter, language: str) -> None:
    for life in ("current", "suspended", "revoked", "expired", "surrendered", ""):
        chains.link(chains.supplier(life), spend=Decimal(100), material="棉纱")
    chains.link(chains.supplier("current", "", "current"), spend=Decimal(400))
    alert_buyers()
    page = read(signed_in(chains.cast.owner), chain_page(chains.buyer), language)
    told = [title for title in Designation.objects.all() if f"/register/{title.number}/" in page]
    assert len(told) == Designation.objects.count() - 1  # of two titles at one supplier's the best
    if language == "en":
        for words in ("1 of 7", "10.0\u00a0%</b> by spend", "2 of 3 sites", "The rule.", "What broke"):
            assert words in page, words
        for state in ("green", "partly green", "suspended", "revoked", "expired", "surrendered", "no title"):
            assert f"</svg>{state}</span>" in page, state


def test_without_suppliers_the_next_step_is_told(chains: Chains, signed_in: Enter) -> None:
    assert f"/supply/{chains.buyer.pk}/links/new/" in read(
        signed_in(chains.cast.editor), chain_page(chains.buyer)
    )
    for person in (chains.cast.viewer, chains.cast.reviewer_33):
        page = read(signed_in(person), chain_page(chains.buyer))
        assert "No supplier has been declared yet" in page
        assert "links/new" not in page


def test_officials_see_the_buyers_of_their_territory(chains: Chains, signed_in: Enter) -> None:
    chains.link(chains.supplier("current"), spend=Decimal(3))
    chains.link(chains.supplier(""), spend=Decimal(1))
    ningbo = EnterpriseFactory.create(region_id="330203")
    chains.link(chains.supplier(""), buyer=ningbo)
    without = EnterpriseFactory.create()
    for person, sees_ningbo in (
        (chains.cast.reviewer_3306, False),
        (chains.cast.auditor_33, False),
        (chains.cast.reviewer_CN, True),
    ):
        page = read(signed_in(person), "/supply/")
        assert chains.buyer.name in page
        assert (ningbo.name in page) == sees_ningbo
        assert without.name not in page
    page = read(signed_in(chains.cast.reviewer_3306), "/supply/")
    for words in ("1 of 2", "50.0\u00a0%", "75.0\u00a0%", "CNY\u00a040,000", "CNY\u00a030,000"):
        assert words in page, words


def test_buyers_are_found_by_name_region_and_alerts(chains: Chains, signed_in: Enter) -> None:
    supplier = chains.supplier("suspended")
    chains.link(supplier)
    other = EnterpriseFactory.create(region_id="440103", name="广州买方")
    chains.link(chains.supplier(""), buyer=other)
    alert_buyers()
    client = signed_in(chains.cast.reviewer_CN)
    for query, found in (
        ("q=广州", {other}),
        (f"q={chains.buyer.identifier}", {chains.buyer}),
        ("region=330000", {chains.buyer}),
        ("region=440000&q=买方", {other}),
        ("alerts=open", {chains.buyer}),
        ("region=999999&alerts=bad&page=x", {chains.buyer, other}),
        ("q=nobody", set()),
    ):
        page = read(client, f"/supply/?{query}")
        assert {each for each in (chains.buyer, other) if chain_page(each) in page} == found, query
    assert "No enterprise fits" in read(client, "/supply/?q=nobody")


@pytest.mark.parametrize(
    ("person", "offered", "hidden"),
    [
        ("reviewer_CN", "330000", "330600"),
        ("reviewer_33", "330600", "330203"),
        ("reviewer_3306", "330602", "330203"),
    ],
)
def test_regions_to_choose_are_those_of_the_territory(
    chains: Chains, signed_in: Enter, person: str, offered: str, hidden: str
) -> None:
    page = read(signed_in(getattr(chains.cast, person)), "/supply/")
    assert f'value="{offered}"' in page
    assert f'value="{hidden}"' not in page


def test_suppliers_are_filtered_and_the_totals_stay(chains: Chains, signed_in: Enter) -> None:
    green = chains.link(chains.supplier("current"), material="cotton", confirmed_at=now())
    bare = chains.link(chains.supplier(""), kind="carries")
    gone = chains.link(chains.supplier(""), until_on="2025-02-01")
    client, names = signed_in(chains.cast.owner), {"green": green, "bare": bare, "gone": gone}
    for query, found in (
        ("", {"green", "bare"}),
        ("q=COTT", {"green"}),
        ("state=none", {"bare"}),
        ("kind=carries", {"bare"}),
        ("link=ended", {"gone"}),
        ("link=confirmed", {"green"}),
        ("state=nonsense&link=disputed", set()),
    ):
        page = read(client, f"{chain_page(chains.buyer)}?{query}")
        assert {name for name, row in names.items() if f"/supply/links/{row.pk}/" in page} == found, query
        assert "<b>1 of 2</b>" in page


def test_who_depends_on_it_is_told_to_authorities_and_whom_it_supplies_to_itself(
    chains: Chains, signed_in: Enter
) -> None:
    supplier = MembershipFactory.create(role="owner")
    chains.link(supplier.enterprise)
    elsewhere = EnterpriseFactory.create(region_id="440103")
    chains.link(supplier.enterprise, buyer=elsewhere)
    page = read(signed_in(chains.cast.reviewer_3306), chain_page(supplier.enterprise))
    assert "Who depends on it" in page
    assert chains.buyer.name in page
    assert elsewhere.name not in page
    page = read(signed_in(supplier.user), chain_page(supplier.enterprise))
    assert "Whom you supply" in page
    assert elsewhere.name in page
    assert "<strong>2 links</strong>" in page


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_sheet_holds_what_the_page_shows(chains: Chains, signed_in: Enter) -> None:
    seller = chains.supplier("current", "", name="=HYPERLINK(1)")
    chains.link(seller, material="@SUM(1)", vendor_code="+1", spend=Decimal(10), share=Decimal("0.5"))
    chains.link(seller, kind="carries", declared_by=seller, spend=Decimal(99), material="-2")
    text = read(signed_in(chains.cast.owner), chain_page(chains.buyer) + "?format=csv")
    assert text.startswith("\ufeffsupplier,supplier_en,")
    supplies, carries = sorted(
        csv.DictReader(io.StringIO(text[1:])), key=lambda row: row["kind"], reverse=True
    )
    assert (supplies["supplier"], supplies["material"], supplies["vendor_code"]) == (
        "'=HYPERLINK(1)",
        "'@SUM(1)",
        "'+1",
    )
    assert (supplies["state"], supplies["level"], supplies["green_sites"], supplies["sites"]) == (
        "partly",
        "municipal",
        "1",
        "2",
    )
    assert (supplies["spend_10k_cny"], supplies["share_of_purchases"]) == ("10", "0.5")
    assert (carries["spend_10k_cny"], carries["material"]) == ("", "'-2")
    assert carries["declared_by"] == seller.identifier
    assert not any(
        line.startswith(("=", "+", "-", "@")) for row in (supplies, carries) for line in row.values()
    )
    only = read(signed_in(chains.cast.reviewer_CN), chain_page(chains.buyer) + "?format=csv&kind=carries")
    assert ",99," in only
    assert "@SUM" not in only


# ── Who learns nothing ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("part", PARTS)
def test_others_learn_nothing_of_a_link(chains: Chains, signed_in: Enter, part: str) -> None:
    link = chains.link(chains.supplier("suspended", name=SECRET), spend=Decimal(77), material="secret yarn")
    alert_buyers()
    alert, nobody = Alert.objects.get(cause="suspend"), 10**6
    client = signed_in(getattr(chains.cast, part))
    for hidden, missing in (
        (chain_page(chains.buyer), f"/supply/{nobody}/"),
        (chain_page(chains.buyer) + "?format=csv", f"/supply/{nobody}/?format=csv"),
        (chain_page(chains.buyer) + f"?q={quote(SECRET)}", f"/supply/{nobody}/?q={quote(SECRET)}"),
        (chain_page(link.supplier), f"/supply/{nobody}/"),
        (f"/supply/{chains.buyer.pk}/links/new/", f"/supply/{nobody}/links/new/"),
        (f"/supply/links/{link.pk}/", f"/supply/links/{nobody}/"),
        (f"/supply/links/{link.pk}/edit/", f"/supply/links/{nobody}/edit/"),
    ):
        answers = [client.get(address) for address in (hidden, missing)]
        assert [answer.status_code for answer in answers] == [404, 404], hidden
        assert bare(answers[0], hidden) == bare(answers[1], missing)
    for verb in ("confirm", "dispute", "end"):
        assert client.post(f"/supply/links/{link.pk}/{verb}/", {"reasons": "x"}).status_code == 404
    assert client.post("/alerts/seen/", {"alert": alert.pk}).status_code == 404
    for address in ("/supply/", f"/supply/?q={chains.buyer.name}", "/alerts/", f"/alerts/?q={SECRET}"):
        answer = client.get(address, follow=True)
        assert SECRET not in answer.content.decode().replace(f'value="{SECRET}"', ""), address
        assert chain_page(chains.buyer) not in answer.content.decode(), address
    answer = client.get("/alerts/count/")
    assert answer.status_code in {200, 204}
    assert b"1" not in answer.content
    link.refresh_from_db()
    assert (link.confirmed_at, link.disputed_at, link.until_on) == (None, None, None)


def test_a_visitor_learns_nothing_of_a_link(chains: Chains, client: Client) -> None:
    link = chains.link(chains.supplier("suspended", name=SECRET))
    assert SECRET not in read(client, f"/supply/?q={SECRET}").replace(f'value="{SECRET}"', "")
    for address in (
        chain_page(chains.buyer),
        f"/supply/links/{link.pk}/",
        "/alerts/",
        "/supply/import/",
        "/mails/",
    ):
        answer = client.get(address)
        assert answer.headers["Location"] == f"/accounts/login/?next={address}"
    assert client.get("/alerts/count/").status_code == 204


def test_figures_stay_with_who_declared_them(chains: Chains, signed_in: Enter) -> None:
    supplier = MembershipFactory.create(role="owner")
    ours = chains.link(supplier.enterprise, spend=Decimal(1230), share=Decimal("0.1234"))
    theirs = chains.link(
        supplier.enterprise,
        kind="carries",
        declared_by=supplier.enterprise,
        spend=Decimal(4560),
        share=Decimal("0.4567"),
    )
    told = {ours: ("12.3\u00a0million", "12.3\u00a0%"), theirs: ("45.6\u00a0million", "45.7\u00a0%")}
    for person, sees in (
        (chains.cast.viewer, {ours}),
        (supplier.user, {theirs}),
        (chains.cast.reviewer_3306, {ours, theirs}),
    ):
        client = signed_in(person)
        for link, figures in told.items():
            page = read(client, f"/supply/links/{link.pk}/")
            assert [figure in page for figure in figures] == [link in sees] * 2
    page = read(signed_in(chains.cast.viewer), chain_page(chains.buyer))
    assert "12.3\u00a0million" in page
    assert "45.6" not in page
    assert "45.7" not in page
    page = read(signed_in(supplier.user), chain_page(supplier.enterprise))
    assert "45.7\u00a0%" in page
    assert "12.3" not in page


def test_a_site_in_the_territory_does_not_open_the_chain(chains: Chains, signed_in: Enter) -> None:
    SiteFactory.create(enterprise=chains.buyer, region_id="440103")
    chains.link(chains.supplier("current"))
    assert signed_in(chains.cast.auditor_44).get(chain_page(chains.buyer)).status_code == 404


# ── How much it asks ─────────────────────────────────────────────────────────────────────────────────────


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize(("part", "count"), [("owner", 8), ("reviewer_CN", 8)])
def test_the_chain_asks_as_much_for_three_as_for_one(
    chains: Chains, signed_in: Enter, part: str, count: int
) -> None:
    client, found = signed_in(getattr(chains.cast, part)), []
    client.get("/supply/")  # what a process reads once it keeps
    for _more in range(2):
        chains.link(chains.supplier("suspended", "current"), spend=Decimal(5))
        chains.link(chains.buyer, buyer=chains.supplier())
        alert_buyers()
        found.append(queries(client, chain_page(chains.buyer)))
        chains.link(chains.supplier("revoked"))
    assert found[0] == found[1] <= count


@pytest.mark.parametrize(("part", "count"), [("owner", 8), ("reviewer_3306", 10)])
def test_the_list_of_buyers_asks_as_much_for_three_as_for_one(
    chains: Chains, signed_in: Enter, part: str, count: int
) -> None:
    client, found = signed_in(getattr(chains.cast, part)), []
    chains.link(chains.supplier("suspended"))
    MembershipFactory.create(user=chains.cast.owner)
    client.get("/supply/")  # what a process reads once it keeps
    for _more in range(2):
        alert_buyers()
        found.append(queries(client, "/supply/"))
        for _each in range(2):
            buyer = MembershipFactory.create(user=chains.cast.owner).enterprise
            chains.link(chains.supplier("current", "suspended"), buyer=buyer)
    assert found[0] == found[1] <= count


def test_two_thousand_suppliers(chains: Chains, signed_in: Enter) -> None:
    chains.link(chains.supplier("current"), spend=Decimal(1))
    firms = Enterprise.objects.bulk_create(EnterpriseFactory.build_batch(2_000))
    Site.objects.bulk_create(SiteFactory.build(enterprise=firm) for firm in firms)
    SupplyLink.objects.bulk_create(
        SupplyLinkFactory.build(
            buyer=chains.buyer, declared_by=chains.buyer, supplier=firm, spend=Decimal(number)
        )
        for number, firm in enumerate(firms)
    )
    client, address = signed_in(chains.cast.reviewer_3306), chain_page(chains.buyer)
    assert queries(client, address) <= MOST_QUERIES
    page = read(client, address)
    assert "<b>1 of 2,001</b>" in page
    assert page.count("/supply/links/") == 100
