"""Files of enterprises: known by scheme and identifier, described as far as the file says."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.audit.trail import record_many
from greenchain.clock import today
from greenchain.sheets import Row
from suppliers.enterprise.models import Enterprise, FormerName
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

LENGTHS = {
    "name": 200,
    "name_en": 200,
    "address": 300,
    "legal_representative": 80,
    "contact_name": 80,
    "contact_phone": 40,
    "contact_email": 254,
}
COUNTRY = 2
FIELDS = [*LENGTHS, "region_id", "industry_id"]


def read(rows: Sequence[Row]) -> Chunk:
    """Each row names an enterprise by its identifier, and says what is to be said of it."""
    chunk, regions, industries = Chunk(), regions_in(rows), industries_in(rows)
    for row in rows:
        country = row.text("country").upper() or "CN"
        if len(country) != COUNTRY or not country.isalpha():
            chunk.fault(row, "country", _("must be a country's two letters."))
        scheme, identifier = chunk.identifier(row, country)
        if chunk.sound(row) and scheme == Enterprise.Scheme.USCC and country != "CN":
            chunk.fault(row, "country", _("A Unified Social Credit Code is Chinese."))
        given = chunk.texts(row, LENGTHS, needed=["name"])
        given |= place(chunk, row, regions, industries)
        chunk.email(row, "contact_email")
        if chunk.sound(row):
            data = {"scheme": scheme, "identifier": identifier, "country": country, "given": given}
            chunk.found.append(Found(row.number, f"{scheme}:{identifier}", data))
    return chunk


def write(batch: Sequence[Mapping[str, Any]], by: User) -> Tally:
    """New enterprises are noted, unclaimed; known ones are as the file says.

    One that somebody has claimed keeps its own words: only what is empty is filled in.
    """
    known = enterprises_in({(data["scheme"], data["identifier"]) for data in batch})
    fresh, changes = [], {}
    for data in batch:
        row = known.get((data["scheme"], data["identifier"]))
        if row is None:
            key = {name: data[name] for name in ("scheme", "identifier", "country")}
            fresh.append(Enterprise(**key, **data["given"]))
        elif changed := _changed(row, data["given"]):
            changes[row] = changed
    Enterprise.objects.bulk_create(fresh)
    record_many("note", ((row, {"identifier": row.identifier, "name": row.name}) for row in fresh), by=by)
    _amend(changes, by)
    return Tally(len(fresh), len(changes), len(batch) - len(fresh) - len(changes))


def _changed(row: Enterprise, given: Mapping[str, str]) -> dict[str, list[str]]:
    """Set what differs; old and new, as text, by field."""
    changed = {}
    for name, new in given.items():
        old = getattr(row, name) or ""
        if old != new and not (old and row.claimed_at):
            changed[name] = [old, new]
            setattr(row, name, new)
    return changed


def _amend(changes: Mapping[Enterprise, dict[str, list[str]]], by: User) -> None:
    if not changes:
        return
    Enterprise.objects.bulk_update(changes, FIELDS, batch_size=200)
    FormerName.objects.bulk_create(
        [
            FormerName(enterprise=row, name=changed["name"][0], until_on=today())
            for row, changed in changes.items()
            if "name" in changed
        ],
        ignore_conflicts=True,
    )
    record_many("amend", ((row, {"changed": changed}) for row, changed in changes.items()), by=by)


ENTERPRISES = Kind(
    key="enterprises",
    needed=("identifier", "name"),
    columns=frozenset({"scheme", "identifier", "country", "region", "industry", *LENGTHS}),
    read=read,
    write=write,
)
