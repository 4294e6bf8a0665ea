"""Two ways of doing the same, timed in turns; their results are compared first, the best of several counts."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """A ratio: ours over the floor (lower is better), or a peer over ours (higher is better)."""

    name: str
    value: float
    unit: str
    floor: float
    ratio: float
    lower_is_better: bool


def against_floor(name: str, ours: Callable[[], Any], floor: Callable[[], Any], *, rounds: int = 7) -> Figure:
    """How many times the floor we take."""
    mine, best = _interleaved(name, ours, floor, rounds)
    return Figure(name, mine, "ms", best, mine / best, lower_is_better=True)


def against_peer(name: str, ours: Callable[[], Any], peer: Callable[[], Any], *, rounds: int = 3) -> Figure:
    """How many times faster than a peer we are."""
    mine, theirs = _interleaved(name, ours, peer, rounds)
    return Figure(name, mine, "ms", theirs, theirs / mine, lower_is_better=False)


def _interleaved(
    name: str, ours: Callable[[], Any], other: Callable[[], Any], rounds: int
) -> tuple[float, float]:
    if ours() != other():
        raise SystemExit(f"{name}: the two sides do not agree; a time would say nothing.")
    pairs = [(_timed(ours), _timed(other)) for _round in range(rounds)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def _timed(call: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000
