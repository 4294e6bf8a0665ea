"""Tiers, weak links, ways and losses as one reader may read them: the same for pages, sheets and programs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from certification.chain.loss import Loss
from certification.chain.named import Reader, names
from certification.chain.status import State
from certification.chain.tally import ENOUGH
from certification.chain.tiers import Depth, Tier
from suppliers.enterprise.models import Enterprise
from suppliers.supply.models import SupplyLink
from suppliers.supply.paths import cycles, in_cycles, paths

WEAKEST = 30
PUSHED = (1, 5, 10, WEAKEST)
CYCLES = 5
WAYS = 5


@dataclass(frozen=True)
class Line:
    """One tier as a reader may read it; ``spend`` is None where it may not be told, or where none is known."""

    tier: Tier
    spend: float | None

    @property
    def states(self) -> list[tuple[State, int]]:
        """How many stand in each state, the best first."""
        return [(state, self.tier.states[state]) for state in State if state in self.tier.states]


@dataclass(frozen=True)
class Step:
    """An enterprise on a way: how it may be called, and its key where it is named."""

    name: str
    key: int | None


@dataclass(frozen=True)
class OnAWay:
    """Who stands at the end of a way, as its reader may call it."""

    way: list[Step]
    """From the enterprise asked about to this one."""

    @property
    def name(self) -> str:
        """How it may be called."""
        return self.way[-1].name

    @property
    def key(self) -> int | None:
        """Its key where it is named."""
        return self.way[-1].key

    @property
    def between(self) -> list[Step]:
        """The steps between the two."""
        return self.way[1:-1]


@dataclass(frozen=True)
class Weak(OnAWay):
    """A supplier that is not green and how much passes through it."""

    tier: int
    state: State
    exposure: float
    exact: bool
    violation: bool
    refused: bool

    @property
    def band(self) -> str:
        """The exposure in words, where the figures belong to others."""
        return band_words(self.exposure)


@dataclass(frozen=True)
class Single:
    """A material that only one supplier brings."""

    material: str
    supplier: Enterprise


@dataclass(frozen=True)
class WhatIf:
    """The shares, 0 to 1, if so many of the weakest links were green; ``spend`` as in ``Line``."""

    count: int
    number: float
    spend: float | None


def band_words(exposure: float) -> str:
    """A band of exposure by its lower end."""
    if not exposure:
        return _("under 1 %")
    return _("at least 10 %") if exposure >= 0.1 else _("1 to 10 %")  # noqa: PLR2004 - the bands of ``named``


def lines(reader: Reader) -> list[Line]:
    """Each tier, then all together."""
    depth = reader.depth
    tiers = [*depth.tiers, depth.whole] if depth.tiers else []
    return [Line(tier, tier.green_spend_share if reader.spend_share(tier.number) else None) for tier in tiers]


def weakest(reader: Reader, limit: int = WEAKEST) -> list[Weak]:
    """The suppliers that are not green, the highest exposure first."""
    return rows_of(reader, reader.depth.weakest(limit).tolist())


def rows_of(reader: Reader, places: list[int]) -> list[Weak]:
    """Suppliers with what they hold, the way to them and how much passes through them, as the reader may read it."""
    depth, found = reader.depth, []
    ways = ways_of(reader, [depth.way(place) for place in places])
    for place, way in zip(places, ways, strict=True):
        exposure, exact = reader.exposure(place)
        found.append(
            Weak(
                way=way,
                tier=int(depth.reach.tier_of[place]),
                state=depth.state(place),
                exposure=exposure,
                exact=exact,
                violation=depth.violation(place),
                refused=depth.refused(place) and not reader.is_member,
            )
        )
    return found


def if_certified(reader: Reader) -> list[WhatIf]:
    """How green all tiers together would be if the weakest links were; nothing changes.

    By spend only where the step from one figure to the next tells the share of no single supplier that is others'.
    """
    depth, found, before = reader.depth, [], 0
    weak = depth.weakest(max(PUSHED))
    whole = depth.whole
    known = whole.exposure > 0 and reader.spend_share(0)
    for count in sorted({min(each, len(weak)) for each in PUSHED} - {0}):
        own = all(reader.exposure(place)[1] for place in weak[before:count].tolist())
        told = known and (own or count - before >= ENOUGH)
        before = count if told else before
        gained = float(depth.reach.exposure[weak[:count]].sum())
        spend = (whole.green_exposure + gained) / whole.exposure if told else None
        found.append(WhatIf(count, (whole.green + count) / whole.suppliers, spend))
    return found


def ways_of(reader: Reader, ways: list[list[int]]) -> list[list[Step]]:
    """Ways of places as steps that may be read."""
    called = names(reader, sorted({place for way in ways for place in way}))
    return [[Step(called[place].name, called[place].key) for place in way] for way in ways]


def ways_to(reader: Reader, other: Enterprise) -> list[list[Step]]:
    """The shortest ways to another enterprise; none where the reader does not see that it is in the chain."""
    depth = reader.depth
    place = depth.network.place(other.pk)
    if place is None or depth.reach.tier_of[place] <= 0 or not reader.sees(place):
        return []
    found = paths(depth.network, depth.key, other.pk, limit=WAYS)
    return ways_of(reader, [_places(depth, way) for way in found])


def cycles_of(reader: Reader) -> tuple[int, list[list[Step]]]:
    """How many enterprises stand both above and below, and the shortest ways that come back."""
    depth = reader.depth
    touched = len(in_cycles(depth.network, depth.key))
    ways = [_places(depth, way) for way in cycles(depth.network, depth.key, limit=CYCLES)] if touched else []
    within = [way for way in ways if all(depth.reach.tier_of[place] for place in way)]
    return touched, ways_of(reader, within)


def singles(reader: Reader, buyer: Enterprise) -> list[Single]:
    """Materials that only one direct supplier brings, by name."""
    links = (
        SupplyLink.objects.current()
        .visible_to(reader.user)
        .filter(buyer=buyer, kind=SupplyLink.Kind.SUPPLIES)
    )
    by_material: dict[str, dict[int, Enterprise]] = {}
    for link in links.exclude(material="").select_related("supplier"):
        by_material.setdefault(link.material, {})[link.supplier_id] = link.supplier
    return [
        Single(material, next(iter(each.values())))
        for material, each in sorted(by_material.items())
        if len(each) == 1
    ]


def hit(reader: Reader, limit: int = WEAKEST) -> list[Weak]:
    """The buyers that a loss hits hardest."""
    depth = reader.depth
    places = depth.most(limit).tolist()
    ways = ways_of(reader, [depth.way(place) for place in places])
    told = [reader.exposure(place) for place in places]
    return [
        Weak(
            way,
            int(depth.reach.tier_of[place]),
            depth.state(place),
            *exposure,
            violation=False,
            refused=False,
        )
        for place, way, exposure in zip(places, ways, told, strict=True)
    ]


def loss_told(reader: Reader, loss: Loss) -> Mapping[str, Any]:
    """The figures of a loss; spend belongs to the buyers, so it is told to those who read by authority."""
    return {
        "buyers": loss.depth.whole.suppliers,
        "direct": loss.links,
        "known": loss.known,
        "spend": None if reader.is_member else loss.spend,
        "applications": loss.applications,
        "titles": loss.titles,
        "tiers": [
            {"tier": tier.number, "buyers": tier.suppliers, "hard": hard}
            for tier, hard in zip(loss.depth.tiers, loss.hard, strict=True)
        ],
    }


def _places(depth: Depth, keys: Iterable[int]) -> list[int]:
    found = [depth.network.place(key) for key in keys]
    return [place for place in found if place is not None]
