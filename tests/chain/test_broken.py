"""What broke in a territory: the page, its figures, and one brief a day to the reviewers."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.chain.actions import alert_buyers
from certification.chain.broken import brief_reviewers, broken_in
from certification.chain.loss import loss_of, losses_of
from certification.delivery.actions import send_mails
from certification.delivery.models import Delivery
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.clock import now
from suppliers.models import Authority, Enterprise
from tests.chain.conftest import Chains

Enter = Callable[[User], Client]
WEEK = dt.timedelta(days=7)


def lost(chains: Chains, name: str = "钢", region: str = "330602") -> Enterprise:
    """A supplier of the buyer's that loses its title; told to the buyers."""
    supplier = chains.supplier("", name=name, region=region)
    chains.link(supplier, spend=Decimal(500), share=Decimal("0.5"))
    chains.suspend(chains.title(supplier.sites.get()))
    alert_buyers()
    return supplier


def shaoxing() -> Authority:
    return Authority.objects.get(code="3306")


def test_the_suppliers_of_the_territory_with_whom_it_touches(chains: Chains) -> None:
    steel = lost(chains)
    lost(chains, "矿", region="440103")
    rows = broken_in(shaoxing(), now() - WEEK)
    assert [row.supplier for row in rows] == [steel]
    assert [alert.cause for alert in rows[0].alerts] == ["suspend"]
    loss = rows[0].loss
    assert (loss.depth.whole.suppliers, loss.spend, loss.titles) == (1, Decimal(500), 0)
    assert len(broken_in(Authority.objects.get(code="CN"), now() - WEEK)) == 2
    assert broken_in(shaoxing(), now() + WEEK) == []


def test_the_loss_of_many_is_that_of_each(chains: Chains) -> None:
    keys = [lost(chains, name).pk for name in "钢布煤"]
    found = losses_of(keys)
    for key in keys:
        one = loss_of(key)
        assert (found[key].spend, found[key].links, found[key].known) == (one.spend, one.links, one.known)
        assert (found[key].hard, found[key].applications) == (one.hard, one.applications)
        assert found[key].depth.whole == one.depth.whole


def test_the_page_is_for_officials_and_asks_the_same_for_many(chains: Chains, signed_in: Enter) -> None:
    client, counts, page = signed_in(chains.cast.reviewer_3306), [], ""
    client.get("/supply/broken/")
    for names in ("钢", "布煤"):
        for name in names:
            lost(chains, name)
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/supply/broken/").content.decode()
        counts.append(len(asked))
        assert all(f"English {name}" in page for name in names)
    assert counts[0] == counts[1]
    assert "CNY\u00a05.00\u00a0million" in page
    assert "Nothing broke" in signed_in(chains.cast.auditor_44).get("/supply/broken/").content.decode()
    assert signed_in(chains.cast.owner).get("/supply/broken/").status_code == 403
    assert signed_in(chains.cast.administrator).get("/supply/broken/").status_code == 403
    assert client.get("/supply/broken/?days=x").status_code == 200
    assert Client().get("/supply/broken/").status_code == 302


def test_reviewers_are_briefed_once_a_day_of_what_is_new(chains: Chains) -> None:
    lost(chains)
    assert brief_reviewers() > 0
    assert brief_reviewers() == 0
    send_mails()
    mail = Delivery.objects.get(addressee=chains.cast.reviewer_3306)
    assert "1 supplier in trouble" in mail.subject
    for words in (
        "English 钢",
        "buyers touched: 1, in tiers: 1",
        "CNY\u00a05.00\u00a0million",
        "/supply/broken/",
    ):
        assert words in mail.text, words
    assert mail.kind == "brief"
    assert not Delivery.objects.filter(kind="brief").exclude(addressee__role="reviewer").exists()
    with time_machine.travel(now() + dt.timedelta(days=1, minutes=1)):
        assert brief_reviewers() == 0
        lost(chains, "布")
        assert brief_reviewers() > 0
        send_mails()
        newest = Delivery.objects.filter(addressee=chains.cast.reviewer_3306).latest("pk")
        assert "English 布" in newest.text
        assert "English 钢" not in newest.text
    assert AuditEntry.objects.filter(verb="brief_reviewers", chain=f"authority:{shaoxing().pk}").count() == 2


def test_where_nothing_broke_nothing_is_written(chains: Chains) -> None:
    chains.link(chains.supplier("current"))
    alert_buyers()
    assert brief_reviewers() == 0


@pytest.mark.parametrize("region", ["330602", "440103"])
def test_a_brief_stays_in_its_territory(chains: Chains, region: str) -> None:
    lost(chains, region=region)
    brief_reviewers()
    send_mails()
    told = set(Delivery.objects.filter(kind="brief").values_list("addressee__username", flat=True))
    assert ("reviewer_3306" in told) == (region == "330602")
    assert "reviewer_CN" in told
