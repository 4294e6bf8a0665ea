import datetime as dt
import io
import json
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from pypdf import PdfReader

from certification.consultation.actions import amend_department, consult, hear, settle
from certification.consultation.letter import letter_of
from certification.consultation.models import Consultation, Opinion, SealedReply, overdue_for
from certification.letters import docx, pdf
from certification.models import Application
from certification.verbs import perform
from certification.workflow import Status
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history
from greenchain.clock import today, working_days_after
from greenchain.refusals import NotYours, Refused
from suppliers.models import ComplianceRecord
from tests.desks.conftest import sealed

QUEUE = "/admin/certification/application/"
LETTERS = "/admin/certification/consultation/"
NONE = ("no_objection", "")
Given = dict[str, Any]


@pytest.fixture
def cases(cast):
    return [cast.examined(cast.draft(cast.another_site())) for _number in range(3)]


@pytest.fixture
def letter(cast, cases, departments):
    return consult(cases, by=cast.auditor_3306, departments=departments, question="Any penalty?", days=5)


def answered(letter, cast, number=0, **said):
    """One department's reply: no objection, but for what is said by the place on the list."""
    inquiry = letter.inquiries.order_by("pk")[number]
    answers = {
        one.application_id: said.get(f"case_{one.place}", NONE) for one in letter.asked.order_by("place")
    }
    return hear(inquiry, by=cast.auditor_3306, upload=sealed(), replied_on=today(), answers=answers)


def test_one_letter_lists_the_cases_and_goes_to_each_department(cases, letter):
    assert letter.number.startswith("CO-3306-")
    assert letter.reply_by == working_days_after(today(), 5)
    assert [one.application for one in letter.asked.order_by("place")] == sorted(
        cases, key=lambda c: c.number
    )
    assert [one.kind for one in letter.inquiries.order_by("pk")] == ["ecology", "emergency", "market"]
    for case in cases:
        assert history(case).last().verb == "consult"
        assert history(case).last().data["consultation"] == letter.number
    assert list(breaks()) == []


def test_the_letter_is_made_as_text_and_as_pdf(letter):
    inquiry = letter.inquiries.order_by("pk")[0]
    paper = Document(io.BytesIO(docx(letter_of(inquiry))))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    one = letter.asked.order_by("place")[0]
    assert rows[1][:4] == ["1", one.name, one.identifier, one.address]
    assert len(rows) == 4
    words = "\n".join(line.text for line in paper.paragraphs)
    assert "Any penalty?" in words
    assert letter.number in words
    assert inquiry.name in words
    shown = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf(letter_of(inquiry)))).pages)
    assert one.identifier in shown
    assert letter.number in shown


def test_sixty_names_go_over_several_pages_with_their_numbers(letter):
    made = letter_of(letter.inquiries.order_by("pk")[0])
    many = [
        [str(number), f"绿色制造有限公司 {number}", "91330602MA0000000X", "绍兴市", ""]
        for number in range(1, 61)
    ]
    reader = PdfReader(io.BytesIO(pdf(type(made)(**{**vars(made), "rows": many}))))
    assert len(reader.pages) > 1
    assert "91330602MA0000000X" in reader.pages[-1].extract_text()


def test_a_reply_is_kept_once_and_says_something_of_every_case(cast, letter):
    opinions = answered(letter, cast, case_2=("concern", "Penalty in March"))
    assert [one.answer for one in opinions] == ["no_objection", "concern", "no_objection"]
    assert SealedReply.objects.get().media_type == "image/png"
    with pytest.raises(Refused, match="kept already"):
        answered(letter, cast)
    assert SealedReply.objects.count() == 1
    assert Opinion.objects.count() == 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"case_1": ("concern", " ")}, "in the department's words"),
        ({"case_1": ("maybe", "")}, "Say what the reply"),
    ],
)
def test_an_answer_that_is_no_answer_keeps_nothing(cast, letter, said, words):
    with pytest.raises(Refused, match=words):
        answered(letter, cast, **said)
    assert not Opinion.objects.exists()
    assert not SealedReply.objects.exists()


def test_a_hostile_file_is_no_reply(cast, letter):
    inquiry, asked = letter.inquiries.first(), letter.asked.all()
    answers = {one.application_id: NONE for one in asked}
    script = SimpleUploadedFile("reply.pdf", b"<script>alert(1)</script>", "application/pdf")
    with pytest.raises(Refused):
        hear(inquiry, by=cast.auditor_3306, upload=script, replied_on=today(), answers=answers)
    for day in (today() + dt.timedelta(days=1), today() - dt.timedelta(days=1)):
        with pytest.raises(Refused, match="between the day of the letter"):
            hear(inquiry, by=cast.auditor_3306, upload=sealed(), replied_on=day, answers=answers)
    assert not SealedReply.objects.exists()


def test_a_round_may_want_departments_heard_before_a_desk_endorses(cast, departments):
    call = cast.round("fujian", departments=["ecology", "emergency", "market"])
    case = cast.examined(cast.draft(round_=call))
    by = cast.auditor_3306

    def endorsed():
        perform(Application.objects.get(pk=case.pk), "endorse", by=by, data={"opinion": "fine"})

    with pytest.raises(Refused, match="ecology and environment, emergency management, market") as no:
        endorsed()
    assert no.value.code == "consulted"
    letter = consult([case], by=by, departments=departments, question="?", days=3)
    answered(letter, cast, 0)
    answered(letter, cast, 1, case_1=("fact", "Fire on 1 May 2025"))
    with pytest.raises(Refused, match="market regulation"):
        endorsed()
    answered(letter, cast, 2)
    with pytest.raises(Refused, match="Say first what came of") as no:
        endorsed()
    assert no.value.code == "concern_open"
    assert Application.objects.get(pk=case.pk).status == Status.EXAMINATION
    settle(Opinion.objects.open().get(), by=by, reasons="Looked into: another plant.")
    endorsed()
    assert Application.objects.get(pk=case.pk).status == Status.SELECTION


def test_a_concern_asks_a_person_also_where_the_round_does_not(cast, letter):
    answered(letter, cast, case_1=("concern", "Noise"))
    held, free = (letter.asked.order_by("place")[place].application for place in (0, 1))
    offers = {offer.verb: offer for offer in held.offers(cast.auditor_3306)}
    assert offers["endorse"].code == "concern_open"
    assert offers["reject"].allowed
    assert {offer.verb: offer for offer in free.offers(cast.auditor_3306)}["endorse"].allowed


def test_whose_it_is(cast, cases, departments, letter):
    with pytest.raises(NotYours):
        consult(cases, by=cast.approver_3306, departments=departments, question="?", days=5)
    with pytest.raises(NotYours):
        consult(cases, by=cast.owner, departments=departments, question="?", days=5)
    with pytest.raises(Refused, match="Not under examination at your desk"):
        consult(cases, by=cast.auditor_33, departments=departments, question="?", days=5)
    with pytest.raises(Refused, match="has not answered"):
        consult(cases[:1], by=cast.auditor_3306, departments=departments[:1], question="?", days=5)
    with pytest.raises(NotYours):
        hear(letter.inquiries.first(), by=cast.auditor_33, upload=sealed(), replied_on=today(), answers={})
    with pytest.raises(NotYours):
        amend_department(departments[0], by=cast.auditor_33, name="x")
    answered(letter, cast, case_1=("concern", "Noise"))
    with pytest.raises(NotYours):
        settle(Opinion.objects.open().get(), by=cast.auditor_44, reasons="x")


def test_who_reads_a_letter(cast, letter):
    def seen(name):
        return letter in Consultation.objects.visible_to(cast.people[name])

    assert seen("auditor_3306")
    assert seen("auditor_33")
    assert seen("reviewer_CN")
    for name in ("auditor_44", "owner", "editor", "stranger", "evaluator", "expert_a", "administrator"):
        assert not seen(name), name


def test_what_is_overdue_is_told_at_home_and_in_the_queue(cast, letter, browse):
    browser = browse(cast.auditor_3306)

    def listed(state):
        return len(browser.get(f"{QUEUE}?heard={state}").context["cl"].result_list)

    assert overdue_for(cast.auditor_3306).count() == 0
    assert [listed(state) for state in ("unasked", "awaited", "overdue", "concern", "replied")] == [
        0,
        3,
        0,
        0,
        0,
    ]
    for number in range(2):
        answered(letter, cast, number, case_1=("concern", "Noise"))
    with time_machine.travel(dt.datetime.combine(letter.reply_by + dt.timedelta(days=1), dt.time(4), dt.UTC)):
        browser = browse(cast.auditor_3306)
        assert overdue_for(cast.auditor_3306).count() == 1
        assert "Overdue replies of departments <b>1</b>" in browser.get("/admin/").content.decode()
        assert [listed(state) for state in ("awaited", "overdue", "concern", "replied")] == [3, 3, 1, 0]
        assert browser.get(f"{LETTERS}?replies=overdue").context["cl"].result_count == 1
    answered(letter, cast, 2)
    assert [listed(state) for state in ("awaited", "overdue", "replied")] == [0, 0, 3]


def test_from_the_queue_to_the_reply_in_a_browser(cast, cases, departments, browse):
    browser = browse(cast.auditor_3306)
    chosen = {"action": "consult_batch", "_selected_action": [case.pk for case in cases]}
    page = browser.post(QUEUE, {**chosen, "index": "0"}, follow=True)
    assert "Working days to answer" in page.content.decode()
    chosen_ones: Given = {"departments": [departments[0].pk], "question": "Any accident?"}
    chosen_ones |= {"days": "4", "confirmed": "1"}
    page = browser.post(QUEUE, {**chosen, **chosen_ones}, follow=True)
    letter = Consultation.objects.get()
    assert page.redirect_chain[-1][0] == f"{LETTERS}{letter.pk}/change/"
    assert letter.number in page.content.decode()
    inquiry = letter.inquiries.get()
    for form, start in (("pdf", b"%PDF-"), ("docx", b"PK\x03\x04")):
        assert browser.get(f"{LETTERS}{letter.pk}/letter-{inquiry.pk}.{form}").content.startswith(start)
    first = letter.asked.order_by("place")[0]
    given: Given = {"inquiry": inquiry.pk, "upload": sealed(), "replied_on": today().isoformat()}
    for one in letter.asked.all():
        given |= {f"answer_{one.application_id}": "no_objection", f"text_{one.application_id}": ""}
    given[f"answer_{first.application_id}"] = "fact"
    wrong = browser.post(f"{LETTERS}{letter.pk}/hear/", given)
    assert "department&#x27;s words" in wrong.content.decode()
    given |= {f"text_{first.application_id}": "Fined on 3 March", "upload": sealed()}
    browser.post(f"{LETTERS}{letter.pk}/hear/", given)
    assert Opinion.objects.get(asked=first).text == "Fined on 3 March"
    kept = browser.get(f"{LETTERS}{letter.pk}/reply-{inquiry.pk}/")
    assert b"".join(kept.streaming_content).startswith(b"\x89PNG")

    file = browser.get(f"{QUEUE}{first.application_id}/change/").content.decode()
    assert "Fined on 3 March" in file
    assert "/admin/suppliers/compliancerecord/add/?enterprise=" in file
    assert not ComplianceRecord.objects.exists()
    opinion = Opinion.objects.get(asked=first)
    browser.post(f"{LETTERS}{letter.pk}/settle/", {"opinion": opinion.pk, "reasons": "Entered as a record."})
    assert not Opinion.objects.open().exists()


def test_another_authority_finds_nothing_and_visitors_do_not_enter(cast, letter, browse, client):
    answered(letter, cast)
    inquiry = letter.inquiries.order_by("pk")[0]
    pages = [
        f"{LETTERS}{letter.pk}/{part}"
        for part in ("change/", f"letter-{inquiry.pk}.pdf", f"reply-{inquiry.pk}/")
    ]
    for page in pages:
        assert browse(cast.auditor_44).get(page).status_code == 404
        assert browse(cast.owner).get(page, follow=True).status_code == 403
        assert client.get(page).status_code == 302
        assert browse(cast.administrator).get(page).status_code == 403


def test_the_applicant_reads_nothing_of_what_departments_say(cast, letter, browse):
    answered(letter, cast, case_1=("concern", "SECRET NOISE"))
    opinion = Opinion.objects.open().get()
    case = opinion.asked.application
    settle(opinion, by=cast.auditor_3306, reasons="SECRET FINDING")
    browser = browse(cast.owner)
    for path in (
        f"/applications/{case.pk}/",
        f"/api/v1/applications/{case.pk}/",
        f"/api/v1/applications/{case.pk}/history/",
    ):
        told = browser.get(path)
        assert told.status_code == 200
        for word in ("SECRET", "bureau", letter.number, "ecology"):
            assert word not in told.content.decode(), (path, word)
    told = browser.get(f"/api/v1/applications/{case.pk}/history/").json()
    assert [(row["verb"], row["data"]) for row in told if row["verb"] in {"consult", "hear", "settle"}] == [
        ("consult", {})
    ]
    assert "Departments asked" in browser.get(f"/applications/{case.pk}/").content.decode()
    for path in ("/api/v1/consultations/", "/api/v1/departments/"):
        assert browser.get(path).json()["results"] == []
    assert browser.get(f"/api/v1/consultations/{letter.pk}/").status_code == 404


def test_the_same_by_the_api(cast, cases, departments, browse):
    browser = browse(cast.auditor_3306)

    def post(path, body):
        return browser.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")

    keys = [case.pk for case in cases]
    asked = {"applications": keys, "departments": [departments[0].pk], "question": "Any?", "days": 5}
    assert post("consultations/", {**asked, "days": 0}).status_code == 400
    made = post("consultations/", asked)
    assert made.status_code == 201, made.content
    letter = made.json()
    assert letter["applications"] == keys
    (inquiry,) = letter["inquiries"]
    given = {"inquiry": inquiry["id"], "replied_on": today().isoformat()}
    said = [{"application": key, "answer": "no_objection"} for key in keys[1:]]
    path = f"/api/v1/consultations/{letter['id']}/reply/"
    assert browser.post(path, {**given, "file": sealed(), "answers": json.dumps(said)}).status_code == 400
    said.append({"application": keys[0], "answer": "concern", "text": "Noise"})
    told = browser.post(path, {**given, "file": sealed(), "answers": json.dumps(said)})
    assert told.status_code == 200, told.content
    (open_one,) = [one for one in told.json()["inquiries"][0]["opinions"] if one["is_open"]]
    assert (open_one["application"], open_one["text"]) == (keys[0], "Noise")
    told = post(
        f"consultations/{letter['id']}/settle/", {"opinion": open_one["id"], "reasons": "Looked into."}
    )
    assert not any(one["is_open"] for one in told.json()["inquiries"][0]["opinions"])
    pages = f"/api/v1/consultations/{letter['id']}"
    assert browser.get(f"{pages}/letters/{inquiry['id']}/pdf/").content.startswith(b"%PDF-")
    assert b"".join(browser.get(f"{pages}/replies/{inquiry['id']}/").streaming_content).startswith(b"\x89PNG")
    elsewhere = browse(cast.auditor_44)
    assert elsewhere.get(f"{pages}/").status_code == 404
    assert elsewhere.get(f"{pages}/replies/{inquiry['id']}/").status_code == 404
    assert browse(cast.owner).post(f"{pages}/settle/", {}).status_code == 404
