"""Whose purchases are looked at: the buyers of an official's territory, of a part of it, of one industry there."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from suppliers.place.models import Authority, Industry, Level, Region
from suppliers.supply.places import Codes, Places
from suppliers.supply.rows import Mask

REGION, INDUSTRY = "region", "industry"
CODES = 1_000_000
"""Region codes have six digits."""
PROVINCES, PREFECTURES, COUNTIES = 10_000, 100, 1
"""What the last digits of a region's code are worth that do not name the group it is counted in."""
STRAIGHT = 90
"""Third and fourth digit of county-level units run by their province: each is a group of its own."""


@dataclass(frozen=True)
class Scope:
    """The buyers looked at: those of the authority's territory, or fewer."""

    authority: Authority
    region: Region | None = None
    industry: Industry | None = None
    """A division of GB/T 4754."""

    @property
    def step(self) -> int:
        """Which regions the inside is told by: the next ones below the place."""
        if self.region is not None:
            return PREFECTURES if self.region.kind == Region.Kind.PROVINCE else COUNTIES
        if self.authority.rank == Level.NATIONAL:
            return PROVINCES
        return PREFECTURES if self.authority.kind == Authority.Kind.PROVINCE else COUNTIES

    @cached_property
    def inside(self) -> Mask:
        """By code whether a region lies inside; 0 stands for abroad and not known, which the nation answers for."""
        national = self.authority.rank == Level.NATIONAL
        if national and self.region is None:
            return np.ones(CODES, dtype=np.bool_)
        regions = Region.objects.all() if self.region is None else Region.objects.within(self.region)
        if not national:
            regions = regions.filter(desk__in=Authority.objects.under(self.authority))
        found = np.zeros(CODES, dtype=np.bool_)
        found[[int(code) for code in regions.values_list("pk", flat=True)]] = True
        return found

    def buyers(self, where: Places, size: int) -> Mask:
        """By key whether an enterprise is one of the buyers."""
        found: Mask = self.inside[where.by_key("region", size)]
        if self.industry is not None:
            found &= where.by_key("industry", size) == int(self.industry.code)
        return found

    def groups(self, where: Places, size: int, by: str) -> Codes:
        """By key the region or industry that an enterprise is counted in: inside by parts, outside by provinces."""
        if by == INDUSTRY:
            return where.by_key("industry", size)
        codes = where.by_key("region", size)
        near = codes if self.step == COUNTIES else codes // self.step * self.step
        if self.step == PREFECTURES:
            near = np.where(codes // PREFECTURES % 100 == STRAIGHT, codes, near)
        found: Codes = np.where(self.inside[codes], near, codes // PROVINCES * PROVINCES).astype(np.int32)
        return found


def named(codes: list[int], by: str) -> dict[int, Region | Industry | None]:
    """The regions or industries of these groups; None for 0."""
    if by == INDUSTRY:
        industries = Industry.objects.in_bulk([f"{code:02}" for code in codes if code])
        return {code: industries.get(f"{code:02}") for code in codes}
    regions = Region.objects.in_bulk([f"{code:06}" for code in codes if code])
    return {code: regions.get(f"{code:06}") for code in codes}
