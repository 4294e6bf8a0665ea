"""Internal notes: their words reach nobody but those who may read them, on no way."""

import re

import pytest
from django.core import mail
from django.urls import reverse

from certification.delivery.actions import send_mails
from certification.models import Delivery, InternalNote, Seat
from certification.note.actions import write_note
from certification.verbs import perform
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import history
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db
CANARY = "kanarienvogel-7319"
SOUGHT = "feuerwehr-5512"
"""Stands in the note too; pages repeat what is sought for, so it is sought by this and looked for by the other."""
BLIND = (
    "owner editor viewer stranger evaluator expert_a auditor_33 approver_CN auditor_44 approver_44 "
    "reviewer_3306 reviewer_33 administrator nobody"
).split()
LINK = re.compile(r'(?:href|action|hx-get|src)="([^"#]+)')
PROGRAM = (
    "applications/{pk}/ applications/{pk}/history applications/{pk}/citations applications/ internal-notes/ "
    "internal-notes/{note}/ internal-notes/?application={pk} questions/ assessments/ objections/ "
    "designations/ alerts/"
).split()


def pages_of(case, note):
    """Every address that has the case in it, and the registers that list cases, notes and the record."""
    admin = "/admin/certification/application"
    return [
        reverse("application", args=[case.pk]),
        *(
            reverse(name, args=[case.pk])
            for name in (
                "application-stages application-runs application-state application-gap application-questions"
            ).split()
        ),
        reverse("application-list"), reverse("work"), reverse("seats"), reverse("mails"),
        "/admin/", f"{admin}/", f"{admin}/?q={SOUGHT}", f"{admin}/?q={case.number}", f"{admin}/export/",
        *(f"{admin}/{case.pk}/{part}/" for part in ("change", "history", "gap", "endorse", "send_back")),
        "/admin/certification/internalnote/", f"/admin/certification/internalnote/?q={case.number}",
        f"/admin/certification/internalnote/{note.pk}/change/",
        f"/admin/certification/internalnote/{note.pk}/history/",
        "/admin/audit/auditentry/", f"/admin/audit/auditentry/?q={SOUGHT}",
        f"/admin/audit/auditentry/?chain=application:{case.pk}",
        f"/admin/audit/auditentry/?chain=internalnote:{note.pk}",
        "/register/", f"/register/?q={SOUGHT}", "/notices/",
    ]  # fmt: skip


def crawl(browser, case, note):
    """Where the canary stands, of all pages of the case and all that they link to about it."""
    about = (f"/applications/{case.pk}/", f"application/{case.pk}/", "/seats/", f"internalnote/{note.pk}")
    waiting, seen, found = pages_of(case, note), set(), set()
    while waiting:
        address = waiting.pop()
        if address in seen or "/cite/" in address:  # many, and all alike
            continue
        seen.add(address)
        answer = browser.get(address)
        body = answer.getvalue() if answer.streaming else answer.content
        if CANARY.encode() in body:
            found.add(address)
        if "html" in answer.headers.get("Content-Type", ""):
            links = [link.replace("&amp;", "&") for link in LINK.findall(body.decode())]
            waiting += [
                each for each in links if each.startswith("/") and any(part in each for part in about)
            ]
        if answer.status_code == 302 and answer["Location"].startswith("/"):
            waiting.append(answer["Location"])
    return seen, found


@pytest.fixture
def noted(cast, evaluated):
    """A note on a case that has an evaluator and an expert."""
    Seat.objects.create(application=evaluated, user=cast.expert_a, part="expert")
    return write_note(evaluated, by=cast.auditor_3306, text=f"Ring {SOUGHT}: {CANARY}")


def test_no_page_shows_the_note_to_others(cast, evaluated, noted, browse):
    for name in BLIND:
        seen, found = crawl(browse(cast.people.get(name)), evaluated, noted)
        assert found == set(), name
        assert seen.issuperset(pages_of(evaluated, noted))


def test_colleagues_read_it_in_the_case_file_and_in_its_register(cast, evaluated, noted, browse):
    for name in ("auditor_3306_b", "approver_3306"):
        assert InternalNote.objects.visible_to(cast.people[name]).get() == noted
    _seen, found = crawl(browse(cast.auditor_3306_b), evaluated, noted)
    assert f"/admin/certification/application/{evaluated.pk}/change/" in found
    assert f"/admin/certification/internalnote/{noted.pk}/change/" in found
    assert not any(address.startswith("/applications/") for address in found)
    assert f"/admin/certification/application/{evaluated.pk}/history/" not in found
    assert "/admin/certification/application/export/" not in found


def test_no_answer_of_the_api_holds_it(cast, evaluated, noted):
    for name in BLIND:
        caller = Caller.of(cast.people.get(name))
        for address in PROGRAM:
            answer = caller.get(address.format(pk=evaluated.pk, note=noted.pk))
            assert CANARY not in str(answer.body), (name, address)
        assert caller.get(f"internal-notes/{noted.pk}/").status == (401 if name == "nobody" else 404)


def test_only_the_notes_own_addresses_hold_it_for_colleagues(cast, evaluated, noted):
    caller = Caller.of(cast.auditor_3306)
    held = [
        address
        for address in PROGRAM
        if CANARY in str(caller.get(address.format(pk=evaluated.pk, note=noted.pk)).body)
    ]
    assert held
    assert all(address.startswith("internal-notes/") for address in held)


def test_no_mail_no_record_and_no_dossier_holds_it(evaluated, noted):
    send_mails()
    told = [*Delivery.objects.values_list("subject", "text"), *((m.subject, m.body) for m in mail.outbox)]
    assert told
    assert CANARY not in str(told)
    assert not AuditEntry.objects.filter(body__contains=CANARY).exists()
    assert CANARY not in evaluated.dossier.body
    assert [entry.verb for entry in history(noted)] == ["write_note"]
    assert "write_note" not in set(history(evaluated).values_list("verb", flat=True))


def test_a_shared_note_goes_up_and_not_sideways_or_down(cast, evaluated):
    write_note(evaluated, by=cast.auditor_3306, text="see the map", shared=True)
    write_note(evaluated, by=cast.auditor_33, text="ask the city")
    seen = {
        name: sorted(InternalNote.objects.visible_to(cast.people[name]).values_list("text", flat=True))
        for name in "auditor_3306 approver_33 approver_CN reviewer_33 auditor_44 owner administrator".split()
    }
    assert seen == {
        "auditor_3306": ["see the map"], "approver_33": ["ask the city", "see the map"],
        "approver_CN": ["see the map"], "reviewer_33": [], "auditor_44": [], "owner": [], "administrator": [],
    }  # fmt: skip


def test_who_may_write(cast, evaluated):
    for name in "owner evaluator expert_a reviewer_3306 auditor_44 administrator".split():
        with pytest.raises(NotYours):
            write_note(evaluated, by=cast.people[name], text="x")
    with pytest.raises(Refused) as no:
        write_note(evaluated, by=cast.auditor_3306, text="  ")
    assert no.value.field == "text"
    write_note(evaluated, by=cast.auditor_3306, text="x")
    with pytest.raises(Exception, match="append"):
        InternalNote.objects.update(text="y")


def test_to_write_a_note_is_to_take_no_part(cast):
    case = cast.examined()
    write_note(case, by=cast.approver_3306, text="looks good")
    cast.endorsed_up(case)
    perform(case, "select", by=cast.approver_3306, data={})
    perform(case, "grant", by=cast.approver_3306, data={})
    case.refresh_from_db()
    assert case.status == "granted"


def test_a_note_is_written_from_the_case_file(cast, case, browse):
    browser = browse(cast.auditor_3306)
    address = f"/admin/certification/internalnote/add/?application={case.pk}"
    assert address in browser.get(f"/admin/certification/application/{case.pk}/change/").content.decode()
    assert browser.post(address, {"text": ""}).status_code == 422
    assert browser.post(address, {"text": "call them"}).status_code == 302
    page = browser.get(f"/admin/certification/application/{case.pk}/change/").content.decode()
    assert "call them" in page
    assert browse(cast.reviewer_3306).get(address).status_code == 403


def test_the_api_writes_a_note(cast, case):
    made = Caller.of(cast.auditor_3306).post("internal-notes/", {"application": case.pk, "text": "call them"})
    assert (made.status, made.body["authority"]) == (201, "3306")
    for name, status in {"owner": 403, "auditor_44": 400, "reviewer_3306": 403, "nobody": 401}.items():
        sent = {"application": case.pk, "text": "x"}
        assert Caller.of(cast.people.get(name)).post("internal-notes/", sent).status == status, name
