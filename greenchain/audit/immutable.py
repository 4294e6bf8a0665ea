"""Triggers that keep append-only rows as they are, in SQLite and in PostgreSQL.

SQLite's table remakes drop triggers silently, so they are made anew after every migrate.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

FUNCTION = """CREATE OR REPLACE FUNCTION greenchain_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'append-only: rows of % are never changed or deleted', TG_TABLE_NAME; END $$"""


def tables() -> list[str]:
    """The tables that hold append-only rows and exist."""
    there = set(connection.introspection.table_names())
    found = (model._meta.db_table for model in apps.get_models() if _kept(model))
    return sorted(table for table in found if table in there)


def _kept(model: type[models.Model]) -> bool:
    return bool(getattr(model, "append_only", False)) and not model._meta.abstract


def protect(**_kwargs: Any) -> None:
    """Make every trigger anew; receives Django's ``post_migrate``."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for table in tables():
            for event in ("UPDATE", "DELETE"):
                _drop(cursor, table, event)
                cursor.execute(_create(table, event))


def _name(table: str, event: str) -> str:
    return f"{table}_no_{event.lower()}"


def _create(table: str, event: str) -> str:
    name = _name(table, event)
    if connection.vendor == "postgresql":
        return (
            f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" '
            "FOR EACH ROW EXECUTE FUNCTION greenchain_append_only()"
        )
    return (
        f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" BEGIN '
        f"SELECT RAISE(ABORT, 'append-only: rows of {table} are never changed or deleted'); END"
    )


def _drop(cursor: Any, table: str, event: str) -> None:
    on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
    cursor.execute(f'DROP TRIGGER IF EXISTS "{_name(table, event)}"{on}')


@contextmanager
def lifted() -> Iterator[None]:
    """Lift the protection: only for emptying a test database or resetting the demo."""
    with connection.cursor() as cursor:
        for table in tables():
            for event in ("UPDATE", "DELETE"):
                _drop(cursor, table, event)
    try:
        yield
    finally:
        protect()
