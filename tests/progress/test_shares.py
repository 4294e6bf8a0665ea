"""The share counts each site once, at its highest level, as of the day: where a naive join is wrong, ours is right."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db.models import Q, Sum

from certification.models import Designation, Scheme, Spell
from certification.progress.shares import as_of, nation, shares
from suppliers.models import Authority, Level, Region, RegionYear, Site, SiteYear
from tests.factories_suppliers import EnterpriseFactory, SiteFactory, SiteYearFactory, few_places

YEAR = 2025
END = dt.date(2025, 12, 31)


def title(
    site: Site | None,
    level: Level,
    since: str,
    until: str | None = None,
    *,
    valid: str | None = None,
    status: str = "current",
    number: list[int] = [0],  # noqa: B006 - counts on purpose
) -> Designation:
    """A title with one spell, straight in the table."""
    number[0] += 1
    scheme, _made = Scheme.objects.get_or_create(
        key="green_factory", defaults={"subject": "site", "prefix": "GF"}
    )
    row = Designation.objects.create(
        number=f"T-{number[0]}",
        scheme=scheme,
        level=level,
        authority=Authority.objects.get(code="CN"),
        site=site,
        name="x",
        list_year=2025,
        announced_on=dt.date.fromisoformat(since),
        valid_until=dt.date.fromisoformat(valid) if valid else None,
        basis="self",
        status=status,
    )
    Spell.objects.create(designation=row, starts_on=row.announced_on, ends_on=until)
    return row


def factory(region: str, output: int | None, export: int = 0) -> Site:
    """A site whose output is given in 10,000 CNY."""
    site = SiteFactory.create(enterprise=EnterpriseFactory.create(), region_id=region)
    SiteYearFactory.create(site=site, year=YEAR, gross_output=output, export_value=export)
    return site


@pytest.fixture
def country(db: None) -> dict[str, Site]:  # noqa: ARG001 - opens the database
    """Nested, expired, revoked, suspended, future and unlinked titles in two provinces."""
    few_places()
    for code, output in (("330000", 1000), ("330600", 400), ("330200", 300), ("440000", 2000)):
        RegionYear.objects.create(
            region=Region.objects.get(code=code), year=YEAR, gross_output=output, source="test", vintage=END
        )
    sites = {
        "nested": factory("330602", 1_000_000, 400_000),
        "municipal": factory("330602", 500_000),
        "ningbo": factory("330203", 2_000_000),
        "expired": factory("330602", 3_000_000),
        "revoked": factory("440103", 4_000_000),
        "suspended": factory("440103", 5_000_000),
        "future": factory("440103", 6_000_000),
        "silent": factory("440103", None),
        "untitled": factory("440103", 7_000_000),
    }
    for level in (Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL):
        title(sites["nested"], level, "2024-03-01")
    title(sites["municipal"], Level.MUNICIPAL, "2025-03-01")
    title(sites["ningbo"], Level.PROVINCIAL, "2025-03-01")
    title(sites["expired"], Level.MUNICIPAL, "2022-03-01", valid="2025-03-01")
    title(sites["revoked"], Level.NATIONAL, "2022-03-01", "2025-06-01", status="revoked")
    title(sites["suspended"], Level.NATIONAL, "2022-03-01", "2025-12-01", status="suspended")
    title(sites["future"], Level.NATIONAL, "2026-03-11")
    title(sites["silent"], Level.NATIONAL, "2024-03-01")
    title(None, Level.NATIONAL, "2021-03-01")
    return sites


@pytest.mark.usefixtures("country")
def test_each_site_counts_once_at_its_highest_level() -> None:
    zhejiang, guangdong = shares(YEAR, digits=2, day=END)
    assert zhejiang.national_output == 100
    assert zhejiang.provincial_output == 300
    assert zhejiang.any_output == 350
    assert zhejiang.any == 35
    assert zhejiang.national == 10
    assert zhejiang.export == 40
    assert guangdong.any_output == 0
    assert (guangdong.titled, guangdong.reported) == (1, 0)
    assert guangdong.coverage == 0


@pytest.mark.usefixtures("country")
def test_a_naive_join_is_wrong() -> None:
    """Joining titles multiplies nested sites and forgets dates: the trap that this rule avoids."""
    joined = SiteYear.objects.filter(Q(site__designations__isnull=False), year=YEAR)
    naive = joined.aggregate(total=Sum("gross_output"))["total"] / 10_000
    assert naive == 350 + 2 * 100 + 300 + 400 + 500 + 600
    assert nation(YEAR, END).any_output == 350


@pytest.mark.usefixtures("country")
def test_the_nation_is_all_sites_over_all_provinces() -> None:
    whole = nation(YEAR, END)
    assert whole.output == 3000
    assert whole.any == Decimal(100) * 350 / 3000
    assert (whole.titled, whole.reported) == (4, 3)


@pytest.mark.usefixtures("country")
def test_cities_count_in_their_own_place() -> None:
    ningbo, shaoxing = shares(YEAR, digits=4, within="33", day=END)
    assert (ningbo.region, shaoxing.region) == ("330200", "330600")
    assert ningbo.any_output == 200
    assert shaoxing.any_output == 150


@pytest.mark.usefixtures("country")
def test_a_title_counts_from_its_announcement_date() -> None:
    day_before, day = dt.date(2026, 3, 10), dt.date(2026, 3, 11)
    before = nation(YEAR, day_before).national_output
    assert nation(YEAR, day).national_output == before + 600


def test_a_past_year_is_counted_at_its_end() -> None:
    assert as_of(2024) == dt.date(2024, 12, 31)
