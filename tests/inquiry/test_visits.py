"""On-site verification: planned ahead, found line by line with photos, signed by two, told to the applicant then."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from certification.delivery.actions import send_mails
from certification.models import Delivery, ItemPhoto, Nonconformity, Signature, Verification
from certification.verification.actions import cancel, earliest, find, move, plan, sign
from greenchain.audit.trail import history
from greenchain.clock import today, working_days_between
from greenchain.refusals import NotYours, Refused
from tests.api.caller import Caller
from tests.papers import image

pytestmark = pytest.mark.django_db


def planned(cast, case, **more):
    given: dict[str, Any] = {
        "starts_on": earliest(),
        "ends_on": earliest(),
        "place": "Gate 2",
        "purpose": "Meters and tanks",
        "team": [cast.auditor_3306, cast.auditor_3306_b],
        **more,
    }
    return plan(case, by=cast.auditor_3306, **given)


def on(day: dt.date) -> Any:
    """It is noon of that day in Shanghai."""
    return time_machine.travel(dt.datetime.combine(day, dt.time(4), tzinfo=dt.UTC), tick=False)


def picture(name="tank.png", size=(8, 8)):
    return SimpleUploadedFile(name, image(size=size), "image/png")


def test_the_checklist_holds_every_indicator_and_gate_with_what_was_claimed(cast, case):
    visit = planned(cast, case)
    definition = case.scheme_version.definition
    codes = [item.code for item in definition.indicators] + [gate.key for gate in definition.gates]
    assert list(visit.items.order_by("position").values_list("code", flat=True)) == codes
    run = case.assessments.get()
    for item in visit.items.all():
        score = run.scores.filter(code=item.code, value__isnull=False).first()
        if score is not None and "value" in item.claimed:
            assert item.claimed["value"] == f"{score.value.normalize():f}"
    assert sum("value" in item.claimed for item in visit.items.all()) >= 5
    few = planned(cast, case, codes=["E1", "E2"])
    assert few.items.count() == 2


def test_the_applicant_is_told_three_working_days_ahead(cast, case):
    assert working_days_between(today(), earliest()) == 3
    with pytest.raises(Refused) as no:
        planned(cast, case, starts_on=earliest() - dt.timedelta(days=1))
    assert no.value.field == "starts_on"
    planned(cast, case)
    send_mails()
    told = Delivery.objects.filter(entry__verb="plan_visit")
    assert {mail.addressee.username for mail in told} == {"owner", "editor"}
    assert "Gate 2" in told[0].text
    assert "Meters and tanks" in told[0].text


def test_bad_plans_are_refused_by_field(cast, case):
    for given, field in (
        ({"ends_on": today()}, "ends_on"),
        ({"place": " "}, "place"),
        ({"purpose": ""}, "purpose"),
        ({"team": [cast.auditor_3306]}, "team"),
        ({"team": [cast.auditor_3306, cast.auditor_33]}, "team"),
        ({"codes": ["NONE"]}, "codes"),
    ):
        with pytest.raises(Refused) as no:
            planned(cast, case, **given)
        assert no.value.field == field
    for name in "approver_3306 auditor_33 auditor_44 owner evaluator administrator".split():
        with pytest.raises(NotYours):
            plan(case, by=cast.people[name], starts_on=earliest(), ends_on=earliest(), team=[])
    assert not Verification.objects.exists()


def test_findings_photos_two_signatures_and_what_becomes_of_them(cast, case):
    visit = planned(cast, case, codes=["E1", "E2"])
    first, second = visit.items.order_by("position")
    with pytest.raises(Refused) as no:
        find(first, by=cast.auditor_3306, result="conforms")
    assert no.value.code == "too_early"
    with on(visit.starts_on):
        due = today() + dt.timedelta(days=30)
        find(first, by=cast.auditor_3306, result="conforms")
        with pytest.raises(Refused) as no:
            sign(visit, by=cast.auditor_3306, conclusion="Fine.")
        assert no.value.code == "unfinished"
        for bad, field in (
            ({"result": "major", "remark": ""}, "remark"),
            ({"result": "major", "remark": "x"}, "due_on"),
            ({"result": "fine", "remark": "x"}, "result"),
            ({"result": "note", "remark": "x", "photos": [SimpleUploadedFile("a.png", b"MZ")]}, "file"),
        ):
            with pytest.raises(Refused) as no:
                find(second, by=cast.auditor_3306, **bad)
            assert no.value.field == field
        photos = [picture(), picture("same.png"), picture("other.png", (9, 9))]
        told: Any = {"result": "major", "remark": "No meter.", "due_on": due, "place": "Hall 3"}
        find(second, by=cast.auditor_3306_b, photos=photos, taken_on=today(), **told)
        assert ItemPhoto.objects.filter(item=second).count() == 2
        with pytest.raises(NotYours):
            sign(visit, by=cast.auditor_33, conclusion="Fine.")
        sign(visit, by=cast.auditor_3306, conclusion="One fault.")
        with pytest.raises(Refused) as no:
            sign(visit, by=cast.auditor_3306, conclusion="One fault.")
        assert no.value.code == "already_done"
        assert not Nonconformity.objects.exists()
        find(first, by=cast.auditor_3306, result="note", remark="Dusty.")  # the first signature is void now
        sign(visit, by=cast.auditor_3306_b, conclusion="One fault.")
        visit.refresh_from_db()
        assert visit.state == "planned"
        sign(visit, by=cast.auditor_3306, conclusion="One fault.")
    visit.refresh_from_db()
    assert (visit.state, Signature.objects.count(), len(visit.signers())) == ("signed", 3, 2)
    row = Nonconformity.objects.get()
    assert (row.about, row.severity, row.description, row.due_on) == ("E2", "major", "No meter.", due)
    second.refresh_from_db()
    assert second.nonconformity == row
    verbs = list(history(case).values_list("verb", flat=True))
    assert verbs[-3:] == ["sign_visit", "finish_visit", "raise_nonconformity"]
    with pytest.raises(Refused), on(visit.starts_on):
        find(first, by=cast.auditor_3306, result="conforms")


def test_the_applicant_sees_the_plan_at_once_and_the_findings_once_signed(cast, case, browse):
    visit = planned(cast, case, codes=["E1"])
    item = visit.items.get()
    here = reverse("application-onsite", args=[case.pk])
    owner = browse(cast.owner)
    assert "Meters and tanks" in owner.get(here).content.decode()
    told: Any = {"result": "note", "remark": "Seen behind the tank."}
    with on(visit.starts_on):
        find(item, by=cast.auditor_3306, photos=[picture()], **told)
        photo = reverse("finding-photo", args=[item.photos.get().pk])
        sign(visit, by=cast.auditor_3306, conclusion="All good.")
        before = owner.get(here).content.decode()
        assert owner.get(photo).status_code == 404
        assert "findings" not in str(Caller.of(cast.owner).get(f"applications/{case.pk}/history").body)
        told_owner = Caller.of(cast.owner).get(f"verifications/{visit.pk}/").body
        assert (told_owner["items"], told_owner["conclusion"]) == ([], "")
        sign(visit, by=cast.auditor_3306_b, conclusion="All good.")
    assert "Seen behind the tank." not in before
    assert "All good." not in before
    after = owner.get(here).content.decode()
    assert "Seen behind the tank." in after
    assert "All good." in after
    for name, status in {"owner": 200, "auditor_33": 200, "stranger": 404, "expert_a": 404}.items():
        answer = browse(cast.people[name]).get(photo)
        assert answer.status_code == status, name
        if answer.streaming:
            answer.getvalue()
    assert Verification.objects.visible_to(cast.evaluator).count() == 0


def test_a_visit_is_moved_and_cancelled_with_reasons(cast, case):
    visit = planned(cast, case)
    later = earliest() + dt.timedelta(days=7)
    move(visit, by=cast.auditor_3306_b, starts_on=later, ends_on=later, place="Gate 1", reasons="storm")
    visit.refresh_from_db()
    assert (visit.starts_on, visit.place) == (later, "Gate 1")
    with pytest.raises(Refused):
        cancel(visit, by=cast.auditor_3306, reasons=" ")
    cancel(visit, by=cast.auditor_3306, reasons="not needed")
    with pytest.raises(Refused):
        move(visit, by=cast.auditor_3306, starts_on=later, ends_on=later, place="x", reasons="")


def test_the_desk_plans_finds_and_signs_in_the_admin(cast, case, browse):
    first, second = browse(cast.auditor_3306), browse(cast.auditor_3306_b)
    address = f"/admin/certification/verification/add/?application={case.pk}"
    back = f'href="/admin/certification/application/{case.pk}/change/">Back without doing it'
    assert back in first.get(address).content.decode()
    for place in ("/admin/certification/verification/", "/admin/"):
        assert "verification/add/" not in first.get(place).content.decode(), (
            "a visit is planned on its case file"
        )
    day = earliest()
    sent: dict[str, Any] = {"starts_on": day, "ends_on": day, "place": "Gate 2", "purpose": "Meters"}
    assert first.post(address, {**sent, "team": [cast.auditor_3306.pk]}).status_code == 409
    team = [cast.auditor_3306.pk, cast.auditor_3306_b.pk]
    assert first.post(address, {**sent, "team": team, "codes": ["E1"]}).status_code == 302
    visit = Verification.objects.get()
    item = visit.items.get()
    page = f"/admin/certification/verification/{visit.pk}"
    line = f"/admin/certification/verificationitem/{item.pk}/find/"
    with on(day):
        assert line in first.get(f"{page}/change/").content.decode()
        assert first.get(line).status_code == 200
        assert first.post(line, {"result": "minor", "remark": "", "due_on": ""}).status_code == 409
        found = {"result": "minor", "remark": "No label.", "due_on": day + dt.timedelta(days=9)}
        assert first.post(line, {**found, "photos": [picture()]}).status_code == 302
        assert first.post(f"{page}/sign/", {"conclusion": "One label."}).status_code == 302
        assert second.post(f"{page}/sign/", {"conclusion": "One label."}).status_code == 302
        shown = first.get(f"/admin/certification/application/{case.pk}/change/").content.decode()
    assert "No label." in shown
    assert Nonconformity.objects.get().severity == "minor"
    assert browse(cast.auditor_44).get(f"{page}/change/").status_code == 404
    assert browse(cast.approver_3306).post(address, sent).status_code == 403


def test_the_api_plans_finds_and_signs(cast, case):
    one, two = Caller.of(cast.auditor_3306), Caller.of(cast.auditor_3306_b)
    day = earliest()
    sent = {
        "application": case.pk, "starts_on": str(day), "ends_on": str(day), "place": "Gate 2",
        "purpose": "Meters", "team": ["auditor_3306", "auditor_3306_b"], "codes": ["E1"],
    }  # fmt: skip
    made = one.post("verifications/", sent)
    assert made.status == 201, made.body
    address = f"verifications/{made.body['id']}"
    item = made.body["items"][0]["id"]
    with on(day):
        found = one.post(
            f"{address}/items/{item}", {"result": "note", "remark": "Dusty.", "photo": picture()}
        )
        assert found.status == 200, found.body
        photo = found.body["photos"][0]["id"]
        assert one.get(f"{address}/photos/{photo}").status == 200
        assert Caller.of(cast.owner).get(f"{address}/photos/{photo}").status == 404
        assert one.post(f"{address}/sign", {"conclusion": "Fine."}).body["state"] == "planned"
        assert two.post(f"{address}/sign", {"conclusion": "Fine."}).body["state"] == "signed"
    assert Caller.of(cast.owner).get(f"{address}/").body["items"][0]["remark"] == "Dusty."
    assert Caller.of(cast.owner).post("verifications/", sent).status == 403
    assert Caller.of(cast.auditor_44).post("verifications/", sent).status == 400
    assert Caller.of(cast.evaluator).get(f"{address}/").status == 404
