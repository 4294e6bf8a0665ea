"""It moves: a supplier's title changes, and every direct buyer is told once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.chain.actions import alert_buyers, see
from certification.chain.causes import BROKEN, VERBS
from certification.chain.models import Alert
from certification.delivery.models import Delivery
from certification.designation import actions as titles
from certification.models import Designation
from certification.tasks import alert as alert_task
from greenchain.accounts.models import User
from greenchain.clock import now, today
from greenchain.refusals import NotYours
from suppliers.models import Enterprise, Level
from tests.cast import Cast
from tests.chain.conftest import YESTERDAY, Chains
from tests.factories_suppliers import MembershipFactory

Enter = Callable[[User], Client]


def standing(chains: Chains, *buyers: Enterprise) -> Designation:
    """A title in force of a supplier of all ``buyers``; what led there has been told."""
    supplier = chains.supplier("")
    for buyer in buyers or (chains.buyer,):
        chains.link(supplier, buyer=buyer, spend=Decimal(500), share=Decimal("0.25"))
    title = chains.title(supplier.sites.get())
    alert_buyers()
    Alert.objects.all().delete()
    return title


def test_the_task_tells_every_direct_buyer_once(chains: Chains) -> None:
    other = MembershipFactory.create(role="owner")
    title = standing(chains, chains.buyer, other.enterprise)
    chains.suspend(title)
    alert_task()
    alert_task()
    found = Alert.objects.order_by("buyer")
    assert {alert.buyer for alert in found} == {chains.buyer, other.enterprise}
    assert {(alert.cause, alert.state, alert.designation, alert.seen_at) for alert in found} == {
        ("suspend", "suspended", title, None)
    }
    mails = Delivery.objects.filter(subject__startswith="Your supplier")
    assert {mail.addressee for mail in mails} == {chains.cast.owner, chains.cast.editor, other.user}
    assert all("/alerts/" in mail.text and title.number in mail.subject for mail in mails)


def test_each_change_is_told_in_its_words(chains: Chains) -> None:
    title = standing(chains)
    chains.suspend(title)
    titles.reinstate(title, by=chains.cast.approver_3306, cured="repaired")
    chains.suspend(title)
    alert_buyers()
    assert [str(alert.what) for alert in Alert.objects.order_by("pk")] == [
        "suspended",
        "reinstated",
        "suspended",
    ]
    assert [alert.state for alert in Alert.objects.order_by("pk")] == ["suspended", "current", "suspended"]
    assert set(BROKEN) < set(VERBS)


@pytest.mark.parametrize(
    "given",
    [
        {"until_on": today() - YESTERDAY},
        {"disputed_at": now()},
        {"since_on": today() + 2 * YESTERDAY},
    ],
)
def test_who_does_not_buy_today_is_not_told(chains: Chains, given: dict[str, Any]) -> None:
    supplier = chains.supplier("")
    chains.link(supplier, **given)
    chains.title(supplier.sites.get(), "suspended")
    assert alert_buyers() == 2
    assert not Alert.objects.exists()


def test_several_links_make_one_alert_and_titles_without_a_subject_none(chains: Chains) -> None:
    supplier = chains.supplier("")
    first = chains.link(supplier)
    chains.link(supplier, kind="carries")
    title = chains.title(supplier.sites.get())
    alert_buyers()
    assert Alert.objects.get().link == first
    Designation.objects.filter(pk=title.pk).update(site=None)
    titles.suspend(title, by=chains.cast.approver_3306, reasons="x", until_on=today() + YESTERDAY)
    alert_buyers()
    assert Alert.objects.count() == 1


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_buyer_reads_what_happened_and_marks_it_seen(chains: Chains, signed_in: Enter) -> None:
    first, second = standing(chains), standing(chains)
    for title in (first, second):
        chains.suspend(title)
    alert_buyers()
    client = signed_in(chains.cast.viewer)
    page = client.get("/alerts/").content.decode()
    for words in (
        "suspended",
        first.number,
        second.number,
        "25.0\u00a0%",
        "CNY\u00a05.00\u00a0million",
        "Mark all",
    ):
        assert words in page, words
    assert client.get("/alerts/count/").content.decode().startswith('<span class="nav-count">2')
    alert = Alert.objects.get(designation=first)
    assert client.post("/alerts/seen/", {"alert": alert.pk}).headers["Location"] == "/alerts/"
    alert.refresh_from_db()
    assert alert.seen_at is not None
    assert first.number not in client.get("/alerts/?seen=no").content.decode()
    client.post("/alerts/seen/")
    assert not Alert.objects.unseen().exists()
    assert client.get("/alerts/count/").content.strip() == b""
    assert "Mark all" not in client.get("/alerts/").content.decode()


def test_officials_look_and_mark_nothing(chains: Chains, signed_in: Enter) -> None:
    chains.suspend(standing(chains))
    alert_buyers()
    client = signed_in(chains.cast.reviewer_3306)
    page = client.get("/alerts/").content.decode()
    assert chains.buyer.name_en in page
    assert "25.0\u00a0%" in page
    assert "Mark" not in page
    assert client.post("/alerts/seen/").status_code == 403
    assert client.post("/alerts/seen/", {"alert": Alert.objects.get().pk}).status_code == 403
    with pytest.raises(NotYours):
        see(Alert.objects.all(), by=chains.cast.auditor_3306)
    assert Alert.objects.unseen().count() == 1
    assert client.get("/alerts/count/").status_code == 204


@pytest.mark.parametrize("key", ["x", "", "9" * 30, "²", "-1"])
def test_what_is_no_alert_is_not_found(cast: Cast, signed_in: Enter, key: str) -> None:
    assert signed_in(cast.owner).post("/alerts/seen/", {"alert": key}).status_code == 404


def test_alerts_are_found(chains: Chains, signed_in: Enter) -> None:
    lost = standing(chains)
    chains.suspend(lost)
    given = chains.supplier("", name="新绿色公司")
    chains.link(given)
    new = chains.title(given.sites.get(), level=Level.PROVINCIAL)
    alert_buyers()
    client = signed_in(chains.cast.owner)
    for query, found in (
        ("", {lost, new}),
        ("q=新绿色", {new}),
        (f"q={lost.number.lower()}", {lost}),
        ("cause=suspend", {lost}),
        ("cause=nonsense&seen=x", {lost, new}),
        ("seen=yes", set()),
        ("seen=no", {lost, new}),
    ):
        page = client.get(f"/alerts/?{query}").content.decode()
        assert {title for title in (lost, new) if f"/register/{title.number}/" in page} == found, query
    assert "No alert fits" in client.get("/alerts/?seen=yes").content.decode()


def test_before_anything_happened_the_page_says_what_it_is_for(cast: Cast, signed_in: Enter) -> None:
    assert "Nothing has happened" in signed_in(cast.owner).get("/alerts/").content.decode()


def test_exposure_is_shown_to_who_declared_it(chains: Chains, signed_in: Enter) -> None:
    supplier = chains.supplier("")
    chains.link(supplier, declared_by=supplier, spend=Decimal(500), share=Decimal("0.25"))
    chains.title(supplier.sites.get())
    alert_buyers()
    assert "25.0" not in signed_in(chains.cast.owner).get("/alerts/").content.decode()
    assert "25.0" in signed_in(chains.cast.reviewer_CN).get("/alerts/").content.decode()


def test_national_officials_see_buyers_abroad(chains: Chains) -> None:
    abroad = Enterprise.objects.create(
        scheme="lei", identifier="5493001KJTIIGC8Y1R12", country="DE", name="Abroad GmbH"
    )
    chains.suspend(standing(chains, abroad))
    alert_buyers()
    seen = {
        name: Alert.objects.visible_to(getattr(chains.cast, name)).count()
        for name in ("reviewer_CN", "reviewer_33", "administrator")
    }
    assert seen == {"reviewer_CN": 1, "reviewer_33": 0, "administrator": 0}


@pytest.mark.parametrize(("part", "count"), [("owner", 11), ("reviewer_3306", 9)])
def test_the_list_asks_as_much_for_three_as_for_one(
    chains: Chains, signed_in: Enter, part: str, count: int
) -> None:
    client, found = signed_in(getattr(chains.cast, part)), []
    client.get("/alerts/")  # what a process reads once it keeps
    for more in (1, 2):
        for _each in range(more):
            chains.suspend(standing_again(chains))
        alert_buyers()
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/alerts/").status_code == 200
        found.append(len(asked))
    assert found[0] == found[1] <= count


def standing_again(chains: Chains) -> Designation:
    supplier = chains.supplier("")
    chains.link(supplier)
    return chains.title(supplier.sites.get())
