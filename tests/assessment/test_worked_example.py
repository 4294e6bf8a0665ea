"""The example that docs/schemes/green-factory-2025.md works by hand is what the engine computes."""

from decimal import Decimal
from pathlib import Path

import pytest

from certification.assessment.scoring import Score, score
from certification.scheme.loading import FOLDER, load
from tests.assessment.worked_example import CLAIMS, ENTERED, EXAMINED, TABLES, VALUES

PAGE = Path(__file__).parents[2] / "docs" / "schemes" / "green-factory-2025.md"


def rows(first_header: str) -> list[dict[str, str]]:
    """The table of the page whose first column has that header."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(f"| {first_header} |"))
    table = []
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        table.append([cell.strip() for cell in line.strip("|").split("|")])
    return [dict(zip(table[0], row, strict=True)) for row in table[2:]]


def scored(form: str, *, examined: bool = False, entered: bool = False) -> Score:
    return score(
        load(FOLDER / f"green_factory-2025-{form}.toml"),
        values=VALUES,
        tables=TABLES,
        claims=CLAIMS,
        corrections=EXAMINED if examined else {},
        benchmarks=ENTERED if entered else {},
    )


def number(text: str) -> Decimal | None:
    return None if text == "–" else Decimal(text)


def test_every_indicator_as_on_the_page() -> None:
    results = scored("provincial").results
    page = rows("code")
    assert [row["code"] for row in page] == [result.code for result in results]
    for row, result in zip(page, results, strict=True):
        expected = [number(row[key]) for key in ("value", "base", "lead", "weight", "points", "awaiting")]
        assert [
            result.value,
            result.base,
            result.lead,
            result.weight,
            result.points,
            result.awaiting,
        ] == expected, row["code"]
        assert result.state == row["state"], row["code"]


@pytest.mark.parametrize(
    ("moment", "total"),
    [
        ("submitted", scored("provincial")),
        ("examined", scored("provincial", examined=True)),
        ("benchmark for E2", scored("provincial", examined=True, entered=True)),
        ("national, examined", scored("national", examined=True)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_totals_as_on_the_page(moment: str, total: Score) -> None:
    row = next(row for row in rows("moment") if row["moment"] == moment)
    found = {key: getattr(total, key.replace(" ", "_")) for key in row if key != "moment"}
    assert found == {key: Decimal(text) for key, text in row.items() if key != "moment"}


@pytest.mark.parametrize(
    ("claim", "rulings"),
    [
        ("half of it", {"B1": "full", "B2": "half"}),
        ("all of it", {"B1": "full", "B2": "full", "B3": "full"}),
    ],
)
def test_the_bonus_as_on_the_page(claim: str, rulings: dict[str, str]) -> None:
    row = next(row for row in rows("with the bonus of Jiangsu") if row["with the bonus of Jiangsu"] == claim)
    total = score(
        load(FOLDER / "green_factory-2025-jiangsu.toml"),
        values=VALUES,
        tables=TABLES,
        claims=CLAIMS | {"B3": "full"},
        corrections=EXAMINED | {code: {"judgement": word} for code, word in rulings.items()},
    )
    found = [total.bonus, total.bonus_awaiting, total.low, total.high]
    assert found == [Decimal(row[key]) for key in ("bonus", "bonus awaiting", "low", "high")]


def test_the_page_shows_every_kind_of_result() -> None:
    assert {row["state"] for row in rows("code")} == {"computed", "awaiting", "no_benchmark", "missing"}
