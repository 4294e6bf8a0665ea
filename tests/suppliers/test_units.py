"""What may be typed for a figure, what is kept of it, and what the unit file must say."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from greenchain.located import FaultyFileError
from suppliers.reporting.catalogue import METRICS, TABLES, read_metrics
from suppliers.reporting.entry import read_figure, read_rows, read_value
from suppliers.reporting.measures import measure, parsed, unknown_in
from suppliers.reporting.units import UNITS, choice, choices, offered, read

TYPED = [
    ("energy_tce", "3 500 MWh", "430.15"),
    ("energy_tce", "3500 mwh", "430.15"),
    ("energy_tce", "350 万千瓦时", "430.15"),
    ("energy_tce", "350 10k kWh eq", "1057"),
    ("energy_tce", "3500 MWh 等价值", "1057"),
    ("energy_tce", "100 GJ", "3.412"),
    ("energy_tce", "500 kgce", "0.5"),
    ("energy_tce", "2 万吨标准煤", "20000"),
    ("energy_tce", "1000 t raw coal", "714.3"),
    ("energy_tce", "1 234", "1234"),
    ("gross_output", "5 1,000 CNY", "0.5"),
    ("gross_output", "5 100M CNY", "50000"),
    ("gross_output", "5 100 万元", "5100"),
    ("gross_output", "12 亿元", "120000"),
    ("gross_output", "333 CNY", "0.0333"),
    ("co2_t", "1.2kt", "1200"),
    ("co2_t", "12 t", "12"),
    ("co2_t", "3 kg CO2e", "0.003"),
    ("water_m3", "1.5 万m³", "15000"),
    ("water_m3", "7 吨", "7"),
    ("land_area_m2", "15 亩", "10000"),
    ("land_area_m2", "2 ha", "20000"),
    ("solid_waste_t", "2 500 kg", "2.5"),
    ("advanced_equipment", "3 项", "3"),
]


@pytest.mark.parametrize(("key", "typed", "kept"), TYPED)
def test_a_figure_is_taken_in_the_unit_that_it_comes_in(key, typed, kept):
    assert read_value(METRICS[key], typed) == Decimal(kept)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5 kg", "unit"),
        ("5 m3", "unit"),
        ("5 bananas", "unit"),
        ("1,000 MWh", "not_a_number"),
        ("1 23 MWh", "unit"),
        ("MWh", "not_a_number"),
        ("-1 MWh", "too_small"),
        ("1e20 MWh", "too_large"),
    ],
)
def test_what_is_no_amount_of_it_is_refused(typed, code):
    with pytest.raises(ValidationError) as refusal:
        read_value(METRICS["energy_tce"], typed)
    assert refusal.value.code == code


def test_how_it_was_converted_is_told():
    figure = read_figure(METRICS["energy_tce"], {"value": "3500", "unit": "MWh"})
    assert figure.given is not None
    assert figure.given.told() == {
        "factor": "0.1229",
        "basis": "calorific",
        "source": "GB/T 2589-2020",
    }
    assert read_figure(METRICS["energy_tce"], "3500 tce").given is None


def test_a_tonne_of_water_is_no_cubic_metre_of_gas():
    assert choice("m3", "t", "water_m3") is not None
    assert choice("m3", "t", "waste_gas_used_m3") is None


def test_cells_take_units_too():
    row = {"name": "Heat recovery", "year": "2025", "investment": "4 亿元"}
    assert read_rows(TABLES["retrofits"], [row], year=2025)[0]["investment"] == "40000"


def test_both_coal_equivalents_stand_in_the_list_and_say_which():
    labels = [str(each) for each in offered("tce")]
    assert labels[0] == "tce"
    assert {"MWh electricity", "MWh electricity (equivalent value)"} <= set(labels)
    assert [str(each) for each in offered("items")] == ["items"]
    assert [each.key for each in offered("%")] == ["%"]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(choices("tce")), st.decimals("0.01", "4999", places=2))
def test_every_choice_is_read_as_what_it_is(each, amount):
    kept = read_value(METRICS["energy_tce"], f"{amount} {each.key}")
    assert choice("tce", each.key) == each
    assert abs(kept - amount * each.factor) <= Decimal("0.0000005")


def test_units_of_different_things_are_never_alike():
    kinds = {unit.key: measure(parsed(unit.key)).kind for unit in UNITS.values()}
    assert len({kinds[key] for key in ("t", "t CO2", "tce", "CNY", "m3", "m2", "items", "%", "unit")}) == 9
    assert measure(parsed("kgce/10k CNY")).kind == "[energy] / [money]"
    assert unknown_in("kgce/10k CNY·week") == ["week"]


UNIT = '[[units]]\nkey = "t"\nof = "mass"\nfactor = 1\n'
SOURCE = '[[sources]]\nkey = "s"\nmark = "memory"\nnames = { en = "s", zh-hans = "s", id = "s" }\n'
CONVERSION = (
    '[[conversions]]\nkey = "x"\nto = "t"\nfactor = 2\nbasis = ""\nsource = "s"\n'
    'names = { en = "x", zh-hans = "x", id = "x" }\n'
)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("factor = 1", "factor = 0", 4, "'factor' must be above 0"),
        ('to = "t"', 'to = "kg"', 11, "there is no unit 'kg'"),
        ('source = "s"', 'source = "rumour"', 14, "there is no source 'rumour'"),
        ('basis = ""', 'basis = "guess"', 13, "'basis' is 'guess', not one of calorific, equivalent"),
    ],
)
def test_a_faulty_unit_file_is_told_with_its_line(tmp_path: Path, old, new, line, message):
    path = tmp_path / "units.toml"
    path.write_text((UNIT + SOURCE + CONVERSION).replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FaultyFileError) as refusal:
        read(path)
    assert f"units.toml:{line} {message}" in str(refusal.value).splitlines()


def test_a_metric_of_an_unknown_unit_is_told_with_its_line(tmp_path: Path):
    path = tmp_path / "metrics.toml"
    path.write_text(
        '[[metrics]]\nkey = "x"\nunit = "furlongs"\nnames = { en = "x", zh-hans = "x", id = "x" }\nform = ""\n'
        'stage = "use"\nmin = 0\nmax = 1\n',
        encoding="utf-8",
    )
    with pytest.raises(FaultyFileError) as refusal:
        read_metrics(path)
    assert str(refusal.value) == "metrics.toml:3 there is no unit 'furlongs' in units.toml"
