"""A page under docs/schemes/ read as an example: figures, rulings, and what comes of them."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from certification.assessment.casefile import CaseFile, Proof, Record
from certification.scheme.definition import Definition
from certification.scheme.loading import FOLDER, load
from suppliers.reporting.catalogue import TABLES

DOCS = Path(__file__).parents[2] / "docs" / "schemes"
NONE = "–"
DAY = dt.date(2026, 6, 1)
Rows = list[dict[str, Any]]
TICKED = {"yes": True, "no": False}


@dataclass(frozen=True)
class Page:
    """One page; ``path`` names the scheme file's stem with dashes."""

    path: Path

    @cached_property
    def definition(self) -> Definition:
        """The scheme that the page names."""
        stem = re.search(r"catalogue/([\w-]+)\.toml", self.path.read_text(encoding="utf-8"))
        assert stem is not None
        return load(FOLDER / f"{stem[1]}.toml")

    @cached_property
    def tables(self) -> dict[str, Rows]:
        """Every table of the page, by the header of its first column."""
        found: dict[str, list[list[str]]] = {}
        header = ""
        for line in [*self.path.read_text(encoding="utf-8").splitlines(), ""]:
            cells = (
                [cell.strip().strip("`") for cell in line.strip("|").split("|")]
                if line.startswith("|")
                else []
            )
            if cells and not header:
                header = cells[0]
                found[header] = []
            if cells:
                found[header].append(cells)
            else:
                header = ""
        return {
            name: [dict(zip(lines[0], row, strict=True)) for row in lines[2:]]
            for name, lines in found.items()
        }

    def rows(self, header: str) -> Rows:
        """A table; empty where the page has none."""
        return self.tables.get(header, [])

    @property
    def values(self) -> dict[str, str]:
        """The single figures."""
        return {row["metric"]: row["value"] for row in self.rows("metric")}

    @property
    def reported(self) -> dict[str, Rows]:
        """The rows, as they are stored."""
        found = {}
        for header in self.tables:
            if header.startswith("row of "):
                key = header.removeprefix("row of ").strip("`")
                found[key] = [dict(_cells(key, row)) for row in self.rows(header)]
        return found

    @property
    def claims(self) -> dict[str, str]:
        """What is claimed."""
        return {row["claim"]: row["is"] for row in self.rows("claim")}

    @property
    def corrections(self) -> dict[str, dict[str, str]]:
        """What the desk ruled."""
        return {row["ruling"]: {row["field"]: row["after"]} for row in self.rows("ruling")}

    def case(self, change: str = "") -> CaseFile:
        """The case file of the page, with one place changed."""
        values, tables = dict(self.values), self.reported
        for part in filter(None, change.split("; ")):
            _apply(part, values, tables)
        gates = {row["gate"]: row["given"] for row in self.rows("gate")}
        return CaseFile(
            application=1,
            subject=1,
            site=None,
            year=2025,
            definition=self.definition,
            content={"figures": {"2025": {"values": values, "tables": tables}}, "claims": self.claims},
            proofs=tuple(_proof(key) for key, given in gates.items() if given == "cited"),
            records=tuple(_record(key, given) for key, given in gates.items() if given.startswith("a ")),
            corrections=self.corrections,
            benchmarks={},
            day=DAY,
        )


def pages() -> list[Page]:
    """The pages that are read whole; the green factory of 2025 has a test of its own."""
    return [Page(path) for path in sorted(DOCS.glob("*.md")) if path.stem != "green-factory-2025"]


def _cells(table: str, row: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for key, column in TABLES[table].columns.items():
        if text := row.get(key, ""):
            yield key, TICKED[text] if column.kind == "flag" else text


def _apply(part: str, values: dict[str, str], tables: dict[str, Rows]) -> None:
    """``metric = 3``, ``table 2 column = 3``, ``table = –``; – stands for not reported."""
    where, _equals, value = part.partition(" = ")
    table, *place = where.split(" ")
    if place:
        row = tables[table][int(place[0]) - 1]
        row[place[1]] = "" if value == NONE else value
    elif table in tables:
        del tables[table]
    elif value == NONE:
        values.pop(table)
    else:
        values[table] = value


def _proof(gate: str) -> Proof:
    return Proof(
        requirement=gate,
        evidence=1,
        kind="other",
        title="A paper",
        sha256="0" * 64,
        site=None,
        certificate_number="",
        period_from=None,
        period_to=None,
        expires_on=None,
        retracted=False,
        elsewhere=0,
    )


def _record(gate: str, given: str) -> Record:
    kind = gate.removeprefix("veto.")
    return Record(1, kind, "An event", "A register", "2025-05-03", confirmed=given == "a confirmed record")
