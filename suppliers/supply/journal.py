"""What changed since the network was folded into arrays: told by triggers, so that no way of writing is overlooked.

Imports write in bulk, other programs write with SQL: only the database sees them all. PostgreSQL tells once per
statement, SQLite once per row. On PostgreSQL transactions commit out of their order, so a horizon is the database's own
snapshot, and a change belongs to it exactly when that snapshot sees its transaction.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from greenchain.clock import now
from suppliers.supply.models import NetworkChange

LINKS, TITLES, PLACES = (
    kind.value for kind in (NetworkChange.Kind.LINKS, NetworkChange.Kind.TITLES, NetworkChange.Kind.PLACES)
)
KEPT_FOR = dt.timedelta(days=2)
"""Changes are forgotten after this time; arrays that are half as old are not used any more."""
EVENTS = {"INSERT": ("fresh",), "UPDATE": ("fresh", "stale"), "DELETE": ("stale",)}
TABLE = NetworkChange._meta.db_table
Horizon = dict[str, Any]


@dataclass(frozen=True)
class Watch:
    """A table, what a change of it concerns, and how to find the key in a row (SQL, ``{row}`` is the row)."""

    table: str
    kind: str
    key: str

    def name(self, event: str) -> str:
        """The trigger's name."""
        return f"{self.table}_told_{event.lower()}"


_watches: dict[str, Watch] = {}


def watch(table: str, kind: str, key: str) -> None:
    """From the next migrate on each change of ``table`` is told as a change of ``kind`` about ``key``."""
    _watches[table] = Watch(table, kind, key)


def hook(**_kwargs: Any) -> None:
    """Make every trigger anew, where all tables are there; receives Django's ``post_migrate``."""
    there = set(connection.introspection.table_names())
    if not {TABLE, *_watches} <= there:
        return
    unhook()
    create = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    with transaction.atomic(), connection.cursor() as cursor:
        for each in _watches.values():
            for event in EVENTS:
                for statement in create(each, event):
                    cursor.execute(statement)


def unhook(**_kwargs: Any) -> None:
    """Take the triggers away: SQLite cannot remake a table that one of them names. Receives ``pre_migrate``."""
    there = set(connection.introspection.table_names())
    with transaction.atomic(), connection.cursor() as cursor:
        for each in _watches.values():
            for event in EVENTS if each.table in there else ():
                on = f' ON "{each.table}"' if connection.vendor == "postgresql" else ""
                cursor.execute(f'DROP TRIGGER IF EXISTS "{each.name(event)}"{on}')


def horizon() -> Horizon:
    """Everything that is committed now lies behind it; what this transaction did itself counts as later."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"SELECT pg_current_snapshot()::text, pg_current_xact_id_if_assigned()::text, "  # noqa: S608 - our table
                f"coalesce(max(id), 0) FROM {TABLE}"
            )
            seen, own, last = cursor.fetchone()
            return {"seen": seen, "own": int(own or 0), "last": last}
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {TABLE}")  # noqa: S608 - our own table
        return {"last": cursor.fetchone()[0]}


def count_since(kind: str, behind: Horizon) -> tuple[int, int]:
    """How many changes are not behind the horizon, and the last of them: the same answer means the same changes."""
    found = _ask("count(*), coalesce(max(id), 0)", kind, behind)
    return found[0][0], found[0][1]


def keys_since(kind: str, behind: Horizon) -> set[int]:
    """What the changes that are not behind the horizon are about."""
    return {key for (key,) in _ask("DISTINCT key", kind, behind)}


def forget() -> int:
    """Changes older than ``KEPT_FOR`` are dropped; how many were."""
    return NetworkChange.objects.filter(at__lt=now() - KEPT_FOR).delete()[0]


def _ask(columns: str, kind: str, behind: Horizon) -> list[tuple[Any, ...]]:
    later, given = "id > %s", [kind, behind["last"]]
    if "seen" in behind:
        later += " OR xid = %s OR NOT pg_visible_in_snapshot(xid::text::xid8, %s::pg_snapshot)"
        given += [behind["own"], behind["seen"]]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {columns} FROM {TABLE} WHERE kind = %s AND ({later})", given)  # noqa: S608 - our own words
        return list(cursor.fetchall())


def _on_postgresql(each: Watch, event: str) -> list[str]:
    name = each.name(event)
    rows = " UNION ".join(f"SELECT {each.key.format(row=row)} AS key FROM {row}" for row in EVENTS[event])  # noqa: S608 - written here
    names = {"fresh": "NEW TABLE AS fresh", "stale": "OLD TABLE AS stale"}
    seen = " ".join(names[row] for row in EVENTS[event])
    function = (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '  # noqa: S608 - as above
        f"INSERT INTO {TABLE} (kind, key, xid, at) SELECT '{each.kind}', key, pg_current_xact_id()::text::bigint, "
        f"now() FROM ({rows}) AS told WHERE key IS NOT NULL; RETURN NULL; END $$"
    )
    trigger = (
        f'CREATE TRIGGER "{name}" AFTER {event} ON "{each.table}" REFERENCING {seen} '
        f'FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()'
    )
    return [function, trigger]


def _on_sqlite(each: Watch, event: str) -> list[str]:
    names = {"fresh": "NEW", "stale": "OLD"}
    told = " ".join(
        f"INSERT INTO {TABLE} (kind, key, xid, at) SELECT '{each.kind}', key, 0, "  # noqa: S608 - as above
        f"strftime('%Y-%m-%d %H:%M:%f', 'now') FROM (SELECT {each.key.format(row=names[row])} AS key) "
        "WHERE key IS NOT NULL;"
        for row in EVENTS[event]
    )
    return [f'CREATE TRIGGER "{each.name(event)}" AFTER {event} ON "{each.table}" BEGIN {told} END']
