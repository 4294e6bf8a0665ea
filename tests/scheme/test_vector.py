"""The vector evaluator against the scalar one: any formula, any figures, any way to cut the subjects."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from certification.scheme.formula import FormulaError, Inputs, State, parse
from certification.scheme.formula.columns import Columns, columns_of, holds, shape_of
from certification.scheme.formula.readings import STATES, Reading
from certification.scheme.formula.vector import evaluate

D = Decimal

usual = st.decimals(-1000, 1000, places=2)
nice = st.sampled_from([D(0), D(1), D(2), D("0.5"), D(100), D("0.1"), D("0.3"), D(-1)])
outlandish = st.sampled_from(
    [
        D("1e24"),
        D("-9e23"),
        D("0.000001"),
        D("12345678901234567.89"),
        D("0.1234567890123456"),
        D("1e40"),
        D("1e-40"),
    ]
)
figure = st.one_of(nice, usual, usual, nice, st.none(), outlandish)
row = st.fixed_dictionaries(
    {
        "x": figure,
        "y": figure,
        "w": st.one_of(st.none(), nice.map(abs), usual.map(abs)),
        "flag": st.sampled_from([True, False, None]),
        "kind": st.sampled_from(["a", "b", "c", None]),
    }
)
subject = st.builds(
    Inputs,
    st.fixed_dictionaries({}, optional=dict.fromkeys("abc", figure)),
    st.fixed_dictionaries({}, optional={"t": st.lists(row, max_size=4)}),
)


def joined(leaves: "st.SearchStrategy[str]") -> "st.SearchStrategy[str]":
    """Arithmetic over some leaves."""
    return st.recursive(
        leaves,
        lambda part: st.one_of(
            st.builds("({} {} {})".format, part, st.sampled_from("+-*/"), part),
            st.builds("(-{})".format, part),
            st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), part, part),
            st.builds("clamp({}, {}, {})".format, part, part, part),
        ),
        max_leaves=4,
    )


numbers = st.sampled_from(["0", "1", "0.5", "100", "2"])
cell = joined(st.one_of(st.sampled_from(["x", "y", "w"]), numbers))
condition = st.recursive(
    st.one_of(
        st.builds("{} {} {}".format, cell, st.sampled_from(["<", "<=", ">", ">="]), cell),
        st.sampled_from(
            ['kind is "a"', 'kind is not "a"', 'kind in ("a", "b")', 'kind not in ("b", "z")', "flag"]
        ),
    ),
    lambda part: st.builds("({} {} {})".format, part, st.sampled_from(["and", "or"]), part),
    max_leaves=3,
)
rows = st.one_of(st.just("t"), st.builds("t[{}]".format, condition))
rows = st.one_of(rows, st.builds("top({}, {}, {})".format, rows, st.integers(1, 3), cell))
gathered = st.one_of(
    st.builds("count({})".format, rows),
    st.builds("{}({}, {})".format, st.sampled_from(["total", "smallest", "largest", "mean"]), rows, cell),
    st.builds("mean({}, {}, weight={})".format, rows, cell, cell),
    st.builds("share({}, {})".format, rows, condition),
    st.builds("share({}, {}, weight=w)".format, rows, condition),
)
formulas = joined(st.one_of(st.sampled_from(["a", "b", "c"]), numbers, gathered))


def read(source: str, subjects: list[Inputs]) -> tuple[Reading, Columns]:
    try:
        formula = parse(source)
    except FormulaError:
        reject()  # longer than formulas may be
    columns = columns_of(subjects, shape_of([formula]))
    return evaluate(formula.tree, columns), columns


@settings(max_examples=150, deadline=None)
@given(source=formulas, subjects=st.lists(subject, min_size=1, max_size=6))
def test_it_says_what_the_scalar_says_or_that_it_cannot_tell(source, subjects):
    reading, columns = read(source, subjects)
    off = np.broadcast_to(reading.off(), len(subjects))
    for place, given_inputs in enumerate(subjects):
        outcome = parse(source).evaluate(given_inputs)
        if place in columns.beyond or (reading.unsure is not None and reading.unsure[place]):
            continue
        state = STATES[0 if reading.state is None else reading.state[place]]
        assert state is outcome.state, source
        if state is State.VALUE:
            assert outcome.value is not None
            assert abs(float(outcome.value) - np.asarray(reading.number)[place]) <= off[place], source


@settings(max_examples=100, deadline=None)
@given(subjects=st.lists(subject, min_size=1, max_size=4))
def test_figures_come_back_as_they_went_in(subjects):
    shape = shape_of([parse('total(t[flag and kind is "a"], x * y * w) + a + b + c')])
    columns = columns_of(subjects, shape)
    for place, given_inputs in enumerate(subjects):
        back = columns.inputs(place)
        assert all(back.value(key) == given_inputs.value(key) for key in "abc")
        told = given_inputs.rows("t")
        assert (back.rows("t") is None) is (told is None)
        for mine, theirs in zip(back.rows("t") or (), told or (), strict=True):
            assert all(mine[key] == theirs[key] for key in ("x", "y", "w", "kind"))
            assert (mine["flag"] is True) is (theirs["flag"] is True)


@settings(max_examples=50, deadline=None)
@given(source=formulas, subjects=st.lists(subject, min_size=2, max_size=6), cut=st.integers(1, 3))
def test_the_cut_changes_nothing(source, subjects, cut):
    whole, columns = read(source, subjects)
    tree = parse(source).tree
    for first in range(0, len(subjects), cut):
        last = min(first + cut, len(subjects))
        part = evaluate(tree, columns.part(first, last))
        assert np.array_equal(part.number, np.asarray(whole.number)[first:last], equal_nan=True)
        for one, other in ((part.state, whole.state), (part.unsure, whole.unsure)):
            mine = np.zeros(last - first) if one is None else one
            theirs = np.zeros(len(subjects)) if other is None else other
            assert np.array_equal(
                np.broadcast_to(mine, last - first), np.broadcast_to(theirs, len(subjects))[first:last]
            )


def test_a_plain_quotient_is_never_unsure():
    subjects = [Inputs({"a": D(a), "b": D(b)}) for a, b in ((1, 3), (0, 1), (5, 0), (0, 0))]
    reading, _columns = read("a * 1000 / b", subjects)
    assert reading.unsure is None
    assert [STATES[state] for state in np.asarray(reading.state)] == [
        "value",
        "value",
        "undefined",
        "undefined",
    ]


def test_a_difference_that_is_nothing_is_a_zero_divisor_when_its_parts_are_figures():
    reading, _columns = read("1 / (a - b)", [Inputs({"a": D("0.3"), "b": D("0.3")})])
    assert STATES[np.asarray(reading.state)[0]] is State.UNDEFINED
    assert not reading.unsure.any()


def test_a_divisor_that_may_be_zero_is_left_to_the_scalar():
    reading, _columns = read("1 / (a * 3 - b)", [Inputs({"a": D("0.1"), "b": D("0.3")})])
    assert reading.unsure.all()


def test_rows_that_nobody_reported_are_missing_and_no_rows_do_not_apply():
    reading, _columns = read("smallest(t, x)", [Inputs(), Inputs({}, {"t": []})])
    assert [STATES[state] for state in np.asarray(reading.state)] == ["missing", "not_applicable"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0", True), ("123456789012345", True), ("1234567890123456", False), ("1e29", True), ("1e31", False)],
)
def test_what_float64_holds(text, expected):
    assert holds(D(text)) is expected


def test_figures_that_float64_does_not_hold_keep_the_subject_aside():
    subjects = [Inputs({"a": D("1234567890.1234567890")}), Inputs({"a": D(1)})]
    columns = columns_of(subjects, shape_of([parse("a")]))
    assert set(columns.beyond) == {0}
    assert columns.inputs(0).value("a") == D("1234567890.1234567890")
    assert set(columns.part(1, 2).beyond) == set()
