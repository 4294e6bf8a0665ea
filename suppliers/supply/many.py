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
SET = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1, bitorder="little").astype(np.int64)
"""``SET[value, bit]``: whether a byte of this value has the bit."""
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
    bits = front[there]
    counts = [_per_bit(bits), *(_per_bit(bits[mask[there]]) for mask in masks)]
    for bit, one in enumerate(found):
        if counts[0][bit]:
            one.sizes.append(int(counts[0][bit]))
            one.masked.append([int(each[bit]) for each in counts[1:]])


def _per_bit(bits: Bits) -> NDArray[np.int64]:
    """How often each of the 64 bits is set: each byte's values are counted, then what is set in them."""
    octets = bits.view(np.uint8).reshape(-1, 8)
    values = [np.bincount(octets[:, place], minlength=256) @ SET for place in range(8)]
    return np.concatenate(values)
