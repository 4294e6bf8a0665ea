"""Nonconformities: raised, corrected, ruled on; a major one bars endorsing; reminders come once each."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certification.corrective.actions import accept, drop, raise_nonconformity, respond, turn_down
from certification.delivery.actions import remind_due, send_mails
from certification.models import CorrectiveAction, Delivery, Nonconformity, Reminder
from certification.verbs import perform
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller
from tests.papers import pdf

pytestmark = pytest.mark.django_db
DUE: Any = {"due_on": today() + dt.timedelta(days=20)}
DONE: Any = {"root_cause": "Nobody read the meter.", "correction": "Read daily now."}


def on(day: dt.date) -> Any:
    """It is noon of that day."""
    return time_machine.travel(dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC), tick=False)


def raised(cast, case, severity="major", **more):
    given = {**DUE, **more}
    return raise_nonconformity(
        case,
        by=cast.auditor_3306,
        severity=severity,
        description="No label on the tank.",
        about="E1",
        **given,
    )


def test_a_major_one_bars_endorsing_until_the_correction_is_accepted(cast, case):
    row = raised(cast, case)
    opinion = {"opinion": "in order"}
    for step in (lambda: None, lambda: respond(row, by=cast.editor, **DONE)):
        step()
        with pytest.raises(Refused) as no:
            perform(case, "endorse", by=cast.auditor_3306, data=opinion)
        assert no.value.code == "nonconformities_closed"
        offer = next(each for each in case.offers(cast.auditor_3306) if each.verb == "endorse")
        assert (offer.allowed, offer.code) == (False, "nonconformities_closed")
    turn_down(row, by=cast.auditor_3306, reasons="Show the log.", due_on=today() + dt.timedelta(days=30))
    respond(row, by=cast.owner, evidence=[cast.enterprise.evidence.first()], **DONE)
    accept(row, by=cast.auditor_3306, reasons="Seen.")
    perform(case, "endorse", by=cast.auditor_3306, data=opinion)
    rulings = [action.ruling.accepted for action in row.actions.order_by("pk")]
    assert rulings == [False, True]
    verbs = [verb for verb in history(case).values_list("verb", flat=True) if "check" not in verb]
    assert verbs[-6:] == [
        "raise_nonconformity", "respond", "reject_correction", "respond", "accept_correction", "endorse",
    ]  # fmt: skip


def test_the_case_file_says_why_endorsing_waits(cast, case, browse):
    raised(cast, case)
    page = (
        browse(cast.auditor_3306).get(f"/admin/certification/application/{case.pk}/change/").content.decode()
    )
    assert "1 major nonconformity is not corrected yet." in page
    assert "No label on the tank." in page


def test_a_minor_one_and_a_dropped_one_bar_nothing(cast, case):
    raised(cast, case, severity="minor")
    drop(raised(cast, case), by=cast.auditor_3306, reasons="The label is on the other side.")
    perform(case, "endorse", by=cast.auditor_3306, data={"opinion": "in order"})


def test_who_may_what(cast, case, evaluated):
    for name in "approver_3306 auditor_33 auditor_44 owner evaluator expert_a administrator".split():
        with pytest.raises(NotYours):
            raise_nonconformity(case, by=cast.people[name], severity="minor", description="x", **DUE)
    theirs = raise_nonconformity(evaluated, by=cast.evaluator, severity="minor", description="x", **DUE)
    row = raised(cast, case)
    for name in "viewer stranger auditor_3306 evaluator".split():
        with pytest.raises(NotYours):
            respond(row, by=cast.people[name], **DONE)
    respond(row, by=cast.owner, **DONE)
    for act in (accept, drop):
        for name in "owner auditor_33 approver_3306 evaluator".split():
            with pytest.raises(NotYours):
                act(row, by=cast.people[name], reasons="x")
    seen = {
        name: Nonconformity.objects.visible_to(cast.people[name]).count()
        for name in "evaluator owner viewer auditor_3306 auditor_33 auditor_44 stranger expert_a".split()
    }
    assert seen == {
        "evaluator": 1, "owner": 2, "viewer": 2, "auditor_3306": 2, "auditor_33": 2, "auditor_44": 0,
        "stranger": 0, "expert_a": 0,
    }  # fmt: skip
    assert Nonconformity.objects.visible_to(cast.evaluator).get() == theirs


def test_states_follow_each_other(cast, case):
    row = raised(cast, case)
    with pytest.raises(Refused) as no:
        accept(row, by=cast.auditor_3306)
    assert no.value.code == "wrong_state"
    respond(row, by=cast.owner, **DONE)
    with pytest.raises(Refused):
        respond(row, by=cast.owner, **DONE)
    accept(row, by=cast.auditor_3306)
    with pytest.raises(Refused):
        drop(row, by=cast.auditor_3306, reasons="x")
    with pytest.raises(Exception, match="append"):
        CorrectiveAction.objects.update(correction="other")


def test_reminders_at_seven_days_and_at_one_once_each(cast, case):
    row = raised(cast, case)
    days = []
    for left in (8, 7, 6, 1, 1, 0):
        with on(row.due_on - dt.timedelta(days=left)):
            remind_due()
            remind_due()
            days.append(_reminders().count())
    assert days == [0, 1, 1, 2, 2, 2]
    assert AuditEntry.objects.filter(verb="remind_due", chain__startswith="reminder:").count() >= 2
    with on(row.due_on):
        send_mails()
    told = Delivery.objects.filter(entry__verb="remind_due", subject__contains="correct")
    assert {mail.addressee.username for mail in told} == {"owner", "editor"}


def test_a_correction_that_was_told_is_not_reminded_of_and_a_new_day_brings_new_reminders(cast, case):
    row = raised(cast, case)
    respond(row, by=cast.owner, **DONE)
    with on(row.due_on - dt.timedelta(days=7)):
        remind_due()
        assert _reminders().count() == 0
    turn_down(row, by=cast.auditor_3306, reasons="no", due_on=row.due_on + dt.timedelta(days=10))
    with on(row.due_on + dt.timedelta(days=3)):
        remind_due()
        assert _reminders().count() == 1


def _reminders():
    return Reminder.objects.filter(source="correction")


def test_what_is_overdue_is_shown(cast, case, browse):
    row = raised(cast, case)
    with on(row.due_on + dt.timedelta(days=1)):
        listed = browse(cast.auditor_3306).get("/admin/certification/nonconformity/?correction=overdue")
        assert list(listed.context["cl"].queryset) == [row]
        page = browse(cast.owner).get(reverse("application-onsite", args=[case.pk])).content.decode()
        assert "overdue" in page


def test_the_applicant_corrects_on_a_page_and_the_desk_rules_in_the_admin(cast, case, browse):
    row = raised(cast, case)
    owner, auditor = browse(cast.owner), browse(cast.auditor_3306)
    assert "Correct a nonconformity" in owner.get(reverse("work")).content.decode()
    address = reverse("correction-respond", args=[row.pk])
    assert owner.post(address, {"root_cause": "x"}).status_code == 422
    sent = {**DONE, "file": SimpleUploadedFile("log.pdf", pdf("log")), "kind": "metering_record"}
    assert owner.post(address, sent).status_code == 302
    page = f"/admin/certification/nonconformity/{row.pk}"
    assert "Read daily now." in auditor.get(f"{page}/change/").content.decode()
    assert auditor.post(f"{page}/turn_down/", {"reasons": ""}).status_code == 422
    assert browse(cast.auditor_44).get(f"{page}/change/").status_code == 404
    assert auditor.post(f"{page}/accept/", {}).status_code == 302
    row.refresh_from_db()
    assert row.state == "closed"
    key = row.actions.get().files[0]["evidence"]
    for name, status in {"auditor_3306": 200, "viewer": 200, "stranger": 404, "evaluator": 404}.items():
        answer = browse(cast.people[name]).get(reverse("correction-file", args=[row.pk, key]))
        assert answer.status_code == status, name
        if answer.streaming:
            answer.getvalue()


def test_the_evaluator_raises_one_on_a_page(cast, evaluated, browse):
    browser = browse(cast.evaluator)
    address = reverse("nonconformity-raise", args=[evaluated.pk])
    sent = {"severity": "major", "description": "No meter.", "due_on": DUE["due_on"], "about": "E1"}
    assert browser.post(address, sent).status_code == 302
    row = Nonconformity.objects.get()
    assert (row.raised_by, row.desk) == (cast.evaluator, None)
    assert "No meter." in browser.get(reverse("application-onsite", args=[evaluated.pk])).content.decode()
    assert browse(cast.owner).get(address).status_code == 403


def test_it_works_after_the_grant(cast):
    title = cast.granted()
    case = title.decision.application
    row = raised(cast, case)
    respond(row, by=cast.owner, **DONE)
    accept(row, by=cast.auditor_3306)


def test_the_api_raises_corrects_and_rules(cast, case):
    desk, mine = Caller.of(cast.auditor_3306), Caller.of(cast.owner)
    sent = {"application": case.pk, "about": "E1", "severity": "major", "description": "No label."}
    made = desk.post("nonconformities/", {**sent, "due_on": str(DUE["due_on"])})
    assert (made.status, made.body["state"]) == (201, "open"), made.body
    address = f"nonconformities/{made.body['id']}"
    assert desk.post(f"applications/{case.pk}/endorse", {"opinion": "x"}).code == "nonconformities_closed"
    said = mine.post(f"{address}/respond", {**DONE, "evidence": [cast.enterprise.evidence.first().pk]})
    assert said.body["state"] == "answered", said.body
    again = desk.post(f"{address}/turn-down", {"reasons": "no", "due_on": str(DUE["due_on"])})
    assert (again.body["state"], again.body["actions"][0]["ruling"]["accepted"]) == ("open", False)
    mine.post(f"{address}/respond", DONE)
    assert desk.post(f"{address}/accept").body["state"] == "closed"
    assert desk.post(f"{address}/drop", {"reasons": "x"}).code == "wrong_state"
    assert mine.post("nonconformities/", {**sent, "due_on": str(DUE["due_on"])}).status == 403
