"""What counts against a subject: its owner's records, and a park's tenants'."""

import datetime as dt

import pytest

from certification.scheme.subject import standing_against
from greenchain.clock import today
from suppliers.models import Tenancy
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EnterpriseFactory,
    ParkFactory,
    ProductFactory,
    SiteFactory,
    few_places,
)


@pytest.fixture
def park(db):  # noqa: ARG001 - opens the database
    few_places()
    return ParkFactory.create(manager=EnterpriseFactory.create())


def tenant(park, *, until_on=None):
    site = SiteFactory.create(enterprise=EnterpriseFactory.create())
    since_on = today() - dt.timedelta(days=90)
    Tenancy.objects.create(park=park, site=site, since_on=since_on, until_on=until_on)
    return site


def against(subject):
    return set(standing_against(subject))


def test_records_of_tenants_count_against_the_park(park):
    inside, gone = tenant(park), tenant(park, until_on=today() - dt.timedelta(days=1))
    elsewhere = SiteFactory.create(enterprise=inside.enterprise)
    own = ComplianceRecordFactory.create(enterprise=park.manager)
    whole = ComplianceRecordFactory.create(enterprise=inside.enterprise)
    here = ComplianceRecordFactory.create(enterprise=inside.enterprise, site=inside)
    ComplianceRecordFactory.create(enterprise=inside.enterprise, site=elsewhere)
    ComplianceRecordFactory.create(enterprise=gone.enterprise)
    assert against(park) == {own, whole, here}


def test_other_subjects_answer_for_their_owner(park):
    site = tenant(park)
    other = SiteFactory.create(enterprise=site.enterprise)
    whole = ComplianceRecordFactory.create(enterprise=site.enterprise)
    there = ComplianceRecordFactory.create(enterprise=site.enterprise, site=other)
    assert against(site) == {whole}
    assert against(site.enterprise) == {whole, there}
    assert against(ProductFactory.create(enterprise=site.enterprise)) == {whole, there}
