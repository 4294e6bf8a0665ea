"""The network of suppliers as plain arrays: who stands upstream or downstream of whom, how many tiers away.

No database: pairs of integers in, arrays and dictionaries out. Compressed sparse rows in both directions, and a
breadth-first search that takes a whole tier at a time, so that millions of links take milliseconds. What changed
since the arrays were made is laid over them (``suppliers.supply.overlay``): the whole row of each changed buyer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from suppliers.supply.rows import NO_ROWS, Integers, Mask, Places, Rows, Shares, rows_of

Weights = NDArray[np.float64]
Tiers = NDArray[np.int16]
DENSE = 8
"""Keys that span less than eight times as many numbers as there are ends of links count as dense."""
FOCUS, BARRED = -1, -2
"""The tier of the enterprise itself in ``Reach.tier_of``, and while searching of what must not be entered."""


@dataclass(frozen=True)
class Reach:
    """What was reached from one enterprise, each by its nearest tier.

    ``tier_of``: for each place its tier, 0 where not reached, ``FOCUS`` at the start.
    ``exposure``: for each place the share (0 to 1) of the focus's purchases that passes through it, along links
    from one tier to the next; each tier's exposures are shares of the same whole. Empty if not asked for.
    """

    tier_of: Tiers
    sizes: tuple[int, ...]
    """How many stand in each tier, the nearest first."""
    exposure: Weights = field(default_factory=lambda: np.zeros(0))

    @property
    def places(self) -> Places:
        """The places reached."""
        return np.flatnonzero(self.tier_of > 0).astype(np.int32)

    def tier(self, number: int) -> Places:
        """The places in one tier."""
        return np.flatnonzero(self.tier_of == number).astype(np.int32)

    def per_tier(self, weights: NDArray[np.generic]) -> Weights:
        """The sum of a weight over each tier, the nearest first."""
        length = len(self.sizes) + 2
        return np.bincount(self.tier_of + 1, weights=weights, minlength=length)[2:length].astype(np.float64)


@dataclass(frozen=True)
class Overlay:
    """Buyers whose rows are read here and not in the arrays, because their links changed since.

    ``changed`` marks their places; ``added`` are nodes unknown to the arrays, at the places after theirs.
    """

    changed: Mask
    added: Integers
    up: Rows
    down: Rows
    supplied: Mask
    """The places that have a row in ``down``."""


@dataclass(frozen=True)
class Network:
    """Suppliers by buyer (``up``) and buyers by supplier (``down``); ``nodes`` are the keys in order."""

    nodes: Integers | Places
    up: Rows
    reverse: Rows | None = None
    overlay: Overlay | None = None

    @property
    def size(self) -> int:
        """How many enterprises."""
        return len(self.nodes) + (len(self.overlay.added) if self.overlay else 0)

    @cached_property
    def down(self) -> Rows:
        """Buyers by supplier, with the share that the supplier has in each buyer's purchases."""
        return self.reverse or self.up.reversed(len(self.nodes))

    @cached_property
    def keys(self) -> Integers:
        """The key of each place."""
        added = self.overlay.added if self.overlay else self.nodes[:0]
        return (
            np.concatenate([self.nodes, added]).astype(np.int64)
            if len(added)
            else self.nodes.astype(np.int64)
        )

    def upstream(self, node: int, *, tiers: int | None = None) -> dict[int, int]:
        """Every supplier reached from ``node`` with its nearest tier (1 = direct), up to ``tiers`` deep.

        Cycles end; ``node`` itself is never its own supplier; a node that is not known has none.
        """
        return self._by_key(self.reach(node, tiers=tiers))

    def downstream(self, node: int, *, tiers: int | None = None) -> dict[int, int]:
        """Every buyer that ``node`` serves, with its nearest tier (1 = direct customer)."""
        return self._by_key(self.reach(node, tiers=tiers, down=True))

    def reach(
        self,
        node: int,
        *,
        tiers: int | None = None,
        down: bool = False,
        exposure: bool = False,
        through: Mask | None = None,
    ) -> Reach:
        """Everything above (``down``: below) ``node``; ``through``: only links of these buyers are followed."""
        tier_of = np.zeros(self.size, dtype=np.int16)
        passed = np.zeros(self.size if exposure else 0)
        focus = self.place(node)
        if focus is None:
            return Reach(tier_of, (), passed)
        frontier: Places = np.array([focus], dtype=np.int32)
        tier_of[focus], tier, sizes = FOCUS, 0, []
        if exposure:
            passed[focus] = 1
        barred = ~through & (tier_of == 0) if down and through is not None else None
        if barred is not None:
            tier_of[barred] = BARRED
        while tiers is None or tier < tiers:
            tier += 1
            followed = frontier if through is None or down else frontier[through[frontier]]
            frontier = self._next(followed, tier_of, tier, down=down, passed=passed if exposure else None)
            if not frontier.size:
                break
            sizes.append(len(frontier))
        if barred is not None:
            tier_of[barred] = 0
        return Reach(tier_of, tuple(sizes), passed)

    def place(self, node: int) -> int | None:
        """Where a key stands; None where it is not known."""
        found = int(np.searchsorted(self.nodes, node))
        if found < len(self.nodes) and int(self.nodes[found]) == node:
            return found
        added = self.overlay.added if self.overlay else self.nodes[:0]
        found = int(np.searchsorted(added, node))
        return len(self.nodes) + found if found < len(added) and int(added[found]) == node else None

    def places(self, keys: Integers) -> Places:
        """Where each key stands; -1 where it is not known."""
        found = self._among(self.nodes, keys)
        if self.overlay is None or not len(self.overlay.added):
            return found
        late = self._among(self.overlay.added, keys)
        return np.where(found >= 0, found, np.where(late >= 0, late + len(self.nodes), -1)).astype(np.int32)

    def edges(
        self, frontier: Places, *, down: bool = False, only: Mask | None = None
    ) -> Iterator[tuple[Places, Places, Shares | None]]:
        """The links of all places of ``frontier`` at once: (row in ``frontier``, other end, share).

        At most two parts: those in the arrays, and those of the overlay. ``only``: links to these places.
        """
        over, rows = self.overlay, self.down if down else self.up
        if over is None:
            yield rows.edges(frontier, only)
            return
        if down:
            skip = frontier >= len(self.nodes)
            still: Mask | None = ~over.changed if only is None else only & ~over.changed
            also = np.flatnonzero(over.supplied[frontier]).astype(np.int32)
        else:
            skip, still = over.changed[frontier], only
            also = np.flatnonzero(skip).astype(np.int32)
        if len(self.nodes):
            yield rows.edges(frontier, still, skip)
        if len(also):
            row, ends, shares = (over.down if down else over.up).edges(frontier[also], only)
            yield also[row], ends, shares

    def ends(self, frontier: Places, *, down: bool = False) -> Iterator[Places]:
        """The other ends of all links of ``frontier``, repeats included."""
        over, rows = self.overlay, self.down if down else self.up
        if over is None:
            yield rows.ends(frontier)
        elif down:
            for _row, ends, _shares in self.edges(frontier, down=True):
                yield ends
        else:
            changed = over.changed[frontier]
            if len(self.nodes):
                yield rows.ends(frontier, changed)
            yield over.up.ends(frontier[changed])

    def _next(
        self, frontier: Places, tier_of: Tiers, tier: int, *, down: bool, passed: Weights | None
    ) -> Places:
        """Mark the next tier, and let the exposures of ``frontier`` flow into it."""
        if passed is None:
            return _mark(tier_of, tier, self.ends(frontier, down=down))
        parts = list(self.edges(frontier, down=down, only=tier_of == 0))
        found = _mark(tier_of, tier, (ends for _row, ends, _shares in parts))
        held = passed[frontier]
        flows = [(ends, held[row] * shares) for row, ends, shares in parts if shares is not None]
        if flows:
            ends, weights = flows[0] if len(flows) == 1 else map(np.concatenate, zip(*flows, strict=True))
            passed[found] = np.bincount(ends, weights=weights, minlength=len(passed))[found]
        return found

    def _by_key(self, reach: Reach) -> dict[int, int]:
        found = reach.places
        return dict(zip(self.keys[found].tolist(), reach.tier_of[found].tolist(), strict=True))

    @staticmethod
    def _among(nodes: Integers | Places, keys: Integers) -> Places:
        if not len(nodes):
            return np.full(len(keys), -1, dtype=np.int32)
        at = np.minimum(np.searchsorted(nodes, keys), len(nodes) - 1)
        return np.where(nodes[at] == keys, at, -1).astype(np.int32)


def _mark(tier_of: Tiers, tier: int, parts: Iterable[Places]) -> Places:
    """Whatever ``parts`` lead to and was not reached before stands in ``tier``."""
    fresh = np.zeros(len(tier_of), dtype=np.bool_)
    for ends in parts:
        fresh[ends] = True
    fresh &= tier_of == 0
    found = np.flatnonzero(fresh).astype(np.int32)
    tier_of[found] = tier
    return found


def build(links: Iterable[tuple[int, int]] | Integers, shares: Shares | None = None) -> Network:
    """The network of pairs (buyer, supplier); repeats do no harm, their shares add up.

    An array of shape (n, 2) is taken as it is, anything else is read pair by pair. ``shares``: for each pair the
    share of the buyer's purchases, 0 to 1.
    """
    pairs = links if isinstance(links, np.ndarray) else np.array(list(links), dtype=np.int64)
    pairs = pairs.reshape(-1, 2)
    nodes, buyers, suppliers = _numbered(pairs)
    return Network(nodes=nodes, up=rows_of(buyers, suppliers, len(nodes), shares))


def laid_over(base: Network, changed: Integers, links: Integers, shares: Shares | None = None) -> Network:
    """``base`` with the links of the buyers ``changed`` as they are in ``links`` (pairs of keys): theirs and no others.

    ``base`` itself has no overlay and stays as it is; its arrays are shared, not copied.
    """
    ends = np.concatenate([changed, links.ravel()]).astype(np.int64)
    added = np.unique(ends[base.places(ends) < 0])
    size = len(base.nodes) + len(added)
    fresh = replace(
        base, overlay=Overlay(np.zeros(0, np.bool_), added, NO_ROWS, NO_ROWS, np.zeros(0, np.bool_))
    )
    mark = np.zeros(size, dtype=np.bool_)
    mark[fresh.places(changed)] = True
    mark[len(base.nodes) :] = True  # the arrays have no row for them
    buyers, suppliers = fresh.places(links[:, 0]), fresh.places(links[:, 1])
    up = rows_of(buyers, suppliers, size, shares)
    supplied = np.zeros(size, dtype=np.bool_)
    supplied[suppliers] = True
    over = Overlay(mark, added, up, up.reversed(size), supplied)
    return Network(base.nodes, base.up, base.reverse, over)


def _numbered(pairs: Integers) -> tuple[Integers, Places, Places]:
    """The nodes in order, and both ends of ``pairs`` as places among them; a table's keys are dense: no sorting."""
    if pairs.size == 0:
        nothing = np.zeros(0, dtype=np.int32)
        return np.zeros(0, dtype=np.int64), nothing, nothing
    low, high = int(pairs.min()), int(pairs.max())
    if high - low > DENSE * pairs.size:
        nodes, found = np.unique(pairs, return_inverse=True)
        sparse: Places = found.reshape(-1, 2).astype(np.int32)
        return nodes, sparse[:, 0], sparse[:, 1]
    present = np.zeros(high - low + 1, dtype=np.bool_)
    present[pairs[:, 0] - low] = True
    present[pairs[:, 1] - low] = True
    place: Places = np.cumsum(present, dtype=np.int32) - np.int32(1)
    dense: Integers = np.flatnonzero(present) + low
    return dense, place[pairs[:, 0] - low], place[pairs[:, 1] - low]
