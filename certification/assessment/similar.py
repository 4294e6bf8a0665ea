"""A case beside similar ones: the same scheme version, the same industry division, the nearest in size.

Four queries, whatever there is: at most ``LOOKED_AT`` cases are looked at and ``NEAREST`` compared. Cases that
the reader may not see have no column and no name; they count in medians and ranks, and only from three of them on.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from certification.application.models import Application
from certification.assessment.guards import latest_run
from certification.assessment.models import Assessment, IndicatorScore
from certification.assessment.peers import FAR, NORMAL
from certification.scheme.definition import Indicator
from certification.workflow import Status
from suppliers.reporting.models import SiteYear

LOOKED_AT = 400
"""Cases among which the nearest are sought, the newest first."""
NEAREST = 20
SHOWN = 5
"""Cases with a column of their own."""
ENOUGH = 5
"""Values of others at least, before one is called an outlier (ours)."""
HIDDEN_FROM = 3
"""Cases that the reader may not see count from so many on."""
LEAST_SPREAD = 0.05
"""However alike the others are, within this share of their median nothing stands out (ours)."""
DIVISION = 2
"""Digits of a division of GB/T 4754."""


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator: this case, the others' median, the rank by points, and the cases shown."""

    indicator: Indicator
    value: Decimal | None
    points: Decimal | None
    middle: Decimal | None
    rank: int | None
    of: int
    stands_out: bool
    others: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Similar:
    """Everything that the page shows: ``shown`` cases in the order of nearness, ``hidden`` ones as a number."""

    shown: Sequence[Application]
    hidden: int
    compared: int
    division: str
    output: Decimal | None
    rows: Sequence[Row]


def similar_to(application: Application, user: Any) -> Similar:
    """The case beside those nearest to it, as this reader may see them."""
    division, output = _division(application), _output(application)
    keys = _nearest(application, division, output)
    seen = {case.pk: case for case in _seen(user, keys)}
    hidden = [key for key in keys if key not in seen]
    counted = [key for key in keys if key in seen or len(hidden) >= HIDDEN_FROM]
    shown = [seen[key] for key in keys if key in seen][:SHOWN]
    run = latest_run(application)
    own = {row.code: row for row in run.scores.all()} if run else {}
    scores = _scores(counted)
    rows = [
        _row(
            item,
            own.get(item.code),
            [scores.get(key, {}) for key in counted],
            [scores.get(case.pk, {}) for case in shown],
        )
        for item in application.scheme_version.definition.indicators
    ]
    return Similar(shown, len(counted) - len(seen), len(counted), division, output, rows)


def _division(application: Application) -> str:
    site = application.site
    return (site.industry_id or "")[:DIVISION] if site is not None else ""


def _output(application: Application) -> Decimal | None:
    reports = SiteYear.objects.filter(site=application.site_id, year=application.year)
    return reports.values_list("gross_output", flat=True).first() if application.site_id else None


def _nearest(application: Application, division: str, output: Decimal | None) -> list[int]:
    """The keys of the cases compared, the nearest in output first; without outputs the newest first."""
    outputs = SiteYear.objects.filter(site=OuterRef("site"), year=OuterRef("year")).values("gross_output")[:1]
    found = (
        Application.objects.filter(scheme_version=application.scheme_version_id, assessments__isnull=False)
        .exclude(pk=application.pk)
        .exclude(status__in=[Status.DRAFT, Status.WITHDRAWN])
        .distinct()
    )
    if division:
        found = found.filter(site__industry__code__startswith=division)
    rows = list(
        found.annotate(output=Subquery(outputs)).order_by("-pk").values_list("pk", "output")[:LOOKED_AT]
    )
    return [key for key, _size in sorted(rows, key=lambda row: _distance(row[1], output))][:NEAREST]


def _distance(other: Decimal | None, own: Decimal | None) -> float:
    """How far two outputs are apart, as a ratio: twice and half are as far."""
    if not other or not own or other <= 0 or own <= 0:
        return math.inf
    return abs(math.log(other / own))


def _seen(user: Any, keys: Sequence[int]) -> QuerySet[Application]:
    seen = Application.objects.visible_to(user).filter(pk__in=keys)
    return seen.select_related("site", "enterprise", "product", "park", "applicant")


def _scores(keys: Sequence[int]) -> Mapping[int, Mapping[str, IndicatorScore]]:
    """The scores of each case's newest run."""
    newest = (
        Assessment.objects.filter(application=OuterRef("application")).order_by("-number").values("pk")[:1]
    )
    runs = Assessment.objects.filter(application__in=keys, pk=Subquery(newest))
    rows = (
        IndicatorScore.objects.filter(assessment__in=runs)
        .select_related("assessment")
        .defer("trace", "reason")
    )
    found: dict[int, dict[str, IndicatorScore]] = {}
    for row in rows:
        found.setdefault(row.assessment.application_id, {})[row.code] = row
    return found


def _row(
    item: Indicator,
    own: IndicatorScore | None,
    counted: Sequence[Mapping[str, IndicatorScore]],
    shown: Sequence[Mapping[str, IndicatorScore]],
) -> Row:
    others = [scores[item.code] for scores in counted if item.code in scores]
    values = [row.value for row in others if row.value is not None and not item.is_qualitative]
    value = None if own is None or item.is_qualitative else own.value
    return Row(
        item,
        value,
        own.points if own else None,
        median(values) if values else None,
        1 + sum(row.points > own.points for row in others) if own else None,
        len(others) + 1,
        stands_out(value, values),
        [scores.get(item.code) for scores in shown],
    )


def stands_out(value: Decimal | None, others: Sequence[Decimal]) -> bool:
    """Whether the value lies beyond 3.5 modified deviations of the others (Iglewicz and Hoaglin 1993)."""
    if value is None or len(others) < ENOUGH:
        return False
    middle = float(median(others))
    spread = float(median(abs(float(other) - middle) for other in others))
    distance = abs(float(value) - middle)
    return NORMAL * distance > FAR * max(spread, LEAST_SPREAD * abs(middle)) and distance > 0
