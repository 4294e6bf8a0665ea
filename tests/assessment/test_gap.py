"""The gap: what is proposed really reaches its mark, and what cannot be reached is not proposed."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.assessment.gap import MARKS, gaps, progress
from certification.assessment.known import Known, known_of
from certification.assessment.levers import Kind
from certification.assessment.path import path
from certification.assessment.scoring import result_of, score
from certification.scheme.definition import Definition, parse
from certification.scheme.loading import FOLDER, load
from tests.assessment.worked_example import CLAIMS, ENTERED, TABLES, VALUES
from tests.scheme.small import JUDGED, block, indicator, small

D = Decimal
CLOSE = D("0.000001")
PROVINCIAL = load(FOLDER / "green_factory-2025-provincial.toml")


def measured(formula: str, unit: str, more: str = "") -> str:
    return f'kind = "quantitative"\nformula = \'{formula}\'\nunit = "{unit}"\n{more}'


MIXED = parse(
    small(
        block("A", 100),
        indicator("LINE", "A", 20, measured("co2_t / energy_tce", "t CO2/tce"), base=4, lead=1),
        indicator(
            "MORE", "A", 20, measured("renewable_tce / energy_tce * 100", "%", 'scoring = "ratio"\n'), lead=40
        ),
        indicator(
            "LESS",
            "A",
            20,
            measured("water_m3 / gross_output", "m3/10k CNY", 'scoring = "ratio"\nless_is_better = true\n'),
            lead=2,
        ),
        indicator("STEP", "A", 20, measured("advanced_equipment", "items", 'scoring = "step"\n'), lead=4),
        indicator(
            "BEND",
            "A",
            20,
            measured("min(water_reused_m3 / (water_m3 + water_reused_m3), 0.97) * 100", "%"),
            base=50,
            lead=95,
        ),
        indicator("ASK", "A", 10, JUDGED + 'group = "one"\n'),
        indicator("OPT", "A", 10, measured("solid_waste_used_t", "t", 'group = "one"\n'), base=0, lead=100),
        indicator("PLUS", "A", 5, measured("floor_area_m2", "m2", "bonus = true\n"), base=0, lead=1000),
        extra='pick = 1\nbonus_max = 5\nfrom = { pick = "ours", bonus_max = "ours" }',
    ).replace("max = 100", "max = 110", 1)
)
"""Every way of scoring, an optional group, a bonus, and a formula of two pieces."""

AMOUNTS = st.decimals("0.01", "100000", places=2)
KEYS = sorted(PROVINCIAL.metrics | MIXED.metrics)


def check_every_proposal(definition: Definition, known: Known) -> int:
    """Each amount, tried on the scoring's own evaluation; how many there were."""
    tried = 0
    for gap in gaps(definition, known):
        for way in gap.ways:
            for target in way.targets:
                if target.at is None or target.enter is None:
                    continue
                tried += 1
                exact = result_of(*way.lever.applied(target.at, gap.indicator, known), in_words=False)
                typed = result_of(*way.lever.applied(target.enter, gap.indicator, known), in_words=False)
                assert way.lever.allows(target.enter)
                assert typed.points >= target.points - CLOSE
                sized = any(way.lever.name in method.sized_by for method in gap.indicator.methods)
                if gap.indicator.scoring != "step" and not sized:
                    assert abs(exact.points - target.points) <= CLOSE
                    assert abs((progress(gap.indicator, exact) or D(0)) - MARKS[target.mark]) <= CLOSE
    return tried


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.sampled_from(KEYS), AMOUNTS), st.sampled_from([PROVINCIAL, MIXED]))
def test_what_is_proposed_reaches_its_mark(changes: dict[str, Decimal], definition: Definition) -> None:
    values = {**VALUES, **{key: f"{value:f}" for key, value in changes.items()}}
    known = known_of(values=values, tables=TABLES, claims=CLAIMS, benchmarks=ENTERED)
    assert check_every_proposal(definition, known) > 0


def known_with(**values: str | None) -> Known:
    given: dict[str, Any] = {**VALUES, **values}
    return known_of(values=given, tables=TABLES, claims=CLAIMS, benchmarks=ENTERED)


def ways_of(code: str, definition: Definition = PROVINCIAL, **values: str | None) -> dict[str, list[str]]:
    """By input: what to enter for each mark, "reached", or "never"."""
    gap = next(each for each in gaps(definition, known_with(**values)) if each.indicator.code == code)
    return {
        way.lever.name: [
            "reached" if t.reached else "never" if t.enter is None else f"{t.enter.normalize():f}"
            for t in way.targets
        ]
        for way in gap.ways
    }


def test_by_hand() -> None:
    """E2 is 9600 × 1000 / 60000 = 160 between 200 and 120: lead at 120 × 60, or over 9600 / 0.12."""
    assert ways_of("E2") == {
        "co2_t": ["reached", "reached", "7200"],
        "gross_output": ["reached", "reached", "80000"],
    }
    assert ways_of("R5") == {
        "solid_waste_used_t": ["800", "900", "1000"],
        "solid_waste_t": ["never", "never", "never"],
        "solid_waste_stock_used_t": ["never", "never", "never"],
    }
    assert ways_of("E4") == {"count(functions)": ["reached", "reached", "reached"]}
    assert ways_of("C1", advanced_equipment="2") == {"advanced_equipment": ["3", "4", "5"]}


def test_rows_and_cells_by_hand() -> None:
    """Investment must reach 0.57 % of 160,000; of the two outlets the worse one binds, at 12 of 15 mg/L."""
    assert ways_of("C3")["total(retrofits, investment)"] == ["reached", "reached", "912"]
    assert ways_of("C4") == {"pollutants.mean": ["reached", "9.375", "never"]}
    assert ways_of("R3") == {
        "products.water_m3": ["reached", "reached", "90000"],
        "products.output_quantity": ["reached", "reached", "40000"],
    }


def test_a_size_class_that_changes_on_the_way_is_seen() -> None:
    """From 4000 to under 3000 tce the lead rises from 7.93 to 33.03 %: half a way is as far as that goes."""
    assert ways_of("E3")["energy_tce"] == ["reached", "3026.48", "never"]
    assert ways_of("E3")["renewable_tce"] == ["reached", "158.6", "317.2"]


def test_ratio_step_and_a_bend() -> None:
    values = {"energy_tce": "1000", "renewable_tce": "100", "water_m3": "100", "water_reused_m3": "60"}
    assert ways_of("MORE", MIXED, **values)["renewable_tce"] == ["200", "400"]
    assert ways_of("LESS", MIXED, water_m3="600000")["water_m3"] == ["240000", "120000"]
    assert ways_of("STEP", MIXED)["advanced_equipment"] == ["4"]
    assert ways_of("BEND", MIXED, **values)["water_reused_m3"] == ["100", "263.637", "1900"]


def test_what_has_no_way_says_why() -> None:
    found = {each.indicator.code: each for each in gaps(PROVINCIAL, known_with(energy_tce=None, co2_t=None))}
    assert found["E2"].missing == ("co2_t",)
    assert found["E3"].missing == ("energy_tce",)
    claims = [f"{each.claim} {each.points:.0f}" for each in found["R1"].claims]
    assert claims == ["none 0", "half 2", "full 4"]
    assert (found["E1"].ways, found["P3"].ways) == ((), ())
    corrected = replace(known_with(), corrections={"E2": {"value": "150"}})
    assert next(each for each in gaps(PROVINCIAL, corrected) if each.indicator.code == "E2").ways == ()


@pytest.mark.parametrize("wanted", [50, 60, 70])
def test_the_path_arrives_and_every_step_pays(wanted: int) -> None:
    """Metrics of the path put into the figures make the score that it says, rows and cells apart."""
    walked = path(PROVINCIAL, known_with(), D(wanted))
    assert walked.arrives
    assert all(step.gain > 0 for step in walked.steps)
    assert walked.start + sum(step.gain for step in walked.steps) == walked.low
    assert {step.lever.role for step in walked.steps} == {"lever"}
    rates = [step.gain for step in walked.steps]
    assert walked.low - min(rates) < wanted
    metrics = {step.lever.name: f"{step.enter:f}" for step in walked.steps if step.lever.kind is Kind.METRIC}
    alone = path(PROVINCIAL, known_with(**metrics), D(wanted))
    again = score(PROVINCIAL, values={**VALUES, **metrics}, tables=TABLES, claims=CLAIMS, benchmarks=ENTERED)
    assert alone.start == again.low > walked.start
    assert {step.lever.kind for step in alone.steps} <= {Kind.ROWS, Kind.CELL, Kind.METRIC}


def test_the_path_says_how_far_it_leads() -> None:
    walked = path(PROVINCIAL, known_with(), D(95))
    assert not walked.arrives
    assert walked.low + walked.lacking == 95
    assert path(PROVINCIAL, known_with(), D(10)).steps == ()


def test_a_group_and_a_bonus_are_on_the_path() -> None:
    values = {"solid_waste_used_t": "10", "floor_area_m2": "10"}
    codes = [step.indicator.code for step in path(MIXED, known_with(**values), D(120)).steps]
    assert {"OPT", "PLUS"} <= set(codes)
