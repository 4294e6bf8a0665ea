"""The supply network: who stands upstream of an enterprise, in which tier."""

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np

from bench.measure import Figure, against_floor, against_peer
from suppliers.supply.network import build

SEED = 20251031


def links(enterprises: int, count: int) -> "np.ndarray[tuple[int, int], np.dtype[np.int64]]":
    """Random pairs (buyer, supplier) with a long tail of large suppliers; the seed is fixed."""
    random = np.random.default_rng(SEED)
    buyers = random.integers(0, enterprises, count)
    suppliers = (enterprises * random.power(2.5, count)).astype(np.int64) % enterprises
    return np.unique(np.stack([buyers, suppliers], axis=1)[buyers != suppliers], axis=0)


def measure(*, small: bool) -> Iterator[Figure]:
    """Ours against a bare numpy frontier search over the same arrays, and against plain Python."""
    enterprises, count = (50_000, 500_000) if small else (500_000, 5_000_000)
    pairs = links(enterprises, count)
    network = build(pairs)
    start, ends = _rows(pairs, enterprises)
    focus = int(pairs[0, 0])
    yield against_floor(
        "chain.upstream_vs_numpy",
        lambda: _shape(network.upstream(focus).values()),
        lambda: _shape(_frontier(start, ends, focus).tolist()),
    )
    neighbours = [ends[start[node] : start[node + 1]].tolist() for node in range(enterprises)]
    yield against_peer(
        "chain.upstream_vs_python",
        lambda: _shape(network.upstream(focus).values()),
        lambda: _shape(_walk(neighbours, focus)),
    )


def _shape(tiers: Iterable[int]) -> list[int]:
    """How many enterprises stand in each tier."""
    found: list[int] = np.bincount(np.fromiter(tiers, dtype=np.int64)).tolist()
    return found


def _rows(pairs: np.ndarray, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    start = np.zeros(nodes + 1, dtype=np.int64)
    np.cumsum(np.bincount(pairs[:, 0], minlength=nodes), out=start[1:])
    return start, pairs[:, 1]


def _frontier(start: np.ndarray, ends: np.ndarray, focus: int) -> np.ndarray:
    """The floor: tiers of all that is reached, by whole frontiers."""
    tier = np.full(len(start) - 1, -1, dtype=np.int16)
    tier[focus] = 0
    front, depth = np.array([focus]), 0
    while len(front):
        depth += 1
        counts = start[front + 1] - start[front]
        first = np.repeat(start[front] - np.concatenate(([0], np.cumsum(counts)[:-1])), counts)
        reached = ends[first + np.arange(counts.sum())]
        fresh = np.zeros(len(tier), dtype=np.bool_)
        fresh[reached] = True
        front = np.flatnonzero(fresh & (tier < 0))
        tier[front] = depth
    return tier[tier > 0]


def _walk(neighbours: list[list[int]], focus: int) -> list[int]:
    tier, waiting = {focus: 0}, deque([focus])
    while waiting:
        node = waiting.popleft()
        for supplier in neighbours[node]:
            if supplier not in tier:
                tier[supplier] = tier[node] + 1
                waiting.append(supplier)
    return [depth for depth in tier.values() if depth]
