"""Every state an indicator can be in, the totals, and what must hold for any figures."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.assessment.known import inputs_of
from certification.assessment.scoring import Result, Score, Scored, score
from certification.scheme.definition import Definition, parse
from certification.scheme.loading import FOLDER, load
from greenchain.languages import LANGUAGES
from tests.assessment.worked_example import CLAIMS, ENTERED, EXAMINED, TABLES, VALUES

D = Decimal
PROVINCIAL = FOLDER / "green_factory-2025-provincial.toml"
PLAIN = load(PROVINCIAL)
NATIONAL = load(FOLDER / "green_factory-2025-national.toml")


def one(
    code: str,
    values: Mapping[str, object] | None = None,
    tables: Mapping[str, list[dict[str, Any]]] | None = None,
    *,
    claim: object = None,
    correction: Mapping[str, str] | None = None,
    benchmark: tuple[Decimal, Decimal, str] | None = None,
    definition: Definition = PLAIN,
) -> Result:
    """The result of one indicator."""
    result = score(
        definition,
        values=values or {},
        tables=tables or {},
        claims={code: claim} if claim else {},
        corrections={code: correction} if correction else {},
        benchmarks={code: benchmark} if benchmark else {},
    ).result(code)
    assert result is not None
    return result


def reuse(percent: str) -> dict[str, str]:
    """Figures that give R4 (base 80, lead 92.22, weight 4) this value."""
    return {"water_m3": str(100 - D(percent)), "water_reused_m3": percent}


@pytest.mark.parametrize(
    ("percent", "points"),
    [
        ("0", "0"),
        ("79.99", "0"),
        ("80", "0"),
        ("80.01", "0.0033"),
        ("86.11", "2"),
        ("92.21", "3.9967"),
        ("92.22", "4"),
        ("99", "4"),
    ],
)
def test_more_is_better(percent: str, points: str) -> None:
    result = one("R4", reuse(percent))
    assert (result.state, result.points, result.value) == (Scored.COMPUTED, D(points), D(percent))


@pytest.mark.parametrize(
    ("co2", "points"), [("3000", "0"), ("2000", "0"), ("1600", "5.5"), ("1200", "11"), ("0", "11")]
)
def test_less_is_better(co2: str, points: str) -> None:
    result = one("E2", {"co2_t": co2, "gross_output": "10000"}, benchmark=(D(200), D(120), "an institute"))
    assert (result.state, result.points) == (Scored.COMPUTED, D(points))
    assert result.benchmark == "an institute"
    assert result.reason["en"].endswith("Benchmark entered by an administrator: an institute.")


def test_a_missing_figure_never_scores() -> None:
    result = one("R4", {"water_m3": "100"})
    assert (result.state, result.points, result.awaiting, result.value) == (Scored.MISSING, D(0), D(0), None)
    assert result.reason["en"].startswith("Not reported: Water reused.")
    assert result.reason["zh-hans"].startswith("未填报：重复利用水量。")


@pytest.mark.parametrize("junk", ["", "?", "NaN", "Infinity", None])
def test_what_is_stored_and_is_no_number_is_missing(junk: object) -> None:
    assert one("R4", {"water_m3": "100", "water_reused_m3": junk}).state == Scored.MISSING


def test_a_division_by_zero_is_told_and_does_not_score() -> None:
    result = one("R4", {"water_m3": "0", "water_reused_m3": "0"})
    assert (result.state, result.points) == (Scored.MISSING, D(0))
    assert "a division by zero (water_m3 + water_reused_m3)" in result.reason["en"]
    assert result.trace["state"] == "undefined"


def test_an_unbelievable_value_is_told_and_does_not_score() -> None:
    result = one("L1", {"gross_output": "1e20", "land_area_m2": "1"})
    assert (result.state, result.value) == (Scored.MISSING, None)
    assert "beyond all reason" in result.reason["en"]


def test_without_a_benchmark_the_value_is_shown_and_not_scored() -> None:
    result = one("E2", {"co2_t": "160", "gross_output": "1000"})
    assert (result.state, result.value, result.points) == (Scored.NO_BENCHMARK, D(160), D(0))
    assert (result.base, result.lead) == (None, None)


def test_a_benchmark_goes_before_the_schemes_own() -> None:
    result = one("R4", reuse("86.11"), benchmark=(D(86), D(87), "local"))
    assert (result.base, result.lead, result.points) == (D(86), D(87), D("0.44"))


def test_a_flat_benchmark_cannot_score() -> None:
    result = one("R4", reuse("90"), benchmark=(D(80), D(80), "a slip"))
    assert (result.state, result.points) == (Scored.NO_BENCHMARK, D(0))


@pytest.mark.parametrize(
    ("energy", "lead"),
    [("10000", "4.31"), ("9999", "11.9"), ("3000", "7.93"), ("2999", "33.03"), ("1", "33.03")],
)
def test_lead_by_size_class(energy: str, lead: str) -> None:
    result = one("E3", {"energy_tce": energy, "renewable_tce": str(D(energy) * D(lead) / 200)})
    assert (result.lead, result.points) == (D(lead), D(4))


def test_without_its_size_a_class_is_not_known() -> None:
    text = PROVINCIAL.read_text(encoding="utf-8").replace(
        'formula = "renewable_tce / energy_tce * 100"\nunit = "%"', 'formula = "renewable_tce"\nunit = "tce"'
    )
    result = one("E3", {"renewable_tce": "5"}, definition=parse(text))
    assert (result.state, result.value) == (Scored.MISSING, D(5))
    assert result.reason["en"].startswith("Not reported: Total energy consumption.")


PRODUCT = {"name": "A", "unit": "t", "output_quantity": "100"}
LIMITED = {**PRODUCT, "energy_tce": "30", "energy_base": "0.4", "energy_lead": "0.2"}


def test_by_product_where_a_limit_covers_one() -> None:
    """Half way for 30 tce, all the way for 10 tce: (50 × 30 + 100 × 10) / 40 = 62.5 %."""
    rows = [
        LIMITED,
        {**LIMITED, "name": "B", "energy_tce": "10", "output_quantity": "50"},
        {**PRODUCT, "name": "C", "energy_tce": "900"},
    ]
    result = one("E1", {"energy_tce": "40", "gross_output": "100"}, {"products": rows})
    assert (result.by_product, result.unit, result.value) == (True, "%", D("62.5"))
    assert result.points == 11 * D("0.625")
    assert result.reason["en"].endswith("Measured per product, weighted over the top three.")


def test_by_product_counts_the_three_largest_only() -> None:
    rows = [
        {**LIMITED, "name": str(n), "energy_tce": str(energy)} for n, energy in enumerate((30, 30, 30, 10))
    ]
    assert one("E1", {}, {"products": rows}).value == 50


@pytest.mark.parametrize("rows", [[], [PRODUCT]])
def test_by_output_where_no_product_has_a_limit(rows: list[dict[str, Any]]) -> None:
    result = one("E1", {"energy_tce": "40", "gross_output": "100"}, {"products": rows})
    assert (result.by_product, result.state, result.value) == (False, Scored.NO_BENCHMARK, D(400))


def test_a_limited_product_must_be_reported_in_full() -> None:
    rows = [{key: value for key, value in LIMITED.items() if key != "energy_base"}]
    result = one("E1", {"energy_tce": "40", "gross_output": "100"}, {"products": rows})
    assert result.state == Scored.MISSING
    assert result.reason["en"].startswith("Not reported: Products: Energy limit, grade 2 (base).")


def test_a_benchmark_by_output_does_not_touch_the_scale_by_product() -> None:
    result = one("E1", {}, {"products": [LIMITED]}, benchmark=(D(60), D(40), "by output"))
    assert (result.base, result.lead, result.benchmark) == (D(0), D(100), "")


@pytest.mark.parametrize(
    ("claim", "state", "awaiting"),
    [
        (None, Scored.MISSING, "0"),
        ("none", Scored.COMPUTED, "0"),
        ("half", Scored.AWAITING, "2"),
        ("full", Scored.AWAITING, "4"),
        ({"claim": "half", "note": "see the file"}, Scored.AWAITING, "2"),
        ({"not_applicable": True}, Scored.AWAITING, "4"),
        ({"not_applicable": "yes", "claim": "half"}, Scored.AWAITING, "4"),
        ("everything", Scored.MISSING, "0"),
    ],
)
def test_a_case_awaits_judgement(claim: object, state: Scored, awaiting: str) -> None:
    result = one("R1", claim=claim)
    assert (result.state, result.awaiting, result.points) == (state, D(awaiting), D(0))


@pytest.mark.parametrize(
    ("judgement", "points"),
    [("none", "0"), ("half", "2"), ("full", "4"), ("0.75", "3"), ("7", "4"), ("-1", "0")],
)
def test_a_judgement_decides(judgement: str, points: str) -> None:
    result = one("R1", claim="full", correction={"judgement": judgement})
    assert (result.state, result.points, result.awaiting) == (Scored.COMPUTED, D(points), D(0))
    assert result.corrected


def test_the_best_reported_case_speaks_unless_a_claim_stands() -> None:
    cases = {"cases": [{"indicator": "R1", "claim": claim} for claim in ("none", "full", "half")]}
    assert one("R1", {}, cases).awaiting == 4
    assert one("R1", {}, cases, claim="half").awaiting == 2
    assert one("R2", {}, cases).state == Scored.MISSING


def test_what_does_not_apply_must_be_confirmed() -> None:
    water_only = {"pollutants": [{"medium": "water", "mean": "1", "limit": "4"}]}
    asked = one("C5", {}, water_only)
    assert (asked.state, asked.awaiting) == (Scored.AWAITING, D(4))
    assert one("C5", {}, water_only, correction={"not_applicable": "yes"}).state == Scored.NOT_APPLICABLE
    denied = one("C5", {}, water_only, correction={"not_applicable": "no"})
    assert (denied.state, denied.awaiting) == (Scored.MISSING, D(0))
    assert denied.reason["en"].startswith("It applies, but nothing was reported")


def test_a_denied_not_applicable_is_measured() -> None:
    claim = {"not_applicable": True}
    assert one("R4", reuse("92.22"), claim=claim).state == Scored.AWAITING
    assert one("R4", reuse("92.22"), claim=claim, correction={"not_applicable": "no"}).points == 4
    assert one("R4", reuse("92.22"), claim=claim, correction={"value": "86.11"}).points == 2
    assert one("R1", claim=claim, correction={"judgement": "half"}).points == 2


def test_a_corrected_value_replaces_the_computed_one_and_keeps_its_trace() -> None:
    result = one("R4", reuse("92.22"), correction={"value": "86.11"})
    assert (result.points, result.value, result.corrected) == (D(2), D("86.11"), True)
    assert result.reason["en"].startswith("Value corrected in examination. ")
    children = result.trace["children"]
    assert isinstance(children, list)
    assert (result.trace["op"], children[0]["text"]) == (
        "correction",
        "water_reused_m3 / (water_m3 + water_reused_m3) * 100",
    )
    assert one("R4", correction={"value": "92.22"}).points == 4


def test_corrections_of_other_things_are_left_alone() -> None:
    total = score(
        PLAIN, values=VALUES, tables=TABLES, corrections={"veto.dishonest_debtor": {"veto": "cleared"}}
    )
    assert total == score(PLAIN, values=VALUES, tables=TABLES)


def test_nothing_at_all_is_zero_of_a_hundred() -> None:
    total = score(PLAIN, values={}, tables={})
    assert (total.points, total.awaiting, total.missing, total.scorable) == (D(0), D(0), D(100), D(100))
    assert (total.low, total.high) == (D(0), D(0))


def test_nothing_that_applies_is_zero_and_no_crash() -> None:
    everything = {item.code: {"not_applicable": "yes"} for item in PLAIN.indicators}
    total = score(PLAIN, values={}, tables={}, corrections=everything)
    assert (total.not_applicable, total.scorable, total.low, total.high) == (D(100), D(0), D(0), D(0))


def test_all_at_lead_is_a_hundred_exactly_under_fractional_weights() -> None:
    corrections = {
        item.code: {"judgement": "full"}
        if item.is_qualitative
        else {"value": "7.93" if item.code == "E3" else "100"}
        for item in NATIONAL.indicators
    }
    benchmarks = {code: (D(0), D(100), "test") for code in ("E1", "E2", "R3", "E3")}
    corrections["E3"] = {"value": "100"}
    total = score(NATIONAL, values={}, tables={}, corrections=corrections, benchmarks=benchmarks)
    assert (total.points, total.scorable, total.low, total.high) == (D(100), D(100), D(100), D(100))


def test_subtotals_add_up() -> None:
    total = score(PLAIN, values=VALUES, tables=TABLES, claims=CLAIMS)
    parts = total.by_stage()
    assert sum(part.weight for part in parts.values()) == 100
    assert sum(part.scorable for part in parts.values()) == total.scorable
    assert abs(sum(part.points for part in parts.values()) - total.points) <= D("0.001")
    assert sum(part.awaiting for part in parts.values()) == total.awaiting
    assert set(parts) == {"design", "manufacturing", "use", "recycling", "circular"}
    assert total.result("Z9") is None


def test_json_has_no_floats() -> None:
    total = score(
        PLAIN, values=VALUES, tables=TABLES, claims=CLAIMS, corrections=EXAMINED, benchmarks=ENTERED
    )
    stored = json.loads(json.dumps(total.to_json()), parse_float=lambda text: pytest.fail(f"a float: {text}"))
    assert (stored["low"], stored["results"][1]["points"], stored["results"][1]["state"]) == (
        "47.1263",
        "5.5000",
        "computed",
    )


def test_reasons_are_in_three_languages_with_each_ones_decimal_sign() -> None:
    total = score(
        PLAIN, values=VALUES, tables=TABLES, claims=CLAIMS, corrections=EXAMINED, benchmarks=ENTERED
    )
    for result in total.results:
        assert set(result.reason) == set(LANGUAGES)
        assert all(result.reason.values())
    renewable = total.result("E3")
    assert renewable is not None
    assert "3.0265" in renewable.reason["en"]
    assert "3,0265" in renewable.reason["id"]


def test_stored_rows_become_typed_cells() -> None:
    inputs = inputs_of(
        VALUES, {"products": [{"name": "A", "output_quantity": "5", "footprint": True, "old": "x"}]}
    )
    rows = inputs.rows("products")
    assert rows is not None
    assert (rows[0]["name"], rows[0]["output_quantity"], rows[0]["footprint"], rows[0]["energy_tce"]) == (
        "A",
        5,
        True,
        None,
    )
    assert "old" not in rows[0]
    assert inputs_of({}, {"unknown": [{"a": 1}]}).rows("unknown") == [{}]


FIGURES = st.decimals(min_value=0, max_value=10**9, places=4, allow_nan=False, allow_infinity=False)
METRIC_KEYS = sorted(PLAIN.metrics)
CASES = st.fixed_dictionaries(
    {},
    optional={key: FIGURES.map(str) for key in METRIC_KEYS},
)
ANY_CLAIMS = st.dictionaries(
    st.sampled_from([item.code for item in PLAIN.indicators]),
    st.sampled_from(["none", "half", "full", {"not_applicable": True}]),
)
RULINGS = st.dictionaries(
    st.sampled_from([item.code for item in PLAIN.indicators if item.is_qualitative]),
    st.sampled_from(["none", "half", "full"]),
)


@settings(deadline=None, max_examples=30)
@given(CASES, ANY_CLAIMS, RULINGS, st.sampled_from([PLAIN, NATIONAL]))
def test_what_holds_for_any_figures(
    values: dict[str, str], claims: dict[str, object], rulings: dict[str, str], definition: Definition
) -> None:
    corrections = {code: {"judgement": word} for code, word in rulings.items()}
    total = score(definition, values=values, tables=TABLES, claims=claims, corrections=corrections)
    assert 0 <= total.low <= total.high <= 100
    counted = total.scorable + total.no_benchmark + total.not_applicable
    assert abs(counted - 100) <= D("0.0002")
    for result in total.results:
        assert 0 <= result.points <= result.weight
        assert 0 <= result.awaiting <= result.weight
        assert not (result.points and result.awaiting)
        assert result.points == 0 or result.state == Scored.COMPUTED
        assert result.awaiting == 0 or result.state == Scored.AWAITING
    check_confirmed(total, definition, values, claims, corrections)


def check_confirmed(
    before: Score,
    definition: Definition,
    values: dict[str, str],
    claims: dict[str, object],
    corrections: dict[str, dict[str, str]],
) -> None:
    """However a person rules on what awaits, the score ends inside the range that was shown."""
    for ruling in ("yes", "no"):
        ruled = dict(corrections)
        for result in before.results:
            indicator = definition.indicator(result.code)
            if result.state == Scored.AWAITING and indicator is not None:
                claim = claims.get(result.code)
                apart = isinstance(claim, dict) or not indicator.is_qualitative
                ruled[result.code] = {"not_applicable": ruling} if apart else {"judgement": "half"}
        after = score(definition, values=values, tables=TABLES, claims=claims, corrections=ruled)
        assert before.low <= after.low + D("0.0001")
        assert after.low <= before.high + D("0.0001")


@settings(deadline=None, max_examples=30)
@given(FIGURES, FIGURES)
def test_a_better_figure_never_scores_less(one_: Decimal, other: Decimal) -> None:
    lower, upper = sorted((one_, other))
    land = {"land_area_m2": "1000"}
    worse, better = (one("L1", {**land, "gross_output": str(value)}) for value in (lower, upper))
    assert worse.points <= better.points
