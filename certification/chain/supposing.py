"""What if some suppliers were certified, or lost: the chain as it would be, before anything happens.

Nothing is stored. A share by spend after is told to members only where every supplier that was chosen stands there with
the members' own figures: else the step from before to after would tell the share of one supplier, which is others'.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from certification.application.models import Application
from certification.assessment.whatif import WhatIf, what_if
from certification.chain.named import Reader
from certification.chain.tiers import GREEN, Depth, Tier
from certification.chain.told import Line, Weak, lines, rows_of
from certification.scheme.subject import KEYS
from suppliers.supply.models import SupplyLink
from suppliers.supply.network import Reach
from suppliers.supply.rows import Mask, Places

if TYPE_CHECKING:
    from greenchain.accounts.models import User
    from suppliers.enterprise.models import Enterprise

OFFERED = 50
"""So many suppliers are offered to choose from."""
MOST = 20
"""So many may be chosen at once (ours)."""
TOTAL, GREENS = "suppliers_total", "suppliers_green"
NOBODY = Tier(0, 0, {}, 0.0, 0.0, 0.0, 0.0, 0)


class Supposing(StrEnum):
    """What is supposed of them."""

    CERTIFIED = "certified"
    LOST = "lost"


@dataclass(frozen=True)
class Change:
    """One tier, or all together, before and after."""

    before: Line
    after: Line


@dataclass(frozen=True)
class Supposed:
    """What would become of the chain. ``at_stake``: share of purchases that passes through direct suppliers lost."""

    changes: Sequence[Change]
    chosen: Places
    at_stake: float | None = None
    touched: int | None = None
    case: WhatIf | None = None


def offered(reader: Reader) -> list[Weak]:
    """Suppliers that are named to the reader: those that are not green first, the highest exposure first."""
    depth = reader.depth
    places = np.flatnonzero(_named(reader) & (depth.reach.tier_of > 0)).astype(np.int32)
    order = np.lexsort((places, -depth.reach.exposure[places], depth.held.state[places] == GREEN))
    return rows_of(reader, places[order[:OFFERED]].tolist())


def chosen(reader: Reader, keys: Collection[int]) -> Places:
    """The places of suppliers, of those that are named to the reader; others are left out."""
    depth = reader.depth
    places = depth.network.places(np.array(sorted(set(keys)), dtype=np.int64))
    known = places[places >= 0]
    return known[_named(reader)[known] & (depth.reach.tier_of[known] > 0)][:MOST]


def suppose(reader: Reader, places: Places, what: Supposing, *, buyer: "Enterprise") -> Supposed:
    """The chain as it would be."""
    depth = reader.depth
    exact = all(reader.exposure(place)[1] for place in places.tolist())
    if what is Supposing.CERTIFIED:
        after = _certified(depth, places)
        return Supposed(
            _changes(reader, after, lambda _tier: exact),
            places,
            case=_case(reader.user, buyer, depth, places, what),
        )
    after = _lost(depth, places)
    direct = places[depth.reach.tier_of[places] == 1]
    told = not reader.is_member
    return Supposed(
        _changes(reader, after, lambda tier: told or (exact and tier == 1)),
        places,
        at_stake=float(depth.reach.exposure[direct].sum()) if exact else None,
        touched=_touched(reader, places),
        case=_case(reader.user, buyer, depth, places, what),
    )


def _certified(depth: Depth, places: Places) -> Depth:
    state = depth.held.state.copy()
    state[places] = GREEN
    return Depth(depth.key, depth.network, depth.reach, replace(depth.held, state=state))


def _lost(depth: Depth, places: Places) -> Depth:
    """Without them, and without whatever stands behind them alone; the spend that is left keeps its shares."""
    through = np.ones(depth.network.size, dtype=np.bool_)
    through[places] = False
    reach = depth.network.reach(depth.key, tiers=len(depth.reach.sizes), exposure=True, through=through)
    reach.tier_of[places] = 0
    reach.exposure[places] = 0
    sizes = np.bincount(reach.tier_of[reach.tier_of > 0], minlength=1)[1:]
    left = Reach(reach.tier_of, tuple(int(size) for size in np.trim_zeros(sizes, "b")), reach.exposure)
    return Depth(depth.key, depth.network, left, depth.held)


def _changes(reader: Reader, after: Depth, told: Callable[[int], bool]) -> list[Change]:
    """Tier by tier, then all together; a tier that is gone is empty."""
    then = Reader(reader.user, after)
    rows = {line.tier.number: line for line in lines(then)}
    changes = []
    for line in lines(reader):
        number = line.tier.number
        other = rows.get(number) or Line(NOBODY, None)
        spend = other.spend if told(number) and line.spend is not None else None
        changes.append(Change(line, replace(other, spend=spend)))
    return changes


def _touched(reader: Reader, places: Places) -> int:
    """Buyers anywhere that depend on one of them; to members only those that depend on their own enterprise."""
    network = reader.depth.network
    starts = [reader.depth.key] if reader.is_member else network.keys[places].tolist()
    reached = np.zeros(network.size, dtype=np.bool_)
    for key in starts:
        reached |= network.reach(key, down=True).tier_of > 0
    return int(reached.sum())


def _case(user: "User", buyer: "Enterprise", depth: Depth, places: Places, what: Supposing) -> WhatIf | None:
    """The open case of the enterprise that counts its suppliers, as it would be scored."""
    cases = Application.objects.open().visible_to(user).filter(enterprise=buyer)
    case = cases.select_related("scheme_version__scheme", *KEYS).order_by("-pk").first()
    found = what_if(case) if case else None
    if found is None or not found.before.values.get(TOTAL):
        return None
    keys = depth.network.keys[places].tolist()
    links = SupplyLink.objects.current().suppliers_of(buyer).filter(kind=SupplyLink.Kind.SUPPLIES)
    direct = set(links.filter(supplier__in=keys).values_list("supplier_id", flat=True))
    green = {
        key for key, place in zip(keys, places.tolist(), strict=True) if depth.held.state[place] == GREEN
    }
    values = {key: Decimal(found.before.values.get(key) or 0) for key in (TOTAL, GREENS)}
    if what is Supposing.CERTIFIED:
        return found.with_(values={GREENS: values[GREENS] + len(direct - green)})
    lost = {TOTAL: values[TOTAL] - len(direct), GREENS: values[GREENS] - len(direct & green)}
    return found.with_(values={key: max(Decimal(0), value) for key, value in lost.items()})


def _named(reader: Reader) -> Mask:
    """The places whose enterprises the reader may know to be in the chain."""
    named = reader.seen.copy()
    willing = np.array(list(reader.consents().values_list("enterprise", flat=True)), dtype=np.int64)
    places = reader.depth.network.places(willing)
    named[places[places >= 0]] = True
    return named
