"""A case beside similar ones: who is compared, who is named, medians and ranks, and what it costs."""

from decimal import Decimal
from statistics import median

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.assessment.similar import similar_to, stands_out
from certification.models import Application
from suppliers.models import Industry, SiteYear
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db


def others(cast, count, region="330602"):
    return [cast.examined(cast.draft(cast.another_site(region))) for _number in range(count)]


def test_medians_ranks_and_names(cast, case):
    rest = others(cast, 3)
    found = similar_to(case, cast.auditor_3306)
    assert set(found.shown) == set(rest)
    assert (found.compared, found.hidden) == (3, 0)
    row = next(row for row in found.rows if row.value is not None)
    values = [other.value for other in row.others]
    assert row.middle == median(values)
    assert (row.rank, row.of) == (1, 4)


def test_the_nearest_in_output_come_first(cast, case):
    near, far = others(cast, 2)
    own = SiteYear.objects.get(site=case.site, year=case.year).gross_output or Decimal(0)
    SiteYear.objects.filter(site=near.site).update(gross_output=own * 2)
    SiteYear.objects.filter(site=far.site).update(gross_output=own / 50)
    assert list(similar_to(case, cast.auditor_3306).shown) == [near, far]


def test_drafts_other_divisions_and_the_case_itself_are_not_compared(cast, case):
    cast.draft(cast.another_site())
    (other,) = others(cast, 1)
    named = {"kind": "class", "name_zh": "风机", "name_en": "Fans"}
    other.site.industry = Industry.objects.create(code="3462", **named)
    other.site.save()
    assert similar_to(case, cast.auditor_3306).compared == 0


def test_what_lies_elsewhere_is_never_named_and_counts_from_three_on(cast, case):
    mine = others(cast, 1)
    elsewhere = others(cast, 2)
    Application.objects.filter(pk__in=[each.pk for each in elsewhere]).update(home=cast.auditor_44.authority)
    found = similar_to(case, cast.auditor_3306)
    assert (list(found.shown), found.hidden, found.compared) == (mine, 0, 1)
    elsewhere += others(cast, 1)
    Application.objects.filter(pk__in=[each.pk for each in elsewhere]).update(home=cast.auditor_44.authority)
    found = similar_to(case, cast.auditor_3306)
    assert (list(found.shown), found.hidden, found.compared) == (mine, 3, 4)
    assert all(len(row.others) == 1 for row in found.rows)


def test_what_stands_out():
    alike = [Decimal(value) for value in (10, 11, 10, 9, 10)]
    assert stands_out(Decimal(40), alike)
    assert not stands_out(Decimal(11), alike)
    assert not stands_out(Decimal(40), alike[:4])
    assert not stands_out(None, alike)
    assert not stands_out(Decimal("10.1"), [Decimal(10)] * 5)
    assert stands_out(Decimal(14), [Decimal(10)] * 5)


def test_as_many_queries_for_many_cases_as_for_one(cast, case):
    costs = []
    for more in (1, 3):
        others(cast, more)
        with CaptureQueriesContext(connection) as queries:
            similar_to(Application.objects.get(pk=case.pk), cast.auditor_3306)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    assert costs[1] <= 9


def test_officials_of_the_territory_read_it_and_nobody_else(cast, case, browse):
    (other,) = others(cast, 1)
    address = f"/admin/certification/application/{case.pk}/similar/"
    page = browse(cast.reviewer_3306).get(address)
    assert page.status_code == 200
    assert other.number in page.content.decode()
    for name, status in {"auditor_44": 404, "administrator": 403, "owner": 302, "evaluator": 302}.items():
        assert browse(cast.people[name]).get(address).status_code in {status, 403}, name
    program = f"applications/{case.pk}/similar"
    told = Caller.of(cast.auditor_33).get(program)
    assert told.body["compared"] == 1
    assert told.body["rows"][0]["others"][0]["application"] == other.pk
    for name, status in {"owner": 403, "auditor_44": 404, "evaluator": 404}.items():
        assert Caller.of(cast.people[name]).get(program).status == status, name
