"""What the pages under docs/schemes/ work by hand is what the engine computes."""

from decimal import Decimal

import pytest

from certification.assessment.checks import checks_of
from certification.assessment.models import Severity
from certification.scheme.loading import files, load
from tests.assessment.scheme_page import DOCS, NONE, Page, pages

every_page = pytest.mark.parametrize("page", pages(), ids=lambda page: page.path.stem)
WORKED_APART = {"green_factory-2025-provincial", "green_factory-2025-national", "green_factory-2025-jiangsu"}


def number(text: str) -> Decimal | None:
    return None if text == NONE else Decimal(text)


def test_every_scheme_file_has_its_page() -> None:
    assert {str(page.definition) for page in pages()} == {
        str(load(path)) for path in files() if path.stem not in WORKED_APART
    }
    assert (DOCS / "green-factory-2025.md").exists()


@every_page
def test_every_indicator_as_on_the_page(page: Page) -> None:
    results = page.case().score.results
    table = page.rows("code")
    assert [row["code"] for row in table] == [result.code for result in results]
    for row, result in zip(table, results, strict=True):
        told = [number(row[key]) for key in ("value", "base", "lead", "weight", "points", "awaiting")]
        found = [result.value, result.base, result.lead, result.weight, result.points, result.awaiting]
        assert [*told, row["state"]] == [*found, result.state], row["code"]


@every_page
def test_every_border_as_on_the_page(page: Page) -> None:
    for row in page.rows("border"):
        result = page.case(row["change"]).score.result(row["border"])
        assert result is not None
        found = (result.value, str(result.state), result.points)
        assert found == (number(row["value"]), row["state"], Decimal(row["points"])), row


@every_page
def test_every_gate_as_on_the_page(page: Page) -> None:
    found = findings(page)
    table = page.rows("gate")
    assert {row["gate"] for row in table} >= {gate.key for gate in page.definition.gates}
    for row in table:
        assert found[row["gate"]] == row["finding"], row
    start = "veto." if any(gate.is_veto for gate in page.definition.gates) else "gate."
    assert any(row["gate"].startswith(start) and row["finding"] == "blocks" for row in table)


@every_page
def test_every_limit_as_on_the_page(page: Page) -> None:
    for row in page.rows("limit"):
        limits = {kept.key: kept for kept in page.case(row["change"]).score.limits}
        value = limits[row["limit"]].value
        rounded = None if value is None else value.quantize(Decimal("0.0000001")).normalize()
        assert findings(page, row["change"])[row["limit"]] == row["finding"], row
        told = number(row["value"])
        assert (rounded is None) == (told is None)
        assert rounded is None or abs(rounded - (told or 0)) <= Decimal("0.000001"), row


@every_page
def test_totals_as_on_the_page(page: Page) -> None:
    (row,) = page.rows("points")
    total = page.case().score
    assert {key: getattr(total, key.replace(" ", "_")) for key in row} == {
        key: Decimal(text) for key, text in row.items()
    }


@every_page
def test_the_page_shows_what_can_become_of_an_indicator(page: Page) -> None:
    states = {row["state"] for row in page.rows("code")}
    assert {"computed", "missing", "not_applicable"} <= states | {row["state"] for row in page.rows("border")}
    assert len(page.rows("border")) >= 3


def findings(page: Page, change: str = "") -> dict[str, str]:
    """What the gates and the must items say, by key."""
    case = page.case(change)
    keys = {gate.key for gate in page.definition.gates} | {"must.met"}
    return {
        check.key: str(said.severity if (said := check.run(case)) else Severity.PASSED)
        for check in checks_of(page.definition)
        if check.key in keys
    }
