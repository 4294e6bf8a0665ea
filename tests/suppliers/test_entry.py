"""What people type becomes exact values, or a refusal in words."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from suppliers.reporting.catalogue import METRICS, TABLES
from suppliers.reporting.entry import cells, read_rows, read_value, read_values

OUTPUT, LAND = METRICS["gross_output"], METRICS["land_area_m2"]
OUTLET = {
    "medium": "water",
    "outlet": "W1",
    "pollutant": "COD",
    "unit": "mg/L",
    "mean": "3",
    "limit": "9",
}


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("12.5", "12.5"),
        (" 12 ", "12"),
        ("１２", "12"),
        (12, "12"),
        (Decimal("0.0001"), "0.0001"),
        ("1e3", "1000"),
        ("12.50000000", "12.5"),
        ("0", "0"),
        ("-0", "0"),
    ],
)
def test_a_number_is_kept_exactly(raw, value):
    assert read_value(OUTPUT, raw) == Decimal(value)


@pytest.mark.parametrize("raw", ["", "  ", None])
def test_an_empty_field_clears(raw):
    assert read_value(OUTPUT, raw) is None


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("1,234", "not_a_number"),
        ("1_234", "not_a_number"),
        ("about ten", "not_a_number"),
        ("NaN", "not_a_number"),
        ("-Infinity", "not_a_number"),
        (True, "not_a_number"),
        ("=1+1", "not_a_number"),
        ("-1", "too_small"),
        ("100000001", "too_large"),
        ("1e24", "too_large"),
        ("1e999999", "too_large"),
        ("0.00001", "too_precise"),
        ("1e-400", "too_precise"),
    ],
)
def test_anything_else_is_refused_with_its_code(raw, code):
    with pytest.raises(ValidationError) as refusal:
        read_value(OUTPUT, raw)
    assert refusal.value.code == code


@settings(deadline=None)
@given(st.text(max_size=30))
def test_no_text_does_worse_than_being_refused(raw):
    try:
        value = read_value(OUTPUT, raw)
    except ValidationError:
        return
    assert value is None or 0 <= value <= 10**8


def test_all_faults_are_told_together():
    with pytest.raises(ValidationError) as refusal:
        read_values({"gross_output": "x", "land_area_m2": "0", "moon": "1", "energy_tce": "4"})
    assert refusal.value.message_dict == {
        "gross_output": ["is not a number."],
        "land_area_m2": ["is below 1 m2. Check the unit."],
        "moon": ["There is no metric “moon”."],
    }
    assert read_values({"energy_tce": "4", "co2_t": ""}) == {"energy_tce": 4, "co2_t": None}


def test_rows_are_stored_as_plain_json():
    rows = read_rows(TABLES["pollutants"], [{**OUTLET, "mean": 3.5, "limit": "9.0"}], year=2025)
    assert rows == [{**OUTLET, "mean": "3.5", "limit": "9"}]
    product = {"name": "A", "unit": "t", "output_quantity": "5", "footprint": "yes", "efficiency_grade": "2"}
    stored = read_rows(TABLES["products"], [product], year=2025)[0]
    assert stored == {
        "name": "A",
        "unit": "t",
        "output_quantity": "5",
        "footprint": True,
        "efficiency_standard": False,
        "efficiency_grade": "2",
    }
    typed = cells("products", stored)
    assert (typed["output_quantity"], typed["footprint"], typed["energy_tce"]) == (Decimal(5), True, None)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"medium": ""}, "Row 1, Medium: is needed."),
        ({"medium": "soil"}, "Row 1, Medium: must be one of: water, air."),
        ({"mean": "much"}, "Row 1, Yearly mean concentration: is not a number."),
        ({"mean": "-1"}, "Row 1, Yearly mean concentration: is below 0 unit. Check the unit."),
        ({"limit": None}, "Row 1, Permitted limit: is needed."),
        ({"outlet": "W" * 41}, "Row 1, Outlet: must be at most 40 characters."),
        ({"outlet": "W\x00"}, "Row 1, Outlet: must be at most 40 characters."),
        ({"colour": "red"}, "Row 1, colour: there is no such column."),
    ],
)
def test_a_faulty_cell_is_told_by_row_and_column(change, fault):
    with pytest.raises(ValidationError) as refusal:
        read_rows(TABLES["pollutants"], [{**OUTLET, **change}], year=2025)
    assert refusal.value.messages == [fault]


def test_what_must_be_unique_may_not_repeat():
    with pytest.raises(ValidationError) as refusal:
        read_rows(TABLES["functions"], [{"function": "budget"}, {"function": "budget"}], year=2025)
    assert refusal.value.messages == ["Row 2, Function: stands twice."]


@pytest.mark.parametrize(("year", "fits"), [(2022, False), (2023, True), (2025, True), (2026, False)])
def test_a_project_lies_in_the_three_years_that_end_with_the_report(year, fits):
    project = [{"name": "Heat pump", "year": year, "investment": "40"}]
    if fits:
        assert read_rows(TABLES["retrofits"], project, year=2025)[0]["year"] == str(year)
        return
    with pytest.raises(ValidationError, match="must be from 2023 to 2025"):
        read_rows(TABLES["retrofits"], project, year=2025)


def test_a_table_has_an_end():
    with pytest.raises(ValidationError, match="At most 12 rows"):
        read_rows(TABLES["functions"], [{"function": "budget"}] * 13, year=2025)


@pytest.mark.parametrize(("raw", "value"), [("是", True), ("off", False), (None, False), (True, True)])
def test_yes_and_no(raw, value):
    product = {"name": "A", "unit": "t", "output_quantity": "5", "footprint": raw}
    assert read_rows(TABLES["products"], [product], year=2025)[0]["footprint"] is value


def test_maybe_is_not_an_answer():
    with pytest.raises(ValidationError, match="must be yes or no"):
        read_rows(
            TABLES["products"],
            [{"name": "A", "unit": "t", "output_quantity": "5", "footprint": "maybe"}],
            year=2025,
        )


def test_stored_rows_of_another_time_do_not_break():
    assert cells("gone", {"a": 1}) == {}
    typed = cells("pollutants", {"mean": "?", "limit": "NaN", "medium": "water", "old": "x"})
    assert (typed["mean"], typed["limit"], typed["medium"], "old" in typed) == (None, None, "water", False)
