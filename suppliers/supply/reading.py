"""Links from the database to arrays: all of them at once, or those of some buyers."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from suppliers.supply.models import SupplyLink
from suppliers.supply.rows import Integers, Shares

BUYERS_A_PART = 5_000
KEYS_A_QUERY = 5_000
Numbers = NDArray[np.float64]
PACKED = np.dtype([("buyer", ">i4"), ("supplier", ">i4"), ("share", ">f4"), ("spend", ">f4")])
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
        packed = _packed(*found.query.sql_with_params())
        pairs = np.stack([packed["buyer"], packed["supplier"]], axis=1).astype(np.int64)
        return Links(pairs, shares_of(pairs[:, 0], packed["share"], packed["spend"]))
    return _links(found.order_by("buyer_id").values_list(*COLUMNS).iterator(chunk_size=20_000))


def read_of(buyers: Iterable[int], day: dt.date) -> Links:
    """The links of these buyers in force on ``day``."""
    keys: list[int] = sorted(buyers)
    rows: list[Any] = []
    for start in range(0, len(keys), KEYS_A_QUERY):
        part = keys[start : start + KEYS_A_QUERY]
        rows += SupplyLink.objects.in_force(day).filter(buyer__in=part).values_list(*COLUMNS)
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
    found = np.array(
        [(buyer, supplier, _number(share), _number(spend)) for buyer, supplier, share, spend in rows],
        dtype=np.dtype([("buyer", "i8"), ("supplier", "i8"), ("share", "f8"), ("spend", "f8")]),
    )
    pairs = np.stack([found["buyer"], found["supplier"]], axis=1)
    _keys, places = np.unique(found["buyer"], return_inverse=True)
    return Links(pairs, shares_of(places, found["share"], found["spend"]))


def _number(value: Any) -> float:
    return float("nan") if value is None else float(value)


def _packed(query: str, params: tuple[Any, ...]) -> NDArray[Any]:
    """All rows of a query as packed bytes, some thousands of buyers a row: the fastest way out of PostgreSQL."""
    bytes_of = (
        "int4send(buyer_id::int4) || int4send(supplier_id::int4) || "
        "float4send(coalesce(share, 'NaN')::float4) || float4send(coalesce(spend, 'NaN')::float4)"
    )
    statement = (
        f"SELECT string_agg({bytes_of}, ''::bytea ORDER BY buyer_id) FROM ({query}) AS link "  # noqa: S608 - the ORM's
        f"GROUP BY buyer_id / {BUYERS_A_PART} ORDER BY buyer_id / {BUYERS_A_PART}"
    )
    from psycopg import Cursor  # noqa: PLC0415 - only where PostgreSQL is

    connection.ensure_connection()
    with Cursor(connection.connection) as cursor:  # Django's own takes results as text: twice the bytes
        cursor.execute(statement, params, binary=True)
        parts = [np.frombuffer(part, dtype=PACKED) for (part,) in cursor]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=PACKED)
