"""Rows of a study into the database by the thousand: one COPY on PostgreSQL, executemany elsewhere."""

from typing import Any

import numpy as np
from django.db import connection

from certification.impact.comparing import Compared
from certification.impact.models import StudyPart, StudyRow

FIELDS = (
    ("study_id", ">i8"),
    ("part_id", ">i8"),
    ("title_id", ">i8"),
    ("region", "S6"),
    ("division", "S2"),
    ("level", ">i2"),
    ("output", ">i8"),
    ("low_before", ">i4"),
    ("high_before", ">i4"),
    ("low_after", ">i4"),
    ("high_after", ">i4"),
    ("verdict_before", ">i2"),
    ("verdict_after", ">i2"),
    ("moved", ">i2"),
)
HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
END = b"\xff\xff"
LENGTH = "length_of_"
"""PostgreSQL's binary form: how many fields, then each field's length and bytes, big end first."""


def columns_of(compared: Compared, part: StudyPart) -> dict[str, Any]:
    """A column per field."""
    frozen, before, after = compared.frozen, compared.before.scores, compared.after.scores
    return {
        "study_id": part.study_id,
        "part_id": part.pk,
        "title_id": frozen.title,
        "region": np.array(frozen.region, dtype="S6"),
        "division": np.array(frozen.industry, dtype="S2"),
        "level": frozen.level,
        "output": frozen.output,
        "low_before": before.low,
        "high_before": before.high,
        "low_after": after.low,
        "high_after": after.high,
        "verdict_before": before.verdict,
        "verdict_after": after.verdict,
        "moved": compared.moved,
    }


def store(compared: Compared, part: StudyPart) -> None:
    """The part's rows stand; the caller holds the transaction and has removed what stood there before."""
    write(StudyRow._meta.db_table, columns_of(compared, part), compared.frozen.columns.count)


def write(table: str, columns: dict[str, Any], count: int) -> None:
    """Rows of ``FIELDS`` into a table that has them."""
    if connection.vendor == "postgresql":
        _copy(table, _binary(columns, count))
    else:
        _insert(table, columns, count)


def _binary(columns: dict[str, Any], count: int) -> bytes:
    kinds: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in FIELDS:
        kinds += [(LENGTH + name, ">i4"), (name, kind)]
    rows = np.empty(count, dtype=np.dtype(kinds))
    rows["fields"] = len(FIELDS)
    for name, kind in FIELDS:
        rows[LENGTH + name], rows[name] = np.dtype(kind).itemsize, columns[name]
    return HEAD + rows.tobytes() + END


def _copy(table: str, data: bytes) -> None:
    names = ", ".join(f'"{name}"' for name, _kind in FIELDS)
    statement = f'COPY "{table}" ({names}) FROM STDIN (FORMAT BINARY)'
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        copy.write(data)


def _insert(table: str, columns: dict[str, Any], count: int) -> None:
    names, marks = ", ".join(f'"{name}"' for name, _kind in FIELDS), ", ".join(["%s"] * len(FIELDS))
    cells = [_plain(columns[name], kind, count) for name, kind in FIELDS]
    statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(zip(*cells, strict=True)))


def _plain(column: Any, kind: str, count: int) -> list[Any]:
    found = np.broadcast_to(column, count).tolist()
    return [text.decode() for text in found] if kind.startswith("S") else found
