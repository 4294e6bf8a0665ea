"""How the points of two or three experts become one number (our rule; the scheme may choose)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
PAIR = 2


def combined(points: Sequence[Decimal], how: str) -> tuple[Decimal, str]:
    """The panel's points with two decimals, and how they came about: mean, nearest or median."""
    if len(points) <= PAIR:
        return _cents(_mean(points)), "mean"
    row = sorted(points)
    if how == "median" or len(row) > PAIR + 1:
        middle = row[(len(row) - 1) // 2 : len(row) // 2 + 1]
        return _cents(_mean(middle)), "median"
    low, high = row[1] - row[0], row[2] - row[1]
    if low == high:
        return _cents(_mean(row)), "nearest"
    return _cents(_mean(row[:PAIR] if low < high else row[1:])), "nearest"


def spread(points: Sequence[Decimal]) -> Decimal:
    """Highest less lowest."""
    return max(points) - min(points)


def _mean(points: Sequence[Decimal]) -> Decimal:
    return sum(points, Decimal(0)) / len(points)


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)
