"""The pages of tiers, losses and ways: what they say, and to whom they say nothing."""

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.chain import marks
from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.supply import live
from tests.chain.conftest import Chains, read
from tests.chain.test_pages import TOKEN
from tests.chain.test_tiers import Net

Enter = Callable[[User], Client]
PAGES = ("tiers", "loss", "paths")


@pytest.fixture
def net(chains: Chains) -> Net:
    return Net(chains)


def bare(page: str, asked: str) -> str:
    """A page without what was asked and the token that differs each time."""
    return TOKEN.sub("", page).replace(asked, "")


def test_a_member_reads_figures_and_no_names_beyond_its_links(net: Net, signed_in: Enter) -> None:
    page = read(signed_in(net.chains.cast.owner), f"/supply/{net.buyer.pk}/tiers/")
    for words in (
        "Tier 2",
        "60.0\u00a0%",
        "English 布",
        "a supplier of English 钢",
        "at least 10 %",
        "comes back",
    ):
        assert words in page, words
    for secret in ("English 矿", "矿", net.ore.identifier):
        assert secret not in page


def test_an_official_reads_names_by_authority(net: Net, signed_in: Enter) -> None:
    net.chains.link(net.coal, material="煤炭")
    page = read(signed_in(net.chains.cast.reviewer_CN), f"/supply/{net.buyer.pk}/tiers/")
    for words in (
        "English 矿",
        "the 2 weakest links",
        "100.0\u00a0%",
        "Single sources",
        "煤炭",
        "30.0\u00a0%",
        "English 钢 → English 矿",
    ):
        assert words in page, words


def test_the_sheet_has_a_row_per_tier(net: Net, signed_in: Enter) -> None:
    client = signed_in(net.chains.cast.owner)
    rows = list(csv.DictReader(io.StringIO(read(client, f"/supply/{net.buyer.pk}/tiers/?format=csv")[1:])))
    assert [(row["tier"], row["suppliers"], row["green"]) for row in rows] == [
        ("1", "2", "1"),
        ("2", "2", "1"),
        ("0", "4", "2"),
    ]
    assert [row["green_by_spend"] for row in rows] == ["0.600", "", ""]
    only = list(
        csv.DictReader(io.StringIO(read(client, f"/supply/{net.buyer.pk}/tiers/?format=csv&tiers=1")[1:]))
    )
    assert len(only) == 2


def test_the_tiers_of_another_day(net: Net, signed_in: Enter) -> None:
    client = signed_in(net.chains.cast.reviewer_CN)
    assert "The tiers appear" in read(client, f"/supply/{net.buyer.pk}/tiers/?day=2020-01-01")
    for day in (today(), "2999-01-01", "nonsense"):
        assert "Tier 2" in read(client, f"/supply/{net.buyer.pk}/tiers/?day={day}&tiers=x")


def test_the_loss_is_told_with_spend_to_the_authorities_only(net: Net, signed_in: Enter) -> None:
    address = f"/supply/{net.steel.pk}/loss/"
    page = read(signed_in(net.chains.cast.reviewer_CN), address)
    assert "CNY\u00a0600,000" in page
    assert "60.0\u00a0%" in page
    page = read(signed_in(net.chains.cast.owner), f"/supply/{net.buyer.pk}/loss/")
    assert "CNY" not in page
    assert "a customer of English 矿" in page
    assert "Nobody depends" in read(
        signed_in(net.chains.cast.reviewer_CN), f"/supply/{net.chains.supplier('').pk}/loss/"
    )


def test_ways_are_told_to_those_who_see_them(net: Net, signed_in: Enter) -> None:
    address = f"/supply/{net.buyer.pk}/paths/"
    official, owner = signed_in(net.chains.cast.reviewer_CN), signed_in(net.chains.cast.owner)
    assert "English 钢 → English 矿" in read(official, f"{address}?to={net.ore.identifier}")
    hidden, nowhere = (read(owner, f"{address}?to={key}") for key in (net.ore.identifier, "nobody"))
    assert "No way is known" in hidden
    assert bare(hidden, net.ore.identifier) == bare(nowhere, "nobody")
    assert "→ English 钢" in read(owner, f"{address}?to={net.steel.name}")
    assert "No way" not in read(owner, address)


@pytest.mark.parametrize("page", PAGES)
def test_others_are_told_that_there_is_no_such_page(net: Net, signed_in: Enter, page: str) -> None:
    address = f"/supply/{net.buyer.pk}/{page}/"
    for part in ("stranger", "reviewer_44", "evaluator", "expert_a", "administrator"):
        assert signed_in(getattr(net.chains.cast, part)).get(address).status_code == 404
    assert Client().get(address).headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("part", ["owner", "reviewer_3306", "reviewer_CN"])
def test_the_pages_ask_the_same_however_many_there_are(net: Net, signed_in: Enter, part: str) -> None:
    client, counts = signed_in(getattr(net.chains.cast, part)), []
    for more in (1, 3):
        net.chains.many(more)
        live.fold()
        marks.fold()
        asked = []
        for page in ("tiers/", "loss/", f"paths/?to={net.steel.identifier}"):
            with CaptureQueriesContext(connection) as found:
                assert client.get(f"/supply/{net.buyer.pk}/{page}").status_code == 200
            asked.append(len(found))
        counts.append(asked)
    assert counts[0] == counts[1]
    if connection.vendor == "sqlite":  # on PostgreSQL what this transaction did itself is always laid over
        assert max(counts[0]) <= 12, counts
