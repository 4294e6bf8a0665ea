"""Published lists into the register: whole or not at all, twice without duplicates, names byte for byte."""

import csv
import datetime as dt
import io
import time
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from certification.designation.importing import import_list, scheme_in
from certification.models import Designation, Scheme, Sequence, Spell
from certification.progress.shares import nation
from certification.scheme.models import SchemeVersion
from greenchain.audit.models import AuditEntry
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history
from greenchain.refusals import Refused
from greenchain.sheets import FaultySheet
from suppliers.models import Authority, Level, Region
from suppliers.place.actions import load_places
from suppliers.reporting.models import RegionYear
from tests.imports.lists import HEADER, ROWS, few_recommending, published, written

pytestmark = pytest.mark.django_db
FACTORIES = "miit_green_factories_2017_2021.csv"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    few_recommending()
    return written(tmp_path / "green_factories.csv")


def run(path: Path, *args: str) -> str:
    out = io.StringIO()
    call_command("import_designations", str(path), *args, stdout=out)
    return out.getvalue()


def test_a_list_becomes_titles_that_nobody_is_linked_to(listed: Path):
    assert run(listed) == "green_factory: 5 titles imported, 0 were there already.\n"

    titles = list(Designation.objects.order_by("pk"))
    assert [title.name for title in titles] == [row[6] for row in ROWS], "names byte for byte"
    assert {title.status for title in titles} == {"current"}
    assert {title.basis for title in titles} == {"list"}
    assert not any(title.linked for title in titles)
    assert {title.name_en for title in titles} == {""}
    assert [title.list_year for title in titles] == [2017, 2017, 2018, 2018, 2021]
    assert {title.level for title in titles} == {Level.NATIONAL}
    assert {title.authority.code for title in titles} == {"CN"}
    assert titles[0].provenance == "green_factories.csv, row 2"
    assert titles[0].basis_detail["evaluated_by"] == "示例评价中心"
    assert titles[0].industry_label == "纺织"


def test_the_recommending_authority_stands_beside_the_region(listed: Path):
    run(listed)

    placed = [(title.home.code, title.region_id) for title in Designation.objects.order_by("pk")]
    assert placed == [
        ("33", "330000"),
        ("3302", "330200"),
        ("XPCC", "650000"),
        ("XPCC", "650000"),
        ("15", "150000"),
    ]


def test_numbers_continue_the_series_of_granted_titles(listed: Path):
    Sequence.objects.create(key="GF-N-2017", last=6)

    run(listed)

    assert sorted(Designation.objects.values_list("number", flat=True)) == [
        "GF-N-2017-00007",
        "GF-N-2017-00008",
        "GF-N-2018-00001",
        "GF-N-2018-00002",
        "GF-N-2021-00001",
    ]


def test_every_title_has_its_spell_and_its_first_entry(listed: Path):
    run(listed)

    title = Designation.objects.get(name=ROWS[0][6])
    assert [entry.verb for entry in history(title)] == ["issue"]
    assert history(title)[0].data["import_key"] == "list:green_factory:2017:1:1"
    assert Spell.objects.get(designation=title).starts_on == dt.date(2017, 12, 31)
    assert AuditEntry.objects.get(verb="import_list").data["created"] == 5
    assert list(breaks()) == []


def test_twice_leaves_what_once_left(listed: Path):
    run(listed)
    entries = AuditEntry.objects.count()

    assert run(listed) == "green_factory: 0 titles imported, 5 were there already.\n"

    assert Designation.objects.count() == 5
    assert AuditEntry.objects.count() == entries


def test_a_longer_list_adds_only_what_is_new(listed: Path):
    run(listed)
    written(listed, [*ROWS, ("2021", "2021", "2", "广东", "440000", "", "广州示例电机有限公司", "", "")])

    assert run(listed) == "green_factory: 1 titles imported, 5 were there already.\n"


def test_a_dry_run_changes_nothing(listed: Path):
    assert "5 titles would be imported" in run(listed, "--dry-run")

    assert not Designation.objects.exists()
    assert not Scheme.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("column", "cell", "where", "words"),
    [
        ("year", "20l7", "Row 3, year", "must be a whole number from 2000"),
        ("year", "2099", "Row 3, year", "must be a whole number from 2000"),
        ("seq", "0", "Row 3, seq", "must be a whole number from 1"),
        ("seq", "1", "Row 3, seq", "repeats row 2"),
        ("name_zh", "   ", "Row 3, name_zh", "is needed"),
        ("name_zh", "名" * 201, "Row 3, name_zh", "longer than 200"),
        ("name_zh", '=HYPERLINK("http://x")', "Row 3, name_zh", "runs as a formula"),
        ("third_party_assessor", "@SUM(A1)", "Row 3, third_party_assessor", "runs as a formula"),
        ("name_zh", "名\u0007称", "Row 3, name_zh", "cannot be printed"),
        ("region_as_published", "火星", "Row 3, region_as_published", "“火星” is no province"),
        ("region_as_published", "", "Row 3, region_as_published", "is needed"),
        ("province_code", "440000", "Row 3, province_code", "“440000” does not fit “宁波”"),
        ("reporting_unit", "440300", "Row 3, reporting_unit", "“440300” does not fit “宁波”"),
    ],
)
def test_a_broken_row_is_told_by_row_and_column(listed: Path, column: str, cell: str, where: str, words: str):
    broken = [list(row) for row in ROWS]
    broken[1][HEADER.index(column)] = cell
    written(listed, broken)

    with pytest.raises(CommandError) as told:
        run(listed)

    assert "nothing was changed" in str(told.value)
    assert where in str(told.value)
    assert words in str(told.value)
    assert not Designation.objects.exists()
    assert not AuditEntry.objects.exists()


def test_all_faults_are_told_together(listed: Path):
    broken = [list(row) for row in ROWS]
    broken[0][1] = broken[2][6] = ""
    written(listed, broken)

    with pytest.raises(FaultySheet) as told:
        import_list(listed, scheme="green_factory")

    assert [(fault.row, fault.column) for fault in told.value.faults] == [(2, "year"), (4, "name_zh")]


def test_a_file_in_gb18030_is_refused_in_words(listed: Path):
    written(listed, encoding="gb18030")

    with pytest.raises(CommandError, match="GB 18030, not in UTF-8") as told:
        run(listed)

    assert "Nothing was changed" in str(told.value)
    assert not Designation.objects.exists()


def test_a_missing_column_is_named(listed: Path):
    text = listed.read_text(encoding="utf-8").replace("name_zh", "name").replace("batch", "lot")
    listed.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match="these are missing: batch, name_zh"):
        run(listed)


def test_what_a_title_was_imported_as_does_not_change(listed: Path):
    run(listed)
    changed = [list(row) for row in ROWS]
    changed[0][6] = "绍兴示例纺织股份有限公司"
    written(listed, changed)

    with pytest.raises(CommandError, match="was imported as “绍兴示例纺织（集团）有限公司”"):
        run(listed)


def test_a_renamed_title_may_be_imported_again(listed: Path):
    run(listed)
    Designation.objects.filter(name=ROWS[0][6]).update(name="绍兴示例纺织股份有限公司")

    assert "0 titles imported, 5 were there already" in run(listed)


def test_the_scheme_is_told_from_the_name_or_given(tmp_path: Path):
    assert scheme_in("MIIT_green_factories_2017.csv") == "green_factory"
    assert scheme_in("miit_green_supply_chain.csv") == "green_supply_chain"
    assert scheme_in("miit_green_parks.csv") == "green_park"
    few_recommending()
    path = written(tmp_path / "list.csv")

    with pytest.raises(CommandError, match="which scheme"):
        run(path)

    assert run(path, "--scheme", "green_park").startswith("green_park: 5 titles imported")
    assert Designation.objects.first().number.startswith("GP-N-")


def test_a_scheme_that_a_file_brought_keeps_its_row(listed: Path):
    given = Scheme.objects.create(key="green_factory", subject="site", prefix="GF", names={"en": "Factory"})

    run(listed)

    assert Scheme.objects.get() == given
    assert not SchemeVersion.objects.exists()


def test_an_unknown_scheme_and_a_missing_file_are_refused(listed: Path, tmp_path: Path):
    with pytest.raises(Refused, match="no such scheme"):
        import_list(listed, scheme="green_moon")
    with pytest.raises(CommandError, match="There is no file"):
        run(tmp_path / "green_factories_2099.csv")


def test_imported_titles_never_count_in_the_share_of_output(listed: Path):
    RegionYear.objects.create(
        region=Region.objects.get(pk="330000"),
        year=2020,
        gross_output=100,
        source="test",
        vintage=dt.date(2021, 3, 1),
    )

    run(listed)

    found = nation(2020)
    assert found.any == 0
    assert found.titled == 0


def test_the_ministrys_lists_import_quickly_and_twice():
    path = published(FACTORIES)
    load_places()
    begun = time.monotonic()

    assert run(path) == "green_factory: 2783 titles imported, 0 were there already.\n"
    assert run(path) == "green_factory: 0 titles imported, 2783 were there already.\n"

    assert time.monotonic() - begun < 30
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    names = [row["name_zh"] for row in rows]
    assert list(Designation.objects.order_by("pk").values_list("name", flat=True)) == names
    assert len(set(Designation.objects.values_list("home", flat=True))) == 37
    homes = Counter(Designation.objects.values_list("home__code", flat=True))
    assert [homes[code] for code in ("XPCC", "3302", "4403", "3502", "3702", "2102")] == [
        10,
        51,
        62,
        33,
        30,
        14,
    ]
    assert list(breaks()) == []


def test_parks_and_supply_chains_import_beside_them():
    published("miit_green_parks_2017_2021.csv")
    load_places()
    for name, key, count in (
        ("miit_green_parks_2017_2021.csv", "green_park", 224),
        ("miit_green_supply_chain_2017_2021.csv", "green_supply_chain", 296),
    ):
        assert run(published(name)).startswith(f"{key}: {count} titles imported")
    assert Authority.objects.get(code="CN").designations.count() == 520
