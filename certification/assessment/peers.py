"""How sites of one industry and size compare: robust statistics, made each night, read by a check.

The median and the median absolute deviation bear up to half of the sites being wrong, which a mean and a
standard deviation do not. Of a site's industry the narrowest level counts that has enough sites.
"""

import datetime as dt
import math
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from certification.assessment.models import PeerFigure
from certification.assessment.plausibility import RULES
from greenchain.clock import now, today
from suppliers.place.models import Industry
from suppliers.reporting.models import SiteYear

ENOUGH = 10
"""So many other sites at least, before anything is said about one."""
FAR = 3.5
"""A modified z-score beyond this is an outlier (Iglewicz and Hoaglin 1993)."""
NORMAL = 0.6745
"""The upper quartile of the normal distribution, by which a MAD is read as a standard deviation."""
NARROWEST = NORMAL * math.log(2) / FAR
"""However alike the peers are, within half and twice their median nothing is odd (our rule)."""
STEPS = 20
"""Statistics are read in steps of a twentieth: five per cent, of a logarithm."""
KEPT = dt.timedelta(hours=20)
CHUNK = 2000

Key = tuple[str, str, str]
"""Industry code, class of size, ratio."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What a site is compared with; rounded, so that a night's small changes do not make every run stale."""

    industry: str
    size: str
    count: int
    middle: float
    spread: float

    @property
    def median(self) -> float:
        """The ratio in the middle."""
        return math.exp(self.middle)

    def distance(self, value: Decimal) -> float:
        """The modified z-score of a ratio: above zero where it is greater than most."""
        return NORMAL * (math.log(value) - self.middle) / max(self.spread, NARROWEST)


def survey_due() -> list[int]:
    """The years whose figures are compared and were not surveyed lately: the last one and the one before."""
    years = [today().year - 1, today().year - 2]
    fresh = PeerFigure.objects.filter(year__in=years, made_at__gte=now() - KEPT)
    done = set(fresh.values_list("year", flat=True).distinct())
    return [year for year in years if year not in done]


@transaction.atomic
def survey(year: int) -> int:
    """The statistics of a year stand as its reports say now; how many there are."""
    PeerFigure.objects.filter(year=year).delete()
    known = set(Industry.objects.values_list("pk", flat=True))
    rows = [
        PeerFigure(
            year=year, industry_id=industry, size=size, ratio=ratio, **dict(zip(FIGURES, found, strict=True))
        )
        for (industry, size, ratio), logs in _collected(year).items()
        if industry in known and (found := statistics(logs))
    ]
    PeerFigure.objects.bulk_create(rows, batch_size=1000)
    return len(rows)


FIGURES = ("count", "middle", "spread")


def statistics(logs: Iterable[float]) -> tuple[int, float, float]:
    """Count, median and median absolute deviation of logarithms."""
    values = np.fromiter(logs, dtype=np.float64)
    middle = float(np.median(values))
    return len(values), middle, float(np.median(np.abs(values - middle)))


def _collected(year: int) -> Mapping[Key, "array[float]"]:
    """The logarithms of every ratio, by industry (class, group and division), size and ratio."""
    found: dict[Key, array[float]] = defaultdict(lambda: array("d"))
    reports = SiteYear.objects.filter(year=year, site__industry__isnull=False)
    columns = reports.values_list("site__industry_id", "gross_output", "export_value", "values")
    for code, output, exported, values in columns.iterator(CHUNK):
        size = RULES.size_of(output)
        if size is None:
            continue
        figures = {**values, "gross_output": output, "export_value": exported}
        for key, value in ratios(figures):
            for length in range(len(code), 1, -1):
                found[(code[:length], size.key, key)].append(math.log(value))
    return found


def ratios(figures: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """The ratios that can be had from one site's figures."""
    for ratio in RULES.ratios.values():
        value = ratio.of(lambda key: _decimal(figures.get(key)))
        if value is not None:
            yield ratio.key, value


def _decimal(value: Any) -> Decimal | None:
    try:
        return None if value in {None, ""} else Decimal(value)
    except InvalidOperation:
        return None


def peer_rows(industry: Industry | None, year: int, output: Decimal | None) -> QuerySet[PeerFigure] | None:
    """The figures that a site of this industry and gross output may be compared with; None where there are none."""
    size = RULES.size_of(output)
    if industry is None or size is None:
        return None
    return PeerFigure.objects.filter(
        year=year, industry__in=industry.lineage(), size=size.key, count__gt=ENOUGH
    )


OF_A_PEER = ("ratio", "industry_id", "size", "count", "middle", "spread")


def nearest_peers(rows: Iterable[PeerFigure]) -> dict[str, Peer]:
    """What a site's ratios are compared with, by ratio: the narrowest industry with enough sites."""
    ranked = sorted(rows, key=lambda row: len(row.industry_id))
    return {
        row.ratio: Peer(
            row.industry_id, row.size, _about(row.count), _rounded(row.middle), _rounded(row.spread)
        )
        for row in ranked
    }


def _rounded(value: float) -> float:
    return round(value * STEPS) / STEPS


def _about(count: int) -> int:
    """A count to one digit: "more than 300"."""
    step = int(10 ** math.floor(math.log10(count)))
    return count // step * step
