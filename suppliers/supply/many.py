"""Many enterprises in one search: a bit for each of up to 64, so that the links are read once for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from suppliers.supply.rows import Mask, Rows

if TYPE_CHECKING:
    from suppliers.supply.network import Network

AT_ONCE = 64
PART = 1 << 16
Bits = NDArray[np.uint64]


@dataclass
class Sizes:
    """Of one focus: how many stand in each tier, and how many of each mask's."""

    sizes: list[int] = field(default_factory=list)
    masked: list[list[int]] = field(default_factory=list)

    def of(self, mask: int) -> list[int]:
        """How many of each tier the mask has."""
        return [tier[mask] for tier in self.masked]


def sizes_of(
    network: "Network", foci: Sequence[int], *, tiers: int, masks: Sequence[Mask] = ()
) -> list[Sizes]:
    """The tiers of up to ``AT_ONCE`` enterprises."""
    found = [Sizes() for _focus in foci]
    places = [network.place(focus) for focus in foci]
    front = np.zeros(network.size, dtype=np.uint64)
    for bit, place in enumerate(places):
        if place is not None:
            front[place] |= np.uint64(1) << np.uint64(bit)
    reached = front.copy()
    for _tier in range(tiers):
        front = _next(network, front) & ~reached
        if not front.any():
            break
        reached |= front
        _count(front, masks, found)
    return found


def _next(network: "Network", front: Bits) -> Bits:
    """The bits of all buyers of each place: rows are pulled together where they are, nothing is sorted."""
    over = network.overlay
    if over is None:
        return _pulled(network.down, front)
    found = np.zeros_like(front)
    base = np.where(over.changed, np.uint64(0), front)
    known = len(network.nodes)
    found[:known] = _pulled(network.down, base[:known])
    return found | _pulled(over.down, front)


def _pulled(down: Rows, front: Bits) -> Bits:
    found = np.zeros(len(down.starts) - 1, dtype=np.uint64)
    filled = np.flatnonzero(down.starts[1:] > down.starts[:-1])
    if len(filled):
        found[filled] = np.bitwise_or.reduceat(front[down.targets], down.starts[filled])
    return found


def _count(front: Bits, masks: Sequence[Mask], found: list[Sizes]) -> None:
    there = np.flatnonzero(front)
    counts = np.zeros((1 + len(masks), AT_ONCE), dtype=np.int64)
    for start in range(0, len(there), PART):
        part = there[start : start + PART]
        bits = np.unpackbits(front[part].view(np.uint8), bitorder="little").reshape(len(part), AT_ONCE)
        counts[0] += bits.sum(axis=0, dtype=np.int64)
        for number, mask in enumerate(masks, start=1):
            counts[number] += bits[mask[part]].sum(axis=0, dtype=np.int64)
    for bit, one in enumerate(found):
        if counts[0, bit]:
            one.sizes.append(int(counts[0, bit]))
            one.masked.append([int(count) for count in counts[1:, bit]])
