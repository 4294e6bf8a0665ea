"""Who gets which code: pure, from scores and industries alone, so that a snapshot gives the same codes for ever.

The bands are shares of ranks (policy 1.5). Ours: places are rounded up, equal scores share the better rank,
a small industry has no ranks of its own, and the code is the lower of the two bands.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Contender:
    """A title that is ranked: its key, its industry ("" where it has none) and its score."""

    key: int
    industry: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """A rank among ``of``, and the band that it falls into."""

    rank: int
    of: int
    band: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a title stands overall and in its industry (None: too small), and the code that follows."""

    overall: Standing
    within: Standing | None
    code: str


def graded(field: Iterable[Contender], numbers: Mapping[str, Any]) -> dict[int, Place]:
    """Each contender's place, by key. ``numbers``: ``bands`` ([code, per cent], the best first) and ``small``."""
    everybody = list(field)
    bands: Sequence[tuple[str, int]] = numbers["bands"]
    overall = _standings(everybody, bands)
    within: dict[int, Standing] = {}
    for industry, rivals in _by_industry(everybody).items():
        if industry and len(rivals) >= numbers["small"]:
            within |= _standings(rivals, bands)
    order = [code for code, _share in bands]
    return {one.key: _placed(overall[one.key], within.get(one.key), order) for one in everybody}


def _placed(overall: Standing, within: Standing | None, order: list[str]) -> Place:
    codes = [overall.band, within.band] if within else [overall.band]
    return Place(overall, within, max(codes, key=order.index))


def _by_industry(field: Iterable[Contender]) -> dict[str, list[Contender]]:
    found: dict[str, list[Contender]] = {}
    for one in field:
        found.setdefault(one.industry, []).append(one)
    return found


def _standings(field: Sequence[Contender], bands: Sequence[tuple[str, int]]) -> dict[int, Standing]:
    """Ranks by score, the best first; equal scores share the better rank (1, 2, 2, 4)."""
    ends = last_places(len(field), bands)
    ranks: dict[Decimal, int] = {}
    for place, score in enumerate(sorted((one.score for one in field), reverse=True), start=1):
        ranks.setdefault(score, place)
    return {one.key: Standing(rank := ranks[one.score], len(field), _band(rank, ends)) for one in field}


def last_places(count: int, bands: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The last rank of each band among ``count``: the shares added up, rounded up to whole places."""
    ends, share = [], 0
    for code, part in bands:
        share += part
        ends.append((code, -(-count * share // 100)))
    return ends


def _band(rank: int, ends: Sequence[tuple[str, int]]) -> str:
    return next(code for code, last in ends if rank <= last)
