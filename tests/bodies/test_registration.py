"""A body declares itself, keeps its lists, and is registered by the national desk or refused."""

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from certification.body import actions
from certification.body.conditions import lacking
from certification.models import Body, BodyPaper, Employer, Staff
from greenchain.accounts.models import User
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from tests.bodies.conftest import SAID, staffed
from tests.cast import Cast
from tests.papers import pdf
from tests.portal.conftest import As

GONE = dt.date(2024, 1, 1)


def test_ten_with_titles_half_of_them_senior(declared: Body) -> None:
    assert "0 of at least 10" in lacking(declared)[0]
    staffed(declared, senior=4, intermediate=6)
    assert lacking(declared) == ["4 of these 10 have senior titles; at least half must"]
    staffed(declared, senior=2, intermediate=0)
    assert lacking(declared) == []


def test_only_full_time_staff_of_today_with_titles_count(declared: Body) -> None:
    staffed(declared, full_time=False)
    staffed(declared, until_on=GONE)
    Staff.objects.create(body=declared, name="Novice", title="none")
    assert lacking(declared)[0].startswith("0 of at least 10")
    row: Any = Body.objects.counted().get(pk=declared.pk)
    assert (row.titled, row.senior) == (0, 0)
    staffed(declared, until_on=today())
    row = Body.objects.counted().get(pk=declared.pk)
    assert (row.titled, row.senior) == (10, 5)
    assert lacking(declared) == []


def test_the_national_desk_registers_what_meets_the_conditions(cast: Cast, declared: Body) -> None:
    with pytest.raises(Refused) as no:
        actions.approve_body(declared, by=cast.approver_CN)
    assert no.value.code == "conditions"
    staffed(declared)
    for person in (cast.approver_33, cast.auditor_CN, cast.evaluator, cast.owner):
        with pytest.raises(NotYours):
            actions.approve_body(declared, by=person)
    actions.approve_body(declared, by=cast.approver_CN)
    declared.refresh_from_db()
    assert declared.status == Body.Status.REGISTERED
    assert history(declared).filter(verb="approve_body").count() == 1
    with pytest.raises(Refused) as again:
        actions.approve_body(declared, by=cast.approver_CN)
    assert again.value.code == "already_done"


def test_an_administrator_registers_but_not_what_they_entered(cast: Cast, declared: Body) -> None:
    staffed(declared)
    actions.approve_body(declared, by=cast.administrator)
    entered = actions.declare_body(by=cast.administrator, **{**SAID, "identifier": "91330100MA0TEST02"})
    staffed(entered)
    with pytest.raises(NotYours) as no:
        actions.approve_body(entered, by=cast.administrator)
    assert no.value.code == "apart_from"


def test_a_refused_body_mends_and_awaits_registration_anew(cast: Cast, declared: Body, keeper: User) -> None:
    with pytest.raises(Refused):
        actions.refuse_body(declared, by=cast.approver_CN, reasons=" ")
    actions.refuse_body(declared, by=cast.approver_CN, reasons="No proof of titles.")
    declared.refresh_from_db()
    assert (declared.status, declared.reasons) == ("refused", "No proof of titles.")
    actions.amend_body(declared, by=keeper, address="No. 1 Road")
    declared.refresh_from_db()
    assert declared.status == "declared"


def test_what_the_cap_hangs_on_is_fixed_once_registered(cast: Cast, declared: Body, keeper: User) -> None:
    staffed(declared)
    actions.approve_body(declared, by=cast.approver_CN)
    with pytest.raises(Refused) as no:
        actions.amend_body(declared, by=keeper, legal_representative="Somebody Else")
    assert (no.value.code, no.value.field) == ("fixed", "legal_representative")
    actions.amend_body(declared, by=cast.administrator, legal_representative="Somebody Else")
    declared.refresh_from_db()
    assert declared.legal_representative == "Somebody Else"
    assert list(declared.members.all()) == [keeper]


def test_a_person_acts_for_one_body(cast: Cast, declared: Body) -> None:
    with pytest.raises(Refused) as no:
        actions.declare_body(by=cast.evaluator, **{**SAID, "identifier": "other"})
    assert "acts for another body already" in str(no.value)
    with pytest.raises(Refused):
        actions.amend_body(declared, by=cast.administrator, members=[cast.owner])
    with pytest.raises(NotYours):
        actions.declare_body(by=cast.owner, **SAID)


def test_lists_are_kept_by_the_body_and_stand_in_the_record(cast: Cast, declared: Body, keeper: User) -> None:
    person = actions.keep_entry(declared, "staff", by=keeper, name="Sun Li", title="senior")
    job = actions.keep_entry(declared, "employers", by=keeper, staff=person, name="Works Ltd", until_on=GONE)
    actions.keep_entry(declared, "staff", by=keeper, entry=person, title="intermediate")
    assert Employer.objects.get() == job
    told = history(declared).filter(verb="keep_staff").order_by("-seq")[0]
    assert told.data["changed"] == {"title": ["senior", "intermediate"]}
    for somebody in (cast.evaluator, cast.approver_CN, cast.owner):
        with pytest.raises(NotYours):
            actions.keep_entry(declared, "staff", by=somebody, name="X", title="senior")
    other = Staff.objects.filter(body__identifier="T1").first()
    with pytest.raises(NotYours):
        actions.keep_entry(declared, "employers", by=keeper, staff=other, name="Works Ltd")
    with pytest.raises(Refused) as no:
        actions.keep_entry(declared, "shareholders", by=keeper, name="Too much", share=101)
    assert no.value.field == "share"


def test_a_body_is_declared_and_kept_in_the_portal(
    keeper: User, signed_in: As, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(keeper)
    assert browser.get(reverse("body-own"))["Location"] == reverse("body-new")
    assert browser.post(reverse("body-new"), {"name": "x"}).status_code == 422
    said = {**SAID, "registered_on": "2018-05-01"}
    answer = browser.post(reverse("body-new"), said)
    body = Body.objects.get(identifier=SAID["identifier"])
    page = reverse("body", args=[body.pk])
    assert answer["Location"] == page
    assert browser.get(reverse("body-own"))["Location"] == page
    new = reverse("body-entry-new", args=[body.pk, "staff"])
    assert browser.post(new, {"name": "孙丽", "title": "senior", "field": "energy"}).status_code == 302
    person = body.staff.get()
    job = {"staff": person.pk, "name": "Works Ltd", "since_on": "2024-01-01", "until_on": "2023-01-01"}
    assert browser.post(reverse("body-entry-new", args=[body.pk, "employers"]), job).status_code == 409
    assert (
        browser.post(reverse("body-edit", args=[body.pk]), {**said, "address": "Road 1"}).status_code == 302
    )
    assert (
        browser.post(
            reverse("body-paper-new", args=[body.pk]), {"upload": SimpleUploadedFile("t.pdf", pdf("titles"))}
        ).status_code
        == 302
    )
    file = BodyPaper.objects.get()
    assert browser.get(reverse("body-paper", args=[body.pk, file.pk])).getvalue().startswith(b"%PDF")
    staffed(body)
    browser.get(page)  # what a process reads once it keeps
    with django_assert_max_num_queries(12):
        text = browser.get(page).content.decode()
    assert "孙丽" in text
    assert "Add a shareholder" in text


def test_who_sees_what_of_a_body(cast: Cast, declared: Body, keeper: User, signed_in: As) -> None:
    page, edit = reverse("body", args=[declared.pk]), reverse("body-edit", args=[declared.pk])
    person = staffed(declared)[0]
    inner = [
        edit,
        reverse("body-entry-new", args=[declared.pk, "staff"]),
        reverse("body-entry", args=[declared.pk, "staff", person.pk]),
        reverse("body-paper-new", args=[declared.pk]),
    ]
    for somebody in (None, cast.owner, cast.evaluator, cast.expert_a):
        assert signed_in(somebody).get(page).status_code == 404
        assert signed_in(somebody).post(edit, {}).status_code == (404 if somebody else 302)
    for official in (cast.approver_CN, cast.auditor_3306, cast.administrator):
        assert "Person 0" in signed_in(official).get(page).content.decode()
        for address in inner:
            assert signed_in(official).get(address).status_code == 403
    for address in inner:
        assert signed_in(keeper).get(address).status_code == 200
    assert signed_in(keeper).get(reverse("body-entry-new", args=[declared.pk, "magic"])).status_code == 404
    actions.approve_body(declared, by=cast.approver_CN)
    for somebody in (None, cast.owner, cast.evaluator):
        text = signed_in(somebody).get(page).content.decode()
        assert "10 of intermediate title or above" in text
        assert "Person 0" not in text
        assert "office@greensource" not in text
    assert signed_in(cast.owner).get(reverse("body-own")).status_code == 403
    assert signed_in(cast.owner).get(reverse("body-new")).status_code == 403


def test_the_list_costs_the_same_with_more_bodies(
    declared: Body, signed_in: As, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser, text = signed_in(None), ""
    assert declared.status == "declared"
    for extra in (1, 2):
        for number in range(extra):
            said = {**SAID, "identifier": f"B{extra}{number}", "status": "registered"}
            staffed(Body.objects.create(**said))
        with django_assert_num_queries(2):
            text = browser.get(reverse("body-list")).content.decode()
    assert text.count(str(SAID["name"])) == 3


def test_bodies_are_registered_in_the_admin(cast: Cast, declared: Body, signed_in: As) -> None:
    staffed(declared)
    act = reverse("admin:certification_body_approve", args=[declared.pk])
    assert signed_in(cast.approver_33).post(act).status_code == 403
    assert signed_in(cast.auditor_CN).get(act).status_code == 403
    browser = signed_in(cast.approver_CN)
    assert act in browser.get(reverse("admin:certification_body_change", args=[declared.pk])).content.decode()
    assert browser.post(act).status_code == 302
    declared.refresh_from_db()
    assert declared.status == "registered"
    entered = {**SAID, "identifier": "ENTERED", "registered_on": "2020-01-01"}
    new = reverse("admin:certification_body_add")
    assert browser.post(new, entered).status_code == 403
    assert signed_in(cast.administrator).post(new, entered).status_code == 302
    assert Body.objects.get(identifier="ENTERED").status == "declared"
