"""Demo firms, founded and reported for in bulk; each row has its entry in the record, as if made one by one."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.auth.hashers import make_password

from certification.demo.figures import Performance
from certification.demo.luck import between
from certification.demo.people import ACCOUNTS, DOMAIN
from certification.demo.plans import Map, Plan
from certification.demo.trades import credit_code
from certification.demo.vault import EVERYTHING, LICENCE, USUAL, Vault, keep
from greenchain.accounts.models import Role, User
from greenchain.audit.trail import record_many
from greenchain.clock import now, today
from suppliers.enterprise.actions import admit
from suppliers.enterprise.models import Enterprise, Membership, Site
from suppliers.evidence.kinds import KINDS
from suppliers.place.models import Region
from suppliers.reporting.catalogue import TABLES
from suppliers.reporting.entry import read_rows, read_values
from suppliers.reporting.models import SiteYear, SiteYearRow

SHRINK = Decimal("0.95")
"""A year back, a firm's output was this much of what it is; its record was a little worse too."""
SETBACK = Decimal("0.04")
LATIN_PLANT, PLANT = " (Plant {})", "（{}厂区）"
NUMERALS = "〇一二三四"
SOURCE = "Demo figures 演示数据"
LATE = "life-"
"""Firms in trouble have not reported the running year yet."""
OWN = ("gross_output", "export_value")


@dataclass
class Firm:
    """A firm that exists: its plan, its enterprise, the person who owns it, its sites."""

    plan: Plan
    enterprise: Enterprise
    owner: User
    sites: list[Site] = field(default_factory=list)

    @property
    def site(self) -> Site:
        """The first site."""
        return self.sites[0]


def found(plans: Sequence[tuple[Plan, str, str]], where: Map, people: Mapping[str, User]) -> dict[str, Firm]:
    """Every planned firm, by its key, with its owner, its sites and its licence."""
    owners = _owners([plan for plan, _name, _name_en in plans], people)
    firms = {
        plan.key: Firm(
            plan, _enterprise(number, plan, name, name_en, where, owners[plan.key]), owners[plan.key]
        )
        for number, (plan, name, name_en) in enumerate(plans, start=1)
    }
    enterprises = Enterprise.objects.bulk_create([firm.enterprise for firm in firms.values()], batch_size=100)
    record_many(
        "note", ((row, {"identifier": row.identifier, "name": row.name}) for row in enterprises), by=None
    )
    _own(firms.values())
    for firm in firms.values():
        firm.sites += [_site(firm, number, where) for number in range(1, firm.plan.sites + 1)]
    sites = Site.objects.bulk_create([site for firm in firms.values() for site in firm.sites], batch_size=100)
    record_many(
        "add_site", ((row, {"enterprise": row.enterprise_id, "name": row.name}) for row in sites), by=None
    )
    keep([Vault(firm.enterprise, firm.owner, today().year).paper(KINDS[LICENCE]) for firm in firms.values()])
    return firms


def _owners(plans: Sequence[Plan], people: Mapping[str, User]) -> dict[str, User]:
    """Who signs in owns what they sign in for; the others have no sign-in."""
    named = {account.firm: people[account.username] for account in ACCOUNTS if account.part == "owner"}
    others = [
        User(
            username=f"owner-{plan.key}",
            password=make_password(None),
            first_name="Demo",
            last_name=f"Owner {number}",
            email=f"owner@{plan.key}.{DOMAIN}",
            role=Role.ENTERPRISE,
        )
        for number, plan in enumerate(plans)
        if plan.key not in named
    ]
    User.objects.bulk_create(others)
    return named | {person.username.removeprefix("owner-"): person for person in others}


def _enterprise(number: int, plan: Plan, name: str, name_en: str, where: Map, owner: User) -> Enterprise:
    region = where.regions[plan.region]
    return Enterprise(
        identifier=credit_code(number, region.pk),
        name=name,
        name_en=name_en,
        region=region,
        industry_id=plan.trade.industry,
        address=_address(where, region),
        legal_representative=f"Demo Person {number}",
        contact_name=owner.get_full_name(),
        contact_phone=f"000-0000{number:04d}",
        contact_email=f"energy@{plan.key}.{DOMAIN}",
        claimed_at=now(),
    )


def _own(firms: Iterable[Firm]) -> None:
    rows = Membership.objects.bulk_create(
        Membership(user=firm.owner, enterprise=firm.enterprise, role=Membership.Role.OWNER, since_on=today())
        for firm in firms
    )
    record_many(
        "admit", ((row, {"enterprise": row.enterprise_id, "person": row.user_id}) for row in rows), by=None
    )


def _site(firm: Firm, number: int, where: Map) -> Site:
    region, plural = where.regions[firm.plan.region], firm.plan.sites > 1
    return Site(
        enterprise=firm.enterprise,
        name=firm.enterprise.name + (PLANT.format(NUMERALS[number]) if plural else ""),
        name_en=firm.enterprise.name_en + (LATIN_PLANT.format(number) if plural else ""),
        region=region,
        address=_address(where, region, number),
        address_en=f"No. {number} Demo Road, {region.name_en}, {where.place(region.pk).en}",
        postal_code="000000",
        industry_id=firm.plan.trade.industry,
    )


def _address(where: Map, region: Region, number: int = 1) -> str:
    city = where.place(region.pk).zh
    return f"{city}{region.name_zh if region.name_zh != city else ''}演示路{number}号"


def staff(firm: Firm, people: Mapping[str, User], until_on: dt.date) -> None:
    """The people with a sign-in of their own join, a consultant until a day."""
    for account in ACCOUNTS:
        if account.firm != firm.plan.key or account.part == "owner":
            continue
        person = people[account.username]
        if account.part == "consultant":
            admit(
                firm.enterprise,
                by=firm.owner,
                person=person,
                role="editor",
                consultant=True,
                until_on=until_on,
            )
        else:
            admit(firm.enterprise, by=firm.owner, person=person, role=account.part)


def performance(firm: Firm, site: Site, year: int, *, back: int) -> Performance:
    """How a site does, ``back`` years before the one that is judged."""
    plan = firm.plan
    wobble = between(0.97, 1.03, plan.key, site.name, year)
    output = (plan.output / len(firm.sites) * SHRINK**back * wobble).quantize(Decimal(1))
    return Performance(plan.key, plan.trade, output, plan.grade - SETBACK * max(back, 0), year)


def report_year(firms: Iterable[Firm], year: int, *, back: int, graded: bool = False) -> None:
    """Everybody reports a year; in full who applies in the year that is judged, and national titles when graded."""
    rows = [
        (_site_year(firm, site, found, full=full), found if full else None)
        for firm in firms
        for site in firm.sites
        if back >= 0 or not firm.plan.key.startswith(LATE)
        for found in [performance(firm, site, year, back=back)]
        for full in [(firm.plan.applies and back == 0) or (graded and firm.plan.is_national)]
    ]
    SiteYear.objects.bulk_create([row for row, _found in rows], batch_size=200)
    SiteYearRow.objects.bulk_create(
        [each for row, found in rows if found is not None for each in _tables(row, found)], batch_size=500
    )
    record_many("report", ((row, {"site": row.site_id, "year": year}) for row, _found in rows), by=None)


def _site_year(firm: Firm, site: Site, found: Performance, *, full: bool) -> SiteYear:
    given = read_values(found.values() if full else found.headlines())
    return SiteYear(
        site=site,
        year=found.year,
        gross_output=given["gross_output"],
        export_value=given["export_value"],
        values={key: f"{value:f}" for key, value in given.items() if key not in OWN},
        source=SOURCE,
        reported_by=firm.owner,
        reported_at=now(),
        updated_at=now(),
    )


def _tables(row: SiteYear, found: Performance) -> Iterable[SiteYearRow]:
    for key, given in found.rows().items():
        for position, data in enumerate(read_rows(TABLES[key], given, year=row.year), start=1):
            yield SiteYearRow(site_year=row, table=key, position=position, data=data)


def fill_vaults(firms: Iterable[Firm], year: int) -> None:
    """Who will apply has the papers of the year that is judged."""
    papers = [
        paper
        for firm in firms
        if firm.plan.applies
        for paper in Vault(firm.enterprise, firm.owner, year).papers(
            EVERYTHING if firm.plan.key == "star" else USUAL, firm.sites
        )
    ]
    keep(papers)
