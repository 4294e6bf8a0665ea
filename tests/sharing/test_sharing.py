"""Answered once, read by consent alone, gone at once when it is withdrawn, and every look is on record."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.chain.named import Reader
from certification.chain.tiers import depth_of
from certification.chain.told import ways_to, weakest
from certification.tasks import remind_of_days
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.clock import now, stopped_at, today
from greenchain.refusals import NotYours, Refused
from suppliers.invitation.actions import invite
from suppliers.models import Access, AnswerSet, Consent, Enterprise, Invitation
from suppliers.response import board
from suppliers.sharing import actions
from suppliers.sharing.questionnaire import current
from tests.api.caller import Caller
from tests.cast import YEAR, Cast
from tests.factories_suppliers import (
    EnterpriseFactory,
    EvidenceFactory,
    MembershipFactory,
    SupplyLinkFactory,
)

DAY = dt.timedelta(days=1)
THEIRS = 987_654
"""A file in somebody else's vault."""
TYPED: dict[str, Any] = {
    "main_products": "Buttons",
    "people": "120",
    "export": "none",
    "ems": "yes",
    "enms": "no",
    "ohsms": "no",
    "verified": "no",
    "labour": "yes",
    "law": "yes",
    "conduct": "no",
}


@dataclass
class Pair:
    """The cast's enterprise supplies ``buyer``, whose person is ``reader``; the link is agreed."""

    cast: Cast
    buyer: Enterprise
    reader: User

    @property
    def supplier(self) -> Enterprise:
        return self.cast.enterprise

    def consent(self, **given: Any) -> Consent:
        """By the owner; to the buyer, unless said otherwise."""
        return actions.consent(self.supplier, by=self.cast.owner, **{"buyer": self.buyer, **given})

    def answered(self) -> AnswerSet:
        """Every question, confirmed."""
        actions.answer(self.supplier, TYPED, by=self.cast.editor)
        return actions.confirm(self.supplier, by=self.cast.editor)

    def url(self, name: str, *more: int) -> str:
        """Of the buyer's pages about the supplier."""
        return reverse(name, args=[self.buyer.pk, self.supplier.pk, *more])


@pytest.fixture
def pair(cast: Cast) -> Pair:
    membership = MembershipFactory.create()
    SupplyLinkFactory.create(buyer=membership.enterprise, supplier=cast.enterprise, confirmed_at=now())
    return Pair(cast, membership.enterprise, membership.user)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


class TestAnswers:
    """Typed once, figures not at all, confirmed when whole, old after a year."""

    def test_figures_come_from_the_reports(self, pair: Pair) -> None:
        row = pair.answered()
        assert (
            row.confirmed["energy"] == {"value": "900", "year": YEAR, "sites": 1}
            or row.confirmed["energy"]["year"]
        )
        page = browser(pair.cast.owner).get(reverse("questionnaire", args=[pair.supplier.pk]))
        assert 'name="energy"' not in page.content.decode()
        assert 'name="people"' in page.content.decode()
        assert page.context["lacking"] == []

    def test_what_is_lacking_keeps_it_from_being_confirmed(self, pair: Pair) -> None:
        page = reverse("questionnaire", args=[pair.supplier.pk])
        data = {**TYPED, "people": ""}
        answer = browser(pair.cast.editor).post(page, {**data, "act": "confirm"})
        assert answer.status_code == 422
        assert "Buttons" in answer.content.decode()
        assert list(answer.context["form"].errors) == ["people"]
        assert browser(pair.cast.editor).post(page, {**data, "act": "save"}).status_code == 302
        row = AnswerSet.objects.get()
        assert (row.values["main_products"], row.confirmed_at) == ("Buttons", None)
        with pytest.raises(Refused, match="People employed"):
            actions.confirm(pair.supplier, by=pair.cast.editor)
        assert browser(pair.cast.editor).post(page, {**TYPED, "act": "confirm"}).status_code == 302
        row.refresh_from_db()
        assert row.confirmed_at is not None

    @pytest.mark.parametrize(
        ("key", "value"),
        [("people", "-1"), ("people", "many"), ("ems", "perhaps"), ("ems_file", THEIRS), ("nothing", 1)],
    )
    def test_what_is_no_answer_is_refused(self, pair: Pair, key: str, value: object) -> None:
        EvidenceFactory.create(pk=THEIRS, kind="ems_certificate")
        with pytest.raises(Refused):
            actions.answer(pair.supplier, {key: value}, by=pair.cast.owner)
        assert not AnswerSet.objects.exists()

    def test_only_owners_and_editors_answer(self, pair: Pair) -> None:
        for person in (pair.cast.viewer, pair.cast.stranger, pair.cast.auditor_3306, pair.reader):
            with pytest.raises(NotYours):
                actions.answer(pair.supplier, TYPED, by=person)

    def test_buyers_read_what_was_confirmed_last(self, pair: Pair) -> None:
        pair.answered()
        pair.consent(answers=True)
        actions.answer(pair.supplier, {"main_products": "Zips, perhaps"}, by=pair.cast.owner)
        page = browser(pair.reader).get(pair.url("shared-answers")).content.decode()
        assert "Buttons" in page
        assert "Zips" not in page

    def test_after_a_year_its_people_are_asked_once(self, pair: Pair) -> None:
        row = pair.answered()
        with stopped_at(now() + 366 * DAY):
            assert AnswerSet.objects.get().is_stale
            remind_of_days()
            remind_of_days()
            assert AuditEntry.objects.filter(verb="ask_to_confirm").count() == 1
            actions.confirm(pair.supplier, by=pair.cast.owner)
            row.refresh_from_db()
            assert not row.is_stale


class TestConsent:
    """What is open is open to those named alone, from a day until a day, and closed the moment it is withdrawn."""

    def test_a_withdrawal_closes_page_file_sheet_and_count_at_once(self, pair: Pair) -> None:
        pair.answered()
        proof = EvidenceFactory.create(enterprise=pair.supplier, kind="ems_certificate")
        given = pair.consent(answers=True, kinds=["ems_certificate"])
        client, addresses = (
            browser(pair.reader),
            [
                pair.url("shared-answers"),
                pair.url("shared-answers") + "?format=csv",
                pair.url("shared-file", proof.pk),
            ],
        )
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code == 200, address
            answer.getvalue() if answer.streaming else None
        home = pair.url("buyer-supplier")
        assert proof.title in client.get(home).content.decode()
        assert browser(pair.cast.owner).post(reverse("consent-withdraw", args=[given.pk])).status_code == 302
        assert [client.get(address).status_code for address in addresses] == [404, 404, 404]
        assert proof.title not in client.get(home).content.decode()
        rows = board.rows_of(pair.buyer)
        assert [row.stage for row in rows] == ["answered"]

    def test_a_withdrawal_closes_the_api_at_once(self, pair: Pair) -> None:
        pair.answered()
        proof = EvidenceFactory.create(enterprise=pair.supplier, kind="ems_certificate")
        reader, owner = Caller.of(pair.reader), Caller.of(pair.cast.owner)
        profile = f"shared-profiles/{pair.supplier.pk}/"
        given = owner.post(
            "consents/",
            {
                "enterprise": pair.supplier.pk,
                "buyer": pair.buyer.identifier,
                "answers": True,
                "kinds": ["ems_certificate"],
            },
        )
        assert given.status == 201
        told = reader.get(profile).body
        assert told["answers"]["people"] == {"value": "120"}
        assert {file["kind"] for file in told["files"]} == {"ems_certificate"}
        assert reader.get(f"{profile}files/{proof.pk}").status == 200
        assert {row["what"] for row in owner.get("accesses/").body["results"]} == {"answers", "evidence"}
        assert reader.get("accesses/").body["results"] == []
        assert owner.post(f"consents/{given.body['id']}/withdraw", {}).status == 200
        assert reader.get(profile).status == 404
        assert reader.get(f"{profile}files/{proof.pk}").status == 404
        assert reader.get("shared-profiles/").body["results"] == []

    def test_files_of_other_kinds_and_replaced_ones_stay_closed(self, pair: Pair) -> None:
        licence = EvidenceFactory.create(enterprise=pair.supplier, kind="credit_report")
        pair.consent(kinds=["ems_certificate"])
        assert browser(pair.reader).get(pair.url("shared-file", licence.pk)).status_code == 404
        assert browser(pair.reader).get(reverse("evidence-file", args=[licence.pk])).status_code == 404

    def test_strangers_viewers_and_officials(self, pair: Pair) -> None:
        pair.answered()
        pair.consent(answers=True)
        for person, status in (
            (pair.cast.stranger, 404),
            (pair.cast.auditor_44, 404),
            (pair.cast.evaluator, 404),
        ):
            assert browser(person).get(pair.url("shared-answers")).status_code == status
        other = MembershipFactory.create()
        address = reverse("shared-answers", args=[other.enterprise.pk, pair.supplier.pk])
        nobody = reverse("buyer-supplier", args=[other.enterprise.pk, 99_999_999])
        assert browser(other.user).get(address).status_code == 404
        assert browser(other.user).get(nobody).status_code == 404

    def test_all_my_buyers_are_those_who_agreed(self, pair: Pair) -> None:
        pair.answered()
        self_named = MembershipFactory.create()
        SupplyLinkFactory.create(buyer=self_named.enterprise, supplier=pair.supplier)
        pair.consent(buyer=None, answers=True)
        address = reverse("shared-answers", args=[self_named.enterprise.pk, pair.supplier.pk])
        assert browser(self_named.user).get(address).status_code == 404
        assert browser(pair.reader).get(pair.url("shared-answers")).status_code == 200

    def test_it_holds_from_its_first_day_to_its_last(self, pair: Pair) -> None:
        pair.answered()
        pair.consent(answers=True, since_on=today() + DAY, until_on=today() + 2 * DAY)
        found = []
        for days in range(4):
            with stopped_at(now() + days * DAY):
                found.append(AnswerSet.objects.shared_with(pair.reader).exists())
        assert found == [False, True, True, False]

    def test_only_owners_consent_and_once(self, pair: Pair) -> None:
        for person in (
            pair.cast.editor,
            pair.cast.viewer,
            pair.cast.stranger,
            pair.cast.auditor_3306,
            pair.reader,
        ):
            with pytest.raises(NotYours):
                actions.consent(pair.supplier, by=person, buyer=pair.buyer, answers=True)
        given = pair.consent(answers=True)
        for wrong in (
            {"answers": True},
            {},
            {"kinds": ["nothing"]},
            {"buyer": pair.supplier, "answers": True},
        ):
            with pytest.raises(Refused):
                pair.consent(**wrong)
        with pytest.raises(NotYours):
            actions.withdraw(given, by=pair.cast.editor)
        actions.withdraw(given, by=pair.cast.owner)
        with pytest.raises(Refused, match="already"):
            actions.withdraw(given, by=pair.cast.owner)

    def test_who_answered_is_reminded_no_more(self, pair: Pair) -> None:
        Enterprise.objects.filter(pk=pair.supplier.pk).update(claimed_at=now())
        pair.supplier.refresh_from_db()
        row = invite(pair.buyer, by=pair.reader, supplier=pair.supplier, language="en")
        pair.answered()
        assert not Invitation.objects.unsettled().filter(pk=row.pk).exists()


class TestAccess:
    """One row per person, thing and day; the supplier reads it, nobody changes it."""

    def test_every_look_is_noted_once_a_day(self, pair: Pair) -> None:
        pair.answered()
        proof = EvidenceFactory.create(enterprise=pair.supplier, kind="ems_certificate")
        pair.consent(answers=True, kinds=["ems_certificate"])
        client = browser(pair.reader)
        for _look in range(2):
            client.get(pair.url("shared-answers"))
            client.get(pair.url("shared-file", proof.pk)).getvalue()
        found = Access.objects.order_by("pk").values_list("what", "person", "buyer", "evidence")
        person, buyer = pair.reader.pk, pair.buyer.pk
        assert list(found) == [("answers", person, buyer, None), ("evidence", person, buyer, proof.pk)]
        with stopped_at(now() + DAY):
            client.get(pair.url("shared-answers"))
        assert Access.objects.count() == 3
        page = browser(pair.cast.viewer).get(reverse("sharing", args=[pair.supplier.pk])).content.decode()
        assert pair.reader.username in page
        assert proof.title in page
        with pytest.raises(DatabaseError), transaction.atomic():
            Access.objects.update(what="name")


class TestNames:
    """Beyond the first tier a name is read by consent, by that buyer alone, and the reading is noted."""

    @pytest.fixture
    def far(self, pair: Pair) -> Enterprise:
        """Supplies the cast's enterprise, and so stands in the buyer's second tier."""
        far = EnterpriseFactory.create(name="远方矿业", name_en="Faraway Mining")
        SupplyLinkFactory.create(buyer=pair.supplier, supplier=far, share="0.5")
        return far

    def test_a_consent_names_to_its_buyer_only(self, pair: Pair, far: Enterprise) -> None:
        boss = MembershipFactory.create(enterprise=far).user
        other = MembershipFactory.create()
        SupplyLinkFactory.create(buyer=other.enterprise, supplier=pair.supplier)
        assert _names(pair.reader, pair.buyer)[far.pk] is None
        given = actions.consent(far, by=boss, buyer=pair.buyer, named=True)
        assert _names(pair.reader, pair.buyer)[far.pk] == "Faraway Mining"
        assert _names(other.user, other.enterprise)[far.pk] is None
        reader = Reader(pair.reader, depth_of(pair.buyer.pk))
        assert ways_to(reader, far)
        tiers = reverse("supply-tiers", args=[pair.buyer.pk])
        assert "Faraway Mining" in browser(pair.reader).get(tiers).content.decode()
        seen = Access.objects.get()
        assert (seen.what, seen.enterprise, seen.person) == ("name", far, pair.reader)
        actions.withdraw(given, by=boss)
        assert "Faraway Mining" not in browser(pair.reader).get(tiers).content.decode()
        assert not ways_to(Reader(pair.reader, depth_of(pair.buyer.pk)), far)

    def test_it_costs_one_query_however_many_there_are(self, pair: Pair, far: Enterprise) -> None:
        boss = MembershipFactory.create(enterprise=far).user
        actions.consent(far, by=boss, named=True)
        reader = Reader(pair.reader, depth_of(pair.buyer.pk))
        weakest(reader)
        before = _cost(Reader(pair.reader, depth_of(pair.buyer.pk)))
        for _number in range(4):
            SupplyLinkFactory.create(buyer=pair.supplier, supplier=EnterpriseFactory.create(), share="0.01")
        assert _cost(Reader(pair.reader, depth_of(pair.buyer.pk))) == before


def _names(person: User, buyer: Enterprise) -> dict[int, str | None]:
    """Each of the chain by its key: its name where it is told."""
    reader = Reader(person, depth_of(buyer.pk))
    told = {row.key: row.name for row in weakest(reader)}
    keys = reader.depth.network.keys
    return {int(key): told.get(int(key)) for key in keys}


def _cost(reader: Reader) -> int:
    with CaptureQueriesContext(connection) as asked:
        weakest(reader)
    return len(asked)


class TestBoard:
    """How far each is, with as many queries for ten as for one."""

    def test_stages_counts_filter_and_sheet(self, pair: Pair) -> None:
        names = ["alone", "asked", "shared"]
        made = {name: EnterpriseFactory.create(name_en=f"Firm {name}") for name in names}
        for one in made.values():
            SupplyLinkFactory.create(buyer=pair.buyer, supplier=one)
        invite(pair.buyer, by=pair.reader, supplier=made["asked"], contact="a@b.example", language="en")
        invite(pair.buyer, by=pair.reader, name="Unknown & Co", contact="c@d.example", language="en")
        pair.answered()
        pair.consent(answers=True)
        client, address = browser(pair.reader), reverse("responses", args=[pair.buyer.pk])
        page = client.get(address)
        assert {stage.value: count for stage, count in page.context["counts"]} == {
            "shared": 1,
            "invited": 2,
            "not_yet": 2,
        }
        chosen = client.get(address, {"stage": "invited", "q": "firm"}).context["page"].object_list
        assert [row.supplier for row in chosen] == [made["asked"]]
        sheet = client.get(address, {"format": "csv"}).getvalue().decode()
        assert sheet.count("\r\n") == 6
        assert "invited" in sheet
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        for number in range(5):
            one = EnterpriseFactory.create()
            SupplyLinkFactory.create(buyer=pair.buyer, supplier=one)
            invite(pair.buyer, by=pair.reader, supplier=one, contact=f"{number}@b.example", language="en")
        with CaptureQueriesContext(connection) as many:
            client.get(address)
        assert len(many) == len(few) <= 12


def test_the_questions_are_in_three_languages() -> None:
    asked = current()
    for one in (*asked.sections, *asked.questions.values()):
        assert set(one.names) == {"en", "zh-hans", "id"}, one.key
