"""Files of site-years: one row per site and year, one column per metric of the catalogue."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.audit.canonical import plain
from greenchain.audit.trail import record_many
from greenchain.clock import now, today
from greenchain.sheets import Row
from suppliers.enterprise.models import Site
from suppliers.reporting.catalogue import metrics_for
from suppliers.reporting.entry import read_value
from suppliers.reporting.importing.cells import Chunk, Found, Kind, Tally, enterprises_in
from suppliers.reporting.models import FIRST_YEAR, SiteYear

METRICS = metrics_for("site")
OWN = SiteYear.OWN
SOURCE = 200


def read(rows: Sequence[Row]) -> Chunk:
    """Each row names a site and a year, and gives the figures that the file has columns for."""
    chunk = Chunk()
    keys = {row.number: chunk.identifier(row) for row in rows}
    sites = _sites(keys)
    for row in rows:
        site = _site(chunk, row, sites.get(keys[row.number], []))
        year = _year(chunk, row)
        source = chunk.texts(row, {"source": SOURCE})
        values = _values(chunk, row)
        if not values and chunk.sound(row):
            chunk.fault(row, "", _("No figure is given."))
        if site is not None and chunk.sound(row):
            data = {"site": site.pk, "year": year, "values": values, **source}
            chunk.found.append(Found(row.number, f"{site.pk}:{year}", data))
    return chunk


def _sites(keys: Mapping[int, tuple[str, str]]) -> dict[tuple[str, str], list[Site]]:
    owners = {row.pk: key for key, row in enterprises_in(set(keys.values())).items()}
    found: dict[tuple[str, str], list[Site]] = defaultdict(list)
    for site in Site.objects.filter(enterprise__in=owners):
        found[owners[site.enterprise_id]].append(site)
    return found


def _site(chunk: Chunk, row: Row, sites: Sequence[Site]) -> Site | None:
    """The site that the row names; an enterprise with a single site need not name it."""
    name = row.text("site")
    fitting = [site for site in sites if name in {site.name, site.name_en}] if name else list(sites)
    if len(fitting) == 1:
        return fitting[0]
    if not chunk.sound(row):
        return None
    if name:
        chunk.fault(row, "site", _("The enterprise has no site of this name."))
    elif fitting:
        chunk.fault(
            row, "site", _("is needed: the enterprise has %(count)d sites.") % {"count": len(fitting)}
        )
    else:
        chunk.fault(row, "identifier", _("No enterprise with this identifier has a site: import it first."))
    return None


def _year(chunk: Chunk, row: Row) -> int:
    text, last = row.text("year"), today().year
    if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text) <= last:
        return int(text)
    message = _("must be a year from %(first)d to %(last)d.")
    chunk.fault(row, "year", message % {"first": FIRST_YEAR, "last": last})
    return FIRST_YEAR


def _values(chunk: Chunk, row: Row) -> dict[str, str]:
    values = {}
    for key in METRICS.keys() & row.cells.keys():
        try:
            value = read_value(METRICS[key], row.text(key))
        except ValidationError as error:
            chunk.fault(row, key, " ".join(error.messages))
        else:
            if value is not None:
                values[key] = f"{value:f}"
    return values


def write(batch: Sequence[Mapping[str, Any]], by: User) -> Tally:
    """What is given of each site's year is as the file says; what is not given stays."""
    wanted = SiteYear.objects.filter(
        site__in={data["site"] for data in batch}, year__in={data["year"] for data in batch}
    )
    known = {(row.site_id, row.year): row for row in wanted}
    fresh, changes = [], {}
    for data in batch:
        row = known.get((data["site"], data["year"]))
        report = row or SiteYear(site_id=data["site"], year=data["year"], reported_by=by)
        changed = _changed(report, data)
        if row is None:
            fresh.append((report, changed))
        elif changed:
            report.reported_by, report.updated_at = by, now()
            changes[report] = changed
    SiteYear.objects.bulk_create([report for report, _changed_keys in fresh])
    fields = [*OWN, "values", "source", "reported_by", "updated_at"]
    SiteYear.objects.bulk_update(changes, fields, batch_size=200)
    told = [*fresh, *changes.items()]
    record_many(
        "report",
        ((row, {"site": row.site_id, "year": row.year, "changed": changed}) for row, changed in told),
        by=by,
    )
    return Tally(len(fresh), len(changes), len(batch) - len(fresh) - len(changes))


def _changed(report: SiteYear, data: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Set what differs; old and new, as text, by metric."""
    changed: dict[str, list[str | None]] = {}
    for key, text in data["values"].items():
        old, new = report.metric(key), Decimal(text)
        if old == new:
            continue
        changed[key] = [plain(old), text]
        if key in OWN:
            setattr(report, key, new)
        else:
            report.values[key] = text
    source = data.get("source", report.source)
    if source != report.source:
        changed["source"] = [report.source, source]
        report.source = source
    return changed


SITE_YEARS = Kind(
    key="site-years",
    needed=("identifier", "year"),
    columns=frozenset({"scheme", "identifier", "site", "year", "source", *METRICS}),
    read=read,
    write=write,
)
