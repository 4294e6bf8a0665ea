"""What a fixture builds once per process stands again in a moment: its rows and files are kept and put back.

A test's leftovers go the same way. Building the cast anew for each test took a third of the suite.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction

from greenchain.audit.immutable import lifted

T = TypeVar("T")
MADE_ONCE = {"django_content_type", "auth_permission", "django_migrations", "sqlite_sequence"}
"""Filled when the tables are made, and never by a test."""


@dataclass(frozen=True)
class Kept:
    """What was built: the rows of each table, the files of the vault and the object that tells of them."""

    rows: dict[str, Any]
    files: dict[str, bytes]
    told: bytes


def standing(kept: dict[Any, Kept], moment: Any, build: Callable[[], T]) -> T:
    """What ``build`` makes at that moment: put back where it is kept, else built and kept.

    Over rows that are there already nothing is put back and nothing kept.
    """
    if filled():
        return build()
    if moment in kept:
        return _put_back(kept[moment])
    made = build()
    kept[moment] = Kept({table: _read(table) for table in filled()}, _files(), pickle.dumps(made))
    return made


def empty() -> None:
    """Delete what a test has left in the database."""
    with _unguarded() as cursor:
        while tables := filled():  # a trigger may write down that a row has gone
            for table in tables:
                cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - its own name


def filled() -> list[str]:
    """The tables that hold rows of a test."""
    tables = sorted(set(connection.introspection.table_names()) - MADE_ONCE)
    with connection.cursor() as cursor:
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)  # noqa: S608
        cursor.execute(" UNION ALL ".join(asked))
        return [table for (table,) in cursor.fetchall()]


def _put_back(kept: Kept) -> Any:
    with _unguarded() as cursor:
        for table, rows in kept.rows.items():
            _write(cursor, table, rows)
    for name, content in kept.files.items():
        place = Path(settings.MEDIA_ROOT) / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return pickle.loads(kept.told)  # noqa: S301 - pickled a moment ago, by us


@contextmanager
def _unguarded() -> Iterator[Any]:
    """No trigger, and no reference looked after: the rows go in any order and fit each other."""
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield cursor
            cursor.execute("SET session_replication_role = DEFAULT")
    else:
        with transaction.atomic(), lifted(), connection.cursor() as cursor:
            cursor.execute("PRAGMA defer_foreign_keys = ON")
            yield cursor


def _read(table: str) -> Any:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" TO STDOUT') as copy:
                return b"".join(copy)
        cursor.execute(f'SELECT {_columns(cursor, table)} FROM "{table}"')  # noqa: S608 - as above
        return cursor.fetchall()


def _write(cursor: Any, table: str, rows: Any) -> None:
    if connection.vendor == "postgresql":
        with cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
            copy.write(rows)
    else:
        marks = ", ".join("%s" for _each in rows[0])
        cursor.execute(f'DELETE FROM "{table}"')  # noqa: S608 - what triggers wrote down of the tables before it
        cursor.executemany(f'INSERT INTO "{table}" ({_columns(cursor, table)}) VALUES ({marks})', rows)  # noqa: S608


def _columns(cursor: Any, table: str) -> str:
    """Those that are stored: SQLite takes no value for a generated one."""
    cursor.execute(f'PRAGMA table_info("{table}")')
    return ", ".join(f'"{name}"' for _place, name, *_rest in cursor.fetchall())


def _files() -> dict[str, bytes]:
    vault = Path(settings.MEDIA_ROOT)
    return {
        place.relative_to(vault).as_posix(): place.read_bytes()
        for place in vault.rglob("*")
        if place.is_file()
    }
