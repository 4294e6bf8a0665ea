"""Large files of enterprises, sites and site-years: staged, checked as a whole, written at once, resumed."""

import csv
import io
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from greenchain.audit.models import AuditEntry
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history
from greenchain.jobs.models import Job, Staged
from greenchain.refusals import NotYours, Refused
from suppliers.models import Enterprise, FormerName, Site, SiteYear
from suppliers.reporting.actions import report
from suppliers.reporting.importing import import_file, run
from suppliers.reporting.importing.run import faults_of
from tests.factories_suppliers import (
    EnterpriseFactory,
    MembershipFactory,
    SiteFactory,
    UserFactory,
    few_places,
)
from tests.uscc import uscc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _places() -> None:
    few_places()


@pytest.fixture
def administrator() -> Any:
    return UserFactory.create(username="administrator", role="administrator")


def sheet(path: Path, *rows: Iterable[Any]) -> Path:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    path.write_text(stream.getvalue(), encoding="utf-8")
    return path


def enterprises(path: Path, count: int = 3) -> Path:
    header = ("identifier", "name", "name_en", "region", "industry", "contact_email", "note")
    body = [
        (
            uscc(number),
            f"示例{number}号有限公司",
            f"Example {number}",
            "330602",
            "1751",
            f"a{number}@example.org",
            "x",
        )
        for number in range(1, count + 1)
    ]
    return sheet(path / "enterprises.csv", header, *body)


def manage(kind: str, path: Path, *args: str) -> str:
    out = io.StringIO()
    call_command("import_suppliers", kind, str(path), "--by", "administrator", *args, stdout=out)
    return out.getvalue()


@pytest.mark.usefixtures("administrator")
def test_enterprises_are_noted_unclaimed_with_their_place(tmp_path: Path):
    said = manage("enterprises", enterprises(tmp_path))

    assert "3 of 3 rows read (100 %), 0 faults" in said
    assert "enterprises.csv: 3 created, 0 updated, 0 unchanged. Left aside: note." in said
    first = Enterprise.objects.get(identifier=uscc(1))
    assert (first.name, first.name_en, first.region_id, first.industry_id) == (
        "示例1号有限公司",
        "Example 1",
        "330602",
        "1751",
    )
    assert first.claimed_at is None
    assert [entry.verb for entry in history(first)] == ["note"]
    assert AuditEntry.objects.get(verb="import").data["created"] == 3
    assert list(breaks()) == []


@pytest.mark.usefixtures("administrator")
def test_twice_leaves_what_once_left(tmp_path: Path):
    path = enterprises(tmp_path)
    manage("enterprises", path)
    entries = AuditEntry.objects.exclude(verb="import").count()

    assert "0 created, 0 updated, 3 unchanged" in manage("enterprises", path)

    assert AuditEntry.objects.exclude(verb="import").count() == entries
    assert not Staged.objects.exists()


@pytest.mark.usefixtures("administrator")
def test_spreadsheet_writing_is_understood(tmp_path: Path):
    code = uscc(1)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in code)
    path = sheet(tmp_path / "a.csv", ("Identifier", "Name"), (f" {wide} ".lower(), "示例1号有限公司"))

    manage("enterprises", path)

    assert Enterprise.objects.get().identifier == code


@pytest.mark.usefixtures("administrator")
def test_an_unclaimed_enterprise_is_amended_and_keeps_its_former_name(tmp_path: Path):
    manage("enterprises", enterprises(tmp_path))
    path = sheet(tmp_path / "b.csv", ("identifier", "name"), (uscc(1), "示例股份有限公司"))

    assert "0 created, 1 updated, 0 unchanged" in manage("enterprises", path)

    row = Enterprise.objects.get(identifier=uscc(1))
    assert row.name == "示例股份有限公司"
    assert row.name_en == "Example 1", "what the file does not say stays"
    assert FormerName.objects.get().name == "示例1号有限公司"
    assert [entry.verb for entry in history(row)] == ["note", "amend"]
    assert list(breaks()) == []


@pytest.mark.usefixtures("administrator")
def test_a_claimed_enterprise_keeps_its_own_words(tmp_path: Path):
    row = EnterpriseFactory.create(
        identifier=uscc(1), name="自有名称", name_en="", claimed_at="2026-01-01T00:00Z"
    )
    path = sheet(
        tmp_path / "a.csv", ("identifier", "name", "name_en"), (uscc(1), "他人所写", "Written by others")
    )

    manage("enterprises", path)

    row.refresh_from_db()
    assert (row.name, row.name_en) == ("自有名称", "Written by others")


@pytest.mark.usefixtures("administrator")
def test_sites_stand_under_their_enterprise(tmp_path: Path):
    owner = EnterpriseFactory.create(identifier=uscc(1))
    header = ("identifier", "name", "region", "address", "industry", "above_scale")
    path = sheet(
        tmp_path / "sites.csv",
        header,
        (uscc(1), "一厂", "330602", "示例路1号", "1751", "yes"),
        (uscc(1), "二厂", "330203", "示例路2号", "1752", "否"),
    )

    assert "2 created" in manage("sites", path)
    assert "2 unchanged" in manage("sites", path)

    second = Site.objects.get(enterprise=owner, name="二厂")
    assert (second.region_id, second.above_scale) == ("330203", False)
    moved = sheet(tmp_path / "c.csv", header, (uscc(1), "一厂", "330203", "示例路9号", "1751", ""))
    assert "1 updated" in manage("sites", moved)
    assert Site.objects.get(name="一厂").address == "示例路9号"


@pytest.mark.usefixtures("administrator")
def test_site_years_take_every_metric_of_the_catalogue(tmp_path: Path, administrator: Any):
    site = SiteFactory.create(enterprise=EnterpriseFactory.create(identifier=uscc(1)), name="一厂")
    path = sheet(
        tmp_path / "years.csv",
        ("identifier", "site", "year", "gross_output", "energy_tce", "water_m3", "source"),
        (uscc(1), "一厂", "2025", "50000.5", "1200.25", "", "B204-1"),
        (uscc(1), "", "2024", "48000", "1300", "90000", ""),
    )

    assert "2 created" in manage("site-years", path)
    assert "2 unchanged" in manage("site-years", path)

    year = SiteYear.objects.get(site=site, year=2025)
    assert year.gross_output == Decimal("50000.5")
    assert year.values == {"energy_tce": "1200.25"}
    assert (year.source, year.reported_by) == ("B204-1", administrator)
    assert [entry.verb for entry in history(year)] == ["report"]
    assert list(breaks()) == []


@pytest.mark.usefixtures("administrator")
def test_what_a_file_does_not_say_of_a_year_stays(tmp_path: Path):
    owner = EnterpriseFactory.create(identifier=uscc(1))
    site, person = SiteFactory.create(enterprise=owner, name="一厂"), UserFactory.create()
    MembershipFactory.create(user=person, enterprise=owner)
    report(site, 2025, by=person, values={"gross_output": "100", "energy_tce": "5"})
    path = sheet(tmp_path / "a.csv", ("identifier", "year", "gross_output"), (uscc(1), "2025", "120"))

    assert "1 updated" in manage("site-years", path)

    year = SiteYear.objects.get()
    assert year.gross_output == Decimal(120)
    assert year.values == {"energy_tce": "5"}
    assert history(year)[1].data["changed"] == {"gross_output": ["100", "120"]}


@pytest.mark.usefixtures("administrator")
def test_a_workbook_serves_as_well(tmp_path: Path):
    SiteFactory.create(enterprise=EnterpriseFactory.create(identifier=uscc(1)))
    path = tmp_path / "years.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["identifier", "year", "gross_output"])
        page.write_row(1, 0, [uscc(1), 2025.0, 50000.5])

    assert "1 created" in manage("site-years", path)

    assert SiteYear.objects.get().gross_output == Decimal("50000.5")


ENTERPRISE = ("identifier", "name", "country", "region", "industry", "contact_email", "scheme", "address")
SITE = ("identifier", "name", "region", "address", "industry", "above_scale")
YEAR = ("identifier", "site", "year", "gross_output", "energy_tce")
GOOD_SITE = (uscc(1), "一厂", "330602", "示例路1号", "1751", "")


@pytest.mark.parametrize(
    ("kind", "header", "row", "column", "words"),
    [
        ("enterprises", ENTERPRISE, ("123", "名", "", "", "", "", "", ""), "identifier", "has 18 characters"),
        ("enterprises", ENTERPRISE, (uscc(5), "", "", "", "", "", "", ""), "name", "is needed"),
        ("enterprises", ENTERPRISE, (uscc(5), "=1+1", "", "", "", "", "", ""), "name", "as a formula"),
        (
            "enterprises",
            ENTERPRISE,
            (uscc(5), "名", "", "", "", "", "", "路" * 301),
            "address",
            "longer than 300",
        ),
        (
            "enterprises",
            ENTERPRISE,
            (uscc(5), "名", "", "999999", "", "", "", ""),
            "region",
            "“999999” is not known",
        ),
        (
            "enterprises",
            ENTERPRISE,
            (uscc(5), "名", "", "", "0000", "", "", ""),
            "industry",
            "“0000” is not known",
        ),
        (
            "enterprises",
            ENTERPRISE,
            (uscc(5), "名", "", "", "", "nobody", "", ""),
            "contact_email",
            "valid email",
        ),
        ("enterprises", ENTERPRISE, (uscc(5), "名", "", "", "", "", "moon", ""), "scheme", "must be one of"),
        ("enterprises", ENTERPRISE, (uscc(5), "名", "China", "", "", "", "", ""), "country", "two letters"),
        ("enterprises", ENTERPRISE, (uscc(5), "名", "DE", "", "", "", "", ""), "country", "is Chinese"),
        ("sites", SITE, (uscc(7), *GOOD_SITE[1:]), "identifier", "No enterprise with this identifier"),
        ("sites", SITE, (uscc(1), "一厂", "", "示例路1号", "1751", ""), "region", "is needed"),
        ("sites", SITE, (uscc(1), "一厂", "810000", "示例路1号", "1751", ""), "region", "No authority"),
        ("sites", SITE, (uscc(1), "一厂", "330602", "", "1751", ""), "address", "is needed"),
        ("sites", SITE, (*GOOD_SITE[:5], "maybe"), "above_scale", "yes or no"),
        ("site-years", YEAR, (uscc(1), "三厂", "2025", "1", ""), "site", "no site of this name"),
        ("site-years", YEAR, (uscc(1), "", "2025", "1", ""), "site", "has 2 sites"),
        ("site-years", YEAR, (uscc(2), "", "2025", "1", ""), "identifier", "has a site"),
        ("site-years", YEAR, (uscc(1), "甲厂", "1999", "1", ""), "year", "must be a year from 2000"),
        ("site-years", YEAR, (uscc(1), "甲厂", "2025", "1,5", ""), "gross_output", "is not a number"),
        ("site-years", YEAR, (uscc(1), "甲厂", "2025", "", "-3"), "energy_tce", "is below 0"),
        ("site-years", YEAR, (uscc(1), "甲厂", "2025", "", ""), "", "No figure is given"),
    ],
)
def test_a_faulty_row_is_told_by_row_and_column_and_nothing_changes(
    tmp_path: Path,
    administrator: Any,
    kind: str,
    header: tuple[str, ...],
    row: tuple[str, ...],
    column: str,
    words: str,
):
    owner = EnterpriseFactory.create(identifier=uscc(1))
    EnterpriseFactory.create(identifier=uscc(2))
    for name in ("甲厂", "乙厂"):
        SiteFactory.create(enterprise=owner, name=name)
    good = {
        "enterprises": (uscc(9), "好", "", "", "", "", "", ""),
        "sites": (uscc(2), "好厂", "330602", "示例路1号", "1751", ""),
        "site-years": (uscc(1), "乙厂", "2025", "1", ""),
    }[kind]
    path = sheet(tmp_path / "a.csv", header, good, row)
    counts = Enterprise.objects.count(), Site.objects.count(), SiteYear.objects.count()

    job = import_file(kind, path, by=administrator)

    assert job.state == Job.State.FAULTY
    [(number, where, message)] = job.faults
    assert (number, where) == (3, column)
    assert words in message
    assert (Enterprise.objects.count(), Site.objects.count(), SiteYear.objects.count()) == counts
    assert not Staged.objects.exists()
    with pytest.raises(CommandError, match="Row 3"):
        manage(kind, path)


@pytest.mark.usefixtures("administrator")
def test_a_key_that_stands_twice_is_told_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "CHUNK", 2)
    path = enterprises(tmp_path, 3)
    path.write_text(path.read_text(encoding="utf-8") + f"{uscc(1)},重复,,,,,\n", encoding="utf-8")

    with pytest.raises(CommandError, match="Row 5: says the same thing as row 2"):
        manage("enterprises", path)


def test_a_row_longer_than_the_header_is_a_fault_of_the_job(tmp_path: Path, administrator: Any):
    path = sheet(tmp_path / "a.csv", ("identifier", "name"), (uscc(1), "甲", "more"))

    job = import_file("enterprises", path, by=administrator)

    assert job.state == Job.State.FAULTY
    assert "has 3 cells" in str(faults_of(job).faults[0])


@pytest.mark.usefixtures("administrator")
def test_a_dry_run_tells_and_takes_back(tmp_path: Path):
    assert "3 would be created" in manage("enterprises", enterprises(tmp_path), "--dry-run")

    assert not Enterprise.objects.exists()
    assert not AuditEntry.objects.exists()
    assert Job.objects.get().state == Job.State.CHECKED


def test_a_run_that_broke_off_goes_on_where_it_was(
    tmp_path: Path, administrator: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(run, "CHUNK", 2)
    path, seen = enterprises(tmp_path, 5), []

    def power_cut(job: Job) -> None:
        seen.append(job.read)
        if job.read == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_file("enterprises", path, by=administrator, watch=power_cut)
    assert Job.objects.get().read == 4
    assert Staged.objects.count() == 4
    assert not Enterprise.objects.exists(), "what is staged has changed nothing"

    job = import_file("enterprises", path, by=administrator, watch=lambda job: seen.append(job.read))

    assert seen == [2, 4, 5]
    assert job == Job.objects.get()
    assert (job.state, job.percent) == (Job.State.DONE, 100)
    assert Enterprise.objects.count() == 5


def test_only_administrators_import(tmp_path: Path, administrator: Any):
    path, person = enterprises(tmp_path), UserFactory.create(username="somebody")

    with pytest.raises(NotYours):
        import_file("enterprises", path, by=person)
    with pytest.raises(Refused, match="no such kind"):
        import_file("moons", path, by=administrator)
    with pytest.raises(CommandError, match="Nobody signs in as nobody"):
        call_command("import_suppliers", "sites", str(path), "--by", "nobody")
    with pytest.raises(CommandError, match="There is no file"):
        manage("sites", tmp_path / "missing.csv")
    with pytest.raises(CommandError, match=r"is missing: address|are missing: region, address"):
        manage("sites", path)


def test_jobs_are_seen_by_their_owner_and_by_administrators(tmp_path: Path, administrator: Any):
    job = import_file("enterprises", enterprises(tmp_path), by=administrator)
    other = UserFactory.create()

    assert list(Job.objects.visible_to(administrator)) == [job]
    assert not Job.objects.visible_to(other).exists()
    assert str(job) == "import_enterprises: enterprises.csv"


@pytest.mark.usefixtures("administrator")
def test_a_thousand_rows_take_few_queries(tmp_path: Path, django_assert_max_num_queries: Any):
    path = enterprises(tmp_path, 1000)

    with django_assert_max_num_queries(100):
        manage("enterprises", path)

    assert Enterprise.objects.count() == 1000
