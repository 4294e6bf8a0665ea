"""The score of regions and industries by life-cycle stage, from the run behind each title in force.

Each subject counts once, by its highest title in force that a case on this platform granted, with the last run
of that case. An area with fewer than three such titles is not told, so that nobody reads one factory out of it.
Titles of published lists have no run and do not count.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Substr

from certification.assessment.models import Assessment, IndicatorScore
from certification.assessment.stages import UNSCORED, StagePart, stage_of
from certification.designation.models import Designation
from certification.progress.outlook import stamp
from certification.scheme.models import Benchmark, Scheme, SchemeVersion
from suppliers.reporting.catalogue import STAGES

FEWEST = 3
REGION, INDUSTRY = "region", "industry"
BY = (REGION, INDUSTRY)
CASE = "assessment__application"
Cell = tuple[str, str]
DIVISION = 2
"""Digits of an industry's division in GB/T 4754."""


@dataclass(frozen=True, slots=True)
class Area:
    """A region, an industry or the whole: how many titles count, and the five stages."""

    key: str
    titles: int
    parts: tuple[StagePart, ...]

    @property
    def is_told(self) -> bool:
        """Whether enough titles count for the area to be shown."""
        return self.titles >= FEWEST

    @property
    def shares(self) -> list[Any]:
        """The five shares in order, one decimal."""
        return [None if part.share is None else round(part.share, 1) for part in self.parts]


@dataclass(frozen=True, slots=True)
class Picture:
    """A place as a whole and in parts; ``demo`` where benchmarks are demo figures; ``hidden`` areas are too small."""

    whole: Area
    areas: tuple[Area, ...]
    hidden: int
    demo: bool


@dataclass(frozen=True, slots=True)
class _Base:
    """Titles and stages by (beginning of the region's code, area), for the whole nation."""

    cells: Mapping[Cell, Area]
    demo: bool


def picture(scheme: Scheme, by: str, within: str = "") -> Picture:
    """A scheme's titles by region or industry, ``within`` regions whose code starts so.

    Five queries, whatever is asked; none for a second question about the same state of the record.
    """
    base = _base(scheme, by, stamp())
    digits = 4 if within else 2
    areas: dict[str, Area] = {}
    for (place, division), cell in base.cells.items():
        if place.startswith(within):
            key = place[:digits] if by == REGION else division
            areas[key] = _sum(key, [areas.get(key), cell])
    told = sorted(
        (area for area in areas.values() if area.is_told), key=lambda area: (-area.titles, area.key)
    )
    whole = _sum("", areas.values())
    return Picture(whole, tuple(told), len(areas) - len(told), base.demo)


def _sum(key: str, areas: Iterable[Area | None]) -> Area:
    parts = {stage: StagePart(stage) for stage in STAGES}
    titles = 0
    for area in areas:
        for part in area.parts if area else ():
            parts[part.key] += part
        titles += area.titles if area else 0
    return Area(key, titles, tuple(parts.values()))


@lru_cache(maxsize=32)
def _base(scheme: Scheme, by: str, _stamp: tuple[int, dt.date]) -> _Base:
    runs = _runs(scheme)
    sums = list(_sums(runs, by))
    versions = SchemeVersion.objects.in_bulk({row["version"] for row in sums})
    found: dict[Cell, dict[str, StagePart]] = {}
    for row in sums:
        stage = stage_of(versions[row["version"]].definition, row["code"])
        if stage:
            parts = found.setdefault((row["place"], row["area"]), {key: StagePart(key) for key in STAGES})
            parts[stage] += StagePart(stage, row["got"], row["open"], row["whole"])
    cells = {
        (row["place"], row["area"]): Area("", row["titles"], tuple(known.values()))
        for row in _counts(runs, by)
        if (known := found.get((row["place"], row["area"])))
    }
    demo = Benchmark.objects.filter(scheme_version__in=versions, demo=True).exists()
    return _Base(cells, demo)


def _runs(scheme: Scheme) -> Any:
    """The key of the run behind each subject's highest title in force."""
    granted = Designation.objects.in_force().filter(scheme=scheme, decision__isnull=False)
    same = {scheme.subject: OuterRef(scheme.subject)}
    higher = granted.filter(level__gt=OuterRef("level"), **same)
    last = Assessment.objects.filter(application=OuterRef("decision__application")).order_by("-number")
    titles = granted.filter(~Exists(higher), region__isnull=False)
    return titles.annotate(run=Subquery(last.values("pk")[:1])).values("run")


def _where(by: str, case: str) -> dict[str, Any]:
    """Where a case counts: its city, or its province and division; who owns a product or park speaks for it."""
    if by == REGION:
        return {"place": Substr(f"{case}__region__code", 1, 4), "area": Value("")}
    industry = Coalesce(f"{case}__site__industry", f"{case}__applicant__industry", Value(""))
    return {"place": Substr(f"{case}__region__code", 1, 2), "area": Substr(industry, 1, DIVISION)}


def _counts(runs: Any, by: str) -> Any:
    rows: Any = Assessment.objects.filter(pk__in=runs).annotate(**_where(by, "application"))
    return rows.values("place", "area").annotate(titles=Count("pk"))


def _sums(runs: Any, by: str) -> Any:
    scored: Any = IndicatorScore.objects.filter(assessment__in=runs).exclude(state__in=UNSCORED)
    grouped = scored.annotate(**_where(by, CASE), version=F("assessment__scheme_version"))
    awaiting = Coalesce(Sum("weight", filter=Q(state="awaiting")), Decimal(0), output_field=DecimalField())
    return grouped.values("place", "area", "version", "code").annotate(
        got=Sum("points"), whole=Sum("weight"), open=awaiting
    )
