"""Whose name a reader may read in a chain: where the way to it goes through links that the reader sees, and no further.

Beyond, an enterprise is "a supplier of X", unless it consents to be named to the buyers above it. The figures count
everybody all the same.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from certification.chain.tally import ENOUGH
from certification.chain.tiers import Depth
from greenchain.accounts.models import Role
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import desk_scope, member_of
from suppliers.place.models import Level
from suppliers.sharing.models import Consent
from suppliers.supply.models import SupplyLink
from suppliers.supply.rows import Integers, Mask

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from greenchain.accounts.models import User

BANDS = (0.1, 0.01, 0.0)


@dataclass
class Reader:
    """One person before one chain."""

    user: "User"
    depth: Depth
    consented: set[int] = field(default_factory=set)
    """Keys of enterprises whose names were told by consent alone: those who show them note that they were read."""

    @property
    def is_member(self) -> bool:
        """Reads as one of the enterprise's people, not by authority."""
        return self.user.role == Role.ENTERPRISE

    @property
    def sees_all(self) -> bool:
        """Reads for the nation."""
        authority = None if self.is_member else self.user.authority
        return authority is not None and authority.rank == Level.NATIONAL

    @cached_property
    def through(self) -> Mask:
        """The places of the buyers whose links the reader sees."""
        network = self.depth.network
        if self.sees_all:
            return np.ones(network.size, dtype=np.bool_)
        places = network.places(self._buyers())
        through = np.zeros(network.size, dtype=np.bool_)
        through[places[places >= 0]] = True
        return through

    @cached_property
    def seen(self) -> Mask:
        """The places whose names may be read."""
        if self.sees_all:
            return self.through
        if self.is_member and self.depth.down:
            return self._direct(self.through)
        reach = self.depth.network.reach(
            self.depth.key, tiers=len(self.depth.tiers), through=self.through, down=self.depth.down
        )
        return reach.tier_of != 0

    def consents(self) -> "QuerySet[Consent]":
        """What lets the buyer of this chain read names that are hidden from it; downwards nothing does."""
        naming = Consent.objects.naming([self.depth.key])
        return naming if self.is_member and not self.depth.down else naming.none()

    def sees(self, place: int) -> bool:
        """Whether the reader may know that this very enterprise is in the chain."""
        key = int(self.depth.network.keys[place])
        return bool(self.seen[place]) or self.consents().filter(enterprise=key).exists()

    def spend_share(self, tier: int) -> bool:
        """Whether the share by spend of a tier may be told: from ``ENOUGH`` figures that the reader does not see on."""
        if not self.is_member:
            return True
        direct = self._hidden == 0 or self._hidden >= ENOUGH
        if tier == 1:
            return direct
        sizes = self.depth.reach.sizes
        return sizes[tier - 1] >= ENOUGH if tier else direct and sum(sizes[1:]) not in range(1, ENOUGH)

    @cached_property
    def _hidden(self) -> int:
        """Figures of direct links that another party declared."""
        side = "supplier" if self.depth.down else "buyer"
        links = SupplyLink.objects.current().filter(**{side: self.depth.key})
        others = links.exclude(declared_by__in=member_of(self.user))
        return others.exclude(spend__isnull=True, share__isnull=True).count()

    def _buyers(self) -> Integers:
        """Keys of the buyers whose links the reader sees."""
        if self.is_member:
            return np.array(list(member_of(self.user)), dtype=np.int64)
        if self.user.authority is None:
            return np.zeros(0, dtype=np.int64)
        buyers = Enterprise.objects.filter(desk_scope(self.user.authority, "region"))
        return np.array(list(buyers.values_list("pk", flat=True)), dtype=np.int64)

    def _direct(self, own: Mask) -> Mask:
        seen = own.copy()
        for ends in self.depth.network.ends(np.flatnonzero(own).astype(np.int32), down=True):
            seen[ends] = True
        return seen

    def exposure(self, place: int) -> tuple[float, bool]:
        """The exposure of a place, and whether it is told exactly.

        To members only where it stands on their own figures alone: that of a direct supplier. Else a band is told (the
        answer is its lower end): the shares belong to those who declared them.
        """
        value = float(self.depth.reach.exposure[place])
        if not self.is_member:
            return value, True
        if int(self.depth.reach.tier_of[place]) == 1 and not self.depth.down and not self._hidden:
            return value, True
        return band_of(value), False


def band_of(value: float) -> float:
    """The lower end of the band that a share of 0 to 1 falls into."""
    return next(band for band in BANDS if value >= band)


class Called(NamedTuple):
    """How a reader may call an enterprise: its key where named, and the place that it is told to stand behind."""

    name: str
    key: int | None
    behind: int


def names(reader: Reader, places: list[int]) -> dict[int, Called]:
    """For each place how the reader may call it."""
    depth = reader.depth
    ways = {place: depth.way(place) for place in places}
    keys = {each: int(depth.network.keys[each]) for way in ways.values() for each in way}
    told_so = Exists(reader.consents().filter(enterprise=OuterRef("pk")))
    known = {row.pk: row for row in Enterprise.objects.filter(pk__in=keys.values()).annotate(told_so=told_so)}
    willing = {key for key, row in known.items() if getattr(row, "told_so", False)}
    told: dict[int, Called] = {}
    for place, way in ways.items():
        consented = [keys[each] in willing and not reader.seen[each] for each in way]
        named = [
            step
            for step in range(len(way))
            if step == 0 or consented[step] or _named_up_to(reader, way, step)
        ]
        last, before = named[-1], next((step for step in reversed(named) if step < len(way) - 1), 0)
        enterprise, steps = known[keys[way[last]]], len(way) - 1 - last
        if consented[last]:
            reader.consented.add(enterprise.pk)
        name = called(enterprise, steps, down=depth.down)
        told[place] = Called(name, enterprise.pk if not steps else None, way[before])
    return told


def _named_up_to(reader: Reader, way: list[int], step: int) -> bool:
    return all(bool(reader.seen[each]) for each in way[1 : step + 1])


def called(enterprise: Enterprise, steps: int, *, down: bool = False) -> str:
    """How somebody is called who stands so many steps beyond the last that may be named."""
    name = enterprise.shown_name
    if steps == 0:
        return name
    if steps == 1:
        return (_("a customer of %(name)s") if down else _("a supplier of %(name)s")) % {"name": name}
    beyond = (
        ngettext(
            "a customer, %(count)d tier beyond %(name)s", "a customer, %(count)d tiers beyond %(name)s", steps
        )
        if down
        else ngettext(
            "a supplier, %(count)d tier beyond %(name)s", "a supplier, %(count)d tiers beyond %(name)s", steps
        )
    )
    return beyond % {"name": name, "count": steps}
