"""Complaints by real name: what counts, who answers, who learns what."""

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from certification.complaint.actions import (
    ask_holder,
    complain,
    confirm_complaint,
    decide,
    reply_complaint,
    take_up,
    withdraw_complaint,
)
from certification.delivery.actions import send_mails
from certification.letter.actions import ASKED, send_posts
from certification.letter.models import Letter, Post
from certification.models import Body, Complaint, Delivery, Designation
from greenchain.accounts.models import Role, User
from greenchain.audit.models import AuditEntry
from greenchain.clock import now, today, working_days_after, working_days_between
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller
from tests.cast import Cast
from tests.factories_suppliers import UserFactory
from tests.papers import pdf

pytestmark = pytest.mark.django_db

SAID = {"name": "Zhang Sanfeng", "contact": "zhang@example.org", "statement": "The meters are turned back."}
SECRETS = ("Zhang Sanfeng", "zhang@example.org", "turned back")


@pytest.fixture
def title(cast: Cast) -> Designation:
    """A title of Shaoxing's; auditor_3306 and approver_3306 took part, their colleagues did not."""
    return cast.granted()


@pytest.fixture
def body(cast: Cast) -> Body:
    """A registered body, with its evaluator."""
    made = Body.objects.create(
        identifier="91330100MA0TEST01",
        name="Green Source",
        legal_representative="Qian Duo",
        registered_on=dt.date(2018, 5, 1),
        status=Body.Status.REGISTERED,
    )
    made.members.add(cast.evaluator)
    return made


def counted(about: Any, **said: Any) -> Complaint:
    return confirm_complaint(complain(about, **{**SAID, **said}))


def asked(about: Any, by: User) -> Complaint:
    row = take_up(counted(about), by=by)
    return ask_holder(row, by=by, substance="Meters", answer_by=working_days_after(today(), 5))


def test_a_complaint_counts_once_its_address_is_confirmed(
    cast: Cast, title: Designation, client: Client
) -> None:
    where = reverse("complain-title", args=[title.number])
    assert where in client.get(title.get_absolute_url()).content.decode()
    sent = {**SAID, "evidence": ContentFile(pdf("meter"), name="meter.pdf")}
    assert client.post(where, sent).status_code == 302
    row = Complaint.objects.get()
    assert (row.confirmed_at, row.due_on, row.files.get().filename) == (None, None, "meter.pdf")
    assert not Complaint.objects.visible_to(cast.auditor_3306_b).exists()
    with pytest.raises(Refused) as told:
        take_up(row, by=cast.auditor_3306_b)
    assert told.value.code == "identified"
    send_posts()
    address = next(iter(re.findall(r"/complaints/[\w-]+/", str(mail.outbox[0].body))))
    page = client.get(address)
    assert page["Referrer-Policy"] == "same-origin", "with no-referrer browsers cannot post the form"
    row.refresh_from_db()
    assert row.confirmed_at is None, "to open the link is not enough: scanners of mails open links"
    client.post(address)
    row.refresh_from_db()
    assert row.due_on is not None
    assert working_days_between(today(), row.due_on) == 30
    assert Complaint.objects.visible_to(cast.auditor_3306_b).get() == row
    send_posts()
    assert [message.to for message in mail.outbox] == [["zhang@example.org"]] * 2
    assert row.number in mail.outbox[-1].subject


def test_hostile_files_are_refused_and_nothing_is_kept(title: Designation, client: Client) -> None:
    where = reverse("complain-title", args=[title.number])
    evil = {**SAID, "evidence": ContentFile(b"MZ\x90 program", name="photo.pdf")}
    answer = client.post(where, evil)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["evidence"])
    answer = client.post(where, {**SAID, "contact": "0575-1"})
    assert list(answer.context["form"].errors) == ["contact"]
    assert not Complaint.objects.exists()


def test_nobody_floods_the_register_or_the_box_of_another(title: Designation, client: Client) -> None:
    rows = [complain(title, **SAID) for _time in range(ASKED + 2)]  # type: ignore[arg-type]
    assert Post.objects.filter(contact="zhang@example.org").count() == ASKED
    confirm_complaint(rows[0])
    with pytest.raises(Refused) as told:
        confirm_complaint(rows[1])
    assert told.value.code == "twice"
    where = reverse("complain-title", args=[title.number])
    answers = [client.post(where, SAID).status_code for _time in range(22)]
    assert (answers[0], answers[-1]) == (302, 409)


def test_only_the_officers_of_the_one_authority_read_it(cast: Cast, title: Designation) -> None:
    proof = ContentFile(pdf("meter"), name="meter.pdf")
    row = counted(title, evidence=[proof])
    page = f"/admin/certification/complaint/{row.pk}/change/"
    file = reverse("complaint-file", args=[row.files.get().pk])
    for name, person in cast.people.items():
        reads = person.authority == title.authority and person.role in {Role.AUDITOR, Role.APPROVER}
        browser = Client()
        browser.force_login(person)
        assert (browser.get(page).status_code == 200) is reads, name
        given = browser.get(file)
        given.getvalue()
        assert (given.status_code == 200) is reads, name
        program = Caller.of(person)
        assert (program.get(f"complaints/{row.pk}").status == 200) is reads, name
    assert Client().get(page).status_code == 302
    assert Client().get(file).status_code == 302
    assert Caller().get(f"complaints/{row.pk}").status in {401, 403}


def test_who_took_part_does_not_answer(cast: Cast, title: Designation) -> None:
    row = counted(title)
    for person in (cast.auditor_3306, cast.approver_3306):
        with pytest.raises(NotYours) as told:
            take_up(row, by=person)
        assert told.value.code == "apart_from"
    for stranger in (cast.auditor_33, cast.approver_44, cast.owner, cast.reviewer_3306_b, cast.administrator):
        with pytest.raises(NotYours):
            take_up(row, by=stranger)
    take_up(row, by=cast.auditor_3306_b)
    for person in (cast.approver_3306, cast.auditor_3306_b):
        with pytest.raises(NotYours):
            decide(row, by=person, outcome="unfounded", reasons="No.")
    own = counted(title, by=cast.approver_3306_b, contact="other@example.org")
    with pytest.raises(NotYours):
        take_up(own, by=cast.approver_3306_b)


def test_the_holder_answers_and_never_learns_who_complains(cast: Cast, title: Designation) -> None:
    holding = reverse("holding", args=[title.number])
    owner = Client()
    owner.force_login(cast.owner)
    row = counted(title, by=cast.stranger)
    assert row.number not in owner.get(holding).content.decode(), "nothing before the holder is asked"
    row = take_up(row, by=cast.auditor_3306_b)
    with pytest.raises(NotYours):
        ask_holder(row, by=cast.approver_3306_b, substance="x", answer_by=today() + dt.timedelta(9))
    row = ask_holder(
        row, by=cast.auditor_3306_b, substance="Meters", answer_by=working_days_after(today(), 5)
    )
    where = reverse("complaint-reply", args=[row.number])
    with pytest.raises(Refused, match="still possible"):
        decide(row, by=cast.approver_3306_b, outcome="founded", reasons="Yes.")
    send_mails()
    told = Delivery.objects.get(addressee=cast.owner, entry__verb="ask_holder")
    pages = [owner.get(holding).content.decode(), owner.get(where).content.decode(), told.subject + told.text]
    for words in pages:
        assert "Meters" in words
        assert not [secret for secret in SECRETS if secret in words]
    stranger = Client()
    stranger.force_login(cast.stranger)
    assert stranger.get(where).status_code == 404
    viewer = Client()
    viewer.force_login(cast.viewer)
    assert viewer.post(where, {"text": "No."}).status_code == 403
    assert owner.post(where, {"text": "They were calibrated."}).status_code == 302
    row = decide(row, by=cast.approver_3306_b, outcome="founded", reasons="Seals were broken.")
    public = Client().get(title.get_absolute_url()).content.decode()
    letters = owner.get(holding).content.decode()
    assert not [secret for secret in SECRETS if secret in public + letters]
    assert not Letter.objects.visible_to(cast.owner).filter(kind="found").exists()
    bodies = AuditEntry.objects.filter(chain=f"designation:{title.pk}").values_list("body", flat=True)
    assert not [words for words in bodies if row.number in words], "the title's record tells nothing of it"


@pytest.mark.parametrize("outcome", ["founded", "unfounded"])
def test_the_outcome_is_told_with_reasons_and_a_letter(
    cast: Cast, title: Designation, client: Client, outcome: str
) -> None:
    row = take_up(counted(title), by=cast.approver_3306_b)
    with pytest.raises(Refused, match="reasons"):
        decide(row, by=cast.approver_3306_b, outcome=outcome, reasons=" ")
    decide(row, by=cast.approver_3306_b, outcome=outcome, reasons="Two seals were broken.")
    send_posts()
    said = mail.outbox[-1]
    assert said.to == ["zhang@example.org"]
    assert "Two seals were broken." in said.body
    letter = Letter.objects.get(kind="found" if outcome == "founded" else "unfounded")
    assert said.attachments[0][0] == f"{letter.number}.pdf"
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Two seals were broken." in page
    found = client.get(reverse("complaint-letter", args=[row.secret, letter.number]))
    assert found["Content-Type"] == "application/pdf"
    assert client.get(reverse("complaint-letter", args=["x" * 43, letter.number])).status_code == 404
    client.force_login(cast.approver_3306_b)
    desk = client.get(f"/admin/certification/complaint/{row.pk}/change/").content.decode()
    assert (reverse("admin:certification_designation_propose", args=[title.pk]) in desk) is (
        outcome == "founded"
    )
    with pytest.raises(Refused) as told:
        decide(row, by=cast.approver_3306_b, outcome=outcome, reasons="Again.")
    assert told.value.code == "already_done"


def test_the_complainant_may_withdraw(cast: Cast, title: Designation, client: Client) -> None:
    row = take_up(counted(title), by=cast.auditor_3306_b)
    client.post(row.get_absolute_url(), {"what": "withdraw"})
    row.refresh_from_db()
    assert row.outcome == "withdrawn"
    for act in (
        lambda: decide(row, by=cast.approver_3306_b, outcome="founded", reasons="Yes."),
        lambda: withdraw_complaint(row),
    ):
        with pytest.raises(Refused) as told:
            act()
        assert told.value.code == "already_done"
    send_mails()
    assert Delivery.objects.filter(addressee=cast.auditor_3306_b, entry__verb="withdraw_complaint").exists()


def test_a_body_is_complained_of_at_the_nation(cast: Cast, body: Body, client: Client) -> None:
    where = reverse("complain-body", args=[body.pk])
    assert where in client.get(reverse("body", args=[body.pk])).content.decode()
    assert client.post(where, SAID).status_code == 302
    row = confirm_complaint(Complaint.objects.get())
    assert row.authority.code == "CN"
    assert not Complaint.objects.visible_to(cast.auditor_33).exists()
    take_up(row, by=cast.auditor_CN)
    answer_by = working_days_after(today(), 5)
    ask_holder(row, by=cast.auditor_CN, substance="Copied reports", answer_by=answer_by)
    client.force_login(cast.evaluator)
    page = client.get(reverse("body", args=[body.pk])).content.decode()
    assert "Copied reports" in page
    assert not [secret for secret in SECRETS if secret in page]
    other = UserFactory.create(role=Role.EVALUATOR)
    assert not Complaint.objects.told_to(other).exists()
    with pytest.raises(NotYours):
        reply_complaint(row, by=other, text="No.")
    reply_complaint(row, by=cast.evaluator, text="They were ours.")
    decide(row, by=cast.approver_CN, outcome="founded", reasons="Word for word.")
    send_posts()
    assert "Word for word." in mail.outbox[-1].body
    letter = Letter.objects.get(kind="found")
    assert mail.outbox[-1].attachments[0][0] == f"{letter.number}.pdf"
    assert [body.name, body.identifier] == [value for _label, value in letter.content["facts"]]
    assert "Word for word." in str(letter.content["parts"])
    assert client.get(reverse("complaint-letter", args=[row.secret, letter.number])).status_code == 200
    for person in (cast.evaluator, cast.approver_CN, cast.owner):
        assert not Letter.objects.visible_to(person).filter(pk=letter.pk).exists()
    client.force_login(cast.approver_CN)
    desk = client.get(f"/admin/certification/complaint/{row.pk}/change/").content.decode()
    assert reverse("admin:certification_body_sanction", args=[body.pk]) in desk


def test_the_register_tells_what_is_new_and_overdue(cast: Cast, title: Designation) -> None:
    row = counted(title)
    officer = Client()
    officer.force_login(cast.auditor_3306_b)
    register = "/admin/certification/complaint/"
    program = Caller.of(cast.auditor_3306_b)
    assert row.number in officer.get(register, {"state": "new"}).content.decode()
    assert row.number not in officer.get(register, {"state": "late"}).content.decode()
    assert program.get("complaints?late=true").body["results"] == []
    assert officer.post(f"{register}{row.pk}/take/").status_code == 302
    assert row.number not in officer.get(register, {"state": "new"}).content.decode()
    with time_machine.travel(now() + dt.timedelta(days=90), tick=False):
        officer.force_login(cast.auditor_3306_b)
        assert row.number in officer.get(register, {"state": "late", "about": "title"}).content.decode()
        row.refresh_from_db()
        assert row.is_late


def test_officers_work_by_program_too(cast: Cast, title: Designation) -> None:
    row = counted(title)
    where = f"complaints/{row.pk}"
    took_part, officer = Caller.of(cast.approver_3306), Caller.of(cast.approver_3306_b)
    assert took_part.post(f"{where}/take-up").status == 403
    assert officer.post(f"{where}/take-up").body["taken_by"] == cast.approver_3306_b.pk
    day = working_days_after(today(), 3).isoformat()
    assert officer.post(f"{where}/ask", {"substance": "Meters", "answer_by": day}).status == 200
    assert officer.post(f"{where}/decide", {"outcome": "founded", "reasons": "x"}).status == 409
    reply_complaint(row, by=cast.owner, text="Calibrated.")
    told = officer.post(f"{where}/decide", {"outcome": "unfounded", "reasons": "Calibrated."})
    assert (told.status, told.body["outcome"]) == (200, "unfounded")


def test_what_has_ended_is_not_complained_of(cast: Cast, title: Designation) -> None:
    title.advance("surrender", by=cast.owner, reasons="We move.")
    with pytest.raises(Refused) as told:
        complain(title, **SAID)  # type: ignore[arg-type]
    assert told.value.code == "ended"
