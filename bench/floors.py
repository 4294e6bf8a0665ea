"""Bare ways of doing the same, as floors and peers: numpy without the product, networkx, plain Python."""

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from bench.nation import Integers
from suppliers.supply.rows import Places, Rows

Figures = tuple[list[int], list[int], float, float]
"""Suppliers per tier, green ones per tier, green share by spend, green share by output."""


def frontier(
    rows: Rows, focus: int, tiers: int, green: NDArray[np.bool_], output: NDArray[np.float32]
) -> Figures:
    """A frontier search over the same arrays, with nothing around it."""
    starts, ends, shares = np.asarray(rows.starts), np.asarray(rows.targets), np.asarray(rows.shares)
    tier = np.zeros(len(starts) - 1, dtype=np.int16)
    tier[focus] = -1
    passed = np.zeros(len(tier))
    passed[focus] = 1
    front, depth = np.array([focus]), 0
    while len(front) and depth < tiers:
        depth += 1
        counts = starts[front + 1] - starts[front]
        where = np.repeat(starts[front] - (np.cumsum(counts) - counts), counts) + np.arange(counts.sum())
        reached = ends[where]
        flow = np.bincount(
            reached, weights=np.repeat(passed[front], counts) * shares[where], minlength=len(tier)
        )
        fresh = np.zeros(len(tier), dtype=np.bool_)
        fresh[reached] = True
        front = np.flatnonzero(fresh & (tier == 0))
        tier[front] = depth
        passed[front] = flow[front]
    found = tier > 0
    sizes = np.bincount(tier[found])[1:]
    greens = np.bincount(tier[found], weights=green[found])[1:]
    return figures(
        sizes, greens, (passed[found], passed[found & green]), (output[found], output[found & green])
    )


def figures(sizes: Any, greens: Any, spend: Any, output: Any) -> Figures:
    """What both sides tell, rounded alike."""
    parts = [
        round(float(green.sum(dtype=np.float64) / whole.sum(dtype=np.float64)), 6)
        for whole, green in (spend, output)
    ]
    return [int(size) for size in sizes], [int(count) for count in greens], parts[0], parts[1]


def graph_of(pairs: Integers) -> Callable[[int, int], list[int]]:
    """Suppliers per tier by networkx; the graph is made before the clock runs."""
    graph = nx.DiGraph()
    graph.add_edges_from(map(tuple, pairs.tolist()))

    def sizes(focus: int, tiers: int) -> list[int]:
        found = nx.single_source_shortest_path_length(graph, focus, cutoff=tiers)
        counted = np.bincount(np.fromiter(found.values(), dtype=np.int64))
        return [int(count) for count in counted[1:]]

    return sizes


def rows_by_hand(buyers: Places, suppliers: Places, size: int) -> tuple[Places, Places]:
    """Starts and ends of compressed rows."""
    starts = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(buyers, minlength=size), out=starts[1:])
    return starts, suppliers[np.argsort(buyers, kind="stable")]
