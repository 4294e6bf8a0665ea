"""Objections: who may, what counts, who learns what, and that one case waits while the others go on."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from certification.letter.actions import ASKED, send_posts
from certification.letter.models import Letter, Post
from certification.models import Application, Objection
from certification.notice.actions import close, comment, contest, dismiss, lodge, relay, uphold
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from greenchain.clock import today, working_days_after
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller
from tests.cast import Cast
from tests.papers import pdf

pytestmark = pytest.mark.django_db

SAID = {"name": "Zhang Sanfeng", "contact": "zhang@example.org", "statement": "The river was black."}


def on_notice(cast: Cast, **given: Any) -> Application:
    return cast.selected(
        cast.draft(cast.another_site(), round_=cast.round("noticed", notice_days=15, **given))
    )


def link_of(text: str) -> str:
    return next(iter(re.findall(r"/objections/[\w-]+/", text)))


def test_an_objection_counts_once_its_address_is_confirmed(cast: Cast, client: Client) -> None:
    case = on_notice(cast)
    notice = case.notices.get()
    sent = {"application": case.pk, **SAID, "evidence": ContentFile(pdf("smoke"), name="smoke.pdf")}
    answer = client.post(notice.get_absolute_url(), sent)
    assert answer.status_code == 302, answer.context["form"].errors
    row = Objection.objects.get()
    assert (row.confirmed_at, row.files.get().filename) == (None, "smoke.pdf")
    assert not Objection.objects.open().exists()
    assert not Objection.objects.visible_to(cast.approver_3306).exists()
    send_posts()
    send_posts()
    assert [message.to for message in mail.outbox] == [["zhang@example.org"]]
    address = link_of(str(mail.outbox[0].body))
    page = client.get(address)
    assert page["Referrer-Policy"] == "same-origin", "with no-referrer browsers cannot post the form"
    row.refresh_from_db()
    assert row.confirmed_at is None, "to open the link is not enough: scanners of mails open links"
    assert client.post(address).status_code == 302
    assert Objection.objects.visible_to(cast.approver_3306).get() == row
    with pytest.raises(Refused, match="already"):
        contest(row)
    send_posts()
    assert row.number in mail.outbox[-1].subject
    assert client.get(reverse("objection", args=["x" * 43])).status_code == 404


def test_hostile_files_and_bad_addresses_are_refused_and_nothing_is_kept(cast: Cast, client: Client) -> None:
    case = on_notice(cast)
    where = case.notices.get().get_absolute_url()
    evil = {"application": case.pk, **SAID, "evidence": ContentFile(b"MZ\x90 program", name="photo.pdf")}
    answer = client.post(where, evil)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["evidence"]
    answer = client.post(where, {"application": case.pk, **SAID, "contact": "0575-1"})
    assert list(answer.context["form"].errors) == ["contact"]
    assert not Objection.objects.exists()


def test_nobody_floods_a_notice_or_the_box_of_another(cast: Cast, client: Client) -> None:
    case = on_notice(cast)
    for _time in range(ASKED + 2):
        lodge(case, **SAID)  # type: ignore[arg-type]
    assert Post.objects.filter(contact="zhang@example.org").count() == ASKED
    first, second, *_others = Objection.objects.order_by("pk")
    contest(first)
    with pytest.raises(Refused) as told:
        contest(second)
    assert told.value.code == "twice"
    where = case.notices.get().get_absolute_url()
    answers = [client.post(where, {"application": case.pk, **SAID}).status_code for _time in range(22)]
    assert (answers[0], answers[-1]) == (302, 409)
    assert Objection.objects.counted().count() == 1, "what nobody confirms holds nothing back"


def test_only_the_contested_case_waits(cast: Cast) -> None:
    contested, other = on_notice(cast), on_notice(cast)
    cast.contested(contested)
    for case in (contested, other):
        case.notices.update(starts_on=today().replace(year=2020), ends_on=today().replace(year=2021))
    close(other)
    with pytest.raises(Refused, match="open"):
        close(contested)
    other.refresh_from_db()
    assert other.status == Status.DECISION
    dismiss(contested, by=cast.approver_3306_b, reasons="No excess was found.")
    close(contested)
    assert contested.status == Status.DECISION


def test_the_applicant_learns_the_substance_and_never_who(cast: Cast, client: Client) -> None:
    """Not on the case's pages, not in the API, not in the record that the applicant reads, not in a mail."""
    case = on_notice(cast)
    row = contest(lodge(case, by=cast.stranger, **SAID))  # type: ignore[arg-type]
    case.refresh_from_db()
    day = working_days_after(today(), 5)
    relay(case, by=cast.approver_3306_b, objection=row, substance="Waste water", comment_by=day)
    client.force_login(cast.editor)
    page = client.get(reverse("application", args=[case.pk])).content.decode()
    program = Caller.of(cast.owner)
    told = [
        page,
        str(program.get(f"applications/{case.pk}/history").body),
        str(program.get("objections/").body),
        str(program.get("letters/").body),
    ]
    assert "Waste water" in told[0]
    assert "Waste water" in told[1]
    for text in told:
        for secret in ("Zhang", "zhang@", "river was black", cast.stranger.username, row.secret):
            assert secret not in text
    record = AuditEntry.objects.filter(verb__in=["lodge", "contest"])
    assert not any("Zhang" in entry.body or "zhang@" in entry.body for entry in record)
    for person in (cast.stranger, cast.viewer, cast.auditor_3306):
        with pytest.raises(NotYours):
            comment(case, by=person, objection=row, text="We")
    comment(case, by=cast.editor, objection=row, text="The works were closed that day.")
    with pytest.raises(Refused):
        comment(case, by=cast.editor, objection=row, text="Once more.")
    uphold(case, by=cast.approver_3306_b, reasons="Records are missing.")
    row.refresh_from_db()
    assert (row.outcome, row.comment) == ("upheld", "The works were closed that day.")


def test_the_answer_reaches_the_objector_as_mail_and_letter(cast: Cast, client: Client) -> None:
    case = on_notice(cast)
    row = cast.contested(case, name="Zhou Zhou")
    with pytest.raises(NotYours):
        dismiss(case, by=cast.approver_3306, reasons="I selected it myself.")
    dismiss(case, by=cast.approver_3306_b, reasons="The river was clean.")
    send_posts()
    answer = mail.outbox[-1]
    (name, content, kind) = answer.attachments[0]
    assert (answer.to, kind) == (["zhou@example.org"], "application/pdf")
    assert bytes(content).startswith(b"%PDF-")
    letter = Letter.objects.get(objection=row)
    assert name == f"{letter.number}.pdf"
    assert letter.content["addressee"][0] == "Zhou Zhou"
    assert client.get(reverse("objection-letter", args=[row.secret, letter.number])).content == content
    assert client.get(reverse("objection-letter", args=["y" * 43, letter.number])).status_code == 404
    for person, status in ((cast.owner, 404), (cast.auditor_44, 404), (cast.approver_3306, 200)):
        client.force_login(person)
        assert client.get(letter.get_absolute_url()).status_code == status
        file_page = client.get(reverse("objection-file", args=[1]))
        assert file_page.status_code == 404
