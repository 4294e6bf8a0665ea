"""The cohort of a year: national titles, read in chunks, each with the score of its figures or why it is not ranked.

The queries of a chunk are as many for one title as for five hundred.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from certification.assessment.casefile import nearest
from certification.assessment.checks.figures import WATCHED
from certification.assessment.measured import Inputs, gaps_in, inputs_of_report, scored, settled
from certification.designation.models import Designation, DesignationQuerySet
from certification.grading.catalogue import catalogue
from certification.grading.models import Entry, Grading, Participation
from certification.scheme.definition import Definition
from certification.scheme.models import Benchmark
from certification.surveillance.models import Obligation
from certification.workflow import Status
from greenchain.audit.canonical import canonical, plain
from greenchain.languages import LANGUAGES, pick
from suppliers.place.models import Level
from suppliers.record.models import ComplianceRecord
from suppliers.reporting.catalogue import METRICS
from suppliers.reporting.models import SiteYear, SiteYearRow

CHUNK = 500
Refusal = tuple[str, dict[str, Any]]


def titles_of(grading: Grading) -> DesignationQuerySet:
    """National titles of the scheme that stand or are suspended, announced by the end of the year."""
    return Designation.objects.filter(
        scheme__key=catalogue().scheme,
        level=Level.NATIONAL,
        status__in=[Status.CURRENT, Status.SUSPENDED],
        announced_on__year__lte=grading.year,
    )


def entries(grading: Grading) -> Iterator[list[Entry]]:
    """The cohort's entries, not yet stored, chunk by chunk in the order of the titles; those stored are passed by."""
    maker = _Maker(grading)
    last = grading.entries.order_by("-title").values_list("title", flat=True).first() or 0
    waiting = titles_of(grading).select_related("site__industry", "site__enterprise").order_by("pk")
    while chunk := list(waiting.filter(pk__gt=last)[:CHUNK]):
        yield maker.chunk(chunk)
        last = chunk[-1].pk


def rescored(definition: Definition, inputs: Mapping[str, Any]) -> Decimal:
    """The score that frozen inputs bring: the one way in which a grading computes."""
    return scored(definition, inputs).low


def seal(entry: Entry) -> str:
    """SHA-256 over what an entry says."""
    said = {
        "title": entry.title_id,
        "industry": entry.industry,
        "score": None if entry.score is None else plain(entry.score),
        "refusal": entry.refusal,
        "inputs": entry.inputs,
    }
    return hashlib.sha256(canonical(said).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Known:
    """What the chunk's queries brought, by title or by site."""

    willing: frozenset[int]
    unfiled: frozenset[int]
    years: Mapping[int, Mapping[int, SiteYear]]
    records: Mapping[int, ComplianceRecord]


class _Maker:
    """Turns titles into entries."""

    def __init__(self, grading: Grading) -> None:
        self.grading = grading
        self.year = grading.year
        self.definition = grading.scheme_version.definition
        rows = Benchmark.objects.filter(scheme_version=grading.scheme_version, valid_from__lte=grading.cut_on)
        self.benchmarks = list(rows)

    def chunk(self, titles: list[Designation]) -> list[Entry]:
        """One entry per title."""
        known = self._known(titles)
        return [self._entry(title, known) for title in titles]

    def _known(self, titles: list[Designation]) -> _Known:
        keys, sites = [title.pk for title in titles], [title.site_id for title in titles if title.site_id]
        willing = Participation.objects.filter(title__in=keys, takes_part=True)
        unfiled = Obligation.objects.annual().filter(
            designation__in=keys, year=self.year, filed_at__isnull=True
        )
        years: dict[int, dict[int, SiteYear]] = {}
        rows = Prefetch("rows", SiteYearRow.objects.filter(site_year__year=self.year))
        reports = SiteYear.objects.filter(site__in=sites, year__lte=self.year).order_by("year")
        for report in reports.prefetch_related(rows):
            years.setdefault(report.site_id, {})[report.year] = report
        return _Known(
            frozenset(willing.values_list("title", flat=True)),
            frozenset(unfiled.values_list("designation", flat=True)),
            years,
            self._records(titles),
        )

    def _records(self, titles: list[Designation]) -> dict[int, ComplianceRecord]:
        """The newest confirmed record that stands, by title: about the enterprise as a whole, or about the site."""
        sites = {title.site.enterprise_id for title in titles if title.site}
        standing = ComplianceRecord.objects.standing(self.grading.cut_on).filter(
            enterprise__in=sites, match=ComplianceRecord.Match.CONFIRMED
        )
        by_enterprise: dict[int, list[ComplianceRecord]] = {}
        for row in standing.order_by("happened_on", "pk"):
            by_enterprise.setdefault(row.enterprise_id, []).append(row)
        found: dict[int, ComplianceRecord] = {}
        for title in titles:
            held = by_enterprise.get(title.site.enterprise_id, []) if title.site else []
            if concerning := [row for row in held if row.site_id in {None, title.site_id}]:
                found[title.pk] = concerning[-1]
        return found

    def _entry(self, title: Designation, known: _Known) -> Entry:
        refusal, params = self._refusal(title, known)
        inputs: Inputs = {}
        points: Decimal | None = None
        if not refusal:
            assert title.site is not None  # noqa: S101 - refused otherwise
            report = known.years[title.site.pk][self.year]
            inputs = inputs_of_report(self.definition, report, nearest(self.benchmarks, title.site.industry))
            found = settled(self.definition, inputs)
            points = found.low
            if gaps_in(found, self.grading.numbers["measured"]):
                refusal, points = "incomplete", None
                params = {"missing": _points(found.missing), "whole": _points(found.scorable)}
        entry = Entry(
            grading=self.grading,
            title=title,
            industry=title.site.industry_id[:2] if title.site else "",
            score=points,
            refusal=refusal,
            reason=catalogue().reason(refusal, **params) if refusal else {},
            inputs=inputs,
        )
        entry.digest = seal(entry)
        return entry

    def _refusal(self, title: Designation, known: _Known) -> Refusal:
        """Why a title is not ranked, and what its words name; "" when it is. The first that applies is told."""
        if title.pk not in known.willing:
            return "opted_out", {}
        if title.site_id is None:
            return "unlinked", {}
        if title.status == Status.SUSPENDED:
            return "suspended", {}
        if title.pk in known.records:
            return "record", {"what": known.records[title.pk].title}
        return self._unreported(title, known)

    def _unreported(self, title: Designation, known: _Known) -> Refusal:
        years = known.years.get(title.site_id or 0, {})
        if title.pk in known.unfiled:
            return "no_form", {"year": self.year}
        if self.year in years:
            return self._swings(title, years)
        newest = max(years, default=None)
        return ("stale", {"year": self.year, "newest": newest}) if newest else ("no_figures", {})

    def _swings(self, title: Designation, years: Mapping[int, SiteYear]) -> Refusal:
        """Figures that leapt from the year before, unless the desk finds them explained."""
        before, leap = years.get(self.year - 1), self.grading.numbers["leap"]
        if before is None or title.number in self.grading.explained:
            return "", {}
        changes = {key: _change(before.metric(key), years[self.year].metric(key)) for key in WATCHED}
        great = {key: change for key, change in changes.items() if abs(change) > leap}
        if not great:
            return "", {}
        return "abnormal", {"leap": leap, "what": _listed(great)}


def _change(before: Decimal | None, after: Decimal | None) -> Decimal:
    """Per cent from one year to the next; 0 where there is nothing to compare."""
    return Decimal(0) if not before or after is None else (after - before) / abs(before) * 100


def _listed(changes: Mapping[str, Decimal]) -> dict[str, str]:
    def named(key: str, language: str) -> str:
        return METRICS[key].names.get(language) or pick(METRICS[key].names)

    def line(language: str) -> Iterable[str]:
        return (f"{named(key, language)} {change:+.0f} %" for key, change in changes.items())

    return {language: ", ".join(line(language)) for language in LANGUAGES}


def _points(value: Decimal) -> str:
    return f"{value:.1f}".removesuffix(".0")
