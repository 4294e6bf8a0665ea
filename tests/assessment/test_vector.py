"""Many subjects at once against the scalar scoring: the same states, points, totals and verdicts, however cut."""

from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.assessment.known import known_of
from certification.assessment.marks import SCORED, Batch, Entered, claims_of
from certification.assessment.results import Result, picked
from certification.assessment.scoring import Score, inputs_of, result_of, score
from certification.assessment.vector import VERDICTS, Scores, in_parts, needs, score_many, verdict_of
from certification.scheme.definition import Definition, parse
from certification.scheme.formula.columns import columns_of
from certification.scheme.formula.scalar import CONTEXT
from certification.scheme.loading import FOLDER, load
from suppliers.reporting.catalogue import TABLES
from tests.assessment.test_kinds_of_scoring import LIMIT
from tests.scheme.small import JUDGED, block, gate, indicator, small

D = Decimal
LESS, STEP = "less_is_better = true\n", 'scoring = "step"\n'
Figures = tuple[dict[str, str], dict[str, list[dict[str, object]]]]


def measured(formula: str, unit: str, more: str = "") -> str:
    return f'kind = "quantitative"\nformula = "{formula}"\nunit = "{unit}"\n{more}'


EVERYTHING = parse(
    small(
        gate(LIMIT + 'maximum = 3\nfrom = { maximum = "ours" }', "veto"),
        block("A", 60),
        indicator("A1", "A", 20, measured("energy_tce", "tce", 'scoring = "ratio"\n'), lead=40),
        indicator("A2", "A", '"60/11"', measured("co2_t", "t CO2", 'scoring = "ratio"\n' + LESS), lead=2),
        indicator("A3", "A", '"60/11"', measured("co2_t / energy_tce", "t CO2/tce"), base=3, lead=1),
        indicator("A4", "A", '"100/11"', measured("energy_tce / 3 + energy_tce / 3", "tce", STEP), lead=2),
        indicator(
            "A5", "A", 20, measured("count(functions) / 3", "items a year", STEP + "must = true\n"), lead=1
        ),
        indicator("G1", "A", 20, measured("co2_t", "t CO2", 'group = "one"\n'), base=5, lead=1),
        indicator("G2", "A", 20, JUDGED + 'group = "one"\n'),
        indicator("H1", "A", 20, measured("energy_tce / 3", "tce", 'group = "two"\n'), base=0, lead=3),
        indicator("K1", "A", 20, JUDGED + 'group = "three"\n'),
        block("C", 0),
        indicator("C1", "C", 3, JUDGED + "bonus = true\n"),
        indicator("C2", "C", 4, measured("water_m3", "m3", "bonus = true\n"), base=100, lead=1),
        extra='pick = 2\nbonus_max = 5\nfrom = { pick = "ours", bonus_max = "ours" }',
    )
)
FACTORY = load(FOLDER / "green_factory-2025-provincial.toml")
"""Uses sizes, methods by product, tables and cases."""

figure = st.one_of(
    st.sampled_from("0 1 2 3 5 40 100 0.1 0.3 2000 12345.678".split()),
    st.decimals(0, 1000, places=3).map(str),
    st.sampled_from(["999999999999999999999999", "-7", "1e19", "0.000001", "1234567890123456.5"]),
)


def cells(table: str) -> "st.SearchStrategy[dict[str, object]]":
    """A stored row of a table: any of its cells may be empty."""
    found: dict[str, st.SearchStrategy[object]] = {}
    for column in TABLES[table].columns.values():
        if column.options:
            found[column.key] = st.sampled_from([option.key for option in column.options])
        elif column.kind == "flag":
            found[column.key] = st.booleans()
        elif column.is_number:
            found[column.key] = figure
        elif column.key == "indicator":
            found[column.key] = st.sampled_from(
                ["A1", "G2", "K1", "C1", *(item.code for item in FACTORY.indicators)]
            )
    return st.fixed_dictionaries({}, optional=found)


def figures_for(definition: Definition) -> "st.SearchStrategy[Figures]":
    """What somebody may have reported, some of it missing."""
    shape = needs([definition])
    values = st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(shape.metrics), figure))
    tables = {key: st.lists(cells(key), max_size=4) for key in sorted(shape.tables)}
    return st.tuples(values, st.fixed_dictionaries({}, optional=tables))


def batch_of(definition: Definition, reported: list[Figures], entered: list[int]) -> Batch:
    columns = columns_of([inputs_of(*each) for each in reported], needs([definition]))
    known = {code: Entered(np.array(entered, dtype=np.int64), KNOWN) for code in benchmarked(definition)}
    claims = claims_of([item.code for item in definition.indicators], columns)
    return Batch(columns=columns, claims=claims, benchmarks=known)


KNOWN = ((D(0), D(10), "one"), (D("12.5"), D("0.3"), "two"))


def benchmarked(definition: Definition) -> list[str]:
    return [item.code for item in definition.indicators if item.method][:2]


def scalars(definition: Definition, reported: Figures, place: int) -> tuple[Score, list[Result]]:
    """The score, and its results before they are rounded."""
    benchmarks = dict.fromkeys(benchmarked(definition), KNOWN[place]) if place >= 0 else {}
    values, tables = reported
    with localcontext(CONTEXT):
        known = known_of(values=values, tables=tables, benchmarks=benchmarks)
        results = [result_of(item, known) for item in definition.indicators]
        groups = {item.code: item.group for item in definition.indicators} if definition.pick else {}
        exact = picked(results, groups, definition.pick)
    return score(definition, values=values, tables=tables, benchmarks=benchmarks), exact


def compare(definition: Definition, reported: list[Figures], entered: list[int], pass_score: D) -> Scores:
    """Every subject's scores say what the scalar scoring says."""
    batch = batch_of(definition, reported, entered)
    found = score_many(definition, batch, np.full(batch.count, in_parts(pass_score)))
    for place, each in enumerate(reported):
        whole, exact = scalars(definition, each, entered[place])
        for row, result in enumerate(exact):
            assert SCORED[found.states[row, place]] is result.state, result.code
            allowed = 1e-9 * float(result.weight) if not found.rescored[place] else 5e-5
            assert abs(float(result.points) - found.points[row, place]) <= allowed, result.code
        assert (found.low[place], found.high[place]) == (in_parts(whole.low), in_parts(whole.high))
        assert VERDICTS[found.verdict[place]] == verdict_of(whole, pass_score)
    return found


@pytest.mark.parametrize("definition", [EVERYTHING, FACTORY], ids=["everything", "factory"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_it_scores_as_the_scalar_does(definition: Definition, data: Any) -> None:
    reported = data.draw(st.lists(figures_for(definition), min_size=1, max_size=5))
    entered = data.draw(st.lists(st.sampled_from([-1, 0, 1]), min_size=len(reported), max_size=len(reported)))
    compare(definition, reported, entered, data.draw(st.sampled_from([D(0), D(20), D(60), D("33.3333")])))


@pytest.mark.parametrize("definition", [EVERYTHING, FACTORY], ids=["everything", "factory"])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_every_cut_gives_the_same(definition: Definition, data: Any) -> None:
    reported = data.draw(st.lists(figures_for(definition), min_size=8, max_size=9))
    batch = batch_of(definition, reported, [-1, 0, 1] * 3 if len(reported) > 8 else [-1, 0] * 4)
    pass_scores = np.full(batch.count, in_parts(D(20)))
    whole = score_many(definition, batch, pass_scores)
    for block_of in (1, 7):
        cut = score_many(definition, batch, pass_scores, block=block_of)
        for key, column in vars(whole).items():
            assert np.array_equal(column, getattr(cut, key)), key


def test_a_total_at_the_pass_score_is_left_to_the_scalar_and_passes() -> None:
    """Ten times a third is not a third of ten in floats; the verdict does not hang on that."""
    definition = parse(
        small(block("A", 100), indicator("A1", "A", 100, measured("energy_tce / 3", "tce"), base=0, lead=1))
    )
    below, at, above = ({"energy_tce": text} for text in ("1.7999", "1.8", "1.8001"))
    found = compare(definition, [(below, {}), (at, {}), (above, {})], [-1, -1, -1], D(60))
    assert [VERDICTS[place] for place in found.verdict] == ["fails", "reaches", "reaches"]
    assert found.rescored.tolist() == [False, True, False]


def test_what_nobody_reported_never_scores() -> None:
    found = compare(FACTORY, [({}, {})], [-1], D(60))
    assert (found.points.sum(), found.low[0], VERDICTS[found.verdict[0]]) == (0, 0, "fails")


def test_ordinary_figures_are_seldom_left_to_the_scalar() -> None:
    random = np.random.default_rng(20261122)
    reported: list[Figures] = [
        ({key: f"{random.uniform(1, 5000):.3f}" for key in sorted(needs([FACTORY]).metrics)}, {})
        for _subject in range(200)
    ]
    found = compare(FACTORY, reported, [-1] * 200, D(60))
    assert found.rescored.sum() <= 2
