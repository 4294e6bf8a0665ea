"""Sheets as people upload them: rows one by one, faults by row and column."""

import datetime as dt
from pathlib import Path

import pytest
import xlsxwriter

from greenchain.refusals import Refused
from greenchain.sheets import Fault, FaultySheet, formula_in, read


def sheet(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def cells(path: Path, *needed: str) -> list[tuple[int, dict[str, str]]]:
    return [(row.number, row.cells) for row in read(path, needed=needed)]


def test_rows_bear_the_numbers_of_the_file(tmp_path: Path):
    path = sheet(tmp_path / "a.csv", "Name, Year\n甲 ,1\n\n乙,2\n".encode())

    assert cells(path, "name") == [(2, {"name": "甲 ", "year": "1"}), (4, {"name": "乙", "year": "2"})]


def test_a_mark_at_the_start_and_quoted_lines_are_read(tmp_path: Path):
    path = sheet(tmp_path / "a.csv", b'\xef\xbb\xbfname,year\n"a\nb",1\n')

    assert cells(path, "name", "year") == [(2, {"name": "a\nb", "year": "1"})]


def test_short_rows_are_filled_and_columns_without_a_name_left_out(tmp_path: Path):
    path = sheet(tmp_path / "a.csv", b"name,,year\na,x\n")

    assert cells(path, "name") == [(2, {"name": "a", "year": ""})]


def test_a_row_longer_than_the_header_is_a_fault(tmp_path: Path):
    path = sheet(tmp_path / "a.csv", b"name\na\nb,c\n")

    with pytest.raises(FaultySheet) as told:
        cells(path, "name")

    assert told.value.faults == [Fault(3, "", "has 2 cells, the header only 1.")]
    assert "Row 3: has 2 cells" in told.value.listed()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        ("name\n甲".encode("utf-16"), "encoding"),
        (b"name\n\x00", "encoding"),
        ("name\n绿色工厂".encode("gb18030"), "encoding"),
        (b"name\n\xff\xff\xff", "encoding"),
        (b'name\n"a"b,"', "malformed"),
        (b"year\n1\n", "missing_column"),
        (b"name,name\n1,2\n", "column_twice"),
        (b"PK\x03\x04 not a workbook", "damaged"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_code(tmp_path: Path, content: bytes, code: str):
    with pytest.raises(Refused) as no:
        cells(sheet(tmp_path / "a.csv", content), "name")

    assert no.value.code == code


def test_a_workbook_reads_as_its_csv_would(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["name", "output", "since", "closed", "code"])
        page.write_row(2, 0, ["甲", 1200.0, None, True, "007"])
        page.write_number(2, 1, 1200.5)
        page.write_datetime(2, 2, dt.datetime(2026, 1, 31), book.add_format({"num_format": "yyyy-mm-dd"}))  # noqa: DTZ001
        page.write_row(3, 0, ["乙", 1200.0])

    assert cells(path, "name") == [
        (3, {"name": "甲", "output": "1200.5", "since": "2026-01-31", "closed": "1", "code": "007"}),
        (4, {"name": "乙", "output": "1200", "since": "", "closed": "", "code": ""}),
    ]


def test_a_workbook_that_unpacks_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write(0, 0, "name")
    monkeypatch.setattr("greenchain.sheets.MAX_UNPACKED", 10)

    with pytest.raises(Refused, match="far more than its size"):
        cells(path, "name")


def test_many_faults_are_shown_in_part():
    faults = [Fault(row, "name", "is needed.") for row in range(30, 1, -1)]

    shown = FaultySheet(faults).listed().splitlines()

    assert shown[0] == "29 rows have faults; nothing was changed."
    assert shown[1] == "Row 2, name: is needed."
    assert shown[-1] == "… and 9 more."


def test_formulas_are_told():
    assert formula_in("A company") is None
    assert "“=”" in (formula_in("=1+1") or "")
