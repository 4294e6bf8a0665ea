"""A thread between desk or evaluator and applicant: who asks, who answers, who reads, and what it leaves alone."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certification.application.models import Seat
from certification.delivery.actions import send_mails
from certification.inquiry.actions import answer, ask, ask_again, settle
from certification.models import Delivery, Message, Question
from certification.verbs import perform
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Evidence
from tests.api.caller import Caller
from tests.factories_suppliers import EvidenceFactory
from tests.papers import pdf

pytestmark = pytest.mark.django_db
DUE: Any = {"due_on": today() + dt.timedelta(days=14)}


def asked(cast, case, **more):
    return ask(case, by=cast.auditor_3306, text="Which meter is it?", **DUE, **more)


def test_a_question_is_answered_asked_again_and_settled_and_each_step_stands_in_the_record(cast, case):
    due, status = case.due_on, case.status
    cited = case.citations.order_by("pk").first().evidence
    question = asked(cast, case, about="E1", evidence=cited)
    proof = cast.enterprise.evidence.last()
    answer(question, by=cast.editor, text="Meter 7.", evidence=[proof])
    ask_again(question, by=cast.auditor_3306, text="Since when?", due_on=today() + dt.timedelta(days=20))
    answer(question, by=cast.owner, text="Since 2021.")
    settle(question, by=cast.auditor_3306)
    question.refresh_from_db()
    assert question.state == Question.State.SETTLED
    said = list(question.messages.order_by("pk").values_list("asks", "text"))
    assert said == [
        (True, "Which meter is it?"), (False, "Meter 7."), (True, "Since when?"), (False, "Since 2021."),
    ]  # fmt: skip
    assert question.messages.order_by("pk")[1].files == [
        {"evidence": proof.pk, "title": proof.title, "sha256": proof.sha256}
    ]
    verbs = list(history(case).values_list("verb", flat=True))
    assert verbs[-5:] == ["ask", "answer", "ask_again", "answer", "settle_question"]
    case.refresh_from_db()
    assert (case.due_on, case.status, case.returns) == (due, status, 0)


def test_what_was_said_never_changes(cast, case):
    asked(cast, case)
    with pytest.raises(Exception, match="append"):
        Message.objects.update(text="something else")


def test_a_new_file_goes_into_the_vault_and_a_bad_one_changes_nothing(cast, case):
    question = asked(cast, case)
    upload = SimpleUploadedFile("meter.pdf", pdf("meter 7"))
    message = answer(question, by=cast.owner, text="See file.", upload=upload, kind="metering_record")
    kept = Evidence.objects.get(pk=message.files[0]["evidence"])
    assert (kept.enterprise, kept.kind) == (cast.enterprise, "metering_record")
    before = (Message.objects.count(), Evidence.objects.count())
    bad = SimpleUploadedFile("x.pdf", b"MZ no document")
    with pytest.raises(Refused):
        answer(question, by=cast.owner, text="See file.", upload=bad, kind="metering_record")
    assert (Message.objects.count(), Evidence.objects.count()) == before


def test_only_the_desk_and_the_seated_evaluator_ask(cast, case, evaluated):
    for name in (
        "approver_3306 auditor_33 auditor_44 reviewer_3306 owner viewer stranger evaluator expert_a administrator"
    ).split():
        with pytest.raises(NotYours):
            ask(case, by=cast.people[name], text="?", **DUE)
    assert ask(evaluated, by=cast.evaluator, text="Where is the meter?", **DUE).desk is None
    Seat.objects.filter(application=evaluated).update(until_on=today())
    with pytest.raises(NotYours):
        ask(evaluated, by=cast.evaluator, text="?", **DUE)


def test_only_owners_and_editors_answer(cast, case):
    question = asked(cast, case)
    for name in "viewer stranger auditor_3306 evaluator administrator".split():
        with pytest.raises(NotYours):
            answer(question, by=cast.people[name], text="me")


def test_bad_input_is_refused_by_field(cast, case):
    faults: Any = (
        ({"text": " ", **DUE}, "text"),
        ({"text": "?", "due_on": today()}, "due_on"),
        ({"text": "?", "about": "NONE", **DUE}, "about"),
        ({"text": "?", "evidence": 10**9, **DUE}, "evidence"),
    )
    for given, field in faults:
        with pytest.raises(Refused) as no:
            ask(case, by=cast.auditor_3306, **given)
        assert no.value.field == field
    question = asked(cast, case)
    foreign = cast.stranger.memberships.get().enterprise
    with pytest.raises(Refused) as no:
        answer(question, by=cast.owner, text="x", evidence=[EvidenceFactory.create(enterprise=foreign)])
    assert no.value.field == "evidence"


def test_a_settled_thread_and_a_case_that_is_over_take_nothing_more(cast, case):
    question = asked(cast, case)
    settle(question, by=cast.auditor_3306)
    for act in (
        lambda: answer(question, by=cast.owner, text="late"),
        lambda: ask_again(question, by=cast.auditor_3306, text="?", **DUE),
        lambda: settle(question, by=cast.auditor_3306),
    ):
        with pytest.raises(Refused):
            act()
    open_one = asked(cast, case)
    perform(case, "withdraw", by=cast.owner, data={"reasons": "closed"})
    with pytest.raises(Refused) as no:
        answer(open_one, by=cast.owner, text="late")
    assert no.value.code == "wrong_status"


def test_sending_back_stops_the_clock_and_the_thread_goes_on(cast, case):
    question = asked(cast, case)
    due = today() + dt.timedelta(days=9)
    perform(case, "send_back", by=cast.auditor_3306, data={"codes": ["clarify"], "due_on": due})
    case.refresh_from_db()
    assert case.due_on == due
    answer(question, by=cast.owner, text="Meter 7.")


def test_an_evaluators_questions_are_theirs_the_applicants_and_the_desks(cast, evaluated):
    mine = ask(evaluated, by=cast.evaluator, text="Where?", **DUE)
    desks = ask(evaluated, by=cast.auditor_3306, text="When?", **DUE)
    seen = {
        name: set(Question.objects.visible_to(cast.people[name]))
        for name in "evaluator owner viewer auditor_3306 auditor_33 auditor_44 stranger expert_a administrator".split()
    }
    both = {mine, desks}
    assert seen == {
        "evaluator": {mine}, "owner": both, "viewer": both, "auditor_3306": both, "auditor_33": both,
        "auditor_44": set(), "stranger": set(), "expert_a": set(), "administrator": set(),
    }  # fmt: skip
    with pytest.raises(NotYours):
        settle(desks, by=cast.evaluator)
    settle(mine, by=cast.auditor_3306)


def test_the_other_side_gets_a_mail_with_the_words(cast, case):
    question = asked(cast, case)
    answer(question, by=cast.editor, text="Meter 7 in hall 2.")
    send_mails()
    told = {
        (mail.entry.verb, mail.addressee.username): mail.text
        for mail in Delivery.objects.filter(entry__verb__in=["ask", "answer"])
    }
    assert set(told) == {("ask", "owner"), ("ask", "editor"), ("answer", "auditor_3306")}
    assert "Which meter is it?" in told["ask", "owner"]
    assert "Meter 7 in hall 2." in told["answer", "auditor_3306"]


def test_the_applicant_sees_what_is_asked_and_answers_on_a_page(cast, case, browse):
    question = asked(cast, case, about="E1")
    browser = browse(cast.editor)
    for page in (reverse("work"), reverse("application", args=[case.pk])):
        assert "Answer a question: E1" in browser.get(page).content.decode()
    listed = browser.get(reverse("application-questions", args=[case.pk])).content.decode()
    assert "Which meter is it?" in listed
    assert "does not stop the clock" in listed
    assert "auditor_3306" not in listed
    address = reverse("question-act", args=[question.pk, "answer"])
    assert browser.post(address, {"text": ""}).status_code == 422
    upload = SimpleUploadedFile("meter.pdf", pdf("meter 9"))
    sent = {"text": "Meter 9.", "file": upload, "kind": "metering_record"}
    assert browser.post(address, sent).status_code == 302
    page = browse(cast.auditor_3306).get(f"/admin/certification/question/{question.pk}/change/")
    assert "Meter 9." in page.content.decode()
    key = question.messages.get(asks=False).files[0]["evidence"]
    for name, status in {"auditor_3306": 200, "viewer": 200, "stranger": 404, "auditor_44": 404}.items():
        answered = browse(cast.people[name]).get(reverse("question-file", args=[question.pk, key]))
        assert answered.status_code == status, name
        if answered.streaming:
            answered.getvalue()  # read to its end, which closes the file
    assert "Answer a question" not in browser.get(reverse("work")).content.decode()


def test_the_desk_asks_from_the_case_file_and_reads_it_there(cast, case, browse):
    browser = browse(cast.auditor_3306)
    page = browser.get(f"/admin/certification/application/{case.pk}/change/").content.decode()
    address = f"/admin/certification/question/add/?application={case.pk}"
    assert address in page
    assert "Asking does not stop the clock" in browser.get(address).content.decode()
    sent = {"application": case.pk, "about": "E1", "text": "Which meter?", "due_on": DUE["due_on"]}
    assert browser.post(address, sent).status_code == 302
    assert Question.objects.get().about == "E1"
    page = browser.get(f"/admin/certification/application/{case.pk}/change/").content.decode()
    assert "Which meter?" in page
    for name, status in {"approver_3306": 403, "auditor_44": 404, "reviewer_3306": 403}.items():
        assert browse(cast.people[name]).get(address).status_code == status, name
    assert browse(cast.auditor_33).post(address, sent).status_code == 403


def test_the_api_asks_answers_and_settles(cast, case):
    desk, mine = Caller.of(cast.auditor_3306), Caller.of(cast.owner)
    sent = {"application": case.pk, "about": "E1", "text": "Which meter?", "due_on": str(DUE["due_on"])}
    made = desk.post("questions/", sent)
    assert (made.status, made.body["state"]) == (201, "open"), made.body
    address = f"questions/{made.body['id']}"
    proof = cast.enterprise.evidence.first()
    said = mine.post(f"{address}/answer", {"text": "Meter 7.", "evidence": [proof.pk]})
    assert (said.status, said.body["state"]) == (200, "answered"), said.body
    assert said.body["messages"][0]["by"] == "auditor"
    assert desk.get(f"{address}/").body["messages"][0]["by"] == "auditor_3306"
    again = desk.post(f"{address}/ask-again", {"text": "Since when?", "due_on": str(DUE["due_on"])})
    assert again.body["state"] == "open"
    assert desk.post(f"{address}/settle").body["state"] == "settled"
    assert desk.post(f"{address}/settle").code == "already_done"
    assert mine.post("questions/", sent).status == 403
    assert Caller.of(cast.auditor_44).get(f"{address}/").status == 404
    assert Caller.of(cast.auditor_44).post("questions/", sent).status == 400
    assert len(desk.get("questions/", application=case.pk, state="settled").body["results"]) == 1
    assert AuditEntry.objects.filter(verb="ask").count() == 1
