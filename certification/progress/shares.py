"""The share of output from green factories against 40 % by 2030.

The written rule (reference: the ministry's wording of 2025-10-31; written in ``docs/architecture.md``):
a site counts once, at its highest level in force on the day; its output counts in its own region,
numerator and denominator alike; a title counts from its announcement date while a spell covers the day;
titles that are not linked to a site count in the register and in coverage, never in the share.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, Substr

from certification.designation.models import Designation
from greenchain.clock import today
from suppliers.place.models import Level
from suppliers.reporting.models import RegionYear, SiteYear

TARGET = Decimal(40)
TARGET_YEAR = 2030
MILLIONS = Decimal(10000)
"""10,000 CNY in 100 million CNY: site-years are in the first unit, region-years in the second."""
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Share:
    """A region's green output and whole output in a year, 100 million CNY; shares in percent or None."""

    region: str | None
    year: int
    output: Decimal | None
    estimated: bool
    source: str
    national_output: Decimal
    provincial_output: Decimal
    any_output: Decimal
    export: Decimal
    titled: int
    reported: int

    @property
    def national(self) -> Decimal | None:
        """Percent from sites titled nationally."""
        return self._of(self.national_output)

    @property
    def provincial(self) -> Decimal | None:
        """Percent from sites titled provincially or nationally."""
        return self._of(self.provincial_output)

    @property
    def any(self) -> Decimal | None:
        """Percent from sites titled at any level."""
        return self._of(self.any_output)

    @property
    def coverage(self) -> Decimal | None:
        """Percent of titled sites that reported the year."""
        return None if not self.titled else Decimal(100) * self.reported / self.titled

    @property
    def export_share(self) -> Decimal | None:
        """Percent of the green output that was exported."""
        return None if not self.any_output else 100 * self.export / self.any_output

    def _of(self, green: Decimal) -> Decimal | None:
        return None if not self.output else 100 * green / self.output


def highest_level(day: dt.date) -> Subquery:
    """The highest level at which the outer site-year's site holds a site title on ``day``."""
    held = Designation.objects.in_force(day).filter(site=OuterRef("site"))
    return Subquery(held.order_by("-level").values("level")[:1])


def green_output(year: int, day: dt.date | None = None) -> QuerySet[SiteYear]:
    """The year's site-years of titled sites, each row once, with its ``top`` level."""
    return (
        SiteYear.objects.filter(year=year)
        .annotate(top=highest_level(day or as_of(year)))
        .filter(top__isnull=False)
    )


def as_of(year: int) -> dt.date:
    """The day on which a year is counted: its end, or today while it runs and after."""
    return min(dt.date(year, 12, 31), today())


def shares(year: int, *, digits: int, within: str = "", day: dt.date | None = None) -> list[Share]:
    """One share per region that has an output figure: ``digits`` of the region code, 0 nation, 2 provinces, 4 cities.

    ``within`` keeps the regions whose code starts with it. Three queries, whatever the number of regions.
    """
    day = day or as_of(year)
    greens = _greens(year, day, digits, within)
    titled = _titled(day, digits, within)
    return [
        _share(row, greens.get(row.region_id[:digits] if digits else "", {}), titled)
        for row in _denominators(year, digits, within)
    ]


def nation(year: int, day: dt.date | None = None) -> Share:
    """The nation's share: all sites over the sum of the provinces' output."""
    rows = shares(year, digits=2, day=day)
    outputs = [row.output for row in rows if row.output is not None]
    greens = _greens(year, day or as_of(year), 0, "").get("", {})
    titled, reported = _titled(day or as_of(year), 0, "").get("", 0), greens.get("sites", 0)
    return Share(
        region=None,
        year=year,
        output=sum(outputs, ZERO) or None,
        estimated=any(row.estimated for row in rows),
        source="; ".join(sorted({row.source for row in rows})),
        titled=titled,
        reported=int(reported),
        **_outputs(greens),
    )


def _denominators(year: int, digits: int, within: str) -> Iterable[RegionYear]:
    zeros = "0" * (6 - digits)
    rows = RegionYear.objects.filter(
        year=year, scope=RegionYear.ABOVE_SCALE_MANUFACTURING, region__code__startswith=within
    )
    rows = rows.filter(region__code__endswith=zeros) if digits else rows.none()
    if digits == 4:  # noqa: PLR2004 - four digits name a city; provinces end in four zeros
        rows = rows.exclude(region__code__endswith="0000")
    return rows.order_by("region_id")


def _greens(year: int, day: dt.date, digits: int, within: str) -> dict[str, dict[str, Decimal | int]]:
    rows = green_output(year, day).filter(site__region__code__startswith=within, site__above_scale=True)
    total = Coalesce(Sum("gross_output"), ZERO, output_field=DecimalField())
    grouped = rows.annotate(area=Substr("site__region__code", 1, digits)) if digits else rows
    found: dict[str, dict[str, Decimal | int]] = {}
    keys = ("area", "top") if digits else ("top",)
    for row in grouped.values(*keys).annotate(
        output=total,
        exported=Coalesce(Sum("export_value"), ZERO, output_field=DecimalField()),
        sites=Count("pk", filter=Q(gross_output__isnull=False)),
    ):
        area = found.setdefault(row.get("area", ""), {"sites": 0, "export": ZERO})
        area[f"level{row['top']}"] = row["output"] / MILLIONS
        area["export"] += row["exported"] / MILLIONS
        area["sites"] += row["sites"]
    return found


def _titled(day: dt.date, digits: int, within: str) -> dict[str, int]:
    """Sites with a title in force on the day, per area."""
    titles = Designation.objects.in_force(day).filter(
        site__isnull=False, site__region__code__startswith=within
    )
    if not digits:
        return {"": titles.values("site").distinct().count()}
    grouped = titles.annotate(area=Substr("site__region__code", 1, digits)).values("area")
    return {row["area"]: row["sites"] for row in grouped.annotate(sites=Count("site", distinct=True))}


def _outputs(greens: dict[str, Decimal | int]) -> dict[str, Decimal]:
    by_level = [Decimal(greens.get(f"level{level.value}", ZERO)) for level in reversed(Level)]
    top, second, third, *_rest = by_level
    return {
        "national_output": top,
        "provincial_output": top + second,
        "any_output": top + second + third,
        "export": Decimal(greens.get("export", ZERO)),
    }


def _share(row: RegionYear, greens: dict[str, Decimal | int], titled: dict[str, int]) -> Share:
    digits = 2 if row.region_id.endswith("0000") else 4
    return Share(
        region=row.region_id,
        year=row.year,
        output=row.gross_output,
        estimated=row.estimated,
        source=row.source,
        titled=titled.get(row.region_id[:digits], 0),
        reported=int(greens.get("sites", 0)),
        **_outputs(greens),
    )
