"""Tiers, exposures, paths and cycles against a search that goes node by node, and against networkx."""

from collections import deque
from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suppliers.supply.many import sizes_of
from suppliers.supply.network import build, laid_over
from suppliers.supply.paths import cycles, in_cycles, paths

PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=120)
CALM = settings(deadline=None)
FEW = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 10)), max_size=30)


def by_hand(pairs, node, tiers=None):
    found: dict[int, int] = {}
    queue = deque([(node, 0)])
    while queue:
        buyer, tier = queue.popleft()
        if tiers is not None and tier >= tiers:
            continue
        for supplier in {s for b, s in pairs if b == buyer} - {node} - found.keys():
            found[supplier] = tier + 1
            queue.append((supplier, tier + 1))
    return found


def turned(pairs):
    return [(supplier, buyer) for buyer, supplier in pairs]


def as_array(pairs):
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@CALM
@given(PAIRS, st.integers(0, 31), st.none() | st.integers(0, 4))
def test_every_supplier_has_its_nearest_tier(pairs, node, tiers):
    network = build(pairs)
    assert network.upstream(node, tiers=tiers) == by_hand(pairs, node, tiers)
    assert network.downstream(node, tiers=tiers) == by_hand(turned(pairs), node, tiers)


@settings(max_examples=200, deadline=None)
@given(PAIRS, st.integers(0, 30))
def test_it_agrees_with_networkx(pairs, node):
    graph = nx.DiGraph(pairs)
    graph.add_node(node)
    told = dict(nx.single_source_shortest_path_length(graph, node))
    del told[node]
    network = build(pairs)
    assert network.upstream(node) == told
    circle = {each for part in nx.strongly_connected_components(graph) if node in part for each in part} - {
        node
    }
    assert {int(network.keys[place]) for place in in_cycles(network, node)} == circle
    for other in list(told)[:3]:
        expected = {tuple(path) for path in nx.all_shortest_paths(graph, node, other)}
        found = paths(network, node, other, limit=50)
        assert set(found) <= expected
        assert len(found) == len(set(found)) == min(len(expected), 50)


@CALM
@given(PAIRS, PAIRS, st.sets(st.integers(0, 35), max_size=8), st.integers(0, 35))
def test_what_changed_since_is_laid_over(before, after, changed, node):
    """Rows of changed buyers are replaced whole: links that went are gone, new ones and new enterprises are there."""
    now = [pair for pair in before if pair[0] not in changed] + [pair for pair in after if pair[0] in changed]
    fresh = as_array([pair for pair in after if pair[0] in changed])
    patched = laid_over(build(before), np.array(sorted(changed), dtype=np.int64), fresh)
    folded = build(now)
    assert patched.upstream(node) == folded.upstream(node) == by_hand(now, node)
    assert patched.downstream(node) == folded.downstream(node)
    assert set(cycles(patched, node, limit=99)) == set(cycles(folded, node, limit=99))


@CALM
@given(FEW, FEW, st.sets(st.integers(0, 8), max_size=3), st.integers(0, 8))
def test_exposure_flows_from_tier_to_tier(before, after, changed, node):
    now = [pair for pair in before if pair[0] not in changed] + [pair for pair in after if pair[0] in changed]
    fresh = as_array([pair for pair in after if pair[0] in changed])
    base = build(before, np.full(len(before), 0.25))
    network = laid_over(base, np.array(sorted(changed), dtype=np.int64), fresh, np.full(len(fresh), 0.25))
    for down in (False, True):
        links = turned(now) if down else now
        tiers = {node: 0, **by_hand(links, node)}
        expected = {node: 1.0}
        for buyer in sorted(tiers, key=tiers.__getitem__):
            for start, end in links:
                if start == buyer and tiers[end] == tiers[buyer] + 1:
                    expected[end] = expected.get(end, 0) + expected[buyer] * 0.25
        reach = network.reach(node, exposure=True, down=down)
        told = {int(network.keys[place]): reach.exposure[place] for place in reach.places}
        assert told == pytest.approx({key: expected[key] for key in told})
        assert reach.sizes == tuple(np.bincount([t for t in tiers.values() if t])[1:])


@CALM
@given(PAIRS, st.integers(0, 30))
def test_cycles_are_shown_and_end(pairs, node):
    found = cycles(build(pairs), node, limit=20)
    links = set(pairs)
    for cycle in found:
        assert cycle[0] == cycle[-1] == node
        assert len(set(cycle)) == len(cycle) - 1 > 1
        assert all(link in links for link in pairwise(cycle))
    assert bool(found) == bool(in_cycles(build(pairs), node).size)


@CALM
@given(PAIRS, st.integers(1, 10**12))
def test_keys_may_lie_far_apart(pairs, gap):
    far = [(buyer * gap, supplier * gap) for buyer, supplier in pairs]
    assert build(far).upstream(5 * gap) == {key * gap: tier for key, tier in by_hand(pairs, 5).items()}


def test_a_cycle_ends_and_nobody_supplies_themselves():
    network = build([(1, 2), (2, 3), (3, 1), (2, 2), (1, 2)])
    assert network.upstream(1) == {2: 1, 3: 2}
    assert cycles(network, 1) == [(1, 2, 3, 1)]
    assert len(cycles(build([(0, n) for n in range(1, 20)] + [(n, 0) for n in range(1, 20)]), 0)) == 10


def test_no_links_and_unknown_nodes():
    assert build([]).upstream(1) == {}
    assert build(iter([(1, 2)])).upstream(9) == {}
    network = build([(1, 2)])
    assert network.upstream(2) == {}
    assert paths(network, 1, 9) == paths(network, 2, 1) == paths(network, 1, 1) == cycles(network, 9) == []


def test_only_rows_that_may_be_followed():
    network = build([(1, 2), (2, 3), (1, 4), (4, 5)])
    through = np.isin(network.keys, [1, 2])
    assert network.reach(1, through=through).sizes == (2, 1)
    assert network.reach(3, through=through, down=True).sizes == (1, 1)
    assert network.reach(5, through=through, down=True).sizes == ()


def test_weights_add_up_per_tier():
    network = build([(1, 2), (1, 3), (2, 4)])
    assert network.reach(1).per_tier(network.keys).tolist() == [5, 4]


def test_an_array_is_taken_as_it_is():
    assert build(np.array([[7, 8], [8, 9]])).upstream(7) == {8: 1, 9: 2}


def test_a_long_chain():
    assert build([(n, n + 1) for n in range(1000)]).upstream(0)[1000] == 1000


@CALM
@given(
    PAIRS,
    PAIRS,
    st.sets(st.integers(0, 35), max_size=8),
    st.lists(st.integers(0, 35), max_size=64),
    st.integers(1, 9),
)
def test_many_at_once_are_what_each_is_alone(before, after, changed, foci, tiers):
    base = build(before)
    fresh = as_array([pair for pair in after if pair[0] in changed])
    for network in (base, laid_over(base, np.array(sorted(changed), dtype=np.int64), fresh)):
        odd = network.keys % 2 == 1
        for focus, told in zip(foci, sizes_of(network, foci, tiers=tiers, masks=[odd]), strict=True):
            alone = network.reach(focus, tiers=tiers)
            assert tuple(told.sizes) == alone.sizes
            assert told.of(0) == alone.per_tier(odd).tolist()
