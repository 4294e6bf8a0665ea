"""The formula engine against plain Decimal arithmetic, its outcomes, its traces and what it refuses."""

import ast
import json
from decimal import Decimal, DecimalException, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from certification.scheme.formula import Formula, FormulaError, Inputs, State, parse
from certification.scheme.formula.outcome import Row
from certification.scheme.formula.scalar import CONTEXT

D = Decimal

OUTLETS: list[Row] = [
    {"medium": "water", "pollutant": "COD", "mean": D(60), "limit": D(100), "tested": True},
    {"medium": "water", "pollutant": "NH3-N", "mean": D(12), "limit": D(15), "tested": None},
    {"medium": "air", "pollutant": "NOx", "mean": D(5), "limit": D(50), "tested": True},
    {"medium": None, "pollutant": "?", "mean": D(9), "limit": D(9), "tested": False},
]
INPUTS = Inputs({"a": D(12), "b": D(5), "zero": D(0), "gone": None}, {"outlets": OUTLETS, "none": []})


def value(source: str) -> D | None:
    return parse(source).evaluate(INPUTS).value


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a + b * 2", D(22)),
        ("(a + b) * 2", D(34)),
        ("a - b - 1", D(6)),
        ("-a + 0.1", D("-11.9")),
        ("a / b", D("2.4")),
        ("1 / 3", D("0.3333333333333333333333333333")),
        ("min(a, b, 3)", D(3)),
        ("max(a, b)", D(12)),
        ("clamp(a, 0, 10)", D(10)),
        ("clamp(-a, 0, 10)", D(0)),
        ("clamp(b, 0, 10)", D(5)),
        ("count(outlets)", D(4)),
        ("count(none)", D(0)),
        ("total(none, mean)", D(0)),
        ("total(outlets, mean)", D(86)),
        ('total(outlets[medium is "water"], mean)', D(72)),
        ('count(outlets[medium is not "water"])', D(1)),
        ('count(outlets[medium in ("water", "air")])', D(3)),
        ('count(outlets[medium not in ("water", "air")])', D(0)),
        ("count(outlets[mean < 12])", D(2)),
        ("count(outlets[mean <= 12])", D(3)),
        ("count(outlets[mean > 12])", D(1)),
        ("count(outlets[mean >= 12 and limit < 90])", D(1)),
        ("count(outlets[mean < 6 or mean > 50])", D(2)),
        ("count(outlets[tested])", D(2)),
        ('smallest(outlets[medium is "water"], (limit - mean) / limit * 100)', D(20)),
        ('largest(outlets[medium is "water"], (limit - mean) / limit * 100)', D(40)),
        ("mean(outlets, mean)", D("21.5")),
        ("mean(outlets, mean, weight=limit)", D(60 * 100 + 12 * 15 + 5 * 50 + 81) / D(174)),
        ("mean(top(outlets, 2, limit), mean)", D("32.5")),
        ("total(top(outlets, 20, limit), mean)", D(86)),
        ('total(top(outlets[medium is "water"], 1, -mean), mean)', D(12)),
        ("share(outlets, tested)", D(50)),
        ("share(outlets, tested, weight=limit)", D(150) / D(174) * 100),
        ("count(outlets) / a * 100 + total(outlets, mean)", D(4) / D(12) * 100 + 86),
    ],
)
def test_value(source: str, expected: D) -> None:
    with localcontext(CONTEXT):
        assert value(source) == +expected


@pytest.mark.parametrize(
    ("source", "state", "about"),
    [
        ("gone + a", State.MISSING, ("gone",)),
        ("gone + never", State.MISSING, ("gone", "never")),
        ("min(gone, a)", State.MISSING, ("gone",)),
        ("a / zero", State.UNDEFINED, ("zero",)),
        ("a / (b - 5)", State.UNDEFINED, ("b - 5",)),
        ("0 / 0", State.UNDEFINED, ("0",)),
        ("gone / zero + a / zero", State.MISSING, ("gone",)),
        ("count(never)", State.MISSING, ("never",)),
        ("total(outlets, nothing)", State.MISSING, ("outlets.nothing",)),
        ("total(outlets, pollutant)", State.MISSING, ("outlets.pollutant",)),
        ("mean(outlets, mean, weight=nothing)", State.MISSING, ("outlets.nothing",)),
        ("mean(outlets, mean, weight=mean - mean)", State.UNDEFINED, ("mean - mean",)),
        ("total(outlets, mean / (limit - 9))", State.UNDEFINED, ("limit - 9",)),
        ("total(top(outlets, 1, nothing), mean)", State.MISSING, ("outlets.nothing",)),
        ("smallest(none, mean)", State.NOT_APPLICABLE, ("none",)),
        ("mean(none, mean)", State.NOT_APPLICABLE, ("none",)),
        ("share(none, tested)", State.NOT_APPLICABLE, ("none",)),
        ('smallest(outlets[medium is "soil"], mean) + a / zero', State.UNDEFINED, ("zero",)),
        ('largest(outlets[medium is "soil"], mean)', State.NOT_APPLICABLE, ('outlets[medium is "soil"]',)),
    ],
)
def test_no_value(source: str, state: State, about: tuple[str, ...]) -> None:
    outcome = parse(source).evaluate(INPUTS)
    assert (outcome.value, outcome.state, outcome.about) == (None, state, about)
    assert outcome.trace["state"] == state
    assert "value" not in outcome.trace


@pytest.mark.parametrize("odd", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_not_a_number_is_missing(odd: str) -> None:
    inputs = Inputs({"a": D(odd)}, {"rows": [{"x": D(odd)}]})
    assert parse("a + 1").evaluate(inputs).state is State.MISSING
    assert parse("total(rows, x)").evaluate(inputs).state is State.MISSING


def test_numbers_too_large_are_an_outcome() -> None:
    huge = Inputs({"a": D("1e900")}, {"rows": [{"x": D("9e999")}, {"x": D("9e999")}]})
    assert parse("a * a").evaluate(huge).state is State.UNDEFINED
    assert parse("total(rows, x)").evaluate(huge).state is State.UNDEFINED


def test_names_and_uses() -> None:
    formula = parse('a / b + mean(top(p[kind is "x" and on], 3, y), z + 1, weight=y) * count(q)')
    assert formula.names == {"a", "b"}
    assert formula.tables == {"p", "q"}
    assert {(use.table, use.column, use.kind, use.words) for use in formula.uses} == {
        ("p", "", "number", ()),
        ("q", "", "number", ()),
        ("p", "kind", "word", ("x",)),
        ("p", "on", "flag", ()),
        ("p", "y", "number", ()),
        ("p", "z", "number", ()),
    }


def test_trace_of_arithmetic_reads_as_it_was_written() -> None:
    trace = parse("a * 1000 / b", units={"a": "t", "b": "10k CNY"}).evaluate(INPUTS).trace
    assert trace == {
        "op": "divide",
        "text": "a * 1000 / b",
        "children": [
            {
                "op": "multiply",
                "text": "a * 1000",
                "children": [
                    {"op": "metric", "text": "a", "unit": "t", "state": "value", "value": "12"},
                    {"op": "number", "text": "1000", "state": "value", "value": "1000"},
                ],
                "state": "value",
                "value": "12000",
            },
            {"op": "metric", "text": "b", "unit": "10k CNY", "state": "value", "value": "5"},
        ],
        "state": "value",
        "value": "2400",
    }


def test_trace_of_rows_shows_cells_values_and_the_chosen_row() -> None:
    trace = parse('smallest(outlets[medium is "water"], (limit - mean) / limit * 100)').evaluate(INPUTS).trace
    assert (trace["of"], trace["kept"], trace["chosen"]) == (4, 2, 2)
    assert trace["rows"] == [
        {
            "position": 1,
            "cells": {"medium": "water", "pollutant": "COD", "mean": "60", "limit": "100", "tested": True},
            "state": "value",
            "value": "40.0",
        },
        {
            "position": 2,
            "cells": {"medium": "water", "pollutant": "NH3-N", "mean": "12", "limit": "15"},
            "state": "value",
            "value": "20.0",
        },
    ]
    json.dumps(trace)


def test_trace_shows_weights_and_says_how_many_rows_it_leaves_out() -> None:
    rows: list[Row] = [{"x": D(n), "text": "y" * 500} for n in range(60)]
    trace = parse("mean(rows, x, weight=x + 1)").evaluate(Inputs({}, {"rows": rows})).trace
    assert trace["left_out"] == 10
    shown = trace["rows"]
    assert isinstance(shown, list)
    assert shown[-1] == {
        "position": 50,
        "cells": {"x": "49"},
        "state": "value",
        "value": "49",
        "weight": "50",
    }


def test_top_keeps_the_order_of_equals() -> None:
    rows = [{"x": D(1), "y": D(n)} for n in range(5)]
    assert parse("total(top(rows, 2, x), y)").evaluate(Inputs({}, {"rows": rows})).value == 1


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "the formula is empty"),
        ("  ", "the formula is empty"),
        ("1 +" * 200 + "1", "the formula is longer than 500 characters"),
        ("a +", "the formula cannot be read: invalid syntax"),
        ("a\x00b", "the formula cannot be read"),
        ("(" * 240, "the formula cannot be read"),
        ("+".join("a" * 90), "the formula has more than 150 parts"),
        ("-" * 20 + "a", "the formula is nested deeper than 16 levels"),
        ("a ** 2", "powers (**) are not allowed"),
        ("a // 2", "'a // 2' is not allowed in a formula"),
        ("a % 2", "'a % 2' is not allowed in a formula"),
        ("+a", "'+a' is not allowed in a formula"),
        ("a.b", "'a.b' is not allowed in a formula"),
        ("a if b else c", "'a if b else c' is not allowed in a formula"),
        ("lambda: 1", "'lambda: 1' is not allowed in a formula"),
        ("[x for x in a]", "'[x for x in a]' is not allowed in a formula"),
        ("a < b", "'a < b' is a condition where a number is wanted"),
        ("a and b", "'a and b' is a condition where a number is wanted"),
        ("'a'", "''a'' is not a plain number"),
        ("True", "'True' is not a plain number"),
        ("1e9", "'1e9' is not a plain number"),
        ("0x10", "'0x10' is not a plain number"),
        ("2j", "'2j' is not a plain number"),
        ("9" * 16, f"'{'9' * 16}' is not a plain number"),
        ("Total", "'Total' is not the name of a metric"),
        ("__import__", "'__import__' is not the name of a metric"),
        ("能耗", "'能耗' is not the name of a metric"),
        ("open(a)", "'open' is not a function here; there are min, max, clamp, total"),
        ("a.b(1)", "'a.b' is not a function here"),
        ("min(a)", "'min' wants two or more numbers"),
        ("max(a, b, key=a)", "'max' wants two or more numbers"),
        ("clamp(a, b)", "'clamp' wants three numbers"),
        ("total(t)", "'total' wants rows and what to take of each"),
        ("count(t, x)", "'count' wants rows"),
        ("share(t)", "'share' wants rows and a condition"),
        ("share(t, x + 1)", "'x + 1' is not a condition"),
        ("total(t, x, weight=y)", "'total' takes no 'weight'"),
        ("mean(t, x, by=y)", "'mean' takes no 'by'"),
        ("mean(t, total(u, x))", "'total' cannot stand inside another row function"),
        ("total(a + b, x)", "'a + b' is not the name of a table"),
        ("total(t[x is 'a'][y], x)", "'t[x is 'a']' is not the name of a table"),
        ("count(t[x == 1])", "'==' and '!=' are not allowed"),
        ("count(t[x != 'a'])", "'==' and '!=' are not allowed"),
        ("count(t[1 < x < 2])", "'1 < x < 2' compares more than two things at once"),
        ("count(t[not x])", "'not x' is not a condition"),
        ("count(t[1])", "'1' is not a condition"),
        ("count(t[x is 1])", "'x is 1' must name words in quotes"),
        ("count(t[x in 'ab'])", "'x in 'ab'' must name words in quotes"),
        ("count(t[x in ()])", "'x in ()' must name words in quotes"),
        ("count(t[x + 1 is 'a'])", "'x + 1' is not the name of a column"),
        ("count(top(t, 0, x))", "'top' takes from 1 to 20 rows"),
        ("count(top(t, 21, x))", "'top' takes from 1 to 20 rows"),
        ("count(top(t, True, x))", "'top' takes from 1 to 20 rows"),
        ("count(top(t, n, x))", "'top' wants rows, a whole number and what to order by"),
        ("count(top(top(t, 2, x), 1, x))", "'top' cannot stand inside another 'top'"),
        ("top(t, 1, x)", "'top' is not a function here"),
    ],
)
def test_refused(source: str, message: str) -> None:
    with pytest.raises(FormulaError) as refusal:
        parse(source)
    assert str(refusal.value).startswith(message)


NUMBERS = st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False, allow_infinity=False)
SOURCES = st.recursive(
    st.sampled_from(["a", "b", "c", "0", "3", "0.25", "100"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({' '.join(parts)})"),
        inner.map(lambda part: f"(-{part})"),
        st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
        st.tuples(inner, inner, inner).map(lambda p: f"clamp({p[0]}, {p[1]}, {p[2]})"),
    ),
    max_leaves=12,
)


def parsed(source: str) -> Formula | None:
    try:
        return parse(source)
    except FormulaError:
        return None


class _Exact(ast.NodeTransformer):
    """Makes Python's own evaluation of a formula's text use Decimal constants."""

    def visit_Constant(self, node: ast.Constant) -> ast.Call:
        return ast.Call(ast.Name("Decimal", ast.Load()), [ast.Constant(str(node.value))], [])


def by_python(source: str, values: dict[str, D]) -> D | None:
    tree = ast.fix_missing_locations(_Exact().visit(ast.parse(source, mode="eval")))
    names = {"Decimal": D, "min": min, "max": max, "clamp": lambda x, low, high: min(max(x, low), high)}
    try:
        result = eval(compile(tree, "", "eval"), {"__builtins__": {}}, {**names, **values})  # noqa: S307
    except DecimalException:
        return None
    assert isinstance(result, D)
    return result


@settings(deadline=None)
@given(SOURCES, NUMBERS, NUMBERS, NUMBERS)
def test_equals_plain_decimal_arithmetic(source: str, a: D, b: D, c: D) -> None:
    values = {"a": a, "b": b, "c": c}
    formula = parsed(source)
    if formula is None:
        return
    outcome = formula.evaluate(Inputs(values))
    with localcontext(CONTEXT):
        expected = by_python(source, values)
    assert outcome.value == expected
    assert (outcome.state is State.VALUE) is (expected is not None)


@settings(deadline=None)
@given(SOURCES, st.sampled_from(["a", "b", "c"]), NUMBERS)
def test_a_missing_figure_never_becomes_a_number(source: str, gone: str, number: D) -> None:
    formula = parsed(source)
    if formula is None or gone not in formula.names:
        return
    outcome = formula.evaluate(Inputs({key: number for key in "abc" if key != gone}))
    assert (outcome.value, outcome.state, outcome.about) == (None, State.MISSING, (gone,))


ROWS = st.lists(st.fixed_dictionaries({"x": NUMBERS, "w": NUMBERS.map(abs)}), max_size=8)


@settings(deadline=None)
@given(ROWS)
def test_rows_equal_plain_decimal_arithmetic(rows: list[dict[str, D]]) -> None:
    inputs = Inputs({}, {"t": rows})
    xs, ws = [row["x"] for row in rows], [row["w"] for row in rows]
    with localcontext(CONTEXT):
        assert parse("total(t, x)").evaluate(inputs).value == sum(xs)
        assert parse("smallest(t, x)").evaluate(inputs).value == min(xs, default=None)
        assert parse("largest(t, x)").evaluate(inputs).value == max(xs, default=None)
        assert parse("count(t[x > 0])").evaluate(inputs).value == sum(x > 0 for x in xs)
        weighed = sum((x * w for x, w in zip(xs, ws, strict=True)), D(0))
        mean = weighed / sum(ws) if sum(ws) else None
        assert parse("mean(t, x, weight=w)").evaluate(inputs).value == mean
        top = sorted(rows, key=lambda row: -row["w"])[:3]
        assert parse("total(top(t, 3, w), x)").evaluate(inputs).value == sum(row["x"] for row in top)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_does_worse_than_being_refused(source: str) -> None:
    formula = parsed(source)
    if formula is not None:
        formula.evaluate(Inputs())


def test_inputs_with_some_values_changed() -> None:
    changed = INPUTS.with_values({"a": D(1), "gone": D(7)})
    assert (changed.value("a"), changed.value("b"), changed.value("gone")) == (D(1), D(5), D(7))
    assert INPUTS.value("a") == 12
    assert changed.rows("outlets") is INPUTS.rows("outlets")
