"""A chain as nodes and flows, as one reader may see it: the first by exposure, the rest of each tier folded.

Named suppliers stand by themselves. Those that the reader may not name and could not tell apart (the same words, state
and band) are one node with their number, behind the last enterprise that is named. A flow between two enterprises is
told only where the reader sees the buyer's links; an unnamed node hangs on the one it is told to stand behind.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from certification.chain.named import Called, Reader, names
from certification.chain.status import State
from certification.chain.tiers import Tier
from certification.chain.told import band_words
from suppliers.supply.rows import Places

SHOWN = 200
"""So many suppliers stand as nodes, the highest exposure first."""
FLOWS = 500
"""So many flows are drawn, the widest first."""
LOST = frozenset({State.SUSPENDED, State.REVOKED, State.EXPIRED, State.SURRENDERED})


@dataclass(frozen=True)
class Node:
    """One enterprise, several that cannot be told apart, or the folded rest of a tier (``state`` None)."""

    number: int
    """Its place in reading order; 0 is the enterprise asked about."""
    tier: int
    name: str
    key: int | None
    count: int
    state: State | None
    exposure: float | None
    """0 to 1, of all of ``count`` together; of each, as the lower end of a band, where it is not ``exact``."""
    exact: bool = True
    violation: bool = False
    behind: int | None = None
    """The number of the node that it is told to stand behind."""
    states: tuple[tuple[State, int], ...] = ()
    """Of a folded rest: how many stand in each state."""

    @property
    def folded(self) -> bool:
        """It is the rest of a tier."""
        return self.tier > 0 and self.state is None

    @property
    def lost(self) -> bool:
        """A title was lost here."""
        return self.state in LOST

    @property
    def band(self) -> str:
        """The exposure in words, where the figures belong to others."""
        return "" if self.exposure is None else band_words(self.exposure)


@dataclass(frozen=True)
class Flow:
    """What a node buys from another: its share of the purchases of the focal enterprise, told as in ``Node``."""

    buyer: int
    supplier: int
    share: float
    exact: bool


@dataclass(frozen=True)
class Picture:
    """Nodes by tier, the focal enterprise first; flows, the widest first."""

    nodes: list[Node]
    flows: list[Flow]
    left_out: int = 0
    """Thinner flows that are not drawn."""

    @property
    def suppliers(self) -> list[Node]:
        """All nodes but the focal enterprise."""
        return self.nodes[1:]

    @property
    def shown(self) -> int:
        """Suppliers that stand as nodes."""
        return sum(node.count for node in self.suppliers if not node.folded)

    @property
    def folded(self) -> int:
        """Suppliers in the folded rests."""
        return sum(node.count for node in self.suppliers if node.folded)


@dataclass
class _Group:
    """Places that become one node."""

    tier: int
    called: Called
    state: State
    exposure: float
    exact: bool
    violation: bool
    places: list[int] = field(default_factory=list)


def picture_of(reader: Reader, name: str) -> Picture:
    """The chain above the reader's focal enterprise, which is called ``name``."""
    depth = reader.depth
    focus = depth.network.place(depth.key)
    if focus is None or not depth.tiers:
        return Picture([], [])
    node_of = np.full(depth.network.size, -1, dtype=np.int32)
    node_of[focus] = 0
    nodes = [Node(0, 0, name, depth.key, 1, depth.state(focus), 1.0)]
    groups = _groups(reader, depth.most(SHOWN).tolist())
    for tier in depth.tiers:
        here = [group for group in groups if group.tier == tier.number]
        here.sort(key=lambda group: (node_of[group.called.behind], -group.exposure, group.called.name))
        nodes += _of_tier(reader, tier, here, node_of, len(nodes))
    flows = sorted(_flows(reader, nodes, node_of), key=lambda flow: (-flow.share, flow.buyer, flow.supplier))
    return Picture(nodes, flows[:FLOWS], max(len(flows) - FLOWS, 0))


def _groups(reader: Reader, shown: list[int]) -> list[_Group]:
    depth, called = reader.depth, names(reader, shown)
    found: dict[Any, _Group] = {}
    for place in shown:
        one, (exposure, exact) = called[place], reader.exposure(place)
        tier, state, violation = int(depth.reach.tier_of[place]), depth.state(place), depth.violation(place)
        alike = one.key or (one, tier, state, violation, exact or exposure)
        group = found.setdefault(alike, _Group(tier, one, state, 0.0, exact, violation))
        group.places.append(place)
        group.exposure = group.exposure + exposure if exact else exposure
    return list(found.values())


def _of_tier(
    reader: Reader, tier: Tier, groups: list[_Group], node_of: NDArray[np.int32], first: int
) -> Iterator[Node]:
    """The nodes of one tier; ``node_of`` is told which places are in which."""
    rest = reader.depth.reach.tier(tier.number)
    left = dict(tier.states)
    fold, behind = first + len(groups), [int(node_of[group.called.behind]) for group in groups]
    node_of[rest] = fold
    for number, group in enumerate(groups, first):
        node_of[group.places] = number
        left[group.state] -= len(group.places)
    for number, group in enumerate(groups, first):
        yield Node(
            number=number,
            tier=tier.number,
            name=group.called.name,
            key=group.called.key,
            count=len(group.places),
            state=group.state,
            exposure=group.exposure,
            exact=group.exact,
            violation=group.violation,
            behind=behind[number - first],
        )
    rest = rest[node_of[rest] == fold]
    if len(rest):
        exposure = None if reader.is_member else float(reader.depth.reach.exposure[rest].sum())
        states = tuple((state, left[state]) for state in State if left.get(state))
        yield Node(fold, tier.number, "", None, len(rest), None, exposure, states=states)


def _flows(reader: Reader, nodes: list[Node], node_of: NDArray[np.int32]) -> Iterator[Flow]:
    """The flows whose buyers' links the reader sees; then each node without one hangs on whom it stands behind."""
    served: set[int] = set()
    for buyer, supplier, share in _seen(reader, node_of, len(nodes)):
        node = nodes[supplier]
        served.add(supplier)
        if not reader.is_member:
            yield Flow(buyer, supplier, share, exact=True)
        else:
            yield Flow(buyer, supplier, node.exposure or 0.0, exact=node.exact and not node.folded)
    for node in nodes[1:]:
        if node.number not in served and node.behind is not None:
            yield Flow(node.behind, node.number, node.exposure or 0.0, exact=node.exact)


def _seen(reader: Reader, node_of: NDArray[np.int32], count: int) -> Iterable[tuple[int, int, float]]:
    """(buyer's node, supplier's node, share of the focal enterprise's purchases) over all links from tier to tier."""
    depth, tier_of = reader.depth, reader.depth.reach.tier_of
    seen = reader.through & (reader.seen | (tier_of < 0))
    total, links = np.zeros(count * count), np.zeros(count * count, dtype=np.int64)
    for tier in depth.tiers:
        before = tier_of == (tier.number - 1 or -1)
        buyers: Places = np.flatnonzero(before & seen).astype(np.int32)
        for row, ends, shares in depth.network.edges(buyers, only=tier_of == tier.number):
            slot = node_of[buyers[row]].astype(np.int64) * count + node_of[ends]
            held = depth.reach.exposure[buyers[row]]
            total += np.bincount(slot, None if shares is None else held * shares, count * count)
            links += np.bincount(slot, minlength=count * count)
    for pair in np.flatnonzero(links).tolist():
        yield pair // count, pair % count, float(total[pair])
