"""Report a year of a site, enterprise, product or park; state a region's output."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import Role, User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may
from suppliers.enterprise.models import key_of, owner_of
from suppliers.place.models import Region
from suppliers.reporting.catalogue import METRICS, metrics_for, tables_for
from suppliers.reporting.entry import Stored, converted, read_rows, read_values
from suppliers.reporting.models import FIRST_YEAR, Figures, RegionYear, years_of

Rows = list[dict[str, Stored]]
Change = tuple[Any, Any]


@transaction.atomic
def report(
    subject: Any,
    year: int,
    *,
    by: User,
    values: Mapping[str, object],
    rows: Mapping[str, Sequence[Mapping[str, object]]] | None = None,
    source: str | None = None,
) -> Any:
    """What is given of the subject's year is as given; in the catalogue's units, or with the unit it came in.

    ``values`` by metric key: an empty one is cleared, one not given stays. ``rows`` by table key: a table
    given is replaced as a whole. The audit entry holds what changed, old and new; none when nothing did.
    Returns the site-year, or the subject-year of an enterprise, product or park.
    """
    if not may(by, owner_of(subject), "edit"):
        raise NotYours(_("Only owners and editors of the enterprise report its figures."), code="role")
    if not FIRST_YEAR <= year <= today().year:
        message = _("The year must be from %(first)d to %(last)d.") % {
            "first": FIRST_YEAR,
            "last": today().year,
        }
        raise Refused(message, code="invalid", field="year")
    kind = key_of(subject)
    given, tables = _values(values, kind), _rows(rows or {}, kind, year)
    type(subject).objects.select_for_update(of=("self",)).get(pk=subject.pk)
    row = years_of(subject).filter(year=year).first()
    fresh = row is None
    row = row or years_of(subject).model(**{kind: subject}, year=year, reported_by=by)
    changed, changed_rows = _set(row, given, source), _rows_changed(row, tables)
    if fresh or changed or changed_rows:
        row.reported_by, row.updated_at = by, now()
        row.save()
        _replace_rows(row, {key: tables[key] for key in changed_rows})
        units = {key: how for key, how in converted(values).items() if key in changed}
        told = {kind: subject.pk, "year": year, "changed": changed, "rows": changed_rows}
        record("report", row, by=by, **told, **({"converted": units} if units else {}))
    return row


class Stated(TypedDict, total=False):
    """What a statistics office says of a region's year; money in 100 million CNY."""

    export_value: Decimal | None
    scope: str
    estimated: bool


@transaction.atomic
def state(
    region: Region,
    year: int,
    *,
    by: User | None,
    gross_output: Decimal,
    source: str,
    vintage: dt.date,
    **figures: Unpack[Stated],
) -> RegionYear:
    """The region's output of a year is as given, with its source.

    A later vintage stands in an earlier one's place; the audit entry holds both.
    """
    if by is not None and by.role != Role.ADMINISTRATOR:
        raise NotYours(_("Only an administrator states a region's figures."), code="role")
    scope = figures.get("scope", RegionYear.ABOVE_SCALE_MANUFACTURING)
    Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
    row = RegionYear.objects.filter(region=region, year=year, scope=scope).first()
    before = (row.gross_output, row.vintage) if row else None
    row = row or RegionYear(region=region, year=year)
    row.gross_output, row.source, row.vintage = gross_output, source, vintage
    for name, value in figures.items():
        setattr(row, name, value)
    try:
        row.full_clean()
    except ValidationError as error:
        raise _refused(error) from error
    row.save()
    record(
        "state",
        row,
        by=by,
        region=region.pk,
        year=year,
        before=before,
        gross_output=gross_output,
        source=source,
    )
    return row


def _values(raw: Mapping[str, object], kind: str) -> dict[str, Decimal | None]:
    try:
        return read_values(raw, metrics=metrics_for(kind))
    except ValidationError as error:
        raise _refused(error) from error


def _rows(raw: Mapping[str, Sequence[Mapping[str, object]]], kind: str, year: int) -> dict[str, Rows]:
    known, tables = tables_for(kind), {}
    for key, given in raw.items():
        if key not in known:
            raise Refused(_("There is no table “%(key)s”.") % {"key": key}, code="invalid", field=key)
        try:
            tables[key] = read_rows(known[key], given, year=year)
        except ValidationError as error:
            message = f"{known[key]}: {' '.join(error.messages)}"
            raise Refused(message, code="invalid", field=key) from error
    return tables


def _refused(error: ValidationError) -> Refused:
    field, messages = next(iter(error.message_dict.items()))
    label = f"{METRICS[field]}: " if field in METRICS else ""
    return Refused(f"{label}{messages[0]}", code="invalid", field=field)


def _set(row: Figures, given: Mapping[str, Decimal | None], source: str | None) -> dict[str, Change]:
    changed: dict[str, Change] = {}
    for key, new in given.items():
        old = row.metric(key)
        if old == new:
            continue
        changed[key] = (_plain(old), _plain(new))
        if key in row.OWN:
            setattr(row, key, new)
        elif new is None:
            row.values.pop(key)
        else:
            row.values[key] = f"{new:f}"
    if source is not None and source.strip() != row.source:
        changed["source"] = (row.source, source.strip())
        row.source = source.strip()
    return changed


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _rows_changed(row: Figures, tables: Mapping[str, Rows]) -> dict[str, dict[str, Change]]:
    """Old and new row by position, counted from 1, of each table that changed."""
    there = row.tables() if row.pk else {}
    changed: dict[str, dict[str, Change]] = {}
    for key, new in tables.items():
        old = there.get(key, [])
        places = range(max(len(old), len(new)))
        differ = {str(n + 1): (_at(old, n), _at(new, n)) for n in places if _at(old, n) != _at(new, n)}
        if differ:
            changed[key] = differ
    return changed


def _at(rows: Sequence[Mapping[str, Any]], place: int) -> Mapping[str, Any] | None:
    return rows[place] if place < len(rows) else None


def _replace_rows(row: Figures, tables: Mapping[str, Rows]) -> None:
    row.rows.filter(table__in=tables).delete()
    row.rows.bulk_create(
        row.rows.model(**{row.rows.field.name: row}, table=key, position=position, data=data)
        for key, rows in tables.items()
        for position, data in enumerate(rows, start=1)
    )
