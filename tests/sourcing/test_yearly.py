"""The year's figures checked by hand, the report that takes them over, the disclosure, and whom to push."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from pypdf import PdfReader

from certification.assessment.facts import _suppliers
from certification.models import Programme, SupplierGrade
from certification.printing.merging import page_count
from certification.sourcing.actions.audits import finish_audit, plan_audit
from certification.sourcing.actions.grades import begin, choose
from certification.sourcing.actions.yearly import take_over
from certification.sourcing.disclosure import disclosure_of, paper_of
from certification.sourcing.figures import COUNTED, figures_of, years_of
from certification.sourcing.push import push_list
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Enterprise, SubjectYear, SupplyLink
from suppliers.reporting.actions import report
from tests.cast import Cast
from tests.chain.conftest import Chains
from tests.sourcing.conftest import grade_of

pytestmark = pytest.mark.django_db
YEAR = today().year


@pytest.fixture
def five(cast: Cast, chains: Chains) -> dict[str, Enterprise]:
    """By hand: two green and low, one medium and audited, two high of which one is audited."""
    made = {
        "green": chains.supplier("current", name="甲"),
        "greener": chains.supplier("current", name="乙"),
        "medium": chains.supplier("", name="丙"),
        "high": chains.supplier("", name="丁"),
        "worst": chains.supplier("suspended", name="戊"),
    }
    for name, spend in {"green": 2, "greener": 2, "medium": 2, "high": 44, "worst": 50}.items():
        chains.link(made[name], spend=Decimal(spend))
    begin(cast.enterprise, by=cast.owner)
    for name, kind in (("medium", "document"), ("high", "onsite")):
        audit = plan_audit(
            cast.enterprise, made[name], by=cast.owner, kind=kind, planned_on=today(), auditor="x"
        )
        finish_audit(audit, by=cast.owner, done_on=today(), result="conditional", summary="x")
    return made


def test_the_figures_are_those_counted_by_hand(cast: Cast, five: dict[str, Enterprise]):
    grades = {name: grade_of(cast.enterprise, one).grade for name, one in five.items()}
    assert grades == {"green": "low", "greener": "low", "medium": "medium", "high": "high", "worst": "high"}
    found = figures_of(cast.enterprise, YEAR)
    assert {metric: found.count(metric) for metric in COUNTED} == {
        "suppliers_total": 5,
        "suppliers_low_risk": 2,
        "suppliers_high_medium": 3,
        "suppliers_audited": 2,
        "suppliers_green": 2,
    }
    assert [row.supplier.name for row in found.behind("suppliers_audited")] == ["丁", "丙"]
    assert (found.low_risk_share, found.green_share) == (Decimal("0.4"), Decimal("0.4"))
    assert found.audited_share("high", "medium") == Decimal(2) / 3
    assert _suppliers(cast.enterprise) == (5, 2), "the check counts the same"


def test_a_past_year_is_counted_as_it_stood(cast: Cast, five: dict[str, Enterprise]):
    """On 31 December one supplier was there, with another grade than today; its audit of this year is not counted."""
    before = dt.datetime(YEAR - 1, 6, 1, tzinfo=dt.UTC)
    last_night = dt.datetime(YEAR - 1, 12, 31, 23, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
    SupplyLink.objects.exclude(supplier=five["high"]).update(since_on=dt.date(YEAR, 1, 1))
    Programme.objects.update(begun_at=before)
    SupplierGrade.objects.filter(supplier=five["high"]).update(since_at=last_night + dt.timedelta(hours=2))
    held = grade_of(cast.enterprise, five["high"])
    held.pk, held.grade, held.since_at, held.until_at = (
        None,
        "low",
        before,
        last_night + dt.timedelta(hours=2),
    )
    held.save()
    found = figures_of(cast.enterprise, YEAR - 1)
    assert (found.day, found.ungraded) == (dt.date(YEAR - 1, 12, 31), 0)
    assert [(row.supplier, row.grade, row.audits) for row in found.rows] == [(five["high"], "low", ())]
    assert years_of(Programme.objects.get()) == [YEAR, YEAR - 1]


@pytest.mark.usefixtures("five")
def test_the_report_takes_the_numbers_over_and_says_so(cast: Cast):
    report(cast.enterprise, YEAR, by=cast.owner, values={"suppliers_trained": "3"}, source="HR list")
    for _again in range(2):
        take_over(cast.enterprise, YEAR, by=cast.editor)
    row = SubjectYear.objects.get(enterprise=cast.enterprise, year=YEAR)
    assert {
        key: row.metric(key) for key in ("suppliers_total", "suppliers_audited", "suppliers_trained")
    } == {
        "suppliers_total": 5,
        "suppliers_audited": 2,
        "suppliers_trained": 3,
    }
    assert row.source == "HR list; Supplier figures: counted by supplier management"
    assert not figures_of(cast.enterprise, YEAR).differs
    with pytest.raises(NotYours):
        take_over(cast.enterprise, YEAR, by=cast.viewer)


def test_a_year_with_ungraded_suppliers_is_not_taken_over(cast: Cast, chains: Chains):
    begin(cast.enterprise, by=cast.owner)
    chains.link(chains.supplier(""))
    found = figures_of(cast.enterprise, YEAR)
    assert (found.complete, found.ungraded) == (False, 1)
    with pytest.raises(Refused, match="Not every supplier had a grade"):
        take_over(cast.enterprise, YEAR, by=cast.owner)


def test_the_disclosure_says_the_shares_and_prints_the_same(cast: Cast, five: dict[str, Enterprise]):
    report(
        cast.enterprise, YEAR, by=cast.owner, values={"products_recovered_t": "30", "products_sold_t": "120"}
    )
    told = disclosure_of(figures_of(cast.enterprise, YEAR))
    assert [(line.code, line.part, line.whole, line.mark) for line in told.lines] == [
        ("X62", 1, 2, "memory"),
        ("X62", 1, 1, "memory"),
        ("X62", 2, 3, "memory"),
        ("X26, X62", 2, 5, "memory"),
        ("X63", 0, 5, "suggestion"),
        ("", 2, 5, "memory"),
        ("X41", Decimal(30), Decimal(120), "memory"),
        ("X42", None, None, "memory"),
    ]
    assert [(row.suppliers, row.onsite, row.document) for row in told.grades] == [
        (2, 1, 0),
        (1, 0, 1),
        (2, 0, 0),
    ]
    paper = paper_of(told)
    assert paper == paper_of(disclosure_of(figures_of(cast.enterprise, YEAR)))
    assert page_count(paper) >= 2
    pages = PdfReader(io.BytesIO(paper)).pages
    words = " ".join(" ".join(page.extract_text().split()) for page in pages)
    for said in (
        "Disclosure on suppliers",
        "66.7 %",
        "40 %",
        "25 %",
        "Low-risk suppliers among all suppliers",
    ):
        assert said in words, said
    grade = grade_of(cast.enterprise, five["worst"])
    choose(grade, by=cast.owner, grade="medium", reasons="New owner.")
    assert disclosure_of(figures_of(cast.enterprise, YEAR)).digest != told.digest


def test_whom_to_push_is_ordered_by_worth_with_its_reason(cast: Cast, five: dict[str, Enterprise]):
    found = push_list(cast.enterprise)
    assert found.green == Decimal("0.04")
    assert found.waiting == 3
    assert [(row.supplier, row.nearness.key, row.share, row.after) for row in found.rows] == [
        (five["worst"], "suspended", Decimal("0.5"), Decimal("0.54")),
        (five["high"], "unknown", Decimal("0.44"), Decimal("0.98")),
        (five["medium"], "unknown", Decimal("0.02"), Decimal("1.00")),
    ]
    assert found.rows[0].worth == Decimal("0.5") * Decimal("0.7") * Decimal("1.3") * 100
    assert [row.place for row in push_list(cast.enterprise, places=2).rows] == [1, 2]


def test_without_spends_the_order_is_by_nearness_and_says_so(cast: Cast, chains: Chains):
    near, far = chains.supplier("current", ""), chains.supplier("")
    for one in (far, near):
        chains.link(one, confirmed_at=now())
    begin(cast.enterprise, by=cast.owner)
    found = push_list(cast.enterprise)
    assert found.green is None
    assert [(row.supplier, row.share_known, row.share) for row in found.rows] == [
        (near, False, Decimal("0.5")),
        (far, False, Decimal("0.5")),
    ]
