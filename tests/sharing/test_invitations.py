"""Invitations: a link that lives for a time, proof before power, and no tool for those who would pester."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from certification.letter.actions import send_posts
from certification.models import Post
from certification.tasks import remind_of_days
from greenchain.audit.models import AuditEntry
from greenchain.clock import now, stopped_at, today
from greenchain.refusals import NotYours, Refused
from suppliers.claim.actions import confirm, refuse
from suppliers.enterprise.models import Enterprise
from suppliers.invitation import actions, answering
from suppliers.models import Claim, Invitation, SupplyLink
from suppliers.response import board
from suppliers.supply.actions import import_links
from tests.cast import Cast
from tests.factories_suppliers import EnterpriseFactory, MembershipFactory, SupplyLinkFactory, UserFactory
from tests.papers import pdf
from tests.uscc import uscc

WRITE_TO = "boss@supplier.example"
DAY = dt.timedelta(days=1)


@pytest.fixture
def noted(cast: Cast) -> Enterprise:
    """A declared supplier that nobody acts for here."""
    supplier = EnterpriseFactory.create(name="绍兴纽扣厂", name_en="Shaoxing Buttons")
    SupplyLinkFactory.create(buyer=cast.enterprise, supplier=supplier)
    return supplier


@pytest.fixture
def invitation(cast: Cast, noted: Enterprise) -> Invitation:
    """To the declared supplier, by mail, in English."""
    return actions.invite(cast.enterprise, by=cast.owner, supplier=noted, contact=WRITE_TO, language="en")


def browser(person=None) -> Client:
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


def mailed() -> str:
    """The address in the newest mail."""
    send_posts()
    text = str(mail.outbox[-1].body)
    return re.search(r"(/invitations/[0-9a-f]+/)", text).group(1)


class TestTheLink:
    """It works while it is valid, and is one page for all that does not."""

    def test_the_mail_holds_it_and_the_database_does_not(self, invitation: Invitation) -> None:
        address = mailed()
        message = mail.outbox[-1]
        assert message.to == [WRITE_TO]
        assert "Shaoxing" in message.subject
        assert "/invitations/stop/" in str(message.body)
        secret = address.split("/")[2]
        post = Post.objects.get(contact=WRITE_TO)
        assert secret not in post.text  # nor before it was sent
        assert post.secret == ""
        kept = str(Invitation.objects.filter(pk=invitation.pk).values().get())
        assert secret not in kept
        assert not AuditEntry.objects.filter(body__contains=secret).exists()
        assert not AuditEntry.objects.filter(body__contains=WRITE_TO).exists()

    def test_who_opens_it_reads_who_invites_and_nothing_else(
        self, cast: Cast, invitation: Invitation
    ) -> None:
        answer = browser().get(mailed())
        assert answer.status_code == 200
        assert cast.enterprise.identifier in answer.content.decode()
        assert answer["Referrer-Policy"] == "same-origin"
        invitation.refresh_from_db()
        assert invitation.status == "opened"

    def test_wrong_expired_used_and_cancelled_look_alike(self, cast: Cast, invitation: Invitation) -> None:
        address = mailed()
        wrong = browser().get("/invitations/" + "0" * 64 + "/")
        with stopped_at(now() + 31 * DAY):
            late = browser().get(address)
        actions.cancel(invitation, by=cast.owner)
        gone = browser().get(address)
        texts = {_plain(answer.content) for answer in (wrong, late, gone)}
        assert [answer.status_code for answer in (wrong, late, gone)] == [404, 404, 404]
        assert len(texts) == 1
        assert cast.enterprise.name not in texts.pop()

    def test_sent_again_it_is_the_same_link_and_another_address_gets_another(
        self, cast: Cast, invitation: Invitation
    ) -> None:
        first = mailed()
        with pytest.raises(Refused, match="24 hours"):
            actions.resend(invitation, by=cast.editor)
        with stopped_at(now() + 2 * DAY):
            actions.resend(invitation, by=cast.editor)
            assert mailed() == first
        with stopped_at(now() + 4 * DAY):
            actions.resend(invitation, by=cast.editor, contact="other@supplier.example")
            assert mailed() != first
            assert browser().get(first).status_code == 404


class TestAnswers:
    """Joining links the two; a claim joins once its desk has confirmed."""

    def test_whose_enterprise_it_is_joins_at_once(self, invitation: Invitation, noted: Enterprise) -> None:
        address, boss = mailed(), MembershipFactory.create(enterprise=noted).user
        assert browser(boss).post(address + "join/", {"enterprise": noted.pk}).status_code == 302
        invitation.refresh_from_db()
        assert invitation.status == "accepted"
        assert SupplyLink.objects.get(supplier=noted).confirmed_at is not None
        assert browser(boss).get(address).status_code == 404

    def test_another_enterprise_does_not_fit(self, cast: Cast, invitation: Invitation) -> None:
        other = MembershipFactory.create()
        answer = browser(other.user).post(mailed() + "join/", {"enterprise": other.enterprise.pk})
        assert answer.status_code == 403
        with pytest.raises(Refused, match="another enterprise"):
            answering.accept(invitation, other.enterprise, by=other.user)
        with pytest.raises(NotYours):
            answering.accept(invitation, cast.enterprise, by=cast.stranger)

    def test_a_claim_joins_when_it_is_confirmed(
        self, cast: Cast, invitation: Invitation, noted: Enterprise
    ) -> None:
        fresh, address = UserFactory.create(), mailed()
        page = browser(fresh).get(address + "claim/").content.decode()
        assert noted.identifier in page
        fields = {"scheme": "uscc", "identifier": noted.identifier, "country": "CN", "name": noted.name}
        claim = _claimed(invitation, fresh, **fields)
        invitation.refresh_from_db()
        assert invitation.status == "claimed"
        refuse(claim, by=cast.auditor_3306, reasons="blurred")
        invitation.refresh_from_db()
        assert (invitation.status, invitation.claim) == ("opened", None)
        confirm(_claimed(invitation, fresh, **fields, licence="clearer"), by=cast.auditor_3306)
        invitation.refresh_from_db()
        assert invitation.status == "accepted"
        assert SupplyLink.objects.get(supplier=noted).confirmed_at is not None

    def test_the_claim_is_of_who_was_meant(self, invitation: Invitation) -> None:
        with pytest.raises(Refused, match="is for"):
            _claimed(invitation, UserFactory.create(), scheme="uscc", identifier=uscc(77), name="x")
        assert not Claim.objects.exists()

    @pytest.mark.usefixtures("invitation")
    def test_who_declines_is_left_in_peace(self, cast: Cast, noted: Enterprise) -> None:
        assert browser().post(mailed()).status_code == 302
        again: dict[str, Any] = {
            "by": cast.owner,
            "supplier": noted,
            "contact": "x@y.example",
            "language": "en",
        }
        with pytest.raises(Refused, match="peace"):
            actions.invite(cast.enterprise, **again)
        with stopped_at(now() + 181 * DAY):
            assert actions.invite(cast.enterprise, **again).status == "sent"

    def test_a_stop_link_never_expires_and_stops_this_buyer_only(
        self, cast: Cast, invitation: Invitation
    ) -> None:
        send_posts()
        stop = re.search(r"(/invitations/stop/\S+)", str(mail.outbox[-1].body)).group(1)
        other = SupplyLinkFactory.create(buyer=MembershipFactory.create(user=cast.owner).enterprise)
        with stopped_at(now() + 40 * DAY):
            assert browser().get(stop).status_code == 200
            assert browser().post(stop).status_code == 200
            with pytest.raises(Refused, match="wants no invitations"):
                actions.resend(invitation, by=cast.owner)
            actions.invite(
                other.buyer, by=cast.owner, supplier=other.supplier, contact=WRITE_TO, language="id"
            )
        assert browser().post("/invitations/stop/forged/").status_code == 404

    def test_a_supplier_with_people_gets_a_message_and_answers_here(
        self, cast: Cast, noted: Enterprise
    ) -> None:
        boss = MembershipFactory.create(enterprise=noted).user
        Enterprise.objects.filter(pk=noted.pk).update(claimed_at=now())
        noted.refresh_from_db()
        row = actions.invite(cast.enterprise, by=cast.owner, supplier=noted, contact="", language="en")
        assert not Post.objects.exists()
        assert browser(boss).get(reverse("invitations")).status_code == 200
        assert browser(cast.stranger).post(reverse("invitation-accept", args=[row.pk])).status_code == 404
        assert browser(boss).post(reverse("invitation-accept", args=[row.pk])).status_code == 302
        row.refresh_from_db()
        assert row.status == "accepted"


class TestNoToolForSpam:
    """Roles, daily limits, one reminder a week, none to who has answered."""

    def test_only_owners_and_editors_invite_declared_suppliers(self, cast: Cast, noted: Enterprise) -> None:
        given: dict[str, Any] = {"supplier": noted, "contact": WRITE_TO, "language": "en"}
        for person in (cast.viewer, cast.stranger, cast.auditor_3306):
            with pytest.raises(NotYours):
                actions.invite(cast.enterprise, by=person, **given)
        with pytest.raises(NotYours):
            actions.invite(
                cast.enterprise, by=cast.owner, **{**given, "supplier": EnterpriseFactory.create()}
            )
        actions.invite(cast.enterprise, by=cast.editor, **given)
        with pytest.raises(Refused, match="already"):
            actions.invite(cast.enterprise, by=cast.editor, **given)

    def test_a_day_has_its_measure(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "A_DAY", 2)
        whom = [actions.Whom(name=f"Firm {n}", contact=f"firm{n}@x.example") for n in range(3)]
        done = actions.invite_many(cast.enterprise, whom, by=cast.owner, language="en")
        assert [row.name for row in done.sent] == ["Firm 0", "Firm 1"]
        assert [name for name, _reason in done.refused] == ["Firm 2"]
        with stopped_at(now() + DAY):
            assert actions.invite_many(cast.enterprise, whom[2:], by=cast.owner, language="en").sent

    def test_one_address_gets_few_from_all_together(self, cast: Cast) -> None:
        whom = [actions.Whom(name=f"Firm {n}", contact="one@x.example") for n in range(4)]
        done = actions.invite_many(cast.enterprise, whom, by=cast.owner, language="en")
        assert len(done.sent) == actions.TO_ONE

    def test_reminded_once_a_week_and_by_itself_at_7_and_21_days(
        self, cast: Cast, invitation: Invitation
    ) -> None:
        start, counts = now(), []
        with pytest.raises(Refused, match="One reminder a week"):
            actions.remind(invitation, by=cast.owner)
        for day in (6, 7, 8, 20, 21, 22, 29, 32):
            with stopped_at(start + day * DAY):
                remind_of_days()
                counts.append(AuditEntry.objects.filter(verb="remind_supplier").count())
        assert counts == [0, 1, 1, 1, 2, 2, 2, 2]

    def test_nobody_reminds_who_has_answered(self, cast: Cast, invitation: Invitation) -> None:
        answering.decline(invitation)
        with stopped_at(now() + 8 * DAY):
            remind_of_days()
            with pytest.raises(Refused):
                actions.remind(invitation, by=cast.owner)
        assert not AuditEntry.objects.filter(verb="remind_supplier").exists()


class TestFromASheet:
    """Who is not known on a sheet is invited, and linked with what the sheet said."""

    def test_an_unknown_name_joins_with_its_figures(self, cast: Cast) -> None:
        sheet = (
            "supplier_name,supplier_email,spend,share,material,vendor_code\n"
            "西湖绣品社,stitch@x.example,12.5,10%,lace,V-1\n西湖绣品社,stitch@x.example,3,,thread,V-2\n"
        ).encode()
        outcome = import_links(cast.enterprise, sheet, by=cast.owner)
        assert (outcome.created, outcome.invited) == (0, ["西湖绣品社"])
        assert import_links(cast.enterprise, sheet, by=cast.owner).invited == []
        assert [(one.name, one.contact) for one in board.invitable(cast.enterprise)] == [
            ("西湖绣品社", "stitch@x.example")
        ]
        page = reverse("invite", args=[cast.enterprise.pk])
        form = browser(cast.owner).get(page).context["form"]
        data = {field.html_name: field.value() for field in form if field.value()}
        assert browser(cast.owner).post(page, {**data, "language": "en"}).status_code == 302
        row = Invitation.objects.get()
        assert row.status == "sent"
        boss = MembershipFactory.create()
        answering.accept(row, boss.enterprise, by=boss.user)
        links = SupplyLink.objects.filter(supplier=boss.enterprise).order_by("vendor_code")
        assert [(str(link.spend), link.material) for link in links] == [
            ("12.5000", "lace"),
            ("3.0000", "thread"),
        ]
        assert all(link.declared_by == cast.enterprise and link.confirmed_at for link in links)

    def test_without_an_address_the_row_is_faulty_as_ever(self, cast: Cast) -> None:
        with pytest.raises(Refused):
            import_links(cast.enterprise, "supplier_name\n西湖绣品社\n".encode(), by=cast.owner)
        assert not Invitation.objects.exists()


def _plain(content: bytes) -> str:
    return re.sub(r"nonce-[^\"']+|csrfmiddlewaretoken\S+ value=\S+", "", content.decode()).split("<h1")[1]


def _claimed(invitation: Invitation, person, *, licence: str = "licence", **fields) -> Claim:
    from django.core.files.base import ContentFile  # noqa: PLC0415 - here alone

    invitation.refresh_from_db()
    upload = ContentFile(pdf(licence), name="licence.pdf")
    return answering.join_by_claim(invitation, fields, by=person, licence=upload)


def test_dates(invitation: Invitation) -> None:
    assert invitation.expires_on == today() + 30 * DAY


def test_officials_read_of_their_buyers_invitations_without_secrets(cast: Cast) -> None:
    """A register to be read: those of the buyer's place and above, never a draft, a whole address or a secret."""
    row = actions.invite(
        cast.enterprise, by=cast.owner, name="Button Works", contact="boss@b.example", language="en"
    )
    draft = actions.prepare(cast.enterprise, "Draft Works", [], by=cast.owner)
    late = actions.invite(
        cast.enterprise, by=cast.owner, name="Late Works", contact="l@b.example", language="en"
    )
    Invitation.objects.filter(pk=late.pk).update(expires_on=today() - dt.timedelta(days=1))
    register = "/admin/suppliers/invitation/"
    browser = Client()
    browser.force_login(cast.reviewer_33, backend="django.contrib.auth.backends.ModelBackend")
    listed = browser.get(register).content.decode()
    page = browser.get(f"{register}{row.pk}/change/").content.decode()
    past = browser.get(f"{register}{row.pk}/history/").content.decode()
    assert "Button Works" in listed
    assert "Draft Works" not in listed
    assert "b…@b.example" in page
    for secret in (row.secret, row.nonce, row.digest, "boss@b.example"):
        assert secret not in listed + page + past
    assert browser.get(f"{register}{draft.pk}/change/").status_code == 404
    assert "Button Works" not in browser.get(f"{register}?answer=expired").content.decode()
    assert "Late Works" not in browser.get(f"{register}?answer=waiting").content.decode()
    browser.force_login(cast.auditor_44, backend="django.contrib.auth.backends.ModelBackend")
    assert "Button Works" not in browser.get(register).content.decode()
    assert browser.get(f"{register}{row.pk}/change/").status_code == 404
