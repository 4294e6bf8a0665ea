"""The way to 40 %: the line so far, what is in flight, and the counts that the ministry published."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db.models import Max, Q, Sum

from certification.application.models import Application
from certification.progress.shares import MILLIONS, TARGET, TARGET_YEAR, Share, nation, shares
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from greenchain.clock import today
from suppliers.reporting.models import RegionYear, SiteYear

IN_FLIGHT = [
    Status.SUBMITTED,
    Status.EVALUATION,
    Status.EXAMINATION,
    Status.PANEL,
    Status.SELECTION,
    Status.NOTICE,
    Status.DECISION,
]
LOST = [Status.REFUSED, Status.REJECTED, Status.NOT_SELECTED, Status.LAPSED]
BASELINE = Path(__file__).parent / "data" / "baseline.toml"


def stamp() -> tuple[int, dt.date]:
    """Changes whenever a figure may have: every change of a title or a report leaves an entry."""
    return AuditEntry.objects.aggregate(last=Max("id"))["last"] or 0, today()


def years() -> list[int]:
    """Years for which a region's output is known, newest first."""
    found = RegionYear.objects.filter(scope=RegionYear.ABOVE_SCALE_MANUFACTURING).values_list(
        "year", flat=True
    )
    return sorted(set(found), reverse=True)


@dataclass(frozen=True, slots=True)
class Outlook:
    """A place's line: one share per year, oldest first, and the forecast for the target year."""

    line: tuple[Share, ...]
    forecast: Decimal | None

    @property
    def latest(self) -> Share | None:
        """The newest year's share."""
        return self.line[-1] if self.line else None

    def series(self) -> list[dict[str, Any]]:
        """Rows for the chart."""
        return [
            {"year": one.year, "national": one.national, "provincial": one.provincial, "any": one.any}
            for one in self.line
        ]

    def target(self) -> dict[str, Any]:
        """The goal and the forecast, for the chart."""
        return {"share": TARGET, "year": TARGET_YEAR, "forecast": self.forecast}


def outlook(region: str = "") -> Outlook:
    """The nation's line, or a region's; computed once per state of the record."""
    return _outlook(region, stamp())


@lru_cache(maxsize=128)
def _outlook(region: str, _stamp: tuple[int, dt.date]) -> Outlook:
    digits = 2 if region.endswith("0000") else 4
    line = []
    for year in reversed(years()):
        found = shares(year, digits=digits, within=region[:digits]) if region else [nation(year)]
        line += [one for one in found if one.output and one.region == (region or None)]
    return Outlook(tuple(line), _forecast(line[-1], region[:digits] if region else "") if line else None)


def _forecast(latest: Share, within: str) -> Decimal | None:
    """The latest share if the cases in flight are granted at the rate of those decided so far."""
    if not latest.output or latest.any is None:
        return None
    granted = Application.objects.filter(status=Status.GRANTED).count()
    decided = granted + Application.objects.filter(status__in=LOST).count()
    rate = Decimal(granted) / decided if decided else Decimal(0)
    flying = Application.objects.filter(status__in=IN_FLIGHT, level=1, site__region__code__startswith=within)
    reports = SiteYear.objects.filter(Q(site__in=flying.values("site")), year=latest.year)
    output = (reports.aggregate(total=Sum("gross_output"))["total"] or Decimal(0)) / MILLIONS
    return latest.any + 100 * output * rate / latest.output


@lru_cache(maxsize=1)
def baseline() -> dict[str, Any] | None:
    """What the ministry published, with its source: shown apart from our own counts."""
    return tomllib.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else None
