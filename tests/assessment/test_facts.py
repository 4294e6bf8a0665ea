"""What a case is compared with: the vault's numbers, other sites, the figures of today; and what that costs."""

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.application import actions as applying
from certification.application.hand import take
from certification.assessment import peers
from certification.assessment.actions import check, recheck, run_checks
from certification.assessment.casefile import gather
from certification.assessment.facts import Clash, _suppliers
from certification.assessment.guards import is_stale, latest_run
from certification.assessment.models import PeerFigure
from certification.designation.actions import issue
from certification.models import Application
from certification.tasks import survey_peers
from certification.verbs import perform
from greenchain.clock import today
from suppliers.evidence import serials
from suppliers.models import Authority, CertificateNumber, Evidence, Industry, Level
from suppliers.reporting.actions import report
from tests.cast import YEAR, Cast
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EnterpriseFactory,
    EvidenceFactory,
    MembershipFactory,
    SiteFactory,
    SiteYearFactory,
    SupplyLinkFactory,
)

GEC = "green_power_certificate"


# ── numbers ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        ("无", []),
        ("n/a, none", []),
        ("2025", []),
        ("00123E20345R1M", ["00123E20345R1M"]),
        (" cqc-20 Q/12345 ", ["CQC20Q12345"]),
        ("GEC2025000001~GEC2025000500", ["GEC2025000001–GEC2025000500"]),
        ("GEC2025000001 至 000500；GEC2025000700", ["GEC2025000001–GEC2025000500", "GEC2025000700"]),
        ("GEC20007..GEC20001", ["GEC20007"]),
        ("GEC20001~REC20009", ["GEC20001"]),
        ("GEC20001, GEC20001", ["GEC20001"]),
        ("X" + "9" * 40, ["X" + "9" * 40]),
    ],
)
def test_numbers_are_read_as_typed(typed, read):
    assert [str(each) for each in serials.read(typed)] == read


def test_ranges_meet_where_they_share_a_number():
    (first,), (last,), (other,) = map(serials.read, ("AB0010~0020", "AB0020~0030", "AB0021~0030"))
    assert first.meets(last)
    assert not first.meets(other)
    assert not serials.read("AB00020")[0].meets(first)  # the number of digits tells apart
    assert not serials.read("AC0015")[0].meets(first)


def test_a_field_full_of_numbers_is_read_up_to_a_bound():
    assert len(serials.read(",".join(f"AB{n:05}" for n in range(500)))) == serials.MOST


def certificate(enterprise, number, kind=GEC, **given):
    proof = EvidenceFactory.create(enterprise=enterprise, kind=kind, certificate_number=number, **given)
    CertificateNumber.objects.bulk_create(proof.numbers())
    return proof


def citing(cast: Cast, proof, site=None, **changes):
    draft = cast.draft(site, **changes)
    draft.citations.filter(requirement="E3").exclude(evidence=proof).delete()
    applying.cite(draft, by=cast.owner, requirement="E3", evidence=proof)
    return draft


def clashes(application):
    return {(clash.number, clash.how) for clash in gather(application).facts.clashes}


def test_a_certificate_is_counted_by_one_site_and_year(cast: Cast):
    proof = certificate(cast.enterprise, "GEC0001~0100")
    first = citing(cast, proof)
    assert clashes(first) == set()
    other = cast.another_site()
    second = citing(cast, proof, other)
    assert clashes(second) == set()  # a draft counts nothing
    cast.submitted(first)
    assert clashes(second) == {("GEC0001–GEC0100", "shared")}
    part = certificate(cast.enterprise, "GEC0100")
    third = citing(cast, part, cast.another_site())
    assert clashes(third) == {("GEC0100", "shared")}
    Application.objects.filter(pk=first.pk).update(year=YEAR - 1)
    assert clashes(third) == {("GEC0100", "again")}
    applying.withdraw(first, by=cast.owner, reasons="again")
    assert clashes(third) == set()


def test_the_same_site_and_year_may_use_it_at_each_level(cast: Cast):
    proof = certificate(cast.enterprise, "GEC0001")
    cast.granted(citing(cast, proof))
    again = applying.start(cast.round(), level=2, subject=cast.site, by=cast.owner)
    applying.cite(again, by=cast.owner, requirement="E3", evidence=proof)
    assert clashes(again) == set()


def test_numbers_in_other_vaults(cast: Cast):
    mine = citing(cast, certificate(cast.enterprise, "GEC0001~0100"))
    stranger = EnterpriseFactory.create()
    certificate(stranger, "GEC0050", kind="qms_certificate")
    retracted = certificate(stranger, "GEC0050")
    Evidence.objects.filter(pk=retracted.pk).update(retracted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert clashes(mine) == set()
    certificate(stranger, "gec 0050")
    assert clashes(mine) == {("GEC0001–GEC0100", "held")}
    assert Clash in {type(each) for each in gather(mine).facts.clashes}


def test_what_another_enterprise_counted_is_told_as_such(cast: Cast):
    stranger = EnterpriseFactory.create()
    theirs, site = certificate(stranger, "GEC0001"), SiteFactory.create(enterprise=stranger)
    owner = MembershipFactory.create(enterprise=stranger).user
    report(site, YEAR, by=owner, values={"gross_output": Decimal(1)})
    draft = applying.start(cast.round(), level=1, subject=site, by=owner)
    applying.cite(draft, by=owner, requirement="E3", evidence=theirs)
    type(draft).objects.filter(pk=draft.pk).update(status="examination")
    assert clashes(citing(cast, certificate(cast.enterprise, "GEC0001"))) == {("GEC0001", "used")}


# ── other sites ───────────────────────────────────────────────────────────────────────────────────────────


def textile_sites(count, *, industry="1751", energy=2000):
    """Sites of an industry that use about so much energy for 50,000 of output."""
    for number in range(count):
        site = SiteFactory.create(industry_id=industry)
        values = {"energy_tce": str(energy + number), "co2_t": "", "water_m3": "0"}
        SiteYearFactory.create(site=site, year=YEAR, gross_output=50_000, values=values)


def test_peers_are_of_the_narrowest_industry_with_enough_sites(cast: Cast):
    textile_sites(5, energy=1000)
    textile_sites(8, industry="1752")
    assert peers.survey(YEAR) == PeerFigure.objects.count()
    found = gather(cast.draft()).facts.peers["energy"]
    assert (found.industry, found.size, found.count) == ("175", "large", 10)
    assert found.middle == pytest.approx(math.log(40), abs=0.05)
    textile_sites(6, energy=1000)
    peers.survey(YEAR)
    assert gather(cast.draft(cast.another_site())).facts.peers["energy"].industry == "1751"


def peered(*asked: Any) -> dict[str, peers.Peer]:
    """What a site would be compared with."""
    return peers.nearest_peers(peers.peer_rows(*asked) or ())


def test_another_size_or_no_industry_has_no_peers(cast: Cast):
    textile_sites(12)
    peers.survey(YEAR)
    industry = Industry.objects.get(pk="1751")
    assert peered(industry, YEAR, Decimal(39_999)) == {}
    assert peered(industry, YEAR, None) == {}
    assert peered(None, YEAR, Decimal(50_000)) == {}
    assert peered(industry, YEAR - 1, Decimal(50_000)) == {}
    assert set(peered(industry, YEAR, Decimal(50_000))) == {"energy"}  # nothing else was above zero
    assert cast.site.industry == industry


@pytest.mark.usefixtures("cast")
def test_the_survey_runs_once_a_day():
    textile_sites(1)
    assert peers.survey_due() == [YEAR, YEAR - 1]
    survey_peers()
    assert peers.survey_due() == [YEAR - 1]  # nothing was reported for it
    made = set(PeerFigure.objects.values_list("pk", flat=True))
    survey_peers()
    assert set(PeerFigure.objects.values_list("pk", flat=True)) == made
    PeerFigure.objects.update(made_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    assert peers.survey_due() == [YEAR, YEAR - 1]


def test_suppliers_are_counted_by_the_links_in_force(cast: Cast):
    buyer = cast.enterprise
    assert _suppliers(buyer) is None
    green = SupplyLinkFactory.create(buyer=buyer, supplier=EnterpriseFactory.create()).supplier
    SupplyLinkFactory.create(buyer=buyer, supplier=green, kind="carries")
    SupplyLinkFactory.create(buyer=buyer, supplier=green, vendor_code="again")
    SupplyLinkFactory.create(buyer=buyer, until_on=dt.date(2026, 1, 1))
    SupplyLinkFactory.create(buyer=buyer)
    SupplyLinkFactory.create(buyer=EnterpriseFactory.create(), supplier=buyer)
    assert _suppliers(buyer) == (2, 0)
    site, level = SiteFactory.create(enterprise=green), Level.MUNICIPAL
    desk = Authority.objects.get(code="3306")
    issue(site, version=cast.version, level=level, authority=desk)
    assert _suppliers(buyer) == (2, 1)


# ── stale runs ────────────────────────────────────────────────────────────────────────────────────────────


def changed_figures(cast, _case):
    report(cast.site, YEAR, by=cast.owner, values={"energy_tce": Decimal(1999)})


def another_record(cast, _case):
    ComplianceRecordFactory.create(enterprise=cast.enterprise, match="possible", happened_on=today())


def retracted_evidence(_cast, case):
    cited = case.citations.values("evidence")
    Evidence.objects.filter(pk__in=cited).update(retracted_at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def damaged_evidence(cast, _case):
    Evidence.objects.filter(enterprise=cast.enterprise).update(condition="damaged")


def new_benchmark(_cast, case):
    case.scheme_version.benchmarks.filter(indicator="E1").update(lead=30)


def surveyed(_cast, _case):
    textile_sites(12)
    peers.survey(YEAR)


def number_elsewhere(_cast, _case):
    certificate(EnterpriseFactory.create(), "GEC0001")


def the_same_file_elsewhere(_cast, case):
    mine = Evidence.objects.filter(citations__application=case).first()
    EvidenceFactory.create(enterprise=EnterpriseFactory.create(), sha256=mine.sha256)


def staleness(case: Application) -> set[bool]:
    """As a move judges it, and as a page says it, which has the case in hand."""
    page = Application.objects.get(pk=case.pk)
    take(page)
    assert gather(page).digest == gather(case).digest
    return {is_stale(case), is_stale(page)}


@pytest.mark.parametrize(
    "change",
    [
        changed_figures,
        the_same_file_elsewhere,
        another_record,
        retracted_evidence,
        damaged_evidence,
        new_benchmark,
        surveyed,
        number_elsewhere,
    ],
)
def test_a_run_is_stale_when_an_input_changed_and_fresh_after_the_next(cast: Cast, change):
    case = cast.examined(citing(cast, certificate(cast.enterprise, "GEC0001")))
    assert staleness(case) == {False}
    change(cast, case)
    assert staleness(case) == {True}
    recheck(case, trigger="stale")
    assert staleness(case) == {False}


def test_figures_changed_after_the_submission_are_found(cast: Cast):
    case = cast.examined()
    assert gather(case).facts.changed == {}
    changed_figures(cast, case)
    recheck(case, trigger="stale")
    finding = latest_run(case).findings.get(check_key="data.changed_since")
    assert (finding.severity, finding.about) == ("asks", {"energy_tce": "2000 → 1999"})


def test_a_check_run_costs_no_more_queries_for_more_evidence(cast: Cast):
    """At most fifty, whatever the number of indicators, files and certificate numbers."""
    draft = cast.draft()
    counts = []
    for batch in (1, 60):
        for number in range(batch):
            proof = certificate(cast.enterprise, f"GEC{batch}{number:06}~{number:06}")
            if number < 5:
                certificate(EnterpriseFactory.create(), f"GEC{batch}{number:06}")
            applying.cite(draft, by=cast.owner, requirement="E3", evidence=proof)
        with CaptureQueriesContext(connection) as queries:
            run_checks(Application.objects.get(pk=draft.pk), trigger="test")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 50


def test_a_whole_check_stays_within_its_queries(cast: Cast):
    case = cast.submitted()
    with CaptureQueriesContext(connection) as queries:
        check(case)
    assert len(queries) <= 50
    perform(
        case,
        "correct",
        by=cast.auditor_3306,
        data={"code": "E1", "field": "value", "after": "41", "reasons": "form"},
    )
    assert latest_run(case).number == 2
