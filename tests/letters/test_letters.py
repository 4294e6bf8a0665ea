"""Letters: what is decided is told in writing, frozen, in the applicant's language, to those who may see the case."""

import datetime as dt
from collections.abc import Sequence

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from certification.decision.actions import appeal, confirm, refuse
from certification.decision.guards import appeal_until
from certification.designation.actions import suspend
from certification.letter.actions import send_again, send_posts
from certification.letter.models import Letter, LetterPaper, Post
from certification.letter.pdf import pdf_of, render
from certification.models import Appeal, Objection
from certification.notice.actions import lodge
from certification.notice.selection import pass_over
from certification.scheme.legal import bases
from certification.verbs import perform
from certification.workflow import Status
from greenchain.audit.trail import history
from greenchain.clock import today, working_days_after
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller
from tests.cast import Cast
from tests.papers import pdf

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def text_of(letter: Letter) -> str:
    return str(letter.content)


def test_a_refusal_is_told_with_reasons_basis_and_the_last_day_to_appeal(cast: Cast, client: Client) -> None:
    case = cast.selected()
    refuse(case, by=cast.approver_3306_b, reasons="The permit has expired.")
    letter = Letter.objects.get(application=case)
    told = text_of(letter)
    last = today() + 30 * DAY
    assert appeal_until(case) == last
    for words in (
        "The permit has expired.",
        "Legal basis",
        "No. 13",
        case.number,
        f"{last:%b}",
        "may appeal until",
    ):
        assert words in told
    assert letter.content["authority"] == cast.approver_3306.authority.name
    for name, status in (
        ("owner", 200),
        ("viewer", 200),
        ("auditor_3306", 200),
        ("approver_CN", 200),
        ("stranger", 404),
        ("auditor_44", 404),
        ("evaluator", 404),
        ("administrator", 404),
    ):
        client.force_login(getattr(cast, name))
        assert client.get(letter.get_absolute_url()).status_code == status, name
        assert Caller.of(getattr(cast, name)).get(f"letters/{letter.number}/pdf").status == status, name
    client.logout()
    assert client.get(letter.get_absolute_url()).status_code == 302


def test_a_letter_never_changes_and_its_pdf_is_made_once(cast: Cast) -> None:
    case = cast.selected()
    refuse(case, by=cast.approver_3306_b, reasons="Proof is lacking.")
    letter = Letter.objects.get(application=case)
    first = pdf_of(letter)
    assert first.startswith(b"%PDF-")
    assert (pdf_of(letter), render(letter)) == (first, first)
    paper = LetterPaper.objects.get()
    paper.file.storage.delete(str(paper.file.name))
    assert pdf_of(letter) == first, "a lost file is made again from the frozen content, to the byte"
    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.update(body="{}")


def test_letters_speak_the_language_of_the_owner(cast: Cast) -> None:
    cast.owner.language = "zh-hans"
    cast.owner.save()
    title = cast.granted()
    letter = Letter.objects.get(kind="grant")
    assert letter.content["language"] == "zh"
    assert title.number in text_of(letter)
    assert "工信部节〔2024〕13号" in text_of(letter)
    perform(title, "suspend", by=cast.approver_3306, data={"reasons": "fire", "until_on": today() + 9 * DAY})
    assert "暂停是本平台的规则" in text_of(Letter.objects.get(kind="suspend"))


def test_who_is_not_selected_learns_the_rank_and_that_no_fault_was_found(cast: Cast) -> None:
    case = cast.endorsed_up(cast.examined())
    pass_over(case, by=cast.approver_3306, reasons="no room this year")
    told = text_of(Letter.objects.get(application=case))
    assert "No fault was found" in told
    assert "1 of 1" in told
    assert "no appeal against a rank" in told


def test_every_move_that_takes_something_away_asks_for_reasons(cast: Cast) -> None:
    case = cast.selected()
    with pytest.raises(Refused) as told:
        refuse(case, by=cast.approver_3306_b, reasons="  ")
    assert told.value.code == "reasons"
    title = cast.granted(cast.draft(cast.another_site()))
    with pytest.raises(Refused):
        suspend(title, by=cast.approver_3306, reasons="", until_on=today() + DAY)
    assert not Letter.objects.filter(kind__in=["refuse", "suspend"]).exists()


def test_an_appeal_with_new_evidence_from_form_to_answer(cast: Cast, client: Client) -> None:
    case = cast.examined()
    perform(case, "reject", by=cast.auditor_3306, data={"reasons": "no plan"})
    client.force_login(cast.owner)
    address = reverse("application-verb", args=[case.pk, "appeal"])
    assert "You may appeal until" in client.get(address).content.decode()
    sent = {"reasons": "Here is the plan.", "evidence": ContentFile(pdf("plan"), name="plan.pdf")}
    assert client.post(address, sent).status_code == 302
    row = Appeal.objects.get()
    assert row.due_on == working_days_after(today(), 30)
    file = row.files.get()
    assert Letter.objects.get(kind="appeal").application == case
    for name, status in (("viewer", 200), ("approver_33", 200), ("stranger", 404), ("approver_44", 404)):
        client.force_login(getattr(cast, name))
        assert client.get(row.get_absolute_url()).status_code == status, name
        answer = client.get(reverse("appeal-file", args=[row.number, file.pk]))
        assert answer.status_code == status, name
        if status == 200:
            assert answer["Content-Disposition"].startswith("attachment")
            answer.getvalue()
    case.refresh_from_db()
    assert case.status == Status.REJECTED
    with pytest.raises(NotYours):
        confirm(case, by=cast.approver_44, reasons="not mine")
    confirm(case, by=cast.approver_33, reasons="The plan is too old.")
    told = text_of(Letter.objects.get(kind="confirm"))
    assert "The plan is too old." in told
    assert "Remedies under the law" in told
    client.force_login(cast.owner)
    assert "The plan is too old." in client.get(row.get_absolute_url()).content.decode()


@pytest.mark.parametrize("counting", ["calendar", "working"])
def test_a_late_appeal_is_refused_with_the_day(cast: Cast, counting: str) -> None:
    call = cast.round("strict", appeal_days=5, appeal_counting=counting)
    case = cast.examined(cast.draft(cast.another_site(), round_=call))
    perform(case, "reject", by=cast.auditor_3306, data={"reasons": "no plan"})
    last = appeal_until(case)
    assert last == (today() + 5 * DAY if counting == "calendar" else working_days_after(today(), 5))
    noon = dt.datetime.combine(last, dt.time(12), tzinfo=dt.UTC)
    with time_machine.travel(noon + DAY, tick=False), pytest.raises(Refused, match="too late") as told:
        appeal(case, by=cast.owner, reasons="Wait.")
    assert told.value.code == "within_days"
    with time_machine.travel(noon - 6 * dt.timedelta(hours=1), tick=False):
        assert appeal(case, by=cast.owner, reasons="In time.").number.startswith("AP-")


def test_legal_bases_are_complete_in_three_languages() -> None:
    assert bases()
    for each in bases():
        assert set(each.texts) == {"en", "zh-hans", "id"}
        assert each.url or each.mark != "source"


def test_a_mail_to_an_outsider_that_failed_is_sent_again(
    cast: Cast, client: Client, settings: LazySettings
) -> None:
    case = cast.selected(cast.draft(round_=cast.round("slow", notice_days=15)))
    lodge(case, name="Zhou", contact="zhou@example.org", statement="The river smells.")
    settings.EMAIL_BACKEND = "tests.letters.test_letters.NoServer"
    for _attempt in range(6):
        send_posts()
    row = Post.objects.get()
    assert (row.attempts, row.sent_at, row.given_up) == (5, None, True)
    client.force_login(cast.administrator)
    page = client.get(reverse("admin:certification_post_changelist"), {"sent": "failed"}).content.decode()
    act = reverse("admin:certification_post_send_again", args=[row.pk])
    own = client.get(reverse("admin:certification_post_change", args=[row.pk])).content.decode()
    assert act in own
    assert "no server today" in page
    assert "z…@example.org" in page
    for hidden in ("zhou@example.org", Objection.objects.get().secret):
        assert hidden not in page + own
    assert client.post(act).status_code == 302
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_posts() == 1
    row.refresh_from_db()
    assert (row.given_up, row.problem, [each.to for each in mail.outbox]) == (
        False,
        "",
        [["zhou@example.org"]],
    )
    client.post(act)
    assert [entry.verb for entry in history(row)] == ["send_again"]
    with pytest.raises(NotYours):
        send_again(row, by=cast.approver_3306)


class NoServer(BaseEmailBackend):
    """A mail server that is not there."""

    def send_messages(self, _messages: Sequence[EmailMessage]) -> int:
        raise OSError("no server today")
