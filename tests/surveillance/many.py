"""Many titles straight in the tables, each with a holder, a site and the figures of its year."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from certification.models import Designation, Obligation, Scheme, Spell
from suppliers.models import Authority, Enterprise, Level, Membership, Region, Site, SiteYear, SiteYearRow
from tests.cast import Cast
from tests.good_figures import ROWS, VALUES
from tests.uscc import uscc

Plan = Callable[[int], dict[str, Any]]


def many_titles(cast: Cast, count: int, plan: Plan, *, year: int) -> list[Designation]:
    """``plan(number)``: region, level, authority, and what else a title is to be; energy_tce tells the sites apart."""
    plans = [plan(number) for number in range(count)]
    places = {row.code: row for row in Region.objects.select_related("desk")}
    firms = Enterprise.objects.bulk_create(
        Enterprise(
            identifier=uscc(70_000 + number, "330602"),
            name=f"多厂{number}有限公司",
            region_id=one["region"],
            industry_id="1751",
        )
        for number, one in enumerate(plans)
    )
    Membership.objects.bulk_create(
        Membership(user=cast.owner, enterprise=firm, role="owner", since_on=dt.date(2020, 1, 1))
        for firm in firms
    )
    sites = Site.objects.bulk_create(
        Site(
            enterprise=firm, name=f"厂{number}", region_id=one["region"], address="路1号", industry_id="1751"
        )
        for number, (firm, one) in enumerate(zip(firms, plans, strict=True))
    )
    values = {key: text for key, text in VALUES.items() if key not in {"gross_output", "export_value"}}
    reports = SiteYear.objects.bulk_create(
        SiteYear(
            site=site,
            year=year,
            gross_output=50_000,
            values={**values, "energy_tce": one["energy_tce"]},
            reported_by=cast.owner,
        )
        for site, one in zip(sites, plans, strict=True)
    )
    SiteYearRow.objects.bulk_create(
        SiteYearRow(site_year=report, table=table, position=place, data=data)
        for report in reports
        for table, rows in ROWS.items()
        for place, data in enumerate(rows, start=1)
    )
    scheme = Scheme.objects.get(key="green_factory")
    desks = {row.code: row for row in Authority.objects.all()}
    titles = Designation.objects.bulk_create(
        Designation(
            number=f"GF-T-{year}-{number:05d}",
            scheme=scheme,
            scheme_version=cast.national if one["level"] == Level.NATIONAL else cast.version,
            level=one["level"],
            authority=desks[one["authority"]],
            site=site,
            region=places[one["region"]],
            home=places[one["region"]].desk,
            name=site.name,
            list_year=year,
            announced_on=one.get("announced_on", dt.date(year, 6, 1)),
            valid_until=one.get("valid_until"),
            basis="list",
            status="current",
        )
        for number, (site, one) in enumerate(zip(sites, plans, strict=True))
    )
    Spell.objects.bulk_create(Spell(designation=title, starts_on=title.announced_on) for title in titles)
    return titles


def form_of(title: Designation, year: int) -> Obligation:
    """A title's annual form."""
    return Obligation.objects.annual().get(designation=title, year=year)
