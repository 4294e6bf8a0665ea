"""Files of sites: known by their enterprise's identifier and their own name."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.audit.trail import record_many
from greenchain.sheets import Row
from suppliers.enterprise.models import Site
from suppliers.reporting.importing.cells import (
    Chunk,
    Found,
    Kind,
    Tally,
    enterprises_in,
    industries_in,
    place,
    regions_in,
)

LENGTHS = {"name": 200, "name_en": 200, "address": 300, "address_en": 300, "postal_code": 12}
NEEDED = ("name", "address")
FIELDS = [*LENGTHS, "region_id", "industry_id", "above_scale"]


def read(rows: Sequence[Row]) -> Chunk:
    """Each row names a site of a known enterprise, where it stands and what it makes."""
    chunk, regions, industries = Chunk(), regions_in(rows), industries_in(rows)
    keys = {row.number: chunk.identifier(row) for row in rows}
    owners = enterprises_in(set(keys.values()))
    for row in rows:
        owner = owners.get(keys[row.number])
        if owner is None and chunk.sound(row):
            chunk.fault(row, "identifier", _("No enterprise with this identifier is known: import it first."))
        given: dict[str, Any] = dict(chunk.texts(row, LENGTHS, needed=NEEDED))
        given |= place(chunk, row, regions, industries)
        _placed(chunk, row, given, regions)
        above_scale = chunk.flag(row, "above_scale")
        if above_scale is not None:
            given["above_scale"] = above_scale
        if owner is not None and chunk.sound(row):
            data = {"enterprise": owner.pk, "given": given}
            chunk.found.append(Found(row.number, f"{owner.pk}:{given['name']}", data))
    return chunk


def _placed(chunk: Chunk, row: Row, given: Mapping[str, Any], regions: Mapping[str, Any]) -> None:
    for column in ("region", "industry"):
        if f"{column}_id" not in given and not row.text(column):
            chunk.fault(row, column, _("is needed."))
    region = regions.get(row.text("region"))
    if region is not None and region.desk_id is None:
        chunk.fault(row, "region", _("No authority on this platform answers for this region."))


def write(batch: Sequence[Mapping[str, Any]], by: User) -> Tally:
    """New sites stand, known ones are as the file says."""
    known = {
        (site.enterprise_id, site.name): site
        for site in Site.objects.filter(enterprise__in={data["enterprise"] for data in batch})
    }
    fresh, changes = [], {}
    for data in batch:
        row = known.get((data["enterprise"], data["given"]["name"]))
        if row is None:
            fresh.append(Site(enterprise_id=data["enterprise"], **data["given"]))
        elif changed := _changed(row, data["given"]):
            changes[row] = changed
    Site.objects.bulk_create(fresh)
    record_many(
        "add_site", ((row, {"enterprise": row.enterprise_id, "name": row.name}) for row in fresh), by=by
    )
    if changes:
        Site.objects.bulk_update(changes, FIELDS, batch_size=200)
        record_many("amend_site", ((row, {"changed": changed}) for row, changed in changes.items()), by=by)
    return Tally(len(fresh), len(changes), len(batch) - len(fresh) - len(changes))


def _changed(row: Site, given: Mapping[str, Any]) -> dict[str, list[str]]:
    changed = {}
    for name, new in given.items():
        old = getattr(row, name)
        if old != new:
            changed[name] = [str(old), str(new)]
            setattr(row, name, new)
    return changed


SITES = Kind(
    key="sites",
    needed=("identifier", "name", "region", "address", "industry"),
    columns=frozenset({"scheme", "identifier", "region", "industry", "above_scale", *LENGTHS}),
    read=read,
    write=write,
)
