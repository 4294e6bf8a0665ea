"""What each person wants to be told: thresholds, kinds, watched and muted suppliers, and how by mail."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from certification.chain import choosing
from certification.chain.actions import alert_buyers
from certification.chain.models import Alert, Mute, Watch
from certification.delivery.actions import send_mails
from certification.delivery.models import Delivery
from certification.models import Designation
from greenchain.accounts.models import User
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Enterprise
from tests.api.caller import Caller
from tests.chain.conftest import Chains

Enter = Callable[[User], Client]
MONTH = dt.timedelta(days=30)


class Few:
    """buyer ← big (60 %) ← deep (a tenth: 6 %), tiny (half a per cent: 0.3 %); buyer ← small (2 %)."""

    def __init__(self, chains: Chains) -> None:
        self.chains, self.buyer, self.cast = chains, chains.buyer, chains.cast
        names = {"big": "大", "small": "小", "deep": "深", "tiny": "微"}
        found = {key: chains.supplier("", name=name) for key, name in names.items()}
        self.big, self.small, self.deep, self.tiny = found.values()
        chains.link(self.big, share=Decimal("0.6"))
        chains.link(self.small, share=Decimal("0.02"))
        chains.link(self.deep, self.big, share=Decimal("0.1"))
        chains.link(self.tiny, self.big, share=Decimal("0.005"))
        self.titles = {one: chains.title(one.sites.get()) for one in found.values()}
        alert_buyers()
        Alert.objects.all().delete()

    def lose(self, *suppliers: Enterprise) -> None:
        for one in suppliers:
            self.chains.suspend(self.titles[one])
        alert_buyers()

    def shown(self, person: User | None = None) -> set[int]:
        user = person or self.cast.owner
        return set(Alert.objects.visible_to(user).shown_to(user).values_list("supplier", flat=True))

    def mailed(self, person: User) -> set[Designation]:
        send_mails()
        rows = Delivery.objects.filter(addressee=person, kind="chain").select_related("entry")
        return {Designation.objects.get(pk=row.entry.chain.partition(":")[2]) for row in rows}

    def keys(self, *suppliers: Enterprise) -> set[int]:
        return {one.pk for one in suppliers}


@pytest.fixture
def few(chains: Chains) -> Few:
    return Few(chains)


def test_without_a_choice_everything_is_shown_and_direct_losses_are_mailed(few: Few) -> None:
    few.lose(few.big, few.small, few.deep, few.tiny)
    assert few.shown() == few.keys(few.big, few.small, few.deep)
    assert few.mailed(few.cast.owner) == {few.titles[few.big], few.titles[few.small]}


def test_a_threshold_hides_less_and_is_each_person_s_own(few: Few) -> None:
    choosing.choose(few.buyer, by=few.cast.owner, least="0.1")
    few.lose(few.big, few.small, few.deep)
    assert few.shown() == few.keys(few.big)
    assert few.shown(few.cast.editor) == few.keys(few.big, few.small, few.deep)
    assert few.mailed(few.cast.owner) == {few.titles[few.big]}
    assert few.titles[few.small] in few.mailed(few.cast.editor)


def test_only_the_bands_are_thresholds(few: Few) -> None:
    """A finer one would tell, by what it hides, shares that belong to others."""
    for value in ("0.05", "0.3", "x"):
        with pytest.raises(ValueError, match="is not a valid"):
            choosing.choose(few.buyer, by=few.cast.owner, least=value)
        caller = Caller.of(few.cast.owner)
        assert caller.patch(f"supply-chains/{few.buyer.pk}/alert-choices", {"least": value}).status == 400


def test_kinds_that_are_turned_off_are_not_shown(few: Few) -> None:
    choosing.choose(few.buyer, by=few.cast.owner, lost=False)
    few.lose(few.big)
    few.chains.title(few.chains.supplier("").sites.get())
    assert few.shown() == set()
    assert few.mailed(few.cast.owner) == set()


def test_what_is_watched_is_told_however_little_it_is(few: Few) -> None:
    """So is what comes through it; a viewer who watches gets the mail too."""
    choosing.choose(few.buyer, by=few.cast.viewer, least="0.1")
    choosing.watch(few.buyer, few.big, by=few.cast.viewer)
    few.lose(few.small, few.tiny)
    assert few.shown(few.cast.viewer) == few.keys(few.tiny)
    assert few.mailed(few.cast.viewer) == {few.titles[few.tiny]}
    assert few.mailed(few.cast.owner) == {few.titles[few.small]}
    row = Watch.objects.get()
    choosing.unwatch(row, by=few.cast.viewer)
    assert few.shown(few.cast.viewer) == set()
    verbs = [entry.verb for entry in history(few.cast.viewer)]
    assert verbs[-3:] == ["choose_alerts", "watch_supplier", "unwatch_supplier"]


def test_whom_one_may_not_see_one_may_not_watch(few: Few) -> None:
    """Beyond one's links, in no chain, or unknown: the same words."""
    said = set()
    for one in (few.deep, few.chains.supplier(""), None):
        with pytest.raises(Refused) as no:
            choosing.watch(few.buyer, one, by=few.cast.owner)
        said.add((str(no.value), no.value.code))
    assert len(said) == 1
    caller = Caller.of(few.cast.owner)
    for identifier in (few.deep.identifier, few.chains.supplier("").identifier):
        answer = caller.post("watches/", {"buyer": few.buyer.pk, "supplier": identifier})
        assert (answer.status, answer.body["errors"].keys()) == (400, {"supplier"})


def test_muted_until_a_day(few: Few) -> None:
    few.lose(few.big, few.small)
    alert = Alert.objects.get(supplier=few.small)
    choosing.mute(alert, by=few.cast.owner, until_on=today() + MONTH)
    assert few.shown() == few.keys(few.big)
    assert few.mailed(few.cast.owner) == {few.titles[few.big]}
    assert few.shown(few.cast.editor) == few.keys(few.big, few.small)
    Mute.objects.update(until_on=today() - dt.timedelta(days=1))
    assert few.shown() == few.keys(few.big, few.small)
    for day in (today() - dt.timedelta(days=1), today() + 14 * MONTH):
        with pytest.raises(Refused):
            choosing.mute(alert, by=few.cast.owner, until_on=day)


@pytest.mark.parametrize(("wanted", "way"), [("now", "now"), ("digest", "digest"), ("in_app", "in_app")])
def test_how_it_comes_by_mail_is_chosen_per_buyer(few: Few, wanted: str, way: str) -> None:
    choosing.choose(few.buyer, by=few.cast.owner, mail=wanted)
    few.lose(few.big)
    send_mails()
    assert Delivery.objects.get(addressee=few.cast.owner, kind="chain").way == way


def test_the_pages(few: Few, signed_in: Enter) -> None:
    few.lose(few.big, few.small, few.deep)
    client, alert = signed_in(few.cast.viewer), Alert.objects.get(supplier=few.deep, buyer=few.buyer)
    page = client.get("/alerts/").content.decode()
    for words in ("a direct supplier", "beyond the first tier, 1 to 10", "Mute", "What is shown here"):
        assert words in page, words
    page = client.get(f"/alerts/{alert.pk}/mute/").content.decode()
    assert "Mute a supplier of English 大" in page
    assert "深" not in page
    assert client.post(f"/alerts/{alert.pk}/mute/", {"until_on": "2020-01-01"}).status_code == 409
    assert client.post(f"/alerts/{alert.pk}/mute/", {"until_on": "x"}).status_code == 422
    client.post(f"/alerts/{alert.pk}/mute/", {"until_on": str(today() + MONTH)})
    assert "beyond the first tier" not in client.get("/alerts/").content.decode()
    assert "muted until" in client.get("/alerts/?hidden=yes").content.decode()
    address = f"/supply/{few.buyer.pk}/alerts/"
    page = client.get(address).content.decode()
    assert "a supplier of English 大" in page
    assert "深" not in page
    client.post(f"/alerts/muted/{Mute.objects.get().pk}/end/")
    client.post(f"{address}watch/", {"supplier": few.big.identifier})
    refused = client.post(f"{address}watch/", {"supplier": few.deep.identifier})
    assert refused.status_code == 409
    assert "No supplier of this name" in refused.content.decode()
    assert "English 大" in client.get(address).content.decode()
    client.post(address, {"least": "0.01", "lost": "on", "mail": "digest"})
    choice = choosing.choice_of(few.cast.viewer, few.buyer)
    assert (choice.least, choice.lost, choice.given, choice.mail) == (0.01, True, False, "digest")
    assert client.post(address, {"least": "0.07"}).status_code == 422
    client.post(f"/alerts/watched/{Watch.objects.get().pk}/end/")
    assert not Watch.objects.exists()


def test_nobody_chooses_for_others(few: Few, signed_in: Enter) -> None:
    few.lose(few.big)
    alert = Alert.objects.get(supplier=few.big)
    choosing.mute(alert, by=few.cast.owner, until_on=today())
    row = choosing.watch(few.buyer, few.big, by=few.cast.owner)
    paths = (f"/supply/{few.buyer.pk}/alerts/", f"/alerts/{alert.pk}/mute/")
    for name, status in (("stranger", 404), ("reviewer_3306", 403), ("auditor_44", 404)):
        client = signed_in(getattr(few.cast, name))
        assert {client.get(path).status_code for path in paths} == {status}, name
    for client in (signed_in(few.cast.editor), signed_in(few.cast.stranger)):
        assert client.post(f"/alerts/watched/{row.pk}/end/").status_code == 404
        assert client.post(f"/alerts/muted/{Mute.objects.get().pk}/end/").status_code == 404
    with pytest.raises(NotYours):
        choosing.choose(few.buyer, by=few.cast.reviewer_3306, least="0")


def test_programs_do_the_same(few: Few) -> None:
    few.lose(few.big, few.small)
    caller, alert = Caller.of(few.cast.owner), Alert.objects.get(supplier=few.small)
    answer = caller.post("mutes/", {"alert": alert.pk, "until_on": str(today())})
    assert (answer.status, answer.body["alert"]) == (201, alert.pk)
    rows = caller.get("alerts/").body["results"]
    assert {row["id"]: row["shown"] for row in rows}[alert.pk] is False
    assert [row["id"] for row in caller.get("alerts/?shown=false").body["results"]] == [alert.pk]
    assert caller.post(f"mutes/{answer.body['id']}/end", {}).status == 200
    watched = caller.post("watches/", {"buyer": few.buyer.pk, "supplier": few.big.identifier})
    assert watched.status == 201
    assert caller.get(f"watches/?buyer={few.buyer.pk}").body["results"][0]["supplier"]["id"] == few.big.pk
    assert caller.post(f"watches/{watched.body['id']}/end", {}).status == 200
    told = caller.patch(f"supply-chains/{few.buyer.pk}/alert-choices", {"least": "0.1", "given": False})
    assert told.body == {
        "least": 0.1,
        "lost": True,
        "violation": True,
        "given": False,
        "lifted": True,
        "mail": "",
    }
