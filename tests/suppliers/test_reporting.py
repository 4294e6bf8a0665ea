"""Site-years and region-years: what is reported is kept exactly, and every change is on record."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Region, RegionYear, SiteYear
from suppliers.reporting.actions import report, state
from suppliers.reporting.catalogue import metrics_for
from tests.factories_suppliers import MembershipFactory, SiteFactory, SiteYearFactory

pytestmark = pytest.mark.usefixtures("places")

PRODUCTS = [
    {"name": "坯布", "unit": "t", "output_quantity": "1200", "footprint": True, "efficiency_standard": False}
]


@pytest.fixture
def site():
    return SiteFactory.create()


@pytest.fixture
def editor(site):
    return MembershipFactory.create(enterprise=site.enterprise, role="editor").user


def test_values_are_kept_exactly(site, editor):
    row = report(
        site,
        2025,
        by=editor,
        values={"gross_output": " 12345.6789 ", "energy_tce": "０.10", "co2_t": Decimal("7.50")},
    )
    row.refresh_from_db()
    assert row.gross_output == Decimal("12345.6789")
    assert row.values == {"energy_tce": "0.1", "co2_t": "7.5"}
    assert row.metric("gross_output") == Decimal("12345.6789")
    assert row.metric("energy_tce") == Decimal("0.1")
    assert row.metric("water_m3") is None
    assert row.metric("export_value") is None
    assert str(row) == f"{site} · 2025"


def test_the_record_tells_old_and_new(site, editor):
    report(site, 2025, by=editor, values={"gross_output": "100", "energy_tce": "5"}, source="B204-1")
    row = report(site, 2025, by=editor, values={"gross_output": "120", "energy_tce": "5.0", "co2_t": "9"})
    first, second = history(row)
    assert first.data["changed"] == {
        "gross_output": [None, "100"],
        "energy_tce": [None, "5"],
        "source": ["", "B204-1"],
    }
    assert second.data["changed"] == {"gross_output": ["100", "120"], "co2_t": [None, "9"]}
    assert row.source == "B204-1"


def test_the_same_again_leaves_no_entry(site, editor):
    row, again = (
        report(site, 2025, by=editor, values={"gross_output": "100"}, rows={"products": PRODUCTS})
        for _ in range(2)
    )
    assert again == row
    assert len(history(row)) == 1
    assert SiteYear.objects.count() == 1


def test_what_is_not_given_stays_and_an_empty_one_is_cleared(site, editor):
    report(site, 2025, by=editor, values={"gross_output": "1", "energy_tce": "2", "co2_t": "3"})
    row = report(site, 2025, by=editor, values={"gross_output": "", "energy_tce": None})
    row.refresh_from_db()
    assert row.gross_output is None
    assert row.values == {"co2_t": "3"}


def test_rows_are_replaced_by_table_and_the_change_is_told(site, editor):
    row = report(
        site,
        2025,
        by=editor,
        values={},
        rows={"products": PRODUCTS, "functions": [{"function": "energy_query"}, {"function": "budget"}]},
    )
    assert row.table("products") == PRODUCTS
    row = report(site, 2025, by=editor, values={}, rows={"functions": [{"function": "energy_query"}]})
    fresh = SiteYear.objects.get(pk=row.pk)
    assert fresh.tables() == {"products": row.table("products"), "functions": [{"function": "energy_query"}]}
    assert history(row)[1].data["rows"] == {"functions": {"2": [{"function": "budget"}, None]}}


@pytest.mark.parametrize(
    ("values", "rows", "field", "words"),
    [
        ({"gross_output": "abc"}, None, "gross_output", "Gross output: is not a number"),
        ({"gross_output": "1,5"}, None, "gross_output", "not a number"),
        ({"gross_output": "-1"}, None, "gross_output", "below 0"),
        ({"gross_output": "NaN"}, None, "gross_output", "not a number"),
        ({"gross_output": "1e99"}, None, "gross_output", "too large"),
        ({"gross_output": "1.23456"}, None, "gross_output", "decimals"),
        ({"no_such_metric": "1"}, None, "no_such_metric", "no metric"),
        ({}, {"no_such_table": []}, "no_such_table", "no table"),
        ({}, {"products": [{"name": "x"}]}, "products", "Row 1"),
        ({}, {"pollutants": [{"medium": "fire"}]}, "pollutants", "must be one of"),
    ],
)
def test_faults_are_told_by_field_and_nothing_is_kept(site, editor, values, rows, field, words):
    with pytest.raises(Refused) as refusal:
        report(site, 2025, by=editor, values={"co2_t": "1", **values}, rows=rows)
    assert refusal.value.field == field
    assert words in str(refusal.value)
    assert not SiteYear.objects.exists()


@pytest.mark.parametrize("year", [1999, today().year + 1])
def test_the_year_lies_in_the_past(site, editor, year):
    with pytest.raises(Refused) as refusal:
        report(site, year, by=editor, values={})
    assert refusal.value.field == "year"


def test_who_reports(site, auditor_of, administrator):
    viewer = MembershipFactory.create(enterprise=site.enterprise, role="viewer").user
    stranger = MembershipFactory.create().user
    for person in (viewer, stranger, auditor_of("3306"), administrator):
        with pytest.raises(NotYours):
            report(site, 2025, by=person, values={})


@given(
    st.dictionaries(
        st.sampled_from(sorted(metrics_for("site"))),
        st.text(max_size=12) | st.integers() | st.none(),
        max_size=4,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
def test_no_input_crashes(site, editor, values):
    try:
        row = report(site, 2025, by=editor, values=values)
    except Refused as refusal:
        assert refusal.field in values  # noqa: PT017 - either answer is right, but not a third
    else:
        assert all(row.metric(key) is None or key in metrics_for("site") for key in values)


def test_the_database_holds_one_report_per_year(site):
    row = SiteYearFactory.create(site=site)
    for attempt in (
        {"year": row.year},
        {"year": 1800},
        {"year": 2024, "gross_output": -1},
        {"year": 2024, "export_value": -1},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SiteYearFactory.create(site=site, **attempt)


# ── region-years ──────────────────────────────────────────────────────────────────────────────────────────


def figures(**given_):
    return {
        "gross_output": Decimal("90000.5"),
        "source": "Statistical yearbook",
        "vintage": dt.date(2026, 9, 1),
        **given_,
    }


def test_a_region_year_is_stated_and_revised(administrator):
    region = Region.objects.get(pk="330000")
    first = state(region, 2025, by=administrator, estimated=True, **figures())
    second = state(region, 2025, by=administrator, estimated=False, **figures(gross_output=Decimal(91000)))
    assert first == second
    row = RegionYear.objects.get()
    assert (row.gross_output, row.estimated, row.scope) == (
        Decimal(91000),
        False,
        "above_scale_manufacturing",
    )
    assert history(row)[1].data["before"] == ["90000.5", "2026-09-01"]
    assert str(row).endswith("2025")
    state(region, 2025, by=None, scope="all_industry", **figures())
    assert RegionYear.objects.count() == 2


def test_only_administrators_state(auditor_of):
    with pytest.raises(NotYours):
        state(Region.objects.get(pk="330000"), 2025, by=auditor_of("33"), **figures())


@pytest.mark.parametrize(
    ("given_", "year"), [({"gross_output": Decimal(0)}, 2025), ({"source": ""}, 2025), ({}, 1800)]
)
def test_a_faulty_figure_is_refused(administrator, given_, year):
    with pytest.raises(Refused) as refusal:
        state(Region.objects.get(pk="330000"), year, by=administrator, **figures(**given_))
    assert refusal.value.code == "invalid"
    assert not RegionYear.objects.exists()
