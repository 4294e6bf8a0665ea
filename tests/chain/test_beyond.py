"""Alerts beyond the first tier: who is told, how deep, by which way, and what nobody learns who may not."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from django.test import Client

from certification.assessment.guards import is_stale, latest_run
from certification.chain import actions
from certification.chain.above import above
from certification.chain.actions import alert_buyers
from certification.chain.heard import heard
from certification.chain.models import Alert
from certification.delivery.actions import send_mails
from certification.delivery.models import Delivery
from certification.models import Designation
from certification.tasks import recheck, recheck_buyers
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry, Told
from greenchain.clock import today
from suppliers.models import Consent
from suppliers.record import actions as records
from suppliers.supply.network import build
from tests.api.caller import Caller
from tests.chain.conftest import Chains
from tests.factories_suppliers import MembershipFactory

Enter = Callable[[User], Client]
HALF = Decimal("0.5")


class Deep:
    """buyer ← steel (60 %) ← ore (half) ← power (all): 30 % of what the buyer buys passes through ore and power."""

    def __init__(self, chains: Chains) -> None:
        self.chains, self.buyer = chains, chains.buyer
        self.steel = chains.supplier("", name="钢")
        self.ore = chains.supplier("", name="矿", region="440103")
        self.power = chains.supplier("", name="电", region="440103")
        chains.link(self.steel, share=Decimal("0.6"))
        chains.link(self.ore, self.steel, share=HALF)
        chains.link(self.power, self.ore, share=Decimal(1))
        self.title = chains.title(self.power.sites.get())
        self.start()

    def start(self) -> None:
        """Whatever happened so far is told and gone."""
        alert_buyers()
        Alert.objects.all().delete()

    def lose(self, title: Designation | None = None) -> Alert | None:
        """The title is suspended; the buyer's alert of it."""
        self.chains.suspend(title or self.title)
        alert_buyers()
        return Alert.objects.filter(buyer=self.buyer).first()


@pytest.fixture
def deep(chains: Chains) -> Deep:
    return Deep(chains)


def test_a_loss_in_the_third_tier_comes_with_tier_exposure_and_way(deep: Deep) -> None:
    alert = deep.lose()
    assert alert is not None
    assert (alert.tier, alert.link, alert.designation) == (3, None, deep.title)
    assert alert.exposure == pytest.approx(0.3, abs=1e-3)
    assert alert.way == [deep.buyer.pk, deep.steel.pk, deep.ore.pk, deep.power.pk]
    direct = Alert.objects.get(buyer=deep.ore)
    assert (direct.tier, direct.way) == (1, [deep.ore.pk, deep.power.pk])
    assert direct.link is not None


def test_who_has_nobody_here_is_told_of_direct_suppliers_only(deep: Deep) -> None:
    deep.lose()
    assert set(Alert.objects.values_list("buyer", flat=True)) == {deep.buyer.pk, deep.ore.pk}
    MembershipFactory.create(enterprise=deep.steel)
    deep.chains.cast.approver_3306.refresh_from_db()
    Told.objects.filter(follower="alerts", entry__verb="suspend").delete()
    alert_buyers()
    assert Alert.objects.filter(buyer=deep.steel, tier=2).count() == 1


def test_little_exposure_beyond_the_first_tier_is_not_told(deep: Deep) -> None:
    link = deep.ore.buyer_links.get(buyer=deep.steel)
    link.share = Decimal("0.01")
    link.save()
    assert deep.lose() is None
    assert Alert.objects.filter(buyer=deep.ore).exists()


def test_there_is_an_end_to_how_many_are_told(deep: Deep, monkeypatch: pytest.MonkeyPatch) -> None:
    MembershipFactory.create(enterprise=deep.steel)
    monkeypatch.setattr(actions, "MOST", 1)
    deep.lose()
    assert set(Alert.objects.values_list("buyer", "tier")) == {(deep.ore.pk, 1), (deep.steel.pk, 2)}


def test_a_worker_that_dies_half_way_leaves_nothing_and_the_next_one_tells_all(
    deep: Deep, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep.chains.suspend(deep.title)
    write = type(Alert.objects.all()).bulk_create

    def die(self: Any, *given: Any, **named: Any) -> None:
        write(self, *given, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(type(Alert.objects.all()), "bulk_create", die)
        with pytest.raises(KeyboardInterrupt):
            alert_buyers()
    assert not Alert.objects.exists()
    assert (alert_buyers(), alert_buyers()) == (1, 0)
    assert Alert.objects.filter(cause="suspend").count() == 2


class TestViolations:
    """A violation is told when it is confirmed, and when it counts no longer."""

    def enter(self, deep: Deep, match: str) -> Any:
        return records.enter(
            deep.power,
            by=deep.chains.cast.auditor_CN,
            kind="accident_or_violation",
            title="Spill",
            source="court",
            happened_on=today(),
            match=match,
        )

    def told(self, deep: Deep) -> list[str]:
        alert_buyers()
        rows = Alert.objects.filter(buyer=deep.buyer).order_by("pk")
        assert all(row.designation is None for row in rows)
        return [row.cause for row in rows]

    def test_confirmed_at_once(self, deep: Deep) -> None:
        row = self.enter(deep, "confirmed")
        assert self.told(deep) == ["enter"]
        records.refute(row, by=deep.chains.cast.auditor_CN, reasons="somebody else")
        assert self.told(deep) == ["enter", "refute"]

    def test_a_possible_match_is_nobody_s_business_until_it_is_certain(self, deep: Deep) -> None:
        row = self.enter(deep, "possible")
        assert self.told(deep) == []
        records.confirm(row, by=deep.chains.cast.auditor_CN, reasons="same number")
        assert self.told(deep) == ["confirm_record"]
        send_mails()
        mail = Delivery.objects.get(addressee=deep.chains.cast.owner, entry__verb="confirm_record")
        assert "tier 3" in mail.subject
        assert "violation confirmed" in mail.subject

    def test_one_that_is_refuted_before_it_was_certain_never_was(self, deep: Deep) -> None:
        row = self.enter(deep, "possible")
        records.refute(row, by=deep.chains.cast.auditor_CN, reasons="somebody else")
        assert self.told(deep) == []

    def test_clearing_an_accident_ends_nothing_before_its_years_are_over(self, deep: Deep) -> None:
        row = self.enter(deep, "confirmed")
        records.clear(row, by=deep.chains.cast.auditor_CN, cleared_on=today(), reasons="paid")
        assert self.told(deep) == ["enter"]


class TestWhatNobodyLearns:
    """The buyer's people know steel. Neither ore nor power are named to them, anywhere."""

    def secrets(self, deep: Deep) -> list[str]:
        hidden = [deep.ore, deep.power]
        told = [text for one in hidden for text in (one.name, one.name_en, one.identifier)]
        return [*told, deep.title.number]

    def test_not_on_the_page_nor_by_searching(self, deep: Deep, signed_in: Enter) -> None:
        deep.lose()
        client = signed_in(deep.chains.cast.owner)
        page = client.get("/alerts/").content.decode()
        assert "a supplier, 2 tiers beyond English 钢" in page
        assert "a supplier of English 钢" in page
        assert "at least 10 %" in page
        for secret in self.secrets(deep):
            assert secret not in page
            found = client.get("/alerts/", {"q": secret}).content.decode()
            assert "No alert fits" in found, secret
        assert "2 tiers beyond" in client.get("/alerts/?tier=2&cause=suspend").content.decode()
        assert "No alert fits" in client.get("/alerts/?tier=1").content.decode()

    def test_not_by_the_api(self, deep: Deep) -> None:
        alert = deep.lose()
        assert alert is not None
        owner = Caller.of(deep.chains.cast.owner)
        for path in ("alerts/", f"alerts/{alert.pk}/"):
            body = owner.get(path).body
            row = body["results"][0] if "results" in body else body
            assert (row["supplier"], row["designation"], row["link"]) == (None, None, None)
            assert (row["tier"], row["exposure"], row["exact"], row["change"]) == (3, 0.1, False, "lost")
            assert [step["id"] for step in row["way"]] == [deep.buyer.pk, deep.steel.pk, None, None]
            assert all(secret not in str(body) for secret in self.secrets(deep))
        assert owner.get(f"alerts/?supplier={deep.power.pk}").body["results"] == []

    def test_not_in_the_mail(self, deep: Deep) -> None:
        deep.lose()
        send_mails()
        mail = Delivery.objects.get(addressee=deep.chains.cast.owner, entry__verb="suspend")
        assert mail.subject == "Your supply chain, tier 3: a supplier, 2 tiers beyond English 钢, suspended"
        assert "at least 10 %" in mail.text
        assert all(secret not in mail.subject + mail.text for secret in self.secrets(deep))

    def test_nor_with_a_link_that_belongs_to_somebody_else(self, deep: Deep) -> None:
        alert = deep.lose()
        assert alert is not None
        for name, last in (
            ("reviewer_CN", "English 电"),
            ("reviewer_3306", "a supplier of English 矿"),  # steel buys in Shaoxing, ore does not
        ):
            found, _hearer = heard(getattr(deep.chains.cast, name), [alert])
            assert (found[0].name, found[0].exact) == (last, True), name

    def test_but_who_consents_is_named_and_sees_who_read_it(self, deep: Deep, signed_in: Enter) -> None:
        Consent.objects.create(enterprise=deep.power, named=True, given_by=deep.chains.cast.owner)
        deep.lose()
        page = signed_in(deep.chains.cast.owner).get("/alerts/").content.decode()
        assert "English 电" in page
        assert deep.title.number in page
        assert "English 矿" not in page
        assert deep.power.accesses.filter(buyer=deep.buyer, what="name").exists()
        send_mails()
        mail = Delivery.objects.get(addressee=deep.chains.cast.owner, entry__verb="suspend")
        assert "电" not in mail.text  # a mail outlives a consent

    def test_a_small_exposure_comes_by_no_mail(self, deep: Deep) -> None:
        link = deep.ore.buyer_links.get(buyer=deep.steel)
        link.share = Decimal("0.1")
        link.save()
        assert deep.lose() is not None
        send_mails()
        assert not Delivery.objects.filter(addressee=deep.chains.cast.owner, entry__verb="suspend").exists()


def test_the_direct_buyer_s_open_case_counts_anew(deep: Deep) -> None:
    """The check of supplier figures reads the direct suppliers: it is stale at once and fresh after the task."""
    cast = deep.chains.cast
    steel = deep.chains.title(deep.steel.sites.get())
    case = cast.examined()
    case.site, case.enterprise = None, deep.buyer
    case.save()
    recheck(case.pk)
    before = latest_run(case)
    assert before is not None
    assert not is_stale(type(case).objects.get(pk=case.pk))
    deep.chains.suspend(steel)
    assert is_stale(type(case).objects.get(pk=case.pk))
    recheck_buyers(AuditEntry.objects.filter(verb="suspend").latest("pk").pk)
    recheck(case.pk)
    after = latest_run(case)
    assert after is not None
    assert after.number == before.number + 1


def test_the_ways_of_many_are_those_of_each() -> None:
    """Against a search by hand: each way is a way of links, as long as its tier, and carries most of the exposure."""
    dice = np.random.default_rng(7)
    pairs = np.unique(dice.integers(0, 60, size=(240, 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    network = build(pairs, dice.random(len(pairs)).astype(np.float16))
    links = {tuple(pair) for pair in pairs.tolist()}
    for supplier in range(0, 60, 7):
        found = above(network, supplier, tiers=30, least=0.0, always=np.zeros(0, dtype=np.int64))
        assert dict(zip(found.keys.tolist(), found.tiers.tolist(), strict=True)) == network.downstream(
            supplier
        )
        for tier, way in zip(found.tiers.tolist(), found.ways.tolist(), strict=True):
            steps = [key for place, key in enumerate(way) if place <= tier]
            assert steps[-1] == supplier
            assert not any(way[tier + 1 :])
            assert all(step in links for step in pairwise(steps))


def test_who_is_always_told_is_told_however_little_it_is() -> None:
    network = build(np.array([[1, 2], [2, 3], [9, 8]]), np.array([0.01, 0.01, 1.0]))
    nobody = np.zeros(0, dtype=np.int64)
    assert above(network, 3, tiers=30, least=0.01, always=nobody).keys.tolist() == [2]
    assert above(network, 3, tiers=30, least=0.01, always=np.array([1, 9, 77])).keys.tolist() == [2, 1]
