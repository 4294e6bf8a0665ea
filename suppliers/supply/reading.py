"""Links from the database to arrays: all of them at once, or those of some buyers."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import FloatField
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from suppliers.supply.models import SupplyLink
from suppliers.supply.rows import Integers, Shares

BUYERS_A_PART = 5_000
KEYS_A_QUERY = 5_000
Numbers = NDArray[np.float64]
PACKED = np.dtype([("buyer", ">i4"), ("supplier", ">i4"), ("share", ">f4"), ("spend", ">f4")])
ROW = np.dtype([("buyer", "i8"), ("supplier", "i8"), ("share", "f8"), ("spend", "f8")])
LINK = (
    "int4send(buyer_id::int4) || int4send(supplier_id::int4) || "
    "float4send(coalesce(share, 'NaN')::float4) || float4send(coalesce(spend, 'NaN')::float4)"
)
"""A row of ``PACKED`` in SQL."""
UNKNOWN = -1.0
COLUMNS = ("buyer_id", "supplier_id", "share", "spend")


@dataclass(frozen=True)
class Links:
    """Pairs (buyer, supplier) of keys, and beside each the share of the buyer's purchases."""

    pairs: Integers
    shares: Shares


def read_all(day: dt.date) -> Links:
    """Every link in force on ``day``."""
    found = SupplyLink.objects.in_force(day)
    if connection.vendor == "postgresql":
        read = packed(*found.values(*COLUMNS).query.sql_with_params())
        buyers, suppliers = (read[name].astype(np.int64) for name in ("buyer", "supplier"))
        share, spend = (read[name].astype(np.float64) for name in ("share", "spend"))
        # By column, as everything that follows reads them.
        return Links(np.stack([buyers, suppliers]).T, shares_of(buyers, share, spend))
    return _links(_plain(*found.values(*COLUMNS).query.sql_with_params()))


def read_of(buyers: Iterable[int], day: dt.date) -> Links:
    """The links of these buyers in force on ``day``."""
    keys: list[int] = sorted(buyers)
    rows: list[Any] = []
    for start in range(0, len(keys), KEYS_A_QUERY):
        part = keys[start : start + KEYS_A_QUERY]
        found = SupplyLink.objects.in_force(day).filter(buyer__in=part)
        known = [Coalesce(name, UNKNOWN, output_field=FloatField()) for name in ("share", "spend")]
        rows += found.values_list("buyer_id", "supplier_id", *known)
    return _links(rows)


def turned(day: dt.date, other: dt.date) -> set[int]:
    """Buyers with a link that is in force on one of two days and not on the other by its dates alone."""
    first, last = sorted((day, other))
    if first == last:
        return set()
    begun = SupplyLink.objects.filter(since_on__gt=first, since_on__lte=last)
    ended = SupplyLink.objects.filter(until_on__gte=first, until_on__lt=last)
    disputed = SupplyLink.objects.filter(disputed_at__date__gt=first)
    return {key for rows in (begun, ended, disputed) for key in rows.values_list("buyer_id", flat=True)}


def shares_of(buyers: Integers, share: Numbers, spend: Numbers) -> Shares:
    """For each link the share of its buyer's purchases: as declared, else its part of the declared spends.

    What is not known is NaN in ``share`` and ``spend``, and 0 in the answer. Shares of one buyer that add up to more
    than the whole are scaled down to it.
    """
    spends = np.nan_to_num(spend.astype(np.float64))
    total = np.bincount(buyers, weights=spends)[buyers] if len(buyers) else spends
    part = np.divide(spends, total, out=np.zeros(len(spends)), where=total > 0)
    known = np.where(np.isnan(share), part, share.astype(np.float64))
    whole = np.bincount(buyers, weights=known)[buyers] if len(buyers) else known
    return (known / np.maximum(whole, 1.0)).astype(np.float16)


def _links(rows: Iterable[Any]) -> Links:
    """Of rows with ``UNKNOWN`` for what is not declared."""
    found = np.fromiter(rows, dtype=ROW)
    pairs = np.stack([found["buyer"], found["supplier"]], axis=1)
    known = [np.where(found[name] < 0, np.nan, found[name]) for name in ("share", "spend")]
    _keys, places = np.unique(found["buyer"], return_inverse=True)
    return Links(pairs, shares_of(places, *known))


def _plain(query: str, params: tuple[Any, ...]) -> Iterator[Any]:
    """The rows as SQLite gives them: the ORM would make each figure a decimal first."""
    unknown = (
        f"SELECT buyer_id, supplier_id, coalesce(share, {UNKNOWN}), coalesce(spend, {UNKNOWN}) FROM ({query})"  # noqa: S608 - the ORM's
    )
    with connection.cursor() as cursor:
        cursor.execute(unknown, params)
        yield from cursor


def packed(query: str, params: tuple[Any, ...], row: str = LINK, kind: Any = PACKED) -> NDArray[Any]:
    """All rows of a query as packed bytes, some thousands of buyers a row: the fastest way out of PostgreSQL.

    ``row``: SQL for the bytes of a row of the query, ``kind``: the numpy type that reads them.
    """
    statement = (
        f"SELECT string_agg({row}, ''::bytea) FROM ({query}) AS link "  # noqa: S608 - the ORM's
        f"GROUP BY buyer_id / {BUYERS_A_PART}"
    )
    from psycopg import Cursor  # noqa: PLC0415 - only where PostgreSQL is

    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:  # Django's own takes results as text: twice the bytes
        cursor.execute(statement, params, binary=True)
        parts = [np.frombuffer(part, dtype=kind) for (part,) in cursor]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=kind)
