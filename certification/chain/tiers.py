"""How deep a chain is green: tier by tier, by number, by spend and by output; what is weak, and who would be hit.

Each supplier stands once, in its nearest tier. Spend flows from tier to tier: a supplier's *exposure* is the share of
the enterprise's purchases that passes through it, the product of the shares of purchases along each way, added up over
all ways. Links sideways and back carry nothing further, so cycles end and nothing is counted twice.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from certification.chain.marks import CODES, REFUSED, STATES, VIOLATION, Marks, marks
from certification.chain.status import State
from suppliers.supply import live
from suppliers.supply.network import Network, Reach
from suppliers.supply.rows import Places

DEEPEST = 6
"""So many tiers are looked at where nobody asks for another number."""
LIMIT = 30
"""So many tiers at most."""
GREEN = CODES[State.GREEN]
Sums = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier, or all together (``number`` 0)."""

    number: int
    suppliers: int
    states: Mapping[State, int]
    exposure: float
    green_exposure: float
    output: float
    green_output: float
    violations: int

    @property
    def green(self) -> int:
        """Suppliers that are green; partly green ones are not."""
        return self.states.get(State.GREEN, 0)

    @property
    def green_share(self) -> float | None:
        """0 to 1, by number."""
        return self.green / self.suppliers if self.suppliers else None

    @property
    def green_spend_share(self) -> float | None:
        """0 to 1, by the spend that passes through the tier; None where no spend is known."""
        return self.green_exposure / self.exposure if self.exposure > 0 else None

    @property
    def green_output_share(self) -> float | None:
        """0 to 1, by output; None where none is reported."""
        return self.green_output / self.output if self.output > 0 else None


@dataclass(frozen=True)
class Depth:
    """What stands above (or below) one enterprise, as arrays; the tiers' figures are worked out from them."""

    key: int
    network: Network
    reach: Reach
    held: Marks
    down: bool = False
    whole: Tier = field(init=False)
    tiers: tuple[Tier, ...] = field(init=False)

    def __post_init__(self) -> None:
        count, places = len(self.reach.sizes), self.reach.places
        slot = (self.reach.tier_of[places].astype(np.intp) - 1) * len(STATES) + self.held.state[places]

        def table(weights: NDArray[Any] | None = None) -> NDArray[Any]:
            """The sum of a weight by tier and state."""
            found = np.bincount(slot, None if weights is None else weights[places], count * len(STATES))
            return found.reshape(count, len(STATES))

        sums = (
            table(),
            table(self.reach.exposure),
            table(self.held.output),
            table(self.held.against & VIOLATION),
        )
        tiers = tuple(_tier(number + 1, *(each[number] for each in sums)) for number in range(count))
        object.__setattr__(self, "tiers", tiers)
        object.__setattr__(self, "whole", _tier(0, *(each.sum(axis=0) for each in sums)))

    def weakest(self, limit: int = DEEPEST) -> Places:
        """The places that are not green, the highest exposure first; without known spend the nearest tier first."""
        weak = np.flatnonzero((self.reach.tier_of > 0) & (self.held.state != GREEN))
        order = np.lexsort((weak, self.reach.tier_of[weak], -self.reach.exposure[weak]))
        return weak[order[:limit]].astype(np.int32)

    def most(self, limit: int) -> Places:
        """The places with the highest exposure, whatever they hold."""
        found = self.reach.places
        order = np.lexsort((found, self.reach.tier_of[found], -self.reach.exposure[found]))
        return found[order[:limit]]

    def state(self, place: int) -> State:
        """What stands at a place."""
        return STATES[int(self.held.state[place])]

    def violation(self, place: int) -> bool:
        """A confirmed record stands against it."""
        return bool(self.held.against[place] & VIOLATION)

    def refused(self, place: int) -> bool:
        """An application was refused."""
        return bool(self.held.against[place] & REFUSED)

    def before(self, place: int) -> int:
        """The place, one tier nearer, through which most of its exposure comes."""
        parts = self.network.ends(np.array([place], dtype=np.int32), down=not self.down)
        ends = np.unique(np.concatenate([*parts]))
        tier = int(self.reach.tier_of[place])
        nearer = ends[self.reach.tier_of[ends] == (tier - 1 or -1)]
        return int(nearer[np.argmax(self.reach.exposure[nearer])])

    def way(self, place: int) -> list[int]:
        """Places from the enterprise itself to ``place``, through which most of its exposure comes."""
        found = [place]
        while self.reach.tier_of[found[0]] > 0:
            found.insert(0, self.before(found[0]))
        return found

    def at_least(self, share: float) -> NDArray[np.int64]:
        """How many of each tier stand at ``share`` of exposure or more."""
        return self.reach.per_tier(self.reach.exposure >= share).astype(np.int64)


def depth_of(key: int, *, tiers: int = DEEPEST, day: dt.date | None = None, down: bool = False) -> Depth:
    """The suppliers above an enterprise (``down``: the buyers that depend on it), as they stand on ``day`` (today)."""
    network = live.network(day)
    reach = network.reach(key, tiers=min(tiers, LIMIT), exposure=True, down=down)
    return Depth(key, network, reach, marks(day).on(network), down)


def _tier(number: int, states: Sums, exposure: Sums, output: Sums, violations: Sums) -> Tier:
    """One tier from its sums by state."""
    return Tier(
        number=number,
        suppliers=int(states.sum()),
        states={state: int(count) for state, count in zip(STATES, states, strict=True) if count},
        exposure=float(exposure.sum()),
        green_exposure=float(exposure[GREEN]),
        output=float(output.sum()),
        green_output=float(output[GREEN]),
        violations=int(violations.sum()),
    )
