"""Who stands above a supplier, how far away, how much depends on it and by which way: arrays in, arrays out.

The same figures as the tiers show (``certification.chain.tiers``), for thousands of buyers at once: ways are walked
back for all of them together, a tier at a time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from suppliers.supply.network import FOCUS, Network, Reach
from suppliers.supply.rows import Integers, Mask, Places

Ways = NDArray[np.int64]
"""Keys, one row per buyer: itself, then supplier by supplier; what is left over at the end is 0."""


@dataclass(frozen=True)
class Above:
    """Buyers above one supplier, the nearest first, then by exposure: keys, tiers, exposures (0 to 1) and ways."""

    keys: Integers
    tiers: NDArray[np.int16]
    exposures: NDArray[np.float64]
    ways: Ways

    def of(self, chosen: Mask) -> "Above":
        """Some of them."""
        return Above(self.keys[chosen], self.tiers[chosen], self.exposures[chosen], self.ways[chosen])


def above(network: Network, supplier: int, *, tiers: int, least: float, always: Integers) -> Above:
    """The direct buyers, those further up whose exposure is ``least`` or more, and of ``always`` whoever is reached."""
    reach = network.reach(supplier, tiers=tiers, down=True, exposure=True)
    wanted = (reach.tier_of == 1) | ((reach.tier_of > 1) & (reach.exposure >= least))
    known = network.places(always)
    known = known[known >= 0]
    wanted[known] |= reach.tier_of[known] > 0
    places = np.flatnonzero(wanted).astype(np.int32)
    order = np.lexsort((places, -reach.exposure[places], reach.tier_of[places]))
    places = places[order]
    return Above(
        network.keys[places], reach.tier_of[places], reach.exposure[places], _ways(network, reach, places)
    )


def _ways(network: Network, reach: Reach, places: Places) -> Ways:
    """For each place the way on which most of its exposure comes, up to the focus."""
    columns = [network.keys[places]]
    while (going := reach.tier_of[places] > 0).any():
        here, row = np.unique(places[going], return_inverse=True)
        places = places.copy()
        places[going] = _nearer(network, reach, here)[row]
        columns.append(np.where(going, network.keys[places], 0))
    return np.stack(columns, axis=1)


def _nearer(network: Network, reach: Reach, places: Places) -> Places:
    """For each place, all of which were reached, its supplier one tier nearer through which most comes."""
    tier_of = reach.tier_of
    rows, ends, flows = [], [], []
    for row, end, shares in network.edges(places):
        wanted = tier_of[places][row] - 1
        fits = tier_of[end] == np.where(wanted == 0, FOCUS, wanted)
        carried = reach.exposure[end] * (0.0 if shares is None else shares)
        rows.append(row[fits])
        ends.append(end[fits])
        flows.append(carried[fits])
    row, end, flow = (np.concatenate(each) for each in (rows, ends, flows))
    order = np.lexsort((end, -flow, row))
    _rows, first = np.unique(row[order], return_index=True)
    nearest: Places = end[order][first]
    return nearest
