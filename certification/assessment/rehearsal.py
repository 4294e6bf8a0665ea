"""The score before anything is stored: of a draft while it is typed, and of a site that has not applied."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from certification.application.models import Application
from certification.assessment.casefile import nearest
from certification.assessment.scoring import Score, score
from certification.assessment.whatif import what_if
from certification.scheme.models import Benchmark, SchemeVersion
from greenchain.clock import today
from suppliers.enterprise.models import Site
from suppliers.place.models import Level
from suppliers.reporting.models import SiteYear


def rehearse(
    application: Application,
    *,
    values: Mapping[str, Any] | None = None,
    claims: Mapping[str, Any] | None = None,
) -> Score:
    """The score that the application would have if these values and claims stood; nothing is stored.

    ``values`` by metric key, Decimals or None for none; what is not given stays as it is.
    """
    return what_if(application, values=values, claims=claims).score


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a site is from a level: the score its figures bring, and the score that the level wants."""

    site: Site
    level: int
    version: SchemeVersion
    year: int
    score: Score
    wanted: Decimal

    @property
    def word(self) -> str:
        """The level in the reader's language."""
        return str(Level(self.level).label)

    @property
    def points(self) -> Decimal:
        """Points of 100 still lacking when nothing that awaits judgement is confirmed."""
        return max(self.wanted - self.score.low, Decimal(0))


def gaps(reports: Iterable[SiteYear], wanted: Mapping[int, tuple[SchemeVersion, int]]) -> list[Gap]:
    """The gap of each reported site to the version and level that ``wanted`` names for it, by site key.

    One query for the benchmarks, whatever the number of sites; the rows of the reports are prefetched.
    """
    versions = {version.pk for version, _level in wanted.values()}
    rows = (
        list(Benchmark.objects.filter(scheme_version__in=versions, valid_from__lte=today()))
        if versions
        else []
    )
    found = []
    for report in reports:
        version, level = wanted[report.site_id]
        benchmarks = nearest(
            [row for row in rows if row.scheme_version_id == version.pk], report.site.industry
        )
        points = score(
            version.definition, values=report.all_values(), tables=report.tables(), benchmarks=benchmarks
        )
        rules = version.definition.pass_score_at(level)
        found.append(Gap(report.site, level, version, report.year, points, rules))
    return found


def levers(points: Score, most: int = 3) -> Sequence[Any]:
    """The results with the most points still to be had, the greatest first."""
    open_ones = [
        each for each in points.results if each.state in {"computed", "missing"} and each.points < each.weight
    ]
    return sorted(open_ones, key=lambda each: each.points - each.weight)[:most]
