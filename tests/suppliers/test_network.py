"""Tiers upstream, against a search that goes node by node."""

from collections import deque

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from suppliers.supply.network import build

PAIRS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=120)


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


@given(PAIRS, st.integers(0, 31), st.none() | st.integers(0, 4))
def test_every_supplier_has_its_nearest_tier(pairs, node, tiers):
    assert build(pairs).upstream(node, tiers=tiers) == by_hand(pairs, node, tiers)


@given(PAIRS, st.integers(1, 10**12))
def test_keys_may_lie_far_apart(pairs, gap):
    far = [(buyer * gap, supplier * gap) for buyer, supplier in pairs]
    assert build(far).upstream(5 * gap) == {key * gap: tier for key, tier in by_hand(pairs, 5).items()}


def test_a_cycle_ends_and_nobody_supplies_themselves():
    network = build([(1, 2), (2, 3), (3, 1), (2, 2), (1, 2)])
    assert network.upstream(1) == {2: 1, 3: 2}


def test_no_links_and_unknown_nodes():
    assert build([]).upstream(1) == {}
    assert build(iter([(1, 2)])).upstream(9) == {}
    assert build([(1, 2)]).upstream(2) == {}


def test_an_array_is_taken_as_it_is():
    assert build(np.array([[7, 8], [8, 9]])).upstream(7) == {8: 1, 9: 2}


def test_a_long_chain():
    assert build([(n, n + 1) for n in range(1000)]).upstream(0)[1000] == 1000
