"""The metric catalogue and the evidence kinds: complete, in three languages, strict about faults."""

from pathlib import Path

import pytest
from django.utils.translation import override

from greenchain.languages import LANGUAGES
from greenchain.located import FaultyFileError
from suppliers.evidence.kinds import KINDS, choices, read_kinds
from suppliers.place.reference import registered
from suppliers.reporting.catalogue import (
    METRICS,
    STAGES,
    TABLES,
    metrics_for,
    read_metrics,
    read_tables,
    tables_for,
)

METRIC = """
[[metrics]]
key = "steam_t"
unit = "t"
names = { en = "Steam", zh-hans = "蒸汽", id = "Uap" }
form = ""
stage = "manufacturing"
min = 0
max = 10
"""
TABLE = """
[[tables]]
key = "boilers"
names = { en = "Boilers", zh-hans = "锅炉", id = "Ketel" }
help = { en = "One row each.", zh-hans = "每台一行。", id = "Satu baris tiap ketel." }
form = "205-1"
stage = "manufacturing"
max_rows = 9
columns = [
    { key = "fuel", names = { en = "Fuel", zh-hans = "燃料", id = "BBM" }, kind = "choice", options = [
        { key = "gas", names = { en = "Gas", zh-hans = "燃气", id = "Gas" } },
    ] },
    { key = "t", names = { en = "t", zh-hans = "t", id = "t" }, kind = "whole", max = 5, min = 0 },
]
"""
KIND = """
[[kinds]]
key = "photo"
about = "site"
names = { en = "Photograph", zh-hans = "照片", id = "Foto" }
"""


@pytest.fixture
def written(tmp_path: Path):
    def write(text: str) -> Path:
        path = tmp_path / "draft.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_metrics_are_named_in_every_language_and_bounded():
    for metric in METRICS.values():
        assert set(metric.names) == set(LANGUAGES)
        assert metric.unit
        assert metric.stage in STAGES
        assert metric.minimum is not None
        assert metric.maximum is not None
        assert metric.minimum < metric.maximum
    assert METRICS["gross_output"].places == 4
    with override("zh-hans"):
        assert str(METRICS["water_m3"]) == "取水量"


def test_tables_are_named_in_every_language():
    assert set(TABLES) == set(
        "products pollutants functions cases retrofits peers attributes energy_forms".split()
    )
    for table in TABLES.values():
        assert set(table.names) == set(table.help) == set(LANGUAGES)
        for column in table.columns.values():
            assert set(column.names) == set(LANGUAGES)
            assert all(set(option.names) == set(LANGUAGES) for option in column.options)
    assert len(TABLES["functions"].columns["function"].options) == 12
    with override("id"):
        assert [str(TABLES["products"]), str(TABLES["products"].columns["name"])] == [
            "Produk",
            "Kelas produk",
        ]
        assert str(TABLES["cases"].columns["claim"].options[1]) == "Setengah"


def test_each_kind_of_subject_has_its_own_figures():
    assert {"gross_output", "co2_offset_t"} <= metrics_for("site").keys()
    assert "suppliers_total" not in metrics_for("site")
    assert {"gross_output", "suppliers_total"} <= metrics_for("enterprise").keys()
    assert {"energy_tce", "industrial_value_added"} <= metrics_for("park").keys()
    assert not metrics_for("product")
    assert set(tables_for("product")) == {"cases", "attributes"}


def test_the_catalogue_is_among_what_is_loaded():
    assert registered()["metrics"]() == len(METRICS) + len(TABLES)


def test_evidence_kinds():
    assert KINDS["qms_certificate"].expires
    assert KINDS["form_205_1"].yearly
    assert KINDS["credit_report"].max_age_days == 30
    with override("zh-hans"):
        assert ("water_ledger", "用水台账") in choices()


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("max = 10", "max = 0", "draft.toml:9 'max' must be above 'min'"),
        ("max = 10", "max = 10\nplaces = 7", "draft.toml:10 'places' must be a whole number from 0 to 6"),
        (
            '"steam_t"',
            '"Steam t"',
            "draft.toml:3 key 'Steam t' must be lower-case letters, digits and underscores",
        ),
        ('form = ""\n', "", "draft.toml:2 'form' is missing"),
        ("min = 0\n", "min = 0\nmaxi = 3\n", "draft.toml:9 unknown key 'maxi'"),
        ("max = 10\n", f"max = 10\n{METRIC}", "draft.toml:12 'steam_t' stands twice"),
    ],
)
def test_a_faulty_metric_is_told_with_its_line(written, old, new, fault):
    assert list(read_metrics(written(METRIC))) == ["steam_t"]
    with pytest.raises(FaultyFileError) as refusal:
        read_metrics(written(METRIC.replace(old, new)))
    assert str(refusal.value) == fault


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('key = "t"', 'key = "fuel"', "'fuel' stands twice"),
        (
            'kind = "whole"',
            'kind = "money"',
            "'kind' is 'money', not one of number, whole, year, text, choice, flag",
        ),
        ("max = 5", "max = 0", "'max' must be above 'min'"),
        ('kind = "choice"', 'kind = "text"', "unknown key 'options'"),
        ("max_rows = 9", "max_rows = 0", "'max_rows' must be a whole number from 1 to 10000"),
    ],
)
def test_a_faulty_table_is_told(written, old, new, message):
    assert [option.key for option in read_tables(written(TABLE))["boilers"].columns["fuel"].options] == [
        "gas"
    ]
    with pytest.raises(FaultyFileError) as refusal:
        read_tables(written(TABLE.replace(old, new)))
    assert message in {fault.message for fault in refusal.value.faults}


def test_a_faulty_kind_is_told(written):
    assert list(read_kinds(written(KIND))) == ["photo"]
    with pytest.raises(FaultyFileError, match="'photo' stands twice"):
        read_kinds(written(KIND * 2))
    with pytest.raises(FaultyFileError, match="'about' is 'moon'"):
        read_kinds(written(KIND.replace('"site"', '"moon"')))
