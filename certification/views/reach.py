"""The gap of each site to the next level, for the dashboard."""

from typing import Any

from django.db.models import OuterRef, Q, Subquery

from certification.assessment.rehearsal import Gap
from certification.assessment.rehearsal import gaps as measured
from certification.designation.models import Designation
from certification.scheme.models import SchemeVersion
from greenchain.clock import today
from suppliers.enterprise.models import Site
from suppliers.place.models import Level
from suppliers.reporting.models import SiteYear

MOST = 12
LADDER = "green_factory"
"""The scheme whose levels a site climbs, and that the share of output counts."""


def gaps_of(user: Any) -> tuple[list[Gap], int]:
    """For the person's sites with figures of a finished year: the next level above the highest title in force.

    The second value says how many such sites there are, those at the top included.
    """
    finished = SiteYear.objects.filter(site=OuterRef("site"), year__lt=today().year)
    newest = finished.order_by("-year").values("year")[:1]
    sites = Site.objects.visible_to(user)
    reports = list(
        SiteYear.objects.filter(site__in=sites, year=Subquery(newest))
        .select_related("site__industry")
        .prefetch_related("rows")
        .order_by("site__name")[:MOST]
    )
    held, ladder = _held([report.site_id for report in reports]), _ladder()
    steps = {report.site_id: held.get(report.site_id, Level.COUNTY) + 1 for report in reports}
    wanted = {site: (ladder[level], level) for site, level in steps.items() if level in ladder}
    return measured([report for report in reports if report.site_id in wanted], wanted), len(reports)


def _ladder() -> dict[int, SchemeVersion]:
    """The newest version in force everywhere for each level of the green factory."""
    standing = Q(retired_on__isnull=True) | Q(retired_on__gt=today())
    versions = SchemeVersion.objects.filter(standing, scheme__key=LADDER, effective_on__lte=today())
    newest_last = versions.select_related("scheme").order_by("effective_on", "pk")
    return {
        level: version
        for version in newest_last
        for level in version.definition.levels
        if not version.definition.only_in
    }


def _held(sites: list[int]) -> dict[int, int]:
    """The highest level in force per site."""
    found: dict[int, int] = {}
    titles = Designation.objects.in_force().filter(site__in=sites, scheme__key=LADDER)
    for site, level in titles.values_list("site", "level"):
        found[site] = max(found.get(site, 0), level)
    return found
