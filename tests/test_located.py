"""Data files whose values know their line."""

import datetime as dt
from decimal import Decimal

import pytest

from greenchain.located import Document, Fault, FaultyFileError, Table

FILE = """\
# a comment
word = "a"
number = 1.50

[names]
en = "Water"
zh-hans = "水"
id = "Air"

[[parts]]
code = "one"
list = [
    "x",
    # between
    "y",
]
[parts.inside]
deep = { at = [ { level = 3 } ] }
[[parts.rows]]
n = 1
[[parts.rows]]
n = 2

[[parts]]
text = '''
several

lines'''
on = true
day = 2026-01-02
count = 4
"""


@pytest.fixture
def document() -> Document:
    return Document("data.toml", FILE)


@pytest.mark.parametrize(
    ("where", "needle", "line"),
    [
        (("word",), "", 2),
        (("names",), "", 5),
        (("names", "zh-hans"), "", 7),
        (("parts", 0), "", 10),
        (("parts", 0, "list"), "", 12),
        (("parts", 0, "list"), '"y"', 15),
        (("parts", 0, "inside", "deep", "at", 0, "level"), "", 18),
        (("parts", 0, "rows", 1, "n"), "", 22),
        (("parts", 1), "", 24),
        (("parts", 1, "text"), "lines", 28),
        (("parts", 1, "on"), "", 29),
        (("parts", 1, "nothing", "here"), "", 24),
        (("nothing",), "", 1),
    ],
)
def test_each_value_knows_its_line(
    document: Document, where: tuple[str | int, ...], needle: str, line: int
) -> None:
    assert document.line(where, needle) == line


def test_values_of_every_kind(document: Document) -> None:
    root = document.root
    assert (root.text("word"), root.number("number")) == ("a", Decimal("1.50"))
    assert root.texts("names") == {"en": "Water", "zh-hans": "水", "id": "Air"}
    first, second = root.tables("parts")
    assert (first.choice("code", ("one", "two")), first.words("list")) == ("one", ("x", "y"))
    assert first.table("inside").has("deep")
    assert [row.whole("n") for row in first.tables("rows")] == [1, 2]
    assert (second.flag("on"), second.day("day"), second.whole("count")) == (True, dt.date(2026, 1, 2), 4)
    assert second.text("text") == "several\n\nlines"
    for table in (root, first, second):
        table.close()
    document.finish()


def test_what_may_be_absent(document: Document) -> None:
    root = document.root
    assert (root.text("no", required=False), root.choice("no", ("x",), default="x")) == ("", "x")
    assert (root.number("no", required=False), root.day("no", required=False)) == (None, None)
    assert (root.flag("no", default=True), root.whole("no", minimum=3, required=False)) == (True, 3)
    assert (root.words("no", required=False), root.texts("no", required=False)) == ((), {})
    assert root.tables("no", required=False) == []
    assert root.table("no", required=False).data == {}
    document.finish()


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("text", "3"),
        ("text", '" "'),
        ("choice", '"x"'),
        ("words", '["a", 3]'),
        ("words", '"a"'),
        ("flag", '"yes"'),
        ("number", '"3"'),
        ("number", "true"),
        ("number", "nan"),
        ("whole", "3.0"),
        ("whole", "-1"),
        ("whole", "true"),
        ("day", "2026-01-02T03:04:05"),
        ("texts", '"Water"'),
        ("texts", '{ en = "Water" }'),
        ("table", "3"),
        ("tables", "[3]"),
    ],
)
def test_a_value_of_the_wrong_kind_is_a_fault_with_a_stand_in(kind: str, written: str) -> None:
    document = Document("data.toml", f"\nvalue = {written}")
    read = getattr(document.root, kind)
    found = read("value", ("a", "b")) if kind == "choice" else read("value")
    assert found is not NotImplemented
    with pytest.raises(FaultyFileError) as refusal:
        document.finish()
    assert {(fault.path, fault.line) for fault in refusal.value.faults} == {("data.toml", 2)}


@pytest.mark.parametrize("kind", ["text", "words", "number", "whole", "day", "texts", "table", "tables"])
def test_what_must_be_there_is_missed(kind: str) -> None:
    document = Document("data.toml", "")
    getattr(document.root, kind)("value")
    with pytest.raises(FaultyFileError, match=r"data\.toml:1 'value' is missing"):
        document.finish()


def test_a_key_that_nobody_asked_for_is_a_fault() -> None:
    document = Document("data.toml", "\n\nwrod = 1")
    document.root.close()
    with pytest.raises(FaultyFileError, match=r"data\.toml:3 unknown key 'wrod'"):
        document.finish()


def test_a_text_may_be_blank_where_that_says_something() -> None:
    document = Document("data.toml", 'form = ""')
    assert document.root.text("form", blank=True) == ""
    document.finish()


def test_faults_are_told_in_the_order_of_the_file() -> None:
    error = FaultyFileError([Fault("a", 9, "late"), Fault("a", 2, "early")])
    assert str(error) == "a:2 early\na:9 late"


def test_an_absent_table_reports_at_what_holds_it(document: Document) -> None:
    Table(document, ("parts", 1, "no"), {}).fault("", "nothing here")
    assert document.faults == [Fault("data.toml", 24, "nothing here")]
