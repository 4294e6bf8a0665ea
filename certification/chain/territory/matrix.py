"""Flows between the largest groups as a table: who buys down the side, who supplies across; the others together."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Any

from certification.chain.territory.flows import Flow

LARGEST = 8
"""So many buying and so many supplying groups have a line of their own."""
OTHERS = -1
STEPS = 4


@dataclass
class Cell:
    """What a group buys from another."""

    links: int = 0
    green: int = 0
    spend: float = 0.0
    green_spend: float = 0.0
    shade: int = 0
    """0 to ``STEPS``: how dark it is, by its part of the largest."""

    def add(self, flow: Flow) -> None:
        """One more flow."""
        self.links += flow.links
        self.green += flow.green
        self.spend += flow.spend
        self.green_spend += flow.green_spend

    @property
    def green_share(self) -> float | None:
        """0 to 1: by spend where it is declared, else by links."""
        if self.spend > 0:
            return self.green_spend / self.spend
        return self.green / self.links if self.links else None


@dataclass(frozen=True)
class Matrix:
    """Groups by code (``OTHERS`` for the rest), and a row of cells for each buying group."""

    suppliers: list[int]
    rows: list[tuple[int, list[Cell]]]


def matrix(found: Iterable[Flow]) -> Matrix:
    """The largest groups first, by spend and then by links."""
    flows = list(found)
    buyers, suppliers = (_largest(flows, side) for side in ("buyer", "supplier"))
    cells = {(one, other): Cell() for one in buyers for other in suppliers}
    for flow in flows:
        one = flow.buyer if flow.buyer in buyers else OTHERS
        other = flow.supplier if flow.supplier in suppliers else OTHERS
        cells[one, other].add(flow)
    _shade(list(cells.values()))
    return Matrix(suppliers, [(one, [cells[one, other] for other in suppliers]) for one in buyers])


def _largest(flows: list[Flow], side: str) -> list[int]:
    sums: dict[int, tuple[float, int]] = {}
    for flow in flows:
        spend, links = sums.get(getattr(flow, side), (0.0, 0))
        sums[getattr(flow, side)] = (spend + flow.spend, links + flow.links)
    order = sorted(sums, key=lambda code: (*(-each for each in sums[code]), code))
    return order if len(order) <= LARGEST + 1 else [*order[:LARGEST], OTHERS]


def _shade(cells: list[Cell]) -> None:
    by: Any = "spend" if any(cell.spend for cell in cells) else "links"
    most = max((getattr(cell, by) for cell in cells), default=0)
    for cell in cells:
        part = getattr(cell, by) / most if most else 0
        cell.shade = ceil(part * STEPS)
