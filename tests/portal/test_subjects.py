"""A park applies as a site does: from the pre-check over its own figures to the desk, and its tenants count."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from certification.application import actions as applying
from certification.assessment.actions import check, recheck
from certification.assessment.guards import is_stale
from certification.models import Application, Round, SchemeVersion
from greenchain.clock import today
from greenchain.refusals import Refused
from suppliers.models import Park, Tenancy
from suppliers.reporting.actions import report
from tests.cast import YEAR, Cast
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EnterpriseFactory,
    EvidenceFactory,
    MembershipFactory,
    ParkFactory,
    SiteFactory,
)
from tests.portal.conftest import As

CELLS = {"products-0-name": "Cells", "products-0-unit": "MWh", "products-0-output_quantity": "1000"}


@pytest.fixture
def park(cast: Cast) -> Park:
    return ParkFactory.create(manager=cast.enterprise)


@pytest.fixture
def call(cast: Cast) -> Round:
    version = SchemeVersion.objects.get(scheme__key="zero_carbon_park")
    return cast.round("zero", scheme_version=version, levels=[3])


@pytest.fixture
def browser(cast: Cast, signed_in: As) -> Client:
    return signed_in(cast.owner)


def test_a_park_applies_with_its_own_figures(park: Park, call: Round, browser: Client) -> None:
    choice = {"subject": f"park:{park.pk}", "call": f"{call.pk}:3"}
    new = reverse("application-new")
    assert "Nothing on record bars this application" in browser.get(new, choice).content.decode()
    browser.post(new, choice)
    case = Application.objects.get()
    page = browser.get(reverse("application", args=[case.pk])).content.decode()
    figures = reverse("subject-year", args=["park", park.pk, YEAR])
    assert figures in page
    assert 'name="co2_t"' in page  # read by a gate alone

    typed = {"energy_tce": "400000", "co2_t": "80 kt", "clean_energy_tce": "360000"}
    live = browser.post(reverse("application-live", args=[case.pk]), typed, headers={"HX-Request": "true"})
    assert "20.00" in live.content.decode()
    assert not park.years.exists()

    rows = {**CELLS, "products-count": "1", "products-0-energy_tce": "200", "products-0-energy_base": "0.2"}
    saved = browser.post(figures, {**typed, **rows, "seen": "new", "cases-count": "0"})
    assert saved.status_code == 302, saved.content.decode()
    assert park.years.get().metric("co2_t") == Decimal(80_000)
    assert case.site_id is None
    assert "40.00" in browser.get(reverse("application", args=[case.pk])).content.decode()


def test_a_tenants_record_keeps_the_parks_case(cast: Cast, park: Park, call: Round) -> None:
    tenant = SiteFactory.create(enterprise=EnterpriseFactory.create())
    Tenancy.objects.create(park=park, site=tenant, since_on=today() - dt.timedelta(days=9))
    case = _submitted(cast, park, call)
    run = check(case, worker="test")
    limit = run.findings.get(check_key="veto.carbon_per_energy")
    assert (limit.severity, limit.text()) == (
        "passed",
        "0.2 t CO2/tce keeps the limit (at most 0.2 t CO2/tce).",
    )
    assert not is_stale(case)
    ComplianceRecordFactory.create(enterprise=tenant.enterprise, happened_on=today() - dt.timedelta(days=9))
    assert is_stale(case)
    again = recheck(case, trigger="stale")
    assert again.findings.get(check_key="veto.accident_or_violation").severity == "blocks"
    other = _draft(cast, ParkFactory.create(manager=tenant.enterprise), call)
    with pytest.raises(Refused, match="record bars"):
        applying.submit(other, by=cast.owner, commitment=True, signed_by="Wang")


FORM = {
    "contact_department": "Park office",
    "contact_name": "Li Lei",
    "contact_phone": "0575-1234567",
    "contact_email": "park@example.org",
    "level_of_park": "provincial",
    "main_industries": "Batteries.",
    "practice": "Heat network.",
}


def _draft(cast: Cast, park: Park, call: Round) -> Application:
    if park.manager != cast.enterprise:
        MembershipFactory.create(user=cast.owner, enterprise=park.manager)
        for kind in {kind for kinds in call.scheme_version.definition.proofs().values() for kind in kinds}:
            EvidenceFactory.create(enterprise=park.manager, kind=kind, uploaded_by=cast.owner)
    report(park, YEAR, by=cast.owner, values={"energy_tce": "400000", "co2_t": "80000"})
    case = applying.start(call, level=3, subject=park, by=cast.owner)
    return applying.fill_in(case, by=cast.owner, form=FORM)


def _submitted(cast: Cast, park: Park, call: Round) -> Application:
    case = _draft(cast, park, call)
    applying.submit(case, by=cast.owner, commitment=True, signed_by="Wang")
    return case
