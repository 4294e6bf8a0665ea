"""The supply network of a generated nation: reading it, searching it, what changed since, many at once."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from django.db import connection

from bench import floors, nation, tables
from bench.measure import Figure, against_floor, against_peer
from certification.chain.marks import STATES, Marks
from certification.chain.status import State
from certification.chain.tiers import GREEN, Depth
from greenchain.clock import today
from suppliers.supply import live
from suppliers.supply.many import sizes_of
from suppliers.supply.network import Network, build, laid_over
from suppliers.supply.reading import PACKED, shares_of

TIERS = 6
WANTED = 300_000 / 500_000
"""The focal enterprise is the one, of some looked at, that reaches about this part of the nation."""
LOOKED_AT = 60
GREEN_OF = 0.03
CHANGED = 10_000
BATCH = 64


def measure(*, small: bool) -> Iterator[Figure]:
    """Each line first proves that both sides agree."""
    enterprises, count = (50_000, 500_000) if small else (500_000, 5_000_000)
    pairs = nation.links(enterprises, count)
    random = np.random.default_rng(nation.SEED)
    spend = np.round(random.pareto(1.2, len(pairs)) * 10, 4)
    nothing = np.full(len(pairs), np.nan)
    network = build(pairs, shares_of(pairs[:, 0], nothing, spend.astype(np.float32)))
    held = _held(network, enterprises)
    focus = _focus(network, random)
    yield from _search(network, held, focus)
    yield from _changed(network, held, focus, pairs, random)
    yield from _many(network, held, random)
    yield _peer_of_python(network, pairs, focus)
    yield from _in_the_database(network, focus, pairs, spend)


def _search(network: Network, held: Marks, focus: int) -> Iterator[Figure]:
    place = network.place(focus)
    assert place is not None  # noqa: S101 - it was chosen among the network's own
    yield against_floor(
        "chain.upstream_vs_numpy",
        lambda: _told(_depth(network, held, focus)),
        lambda: floors.frontier(network.up, place, TIERS, held.state == GREEN, held.output),
    )


def _changed(
    network: Network, held: Marks, focus: int, pairs: nation.Integers, random: np.random.Generator
) -> Iterator[Figure]:
    """The same search with the buyers of some thousands of links read from the overlay."""
    buyers = np.unique(pairs[random.choice(len(pairs), min(CHANGED, len(pairs) // 500), replace=False), 0])
    which = np.isin(pairs[:, 0], buyers)
    shares = None if network.up.shares is None else network.up.shares[which]
    over = laid_over(network, buyers, pairs[which], shares)
    yield against_floor(
        "chain.overlay_cost",
        lambda: _told(_depth(over, held, focus)),
        lambda: _told(_depth(network, held, focus)),
    )


def _many(network: Network, held: Marks, random: np.random.Generator) -> Iterator[Figure]:
    """So many focal enterprises one after the other, and in one go."""
    foci = [int(key) for key in random.choice(network.keys, BATCH, replace=False)]
    green = held.state == GREEN

    def each() -> Any:
        return [_sizes(network.reach(focus, tiers=TIERS), green) for focus in foci]

    def together() -> Any:
        return [
            (list(one.sizes), list(one.of(0))) for one in sizes_of(network, foci, tiers=TIERS, masks=[green])
        ]

    yield against_peer("chain.batch_of_64", together, each, rounds=2)


def _sizes(reach: Any, green: Any) -> tuple[list[int], list[int]]:
    return list(reach.sizes), [int(count) for count in reach.per_tier(green)]


def _peer_of_python(network: Network, pairs: nation.Integers, focus: int) -> Figure:
    graph = floors.graph_of(pairs)
    return against_peer(
        "chain.upstream_vs_networkx",
        lambda: list(network.reach(focus, tiers=TIERS).sizes),
        lambda: graph(focus, TIERS),
        rounds=2,
    )


def _in_the_database(network: Network, focus: int, pairs: nation.Integers, spend: Any) -> Iterator[Figure]:
    tables.fill(pairs, spend)
    try:
        yield _best_sql(network, focus)
        yield against_floor("chain.build_vs_string_agg", _built, _bare(network), rounds=3)
    finally:
        tables.drop()


def _best_sql(network: Network, focus: int) -> Figure:
    ours = partial(_counted, network, focus)
    tried = [
        against_peer("chain.upstream_vs_sql", ours, partial(way, focus, TIERS), rounds=1)
        for way in (tables.recursive, tables.by_level)
    ]
    return min(tried, key=lambda figure: figure.floor)


def _counted(network: Network, focus: int) -> list[int]:
    return list(network.reach(focus, tiers=TIERS).sizes)


def _built() -> int:
    return len(live.build_now(today()).up.targets)


def _bare(network: Network) -> Callable[[], int]:
    """The fastest known read of the same columns, and rows made with numpy by hand."""
    size = int(network.keys[-1]) + 1

    def from_postgresql() -> int:
        found = np.frombuffer(tables.packed(str(today())), dtype=PACKED)
        return len(
            floors.rows_by_hand(found["buyer"].astype(np.int32), found["supplier"].astype(np.int32), size)[1]
        )

    def from_sqlite() -> int:
        found = np.array([row[:2] for row in tables.fetched(str(today()))], dtype=np.int32)
        return len(floors.rows_by_hand(found[:, 0], found[:, 1], size)[1])

    return from_postgresql if connection.vendor == "postgresql" else from_sqlite


def _depth(network: Network, held: Marks, focus: int) -> Depth:
    return Depth(focus, network, network.reach(focus, tiers=TIERS, exposure=True), held)


def _told(depth: Depth) -> floors.Figures:
    whole = depth.whole
    shares = [round(share or 0.0, 6) for share in (whole.green_spend_share, whole.green_output_share)]
    sizes, greens = [tier.suppliers for tier in depth.tiers], [tier.green for tier in depth.tiers]
    return sizes, greens, shares[0], shares[1]


def _held(network: Network, enterprises: int) -> Marks:
    """A few of a hundred are green, large ones more often, as in the ministry's lists; some lost their titles."""
    random = np.random.default_rng(nation.SEED + 1)
    output = nation.outputs(enterprises)[network.keys].astype(np.float32)
    chance = np.minimum(GREEN_OF * (output / np.median(output)) ** 0.4, 1.0)
    state = (random.random(network.size) < chance).astype(np.uint8) * GREEN
    lost = random.random(network.size) < GREEN_OF / 10
    state[lost] = STATES.index(State.SUSPENDED)
    zeros = np.zeros(network.size, dtype=np.uint8)
    return Marks(network.keys, state, zeros, zeros, output)


def _focus(network: Network, random: np.random.Generator) -> int:
    """Of some enterprises the one that reaches nearest to what is wanted."""
    candidates = random.choice(network.keys, LOOKED_AT, replace=False).tolist()
    wanted = WANTED * network.size
    return int(min(candidates, key=lambda key: abs(sum(network.reach(key, tiers=TIERS).sizes) - wanted)))
