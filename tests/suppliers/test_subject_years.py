"""Figures of enterprises, products and parks: the same shape, entry and record as a site-year's."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from greenchain.audit.trail import history
from greenchain.refusals import NotYours, Refused
from suppliers.models import Authority, SubjectYear
from suppliers.reporting.actions import report
from tests.factories_suppliers import (
    EnterpriseFactory,
    MembershipFactory,
    ParkFactory,
    ProductFactory,
    SiteFactory,
    UserFactory,
)

pytestmark = pytest.mark.usefixtures("places")

ATTRIBUTE = {
    "name": "Recycled content",
    "attribute": "resource",
    "better": "more",
    "unit": "%",
    "value": "31.5",
    "base": "30",
    "standard": "T/EX 1-2025, 5.1",
}


@pytest.fixture
def owner():
    return MembershipFactory.create().user


@pytest.fixture
def enterprise(owner):
    return owner.memberships.get().enterprise


def test_each_subject_keeps_its_own_year(owner, enterprise):
    park, product = ParkFactory.create(manager=enterprise), ProductFactory.create(enterprise=enterprise)
    report(enterprise, 2025, by=owner, values={"suppliers_total": "40", "gross_output": "1.5"})
    report(park, 2025, by=owner, values={"energy_tce": "250000"}, source="park statistics")
    report(product, 2025, by=owner, values={}, rows={"attributes": [ATTRIBUTE]})
    assert enterprise.years.get().all_values() == {"suppliers_total": "40", "gross_output": "1.5"}
    assert (park.years.get().metric("energy_tce"), park.years.get().source) == (
        Decimal(250000),
        "park statistics",
    )
    assert product.years.get().tables() == {"attributes": [ATTRIBUTE]}
    assert {str(row.subject) for row in SubjectYear.objects.all()} == {
        str(enterprise),
        str(park),
        str(product),
    }
    (entry,) = history(park.years.get())
    assert (entry.verb, entry.data["park"], entry.data["changed"]["energy_tce"]) == (
        "report",
        park.pk,
        [None, "250000"],
    )


def test_a_second_report_changes_the_same_row(owner, enterprise):
    first = report(enterprise, 2025, by=owner, values={"staff": "10", "revenue": "3"})
    second = report(enterprise, 2025, by=owner, values={"staff": "12"})
    assert first.pk == second.pk
    assert second.all_values() == {"staff": "12", "revenue": "3"}
    assert report(enterprise, 2024, by=owner, values={}).pk != first.pk


def test_figures_of_another_kind_of_subject_are_refused(owner, enterprise):
    park = ParkFactory.create(manager=enterprise)
    with pytest.raises(Refused) as refused:
        report(park, 2025, by=owner, values={"suppliers_total": "4"})
    assert (refused.value.code, refused.value.field) == ("invalid", "suppliers_total")
    with pytest.raises(Refused) as refused:
        report(enterprise, 2025, by=owner, values={}, rows={"attributes": [ATTRIBUTE]})
    assert refused.value.field == "attributes"
    with pytest.raises(Refused):
        report(SiteFactory.create(enterprise=enterprise), 2025, by=owner, values={"workers": "3"})


def test_only_those_who_act_for_the_owner_report(enterprise):
    viewer = MembershipFactory.create(enterprise=enterprise, role="viewer").user
    stranger = MembershipFactory.create(enterprise=EnterpriseFactory.create()).user
    for person in (viewer, stranger):
        with pytest.raises(NotYours):
            report(ParkFactory.create(manager=enterprise), 2025, by=person, values={"energy_tce": "1"})


def test_who_sees_the_subject_sees_its_years(owner, enterprise):
    park = ParkFactory.create(manager=enterprise)
    kept = report(park, 2025, by=owner, values={"energy_tce": "1"})
    stranger = MembershipFactory.create(enterprise=EnterpriseFactory.create()).user
    here, elsewhere = (
        UserFactory.create(role="auditor", authority=Authority.objects.get(code=code))
        for code in ("3306", "44")
    )
    for person, seen in ((owner, [kept]), (here, [kept]), (stranger, []), (elsewhere, [])):
        assert list(SubjectYear.objects.visible_to(person)) == seen


def test_a_row_is_of_one_subject(owner, enterprise):
    park = ParkFactory.create(manager=enterprise)
    for subject in ({}, {"enterprise": enterprise, "park": park}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SubjectYear.objects.create(year=2025, reported_by=owner, **subject)
