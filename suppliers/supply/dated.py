"""All links with their dates and spends as columns, a row per link: what stood on any day, without asking for each."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from numpy.typing import NDArray

from suppliers.supply import folds, journal
from suppliers.supply.journal import LINKS
from suppliers.supply.keeping import Kept
from suppliers.supply.models import NetworkFold, SupplyLink
from suppliers.supply.reading import KEYS_A_QUERY, packed
from suppliers.supply.rows import Mask

DATES = NetworkFold.Kind.DATES.value
FAR = dt.date.max.toordinal()
COLUMNS = ("buyer_id", "supplier_id", "spend", "since_on", "until_on", "disputed_on")
DAYS = [(name, ">i4") for name in ("since", "until", "disputed")]
PACKED = np.dtype([("buyer", ">i4"), ("supplier", ">i4"), ("spend", ">f4"), *DAYS])
PACKED_ROW = (
    "int4send(buyer_id::int4) || int4send(supplier_id::int4) || float4send(coalesce(spend, 'NaN')::float4)"
    + "".join(f" || int4send(coalesce({name} - DATE '0001-01-01' + 1, 0))" for name in COLUMNS[3:])
)
Keys = NDArray[np.int32]


@dataclass(frozen=True)
class Dated:
    """A row per link. ``spend``: 10,000 CNY a year, NaN where not declared; days as ``date.toordinal``, included."""

    buyer: Keys
    supplier: Keys
    spend: NDArray[np.float32]
    since: Keys
    until: Keys

    def on(self, day: dt.date) -> Mask:
        """The links in force on ``day``, as ``SupplyLinkQuerySet.in_force`` has it."""
        return (self.since <= day.toordinal()) & (self.until >= day.toordinal())

    def only(self, which: Mask) -> "Dated":
        """Some of the rows."""
        return Dated(*(getattr(self, name)[which] for name in NAMES))


NAMES = [each.name for each in fields(Dated)]


def _fold() -> folds.Fold:
    behind = journal.horizon()
    found = _compute(None)
    return folds.keep(DATES, {name: getattr(found, name) for name in NAMES}, behind)


def _read(held: folds.Fold | None) -> Dated:
    if held is None:
        return _compute(None)
    found, changed = Dated(**held.arrays), journal.keys_since(LINKS, held.row.horizon)
    if not changed:
        return found
    fresh, stays = _compute(changed), found.only(~np.isin(found.buyer, np.array(sorted(changed))))
    return Dated(*(np.concatenate([getattr(stays, name), getattr(fresh, name)]) for name in NAMES))


def _compute(buyers: Iterable[int] | None) -> Dated:
    """From the database: the links of these buyers, or all."""
    asked = SupplyLink.objects.order_by().annotate(disputed_on=TruncDate("disputed_at"))
    if buyers is None:
        if connection.vendor == "postgresql":
            query, params = asked.values(*COLUMNS).query.sql_with_params()
            return _of(packed(query, params, PACKED_ROW, PACKED))
        return _of(_plain(asked))
    keys = sorted(buyers)
    parts = [keys[start : start + KEYS_A_QUERY] for start in range(0, len(keys), KEYS_A_QUERY)]
    return _of(np.concatenate([_plain(asked.filter(buyer__in=part)) for part in parts]))


def _plain(asked: QuerySet[Any]) -> NDArray[Any]:
    rows = (
        (
            buyer,
            supplier,
            np.nan if spend is None else spend,
            *(day.toordinal() if day else 0 for day in days),
        )
        for buyer, supplier, spend, *days in asked.values_list(*COLUMNS).iterator(chunk_size=20_000)
    )
    return np.fromiter(rows, dtype=PACKED)


def _of(rows: NDArray[Any]) -> Dated:
    """Rows as they were read; 0 stands for no day. A link that was disputed stood until the day before."""
    until = np.where(rows["until"] == 0, FAR, rows["until"])
    disputed = np.where(rows["disputed"] == 0, FAR, rows["disputed"] - 1)
    return Dated(
        buyer=rows["buyer"].astype(np.int32),
        supplier=rows["supplier"].astype(np.int32),
        spend=rows["spend"].astype(np.float32),
        since=rows["since"].astype(np.int32),
        until=np.minimum(until, disputed).astype(np.int32),
    )


_kept = Kept(DATES, LINKS, fold=_fold, read=_read)
dated, fold_if_due = _kept.now, _kept.fold_if_due
