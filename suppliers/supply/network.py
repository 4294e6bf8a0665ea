"""The network of suppliers as plain arrays: who stands upstream of whom, and how many tiers away.

No database: pairs of integers in, dictionaries out. Compressed sparse rows over the buyers, and a
breadth-first search that takes a whole tier at a time, so that millions of links take milliseconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Places = NDArray[np.int32]
"""Places in ``nodes``: up to two billion links, at half the memory of their keys."""
DENSE = 8
"""Keys that span less than eight times as many numbers as there are ends of links count as dense."""


@dataclass(frozen=True)
class Network:
    """Suppliers by buyer.

    ``suppliers[starts[i]:starts[i + 1]]`` are the places in ``nodes`` of the suppliers of ``nodes[i]``.
    """

    nodes: Integers
    starts: Places
    suppliers: Places

    def upstream(self, node: int, *, tiers: int | None = None) -> dict[int, int]:
        """Every supplier reached from ``node`` with its nearest tier (1 = direct), up to ``tiers`` deep.

        Cycles end; ``node`` itself is never its own supplier; a node that is not known has none.
        """
        focus = self._place(node)
        if focus is None:
            return {}
        tier_of = np.zeros(len(self.nodes), dtype=np.int16)
        tier_of[focus] = -1
        frontier: Places = np.array([focus], dtype=np.int32)
        tier = 0
        while frontier.size and (tiers is None or tier < tiers):
            tier += 1
            fresh = np.zeros(len(self.nodes), dtype=np.bool_)
            fresh[self._suppliers_of(frontier)] = True
            fresh &= tier_of == 0
            frontier = np.flatnonzero(fresh).astype(np.int32)
            tier_of[frontier] = tier
        reached = np.flatnonzero(tier_of > 0)
        return dict(zip(self.nodes[reached].tolist(), tier_of[reached].tolist(), strict=True))

    def _place(self, node: int) -> int | None:
        place = int(np.searchsorted(self.nodes, node))
        return place if place < len(self.nodes) and int(self.nodes[place]) == node else None

    def _suppliers_of(self, buyers: Places) -> Places:
        """All suppliers of all ``buyers`` at once, repeats included."""
        starts = self.starts[buyers]
        lengths = self.starts[buyers + 1] - starts
        ends = np.cumsum(lengths, dtype=np.int32)
        where = np.arange(lengths.sum(), dtype=np.int32)
        where += np.repeat(starts - (ends - lengths), lengths)
        return self.suppliers[where]


def build(links: Iterable[tuple[int, int]] | Integers) -> Network:
    """The network of pairs (buyer, supplier); repeats do no harm.

    An array of shape (n, 2) is taken as it is, anything else is read pair by pair.
    """
    pairs = links if isinstance(links, np.ndarray) else np.array(list(links), dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    nodes, places = _numbered(pairs)
    buyers, suppliers = places.T
    order = np.argsort(buyers, kind="stable")
    starts = np.zeros(len(nodes) + 1, dtype=np.int32)
    np.cumsum(np.bincount(buyers, minlength=len(nodes)), out=starts[1:])
    return Network(nodes=nodes, starts=starts, suppliers=suppliers[order].astype(np.int32))


def _numbered(pairs: Integers) -> tuple[Integers, Integers]:
    """The nodes in order, and ``pairs`` as places among them; a table's keys are dense: no sorting."""
    if pairs.size == 0:
        return np.zeros(0, dtype=np.int64), np.zeros((0, 2), dtype=np.int64)
    low, high = int(pairs.min()), int(pairs.max())
    if high - low > DENSE * pairs.size:
        nodes, places = np.unique(pairs, return_inverse=True)
        return nodes, places.reshape(-1, 2)
    present = np.zeros(high - low + 1, dtype=np.int64)
    present[pairs.ravel() - low] = 1
    return np.flatnonzero(present) + low, (np.cumsum(present) - 1)[pairs - low]
