"""The calendar by region: the nearest authority's day, in its years, and the forms that follow it."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.models import Deadline, Obligation
from certification.scheme.actions import set_deadline
from certification.scheme.deadlines import Duty, deadline_for, due_day
from certification.surveillance.filing import file_form, keep_form
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Authority
from suppliers.place.reference import registered
from tests.admin.conftest import text_of

ADD = "/admin/certification/deadline/add/"


def place(code):
    return Authority.objects.get(code=code)


def day(code, year):
    return due_day(Duty.ANNUAL_FORM, place(code), year, (4, 15))


def setting(**given):
    return {"duty": Duty.ANNUAL_FORM, "month": 3, "day": 30, "from_year": 2026, "source": "Notice 1"} | given


def test_the_published_days_are_loaded_once_where_their_authorities_are(cast):
    province = place("33")
    Authority.objects.create(
        code="35", kind="province", level=2, parent=province.parent, path="CN/35/", name_zh="福建省"
    )
    assert registered()["deadlines"]() == registered()["deadlines"]() == 3
    row = Deadline.objects.get(authority__code="35")
    assert (row.month, row.day, row.mark, bool(row.source["zh-hans"])) == (3, 15, "source", True)
    assert day("35", 2026) == dt.date(2026, 3, 15)
    assert cast.version


def test_the_nearest_authority_decides_in_its_years(cast):
    set_deadline(by=cast.administrator, authority=place("33"), **setting())
    set_deadline(by=cast.administrator, authority=place("3306"), **setting(day=10, until_year=2027))
    set_deadline(by=cast.administrator, authority=place("33"), **setting(month=4, day=1, from_year=2029))
    assert [day("3306", year).isoformat() for year in range(2025, 2030)] == [
        "2025-04-15",
        "2026-03-10",
        "2027-03-10",
        "2028-03-30",
        "2029-04-01",
    ]
    assert day("44", 2026) == dt.date(2026, 4, 15)
    assert deadline_for(Duty.RECOMMENDATION, None, 2026) is None
    home = place("3306")
    with CaptureQueriesContext(connection) as asked:
        deadline_for(Duty.ANNUAL_FORM, home, 2026)
    assert len(asked) == 1


def test_a_day_that_is_set_moves_the_forms_not_filed_yet(cast):
    open_form = cast.granted()
    filed = cast.granted(cast.draft(cast.another_site()))
    Obligation.objects.filter(designation=filed).update(year=today().year - 1)
    keep_form(
        Obligation.objects.get(designation=filed),
        by=cast.owner,
        figures={"green_product_share": "80", "rd_share": "3"},
    )
    file_form(Obligation.objects.get(designation=filed), by=cast.owner)
    before = Obligation.objects.get(designation=filed).due_on
    row = set_deadline(by=cast.approver_33, authority=place("33"), **setting(from_year=today().year))
    assert Obligation.objects.get(designation=open_form).due_on == dt.date(today().year + 1, 3, 30)
    assert Obligation.objects.get(designation=filed).due_on == before
    (entry,) = history(row)
    assert (entry.verb, entry.actor, entry.data["day"]) == ("set_deadline", cast.approver_33, 30)
    later = cast.granted(cast.draft(cast.another_site()))
    assert Obligation.objects.get(designation=later).due_on == dt.date(today().year + 1, 3, 30)


@pytest.mark.parametrize("name", ["approver_44", "auditor_33", "owner"])
def test_only_who_keeps_the_place_sets_its_days(cast, name):
    with pytest.raises(NotYours):
        set_deadline(by=cast.people[name], authority=place("33"), **setting())
    assert not Deadline.objects.filter(authority__code="33").exists()


@pytest.mark.parametrize("wrong", [{"month": 2, "day": 30}, {"month": 13}, {"until_year": 2020}])
def test_a_day_that_does_not_exist_is_refused(cast, wrong):
    with pytest.raises(Refused):
        set_deadline(by=cast.administrator, authority=place("33"), **setting(**wrong))


def test_the_29th_of_february_is_the_28th_where_there_is_none(cast):
    row = set_deadline(by=cast.administrator, authority=place("33"), **setting(month=2, day=29))
    assert (row.in_year(2027), row.in_year(2028)) == (dt.date(2027, 2, 28), dt.date(2028, 2, 29))


def test_days_are_set_in_the_admin_and_read_by_everybody(cast, client):
    given = setting(authority=place("33").pk, source="Zhejiang 2026", url="https://example.org/1")
    client.force_login(cast.auditor_33)
    assert client.post(ADD, given).status_code == 403
    client.force_login(cast.approver_33)
    assert client.post(ADD, given | {"day": 31, "month": 4}).status_code == 409
    assert client.post(ADD, given | {"authority": place("44").pk}).status_code == 422
    assert client.post(ADD, given).status_code == 302
    client.logout()
    page = text_of(client.get("/deadlines/"))
    assert "Zhejiang 2026" in page
    assert "30 March" in page
    rows = client.get("/api/v1/deadlines/?year=2026&authority=33").json()["results"]
    assert [(row["month"], row["day"], row["authority"]) for row in rows] == [(3, 30, "33")]
