"""Ranks of a year, and the proposal to remove who was among the lowest three years running (policy 1.5, [S6][S8]).

The green code cannot serve: who does not take part is not ranked there. Ours: the cohort are the titles of one scheme
and level that one authority keeps and that filed the form; places are rounded down and ties go in the holder's favour,
so that a cohort of fewer than twenty has no lowest; the year is ranked once, 30 days after the last day of its forms.
"""

import datetime as dt
import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils.translation import gettext_noop

from certification.designation.models import Designation
from certification.surveillance.actions import hearing_ends, propose
from certification.surveillance.annual import YearRank
from certification.surveillance.catalogue import number
from certification.surveillance.duties import in_force_today, serves
from certification.surveillance.each import count_each
from certification.surveillance.models import STANDING, Cause, Ground, Measure, Obligation, Proposal
from certification.surveillance.yearly import Measured, Measuring
from greenchain.audit.canonical import canonical, plain
from greenchain.clock import today
from suppliers.reporting.models import SiteYear, SubjectYear

BATCH = 500
LOWEST = gettext_noop("The title was among the lowest of its list three years running.")


def rank_due() -> int:
    """Last year is ranked, once, when its forms have been in for so many days; how many titles were ranked."""
    year = today().year - 1
    last = Obligation.objects.annual().filter(year=year).aggregate(day=Max("due_on"))["day"]
    if last is None or today() <= last + dt.timedelta(days=number("rank_after")):
        return 0
    return rank(year)


def rank(year: int) -> int:
    """Every cohort that is not ranked yet."""
    filed = Obligation.objects.annual().filter(designation=OuterRef("pk"), year=year, filed_at__isnull=False)
    keepers = YearRank.objects.filter(
        year=year,
        authority=OuterRef("authority"),
        designation__scheme=OuterRef("scheme"),
        designation__level=OuterRef("level"),
    )
    waiting = Designation.objects.filter(Exists(filed), ~Exists(keepers), status__in=STANDING)
    cohorts = waiting.values_list("scheme", "level", "authority").order_by().distinct()
    return sum(_rank(waiting, cohort, year) for cohort in list(cohorts))


@transaction.atomic
def _rank(waiting: Any, cohort: tuple[int, int, int], year: int) -> int:
    scheme, level, authority = cohort
    titles = list(
        waiting.filter(scheme=scheme, level=level, authority=authority)
        .select_related("scheme", "home", "site__industry", "enterprise__industry", "park", "product")
        .order_by("pk")
    )
    reports = _reports(titles, year)
    measuring: dict[int, Measuring] = {}
    found: dict[int, Measured] = {}
    versions = list(in_force_today().filter(scheme=scheme))
    for title in titles:
        version = next((each for each in versions if serves(each, title)), None)
        report = reports.get((title.subject_key or "", getattr(title, f"{title.subject_key}_id", 0)))
        if version is None or report is None:
            continue
        measured = measuring.setdefault(version.pk, Measuring(version)).of(title, report)
        if measured.score is not None:
            found[title.pk] = measured
    YearRank.objects.bulk_create(_rows(found, year, authority), batch_size=BATCH)
    return len(found)


def _reports(titles: Sequence[Designation], year: int) -> Mapping[tuple[str, int], Any]:
    """The year's reports by kind and key of subject."""
    keys: dict[str, list[int]] = defaultdict(list)
    for title in titles:
        if title.subject_key:
            keys[title.subject_key].append(getattr(title, f"{title.subject_key}_id"))
    found: dict[tuple[str, int], Any] = {}
    for kind, wanted in keys.items():
        model: Any = SiteYear if kind == "site" else SubjectYear
        rows = model.objects.filter(**{f"{kind}__in": wanted}, year=year).prefetch_related("rows")
        found |= {(kind, getattr(row, f"{kind}_id")): row for row in rows}
    return found


def places(scores: Sequence[Decimal]) -> tuple[list[int], int]:
    """The rank of each score, the best first, ties sharing the better one; and the first rank among the lowest.

    Of ``n`` the lowest are ``n × 5 %`` rounded down. Who ties with the place above them is not among them.
    """
    order = sorted(-score for score in scores)
    ranks = [bisect_right(order, -score - Decimal("1e-9")) + 1 for score in scores]
    count = len(scores) * number("lowest") // 100
    return ranks, len(scores) - count + 1


def _rows(found: Mapping[int, Measured], year: int, authority: int) -> list[YearRank]:
    keys = list(found)
    ranks, first = places([found[key].score or Decimal(0) for key in keys])
    rows = []
    for key, rank_ in zip(keys, ranks, strict=True):
        one = found[key]
        row = YearRank(
            designation_id=key,
            year=year,
            authority_id=authority,
            scheme_version=one.version,
            score=one.score or Decimal(0),
            rank=rank_,
            of=len(keys),
            lowest=rank_ >= first,
            inputs=one.inputs,
        )
        row.digest = seal(row)
        rows.append(row)
    return rows


def seal(row: YearRank) -> str:
    """SHA-256 over what a rank says."""
    said = {
        "title": row.designation_id,
        "year": row.year,
        "version": row.scheme_version_id,
        "score": plain(row.score),
        "rank": row.rank,
        "of": row.of,
        "lowest": row.lowest,
        "inputs": row.inputs,
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def propose_for_lowest() -> int:
    """Who was among the lowest in each of the last three ranked years: removal is proposed, with the evidence."""
    newest = YearRank.objects.aggregate(year=Max("year"))["year"]
    if newest is None:
        return 0
    years = [newest - back for back in range(number("lowest_years"))]
    titles = Designation.objects.filter(status__in=STANDING)
    for year in years:
        low = YearRank.objects.filter(designation=OuterRef("pk"), year=year, lowest=True)
        titles = titles.filter(Exists(low))
    told = Proposal.objects.filter(designation=OuterRef("pk"), ground=Ground.LOWEST, year=newest)
    return count_each(titles.filter(~Exists(told)).order_by("pk"), partial(_propose, years=years))


@transaction.atomic
def _propose(title: Designation, years: list[int]) -> bool:
    locked = Designation.objects.select_for_update(of=("self",)).get(pk=title.pk)
    if Proposal.objects.filter(designation=locked, ground=Ground.LOWEST, year=years[0]).exists():
        return False
    rows = YearRank.objects.filter(designation=locked, year__in=years).select_related(
        "scheme_version", "authority"
    )
    propose(
        locked,
        by=None,
        cause=Cause.FAULT,
        measure=Measure.REMOVE,
        reasons=LOWEST,
        reply_by=hearing_ends(),
        ground=Ground.LOWEST,
        year=years[0],
        evidence={
            "years": [
                {
                    "year": row.year,
                    "rank": row.rank,
                    "of": row.of,
                    "score": plain(row.score),
                    "version": row.scheme_version.version,
                    "authority": row.authority.code,
                    "digest": row.digest,
                }
                for row in rows.order_by("year")
            ]
        },
    )
    return True
