"""The generated nation's links in the database in use: temporary tables that go with the connection.

A temporary table of the product's own name hides the real one, so the product's reading is measured as it is and
nobody's data is touched.
"""

from collections.abc import Iterator

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from bench.nation import Integers

COLUMNS = (
    "id bigint, buyer_id bigint, supplier_id bigint, share numeric(7,6), spend numeric(18,4), since_on date, "
    "until_on date, disputed_at timestamp"
)
PART = 200_000


def fill(pairs: Integers, spend: NDArray[np.float64]) -> None:
    """Two tables: the product's, and the bare pairs with an index for the SQL peers."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS temp_pair")
        cursor.execute(f"CREATE TEMP TABLE suppliers_supplylink ({COLUMNS})")
        cursor.execute("CREATE TEMP TABLE temp_pair (buyer integer, supplier integer)")
    copy = _copy if connection.vendor == "postgresql" else _insert
    for start in range(0, len(pairs), PART):
        copy(start, pairs[start : start + PART], spend[start : start + PART])
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO temp_pair SELECT buyer_id, supplier_id FROM suppliers_supplylink")
        cursor.execute("CREATE INDEX temp_pair_buyer ON temp_pair (buyer, supplier)")
        cursor.execute("ANALYZE")


def drop() -> None:
    """The tables go, and the real ones are seen again."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE temp_pair")
        cursor.execute("DROP TABLE suppliers_supplylink")


def _rows(
    start: int, pairs: Integers, spend: NDArray[np.float64]
) -> Iterator[tuple[int, int, int, float, str]]:
    for number, ((buyer, supplier), amount) in enumerate(
        zip(pairs.tolist(), spend.tolist(), strict=True), start=start
    ):
        yield number, buyer, supplier, round(amount, 4), "2024-01-01"


def _copy(start: int, pairs: Integers, spend: NDArray[np.float64]) -> None:
    lines = "".join("\t".join(map(str, row)) + "\n" for row in _rows(start, pairs, spend))
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY suppliers_supplylink (id, buyer_id, supplier_id, spend, since_on) FROM STDIN"
        ) as copy,
    ):
        copy.write(lines)


def _insert(start: int, pairs: Integers, spend: NDArray[np.float64]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO suppliers_supplylink (id, buyer_id, supplier_id, spend, since_on) "
            "VALUES (%s, %s, %s, %s, %s)",
            list(_rows(start, pairs, spend)),
        )


def recursive(focus: int, tiers: int) -> list[int]:
    """How many stand in each tier, by one recursive query over (enterprise, tier)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE up(id, tier) AS (SELECT %s, 0 UNION SELECT p.supplier, up.tier + 1 FROM up "
            "JOIN temp_pair p ON p.buyer = up.id WHERE up.tier < %s) SELECT tier, count(*) FROM "
            "(SELECT id, min(tier) AS tier FROM up GROUP BY id) AS nearest WHERE tier > 0 GROUP BY tier ORDER BY tier",
            [focus, tiers],
        )
        return [count for _tier, count in cursor.fetchall()]


def by_level(focus: int, tiers: int) -> list[int]:
    """The same, a statement a tier into a temporary table with a key."""
    sizes = []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE temp_reached (id integer PRIMARY KEY, tier integer)")
        cursor.execute("INSERT INTO temp_reached VALUES (%s, 0)", [focus])
        for tier in range(1, tiers + 1):
            cursor.execute(
                "INSERT INTO temp_reached SELECT DISTINCT p.supplier, %s FROM temp_reached r "
                "JOIN temp_pair p ON p.buyer = r.id WHERE r.tier = %s ON CONFLICT DO NOTHING",
                [tier, tier - 1],
            )
            if not cursor.rowcount:
                break
            sizes.append(cursor.rowcount)
        cursor.execute("DROP TABLE temp_reached")
    return sizes


def packed(today: str) -> bytes:
    """PostgreSQL's fastest known way out: all columns that the network needs as bytes, 5,000 buyers a row."""
    from psycopg import Cursor  # noqa: PLC0415 - only where PostgreSQL is

    with Cursor(connection.connection) as cursor:
        cursor.execute(
            "SELECT string_agg(int4send(buyer_id::int4) || int4send(supplier_id::int4) || "
            "float4send(coalesce(share, 'NaN')::float4) || float4send(coalesce(spend, 'NaN')::float4), ''::bytea) "
            "FROM suppliers_supplylink WHERE since_on <= %s AND (until_on IS NULL OR until_on >= %s) "
            "AND disputed_at IS NULL GROUP BY buyer_id / 5000",
            (today, today),
            binary=True,
        )
        return b"".join(part for (part,) in cursor)


def fetched(today: str) -> list[tuple[int, int, float | None, float | None]]:
    """SQLite's fastest known way out: every row at once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT buyer_id, supplier_id, share, spend FROM suppliers_supplylink WHERE since_on <= %s AND "
            "(until_on IS NULL OR until_on >= %s) AND disputed_at IS NULL",
            [today, today],
        )
        return list(cursor.fetchall())
