"""Ways through the network: from one enterprise to another, and back to itself."""

from collections.abc import Iterator
from itertools import islice

import numpy as np

from suppliers.supply.network import FOCUS, Network, Reach
from suppliers.supply.rows import NO_ROWS, Places

Path = tuple[int, ...]
"""Keys from the buyer to the supplier that it depends on."""


def paths(network: Network, buyer: int, supplier: int, *, limit: int = 10) -> list[Path]:
    """The shortest ways from ``buyer`` up to ``supplier``, at most ``limit``; none where it does not depend on it."""
    goal = network.place(supplier)
    if goal is None or buyer == supplier:
        return []
    return list(islice(_back(network, network.reach(buyer), goal), limit))


def cycles(network: Network, node: int, *, limit: int = 10) -> list[Path]:
    """Ways from ``node`` upstream that come back to it, the shortest first; each begins and ends with ``node``."""
    place = network.place(node)
    if place is None:
        return []
    reach = network.reach(node)
    own = np.unique(np.concatenate([NO_ROWS.targets, *_ends(network, place)]))
    closing = own[reach.tier_of[own] > 0]
    found: list[Path] = []
    for last in closing[np.argsort(reach.tier_of[closing], kind="stable")].tolist():
        found += [(*path, node) for path in islice(_back(network, reach, last), limit - len(found))]
        if len(found) >= limit:
            break
    return found


def in_cycles(network: Network, node: int) -> Places:
    """The places that stand both upstream and downstream of ``node``: everything that its cycles touch."""
    up, down = network.reach(node), network.reach(node, down=True)
    return np.flatnonzero((up.tier_of > 0) & (down.tier_of > 0)).astype(np.int32)


def _back(network: Network, reach: Reach, goal: int) -> Iterator[Path]:
    """All shortest ways from the focus of ``reach`` to ``goal``, walked back tier by tier; none is ever endless."""
    if reach.tier_of[goal] <= 0:
        return
    waiting: list[tuple[int, Path]] = [(goal, (int(network.keys[goal]),))]
    while waiting:
        place, path = waiting.pop()
        tier = int(reach.tier_of[place])
        if tier == FOCUS:
            yield path
            continue
        wanted = tier - 1 or FOCUS
        buyers = np.unique(np.concatenate([NO_ROWS.targets, *_ends(network, place)]))
        nearer = buyers[reach.tier_of[buyers] == wanted]
        waiting += [(each, (int(network.keys[each]), *path)) for each in nearer[::-1].tolist()]


def _ends(network: Network, place: int) -> Iterator[Places]:
    yield from network.ends(np.array([place], dtype=np.int32), down=True)
