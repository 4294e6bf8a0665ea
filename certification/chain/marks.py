"""What each enterprise holds, as arrays to lay on the network: state, level, what stands against it, output.

Folded into files like the links, with everything laid over that changed since: a title suspended a moment ago counts.
Titles by the one rule in ``certification.chain.status``; violations are confirmed records that stand today; output is
the gross output that an enterprise's sites reported for the last full year, 10,000 CNY.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Q, QuerySet, Sum
from numpy.typing import NDArray

from certification.application.models import Application
from certification.chain.status import State, holdings
from certification.designation.models import Designation, Spell
from certification.workflow import Status
from greenchain.clock import today
from suppliers.enterprise.models import Site
from suppliers.record.models import ComplianceRecord
from suppliers.reporting.models import SiteYear
from suppliers.supply import folds, journal
from suppliers.supply.journal import TITLES
from suppliers.supply.network import Network
from suppliers.supply.rows import Integers

STATES = (
    State.NONE,
    State.GREEN,
    State.PARTLY,
    State.SUSPENDED,
    State.REVOKED,
    State.EXPIRED,
    State.SURRENDERED,
)
"""By the codes that the arrays hold."""
CODES = {state: code for code, state in enumerate(STATES)}
VIOLATION, REFUSED = 1, 2
"""Bits of ``against``."""
KEYS_A_QUERY = 5_000
FIELDS: dict[str, Any] = {"state": np.uint8, "level": np.uint8, "against": np.uint8, "output": np.float32}
Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Marks:
    """What enterprises hold, by key in order; enterprises of which nothing is known are left out."""

    keys: Integers
    state: Bytes
    level: Bytes
    against: Bytes
    output: NDArray[np.float32]

    def on(self, network: Network) -> "Marks":
        """The same by the places of a network."""
        places = network.places(self.keys)
        there = places >= 0
        fields = {}
        for name, kind in FIELDS.items():
            fields[name] = np.zeros(network.size, dtype=kind)
            fields[name][places[there]] = getattr(self, name)[there]
        return Marks(network.keys, **fields)


_kept: dict[str, tuple[tuple[object, ...], Marks]] = {}
_past: dict[dt.date, tuple[tuple[object, ...], Marks]] = {}
PAST_DAYS = 12
"""So many days before today a process keeps: the ends of the years that pages of history show, and a few more."""


def marks(day: dt.date | None = None) -> Marks:
    """What enterprises hold on ``day`` (today), with every change that is committed or done by this transaction."""
    if day is not None and day != today():
        return _of_past(day)
    held = folds.newest(TITLES)
    if held is None:
        return compute(None, today()) if connection.in_atomic_block else Marks(**fold().arrays)
    if connection.in_atomic_block:
        return _as_it_is(held)
    key = (held.row.version, today(), *journal.count_since(TITLES, held.row.horizon))
    kept = _kept.get(TITLES)
    if kept is None or kept[0] != key:
        kept = _kept[TITLES] = (key, _as_it_is(held))
    return kept[1]


def _of_past(day: dt.date) -> Marks:
    """From the database; kept as long as no title, site or record changes."""
    held = folds.newest(TITLES)
    if held is None or connection.in_atomic_block:
        return compute(None, day)
    key = (held.row.version, *journal.count_since(TITLES, held.row.horizon))
    kept = _past.get(day)
    if kept is None or kept[0] != key:
        if len(_past) >= PAST_DAYS:
            _past.clear()
        kept = _past[day] = (key, compute(None, day))
    return kept[1]


def _as_it_is(held: folds.Fold) -> Marks:
    changed = journal.keys_since(TITLES, held.row.horizon) | _turned(held.row.day, today())
    found = Marks(**held.arrays)
    if not changed:
        return found
    return _laid_over(found, np.array(sorted(changed), dtype=np.int64), compute(changed, today()))


def fold() -> folds.Fold:
    """Fold what all enterprises hold today into new files."""
    behind = journal.horizon()
    found = compute(None, today())
    return folds.keep(TITLES, {name: getattr(found, name) for name in ("keys", *FIELDS)}, behind)


def fold_if_due() -> bool:
    """Fold when it is due; whether it was."""
    if folds.due(TITLES):
        fold()
        return True
    return False


def compute(enterprises: Iterable[int] | None, day: dt.date) -> Marks:
    """From the database: of these enterprises, or of all."""
    found: dict[int, list[Any]] = {}
    for part in [None] if enterprises is None else _parts(sorted(enterprises)):
        _titles(found, part, day)
        _against(found, part, day)
        _output(found, part, day)
    keys = sorted(found)
    columns = zip(*(found[key] for key in keys), strict=True) if keys else ((),) * len(FIELDS)
    fields = {
        name: np.array(column, dtype=FIELDS[name]) for name, column in zip(FIELDS, columns, strict=True)
    }
    return Marks(np.array(keys, dtype=np.int64), **fields)


def _titles(found: dict[int, list[Any]], part: list[int] | None, day: dt.date) -> None:
    owners = Designation.objects.filter(_among("site__enterprise", part), site__isnull=False)
    for key, held in holdings(owners.values("site__enterprise"), day).items():
        row = found.setdefault(key, _nothing())
        row[0], row[1] = CODES[held.state], held.best.level if held.best else 0


def _against(found: dict[int, list[Any]], part: list[int] | None, day: dt.date) -> None:
    records = ComplianceRecord.objects.standing(day).filter(
        _among("enterprise", part), match=ComplianceRecord.Match.CONFIRMED
    )
    refused = Application.objects.filter(
        _among("applicant", part), status__in=[Status.REFUSED, Status.REJECTED], site__isnull=False
    )
    for bit, keys in (
        (VIOLATION, records.values_list("enterprise_id", flat=True)),
        (REFUSED, refused.values_list("applicant_id", flat=True)),
    ):
        for key in keys.distinct():
            found.setdefault(key, _nothing())[2] |= bit


def _output(found: dict[int, list[Any]], part: list[int] | None, day: dt.date) -> None:
    years = SiteYear.objects.filter(_among("site__enterprise", part), year=day.year - 1, gross_output__gt=0)
    for key, output in years.order_by().values_list("site__enterprise").annotate(total=Sum("gross_output")):
        found.setdefault(key, _nothing())[3] = float(output)


def _nothing() -> list[Any]:
    return [0, 0, 0, 0.0]


def _among(lookup: str, part: list[int] | None) -> Q:
    return Q() if part is None else Q(**{f"{lookup}__in": part})


def _parts(keys: list[int]) -> Iterable[list[int]]:
    return (keys[start : start + KEYS_A_QUERY] for start in range(0, len(keys), KEYS_A_QUERY))


def _turned(day: dt.date, other: dt.date) -> set[int]:
    """Enterprises whose titles begin or end by the calendar between two days."""
    if day == other:
        return set()
    first, last = sorted((day, other))
    turned: QuerySet[Spell] = Spell.objects.filter(
        Q(starts_on__gt=first, starts_on__lte=last)
        | Q(ends_on__gt=first, ends_on__lte=last)
        | Q(designation__valid_until__gte=first, designation__valid_until__lt=last)
    )
    keys = turned.filter(designation__site__isnull=False).values_list(
        "designation__site__enterprise_id", flat=True
    )
    return set(keys)


def _laid_over(base: Marks, changed: Integers, fresh: Marks) -> Marks:
    stays = ~np.isin(base.keys, changed)
    keys = np.concatenate([base.keys[stays], fresh.keys])
    order = np.argsort(keys, kind="stable")
    fields = {
        name: np.concatenate([getattr(base, name)[stays], getattr(fresh, name)])[order] for name in FIELDS
    }
    return Marks(keys[order], **fields)


def watch() -> None:
    """From the next migrate on, whatever the marks stand on is told."""
    site = f"(SELECT enterprise_id FROM {Site._meta.db_table} WHERE id = {{key}})"  # noqa: S608 - our own table
    title = (
        f"(SELECT s.enterprise_id FROM {Site._meta.db_table} s JOIN {Designation._meta.db_table} d "  # noqa: S608 - our own tables
        "ON d.site_id = s.id WHERE d.id = {row}.designation_id)"
    )
    for model, key in (
        (Spell, title),
        (Designation, site.format(key="{row}.site_id")),
        (SiteYear, site.format(key="{row}.site_id")),
        (Site, "{row}.enterprise_id"),
        (ComplianceRecord, "{row}.enterprise_id"),
        (Application, "{row}.applicant_id"),
    ):
        journal.watch(model._meta.db_table, TITLES, key)
