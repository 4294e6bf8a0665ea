"""Load places and industries from the committed data files; open a county's desk."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.refusals import NotYours, Refused
from suppliers.place.models import Authority, Industry, Level, M, Region

if TYPE_CHECKING:
    from greenchain.accounts.models import User

DATA = Path(__file__).parent / "data"
NATION = "CN"
CORPS = "XPCC"
CORPS_REGIONS = "6590"
"""The Xinjiang Production and Construction Corps answers for its cities, 6590xx."""
PLANNED_CITIES = {"2102", "3302", "3502", "3702", "4403"}
"""Dalian, Ningbo, Xiamen, Qingdao and Shenzhen recommend straight to the nation."""

Row = dict[str, str]
Kind = Authority.Kind


def rows(name: str) -> Iterator[Row]:
    """The rows of one data file."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_places() -> dict[str, int]:
    """Every region, the authorities above the counties, and each region's desk are as the data files say.

    County authorities that were opened stay, and stay the desks of their counties.
    """
    regions = list(_regions())
    _upsert(Region, regions, "code", ["kind", "parent", "name_zh", "name_en"])
    for tier in _authorities():
        _upsert(Authority, tier, "code", ["kind", "level", "parent", "path", "name_zh", "name_en", "region"])
    _set_desks(regions)
    return {"regions": len(regions), "authorities": Authority.objects.count()}


@transaction.atomic
def load_industries() -> int:
    """Section C of GB/T 4754-2017 is as the data file says."""
    industries = [
        Industry(
            code=row["code"],
            kind=row["kind"],
            parent_id=row["parent"] or None,
            name_zh=row["name_zh"],
            name_en=row["name_en"],
        )
        for row in rows("industries")
    ]
    _upsert(Industry, industries, "code", ["kind", "parent", "name_zh", "name_en"])
    return len(industries)


@transaction.atomic
def open_desk(region: Region, *, by: "User | None") -> Authority:
    """The county takes part: it has an authority of its own, the desk of its cases from now on."""
    if by is not None and by.role != Role.ADMINISTRATOR:
        raise NotYours(_("Only an administrator opens a desk."), code="role")
    if region.kind != Region.Kind.COUNTY or region.desk is None:
        raise Refused(_("Only a county with an authority above it can open a desk."), code="not_a_county")
    if region.desk.region_id == region.pk:
        raise Refused(_("This county has a desk already."), code="already_done")
    above = region.desk
    desk = Authority.objects.create(
        code=region.code,
        kind=Kind.COUNTY,
        level=Level.COUNTY,
        parent=above,
        path=f"{above.path}{region.code}/",
        name_zh=region.name_zh,
        name_en=region.name_en,
        region=region,
    )
    region.desk = desk
    region.save(update_fields=["desk"])
    record("open_desk", desk, by=by, region=region.code, above=above.code)
    return desk


def _regions() -> Iterator[Region]:
    for name, kind in (
        ("provinces", Region.Kind.PROVINCE),
        ("prefectures", Region.Kind.PREFECTURE),
        ("counties", Region.Kind.COUNTY),
    ):
        for row in rows(name):
            yield Region(
                code=row["code"],
                kind=kind,
                parent_id=row.get("parent"),
                name_zh=row["name_zh"],
                name_en=row["name_en"],
            )


def _authorities() -> Iterator[list[Authority]]:
    """The tree tier by tier; each tier needs the keys of the one above."""
    yield [
        Authority(
            code=NATION, kind=Kind.NATION, level=Level.NATIONAL, path="CN/", name_zh="中国", name_en="China"
        )
    ]
    nation = Authority.objects.get(code=NATION)
    cities = [row for row in rows("prefectures") if row["stand_in"] == "0"]
    corps = {"name_zh": "新疆生产建设兵团", "name_en": "Xinjiang Production and Construction Corps"}
    yield [
        *(_authority(Kind.PROVINCE, row, 2, nation) for row in rows("provinces") if row["in_scope"] == "1"),
        *(
            _authority(Kind.PLANNED_CITY, row, 4, nation)
            for row in cities
            if row["code"][:4] in PLANNED_CITIES
        ),
        Authority(
            code=CORPS, kind=Kind.CORPS, level=Level.PROVINCIAL, parent=nation, path="CN/XPCC/", **corps
        ),
    ]
    provinces = {each.code: each for each in Authority.objects.filter(kind=Kind.PROVINCE)}
    yield [
        _authority(Kind.CITY, row, 4, provinces[row["parent"][:2]])
        for row in cities
        if row["code"][:4] not in PLANNED_CITIES
    ]


def _authority(kind: Kind, row: Row, digits: int, parent: Authority) -> Authority:
    code = row["code"][:digits]
    return Authority(
        code=code,
        kind=kind,
        level=Level.MUNICIPAL if kind == Kind.CITY else Level.PROVINCIAL,
        parent=parent,
        path=f"{parent.path}{code}/",
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        region_id=row["code"],
    )


def _set_desks(regions: list[Region]) -> None:
    """A region's desk is its own authority, else its parent's desk. Parents come before children."""
    own = dict(Authority.objects.filter(region__isnull=False).values_list("region_id", "pk"))
    corps = Authority.objects.get(code=CORPS).pk
    desks: dict[str, int | None] = {}
    for region in regions:
        if region.code.startswith(CORPS_REGIONS):
            own.setdefault(region.code, corps)
        desks[region.code] = own.get(region.code) or desks.get(region.parent_id or "")
        region.desk_id = desks[region.code]
    _upsert(Region, regions, "code", ["kind", "parent", "name_zh", "name_en", "desk"])


def _upsert(model: type[M], found: list[M], key: str, fields: list[str]) -> None:
    model._default_manager.bulk_create(
        found, batch_size=1000, update_conflicts=True, unique_fields=[key], update_fields=fields
    )
