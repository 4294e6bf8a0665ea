"""National titles straight in the tables, and their green codes made by the real actions."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from certification.grading.actions import freeze, prepare, publish
from certification.models import Designation, Grading, Participation, Scheme, Spell
from greenchain.clock import stopped_at, today
from suppliers.models import Level, Membership, Site, SiteYear, SiteYearRow
from tests.cast import YEAR, Cast
from tests.factories_suppliers import EnterpriseFactory, SiteFactory
from tests.good_figures import ROWS, VALUES

MAY = dt.datetime(YEAR + 1, 5, 6, 4, tzinfo=dt.UTC)
"""After the annual forms of the year were due."""


def full_report(site: Site, year: int, by: Any, **changes: Any) -> SiteYear:
    """A year's figures, all of them unless told otherwise."""
    given = {**VALUES, **changes}
    own = {key: given.pop(key) for key in ("gross_output", "export_value")}
    values = {key: value for key, value in given.items() if value is not None}
    row = SiteYear.objects.create(site=site, year=year, values=values, reported_by=by, **own)
    SiteYearRow.objects.bulk_create(
        SiteYearRow(site_year=row, table=table, position=place, data=data)
        for table, rows in ROWS.items()
        for place, data in enumerate(rows, start=1)
    )
    return row


def national_title(
    cast: Cast,
    *,
    willing: bool | None = True,
    figures: dict[str, Any] | None = {},  # noqa: B006 - read only
    linked: bool = True,
    year: int = YEAR,
    **changes: Any,
) -> Designation:
    """A national title of a site that the owner keeps; ``figures`` are changes to good ones, None reports nothing."""
    enterprise = EnterpriseFactory.create()
    Membership.objects.create(
        user=cast.owner, enterprise=enterprise, role="owner", since_on=dt.date(2020, 1, 1)
    )
    site = SiteFactory.create(enterprise=enterprise, region_id="330602")
    number = Designation.objects.count() + 1
    row = Designation.objects.create(
        **{
            "number": f"GF-N-2024-{number:05d}",
            "scheme": Scheme.objects.get(key="green_factory"),
            "level": Level.NATIONAL,
            "authority": cast.auditor_CN.authority,
            "site": site if linked else None,
            "region": site.region,
            "home": site.region.desk,
            "name": f"厂{number}",
            "name_en": f"Works {number}",
            "list_year": 2024,
            "announced_on": dt.date(YEAR, 3, 1),
            "basis": "list",
            "status": "current",
            **changes,
        }
    )
    Spell.objects.create(designation=row, starts_on=row.announced_on)
    if willing is not None:
        Participation.objects.create(title=row, takes_part=willing, since_on=today())
    if figures is not None:
        full_report(site, year, cast.owner, **figures)
    return row


ENERGY = ("2000", "2200", "2400", "2500", "2600", "2700", "2800", "2800")


def ladder(cast: Cast, count: int = len(ENERGY)) -> list[Designation]:
    """Titles, each a little worse than the one before; the last two of eight are equal."""
    return [national_title(cast, figures={"energy_tce": tce}) for tce in ENERGY[:count]]


def dry_run(cast: Cast, **given: Any) -> Grading:
    """The codes of the year as a dry run, prepared in May."""
    with stopped_at(MAY):
        return freeze(prepare(by=cast.auditor_CN, year=YEAR, **given))


def published(cast: Cast, titles: Iterable[Designation] = ()) -> Grading:
    """The codes of the year, for three titles where none are given."""
    if not list(titles):
        ladder(cast, 3)
    return publish(dry_run(cast), by=cast.approver_CN)
