"""The tile grid that stands for the map: where each province's square is and how dark it is."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from certification.templatetags.figures import as_decimal, field_of, language, number, percent

GRID = Path(__file__).resolve().parents[2] / "suppliers" / "place" / "data" / "province_tilegrid.json"
SHADES = 6
NATIONAL_TARGET = Decimal(40)


@dataclass(frozen=True, slots=True)
class Tile:
    """One province: column and row from 1, the words on the square, its share and shade."""

    code: str
    col: int
    row: int
    name: str
    long: str
    short: str
    figure: str
    share: str
    shade: str
    url: str


@cache
def grid() -> tuple[Mapping[str, Any], ...]:
    """The squares as the data file has them."""
    return tuple(json.loads(GRID.read_text(encoding="utf-8")))


def shade(value: Any, target: Any = NATIONAL_TARGET) -> str:
    """``shade-0`` to ``shade-5``: fifths of the way to the target, the darkest where it is reached."""
    amount = as_decimal(value)
    if amount is None:
        return "tile-none"
    step = int(amount * (SHADES - 1) / Decimal(str(target)))
    return f"shade-{min(max(step, 0), SHADES - 1)}"


def tiles(provinces: Iterable[Any], target: Any = NATIONAL_TARGET) -> list[Tile]:
    """A square per province; ``provinces`` give code, share (per cent or None) and, if wanted, url."""
    by_code = {str(field_of(row, "code")): row for row in provinces}
    chinese = language() == "zh"
    drawn = []
    for square in sorted(grid(), key=lambda square: (square["row"], square["col"])):
        row = by_code.get(square["code"])
        value = field_of(row, "share")
        drawn.append(
            Tile(
                code=square["code"],
                col=square["col"] + 1,
                row=square["row"] + 1,
                name=square["zh"] if chinese else square["en"],
                long=square["zh"] if chinese else square["iso"],
                short=square["one"] if chinese else square["iso"],
                figure=number(value, 0),
                share=percent(value),
                shade=shade(value, target),
                url=field_of(row, "url") or "",
            )
        )
    return drawn


def steps(target: Any = NATIONAL_TARGET) -> list[tuple[str, str]]:
    """The key of the shades: class and words."""
    width = Decimal(str(target)) / (SHADES - 1)
    bounds = [number(width * step) for step in range(SHADES)]
    spans = [f"{low}\N{EN DASH}{high}" for low, high in pairwise(bounds)]
    key = [(f"shade-{step}", span) for step, span in enumerate(spans)]
    return [*key, (f"shade-{SHADES - 1}", f"≥ {percent(target, 0)}")]
