"""A frozen dossier for reading: the form, the figures, the claims, and the files under each requirement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from certification.application.changes import SHARES, answers_of
from certification.application.forms import read_claim
from certification.application.local import gates_of
from certification.application.models import Application
from certification.scheme.definition import Definition
from suppliers.evidence.kinds import KINDS
from suppliers.reporting.catalogue import METRICS, TABLES, Table


@dataclass(frozen=True, slots=True)
class Filed:
    """A file as the dossier names it."""

    key: int
    title: str
    kind: str
    filename: str
    period: tuple[str, str]
    issuer: str
    expires_on: str
    sha256: str

    @property
    def is_shown(self) -> bool:
        """Whether a browser shows it in place."""
        return self.filename.lower().endswith((".pdf", ".png", ".jpg", ".jpeg"))


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's rows as text."""

    table: Table
    head: list[str]
    body: list[list[str]]


class Frozen:
    """What was submitted, for one reader."""

    def __init__(self, application: Application, content: Mapping[str, Any]) -> None:
        self.application = application
        self.definition: Definition = application.scheme_version.definition
        self.content = content

    @property
    def subject(self) -> Mapping[str, Any]:
        """What the title is sought for."""
        found: Mapping[str, Any] = self.content["subject"]
        return found

    @property
    def applicant(self) -> Mapping[str, Any]:
        """Who applies."""
        found: Mapping[str, Any] = self.content["applicant"]
        return found

    def answers(self) -> list[tuple[str, str]]:
        """The form's own fields with what was filled in."""
        return answers_of(self.definition, self.content["form"])

    def values(self) -> list[tuple[Any, Any, Any]]:
        """Single values: metric, the year before, the reporting year."""
        now, before = (self._figures(year).get("values", {}) for year in self._years)
        return [
            (METRICS[key], before.get(key), now.get(key)) for key in METRICS if key in now or key in before
        ]

    @property
    def _years(self) -> tuple[int, int]:
        return self.application.year, self.application.year - 1

    def _figures(self, year: int) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.content["figures"].get(str(year)) or {}
        return found

    def tables(self) -> list[Rows]:
        """The reporting year's tables."""
        reported = self._figures(self.application.year).get("tables", {})
        return [_rows(TABLES[key], reported[key]) for key in TABLES if reported.get(key)]

    def claim(self, code: str) -> dict[str, Any]:
        """What is claimed for an indicator, in words: the form's claim, else the one made with a case."""
        found = read_claim(self.content["claims"].get(code))
        if not found["claim"]:
            found["claim"] = next((row["claim"] for row in self.cases(code)), "")
        return {**found, "words": str(SHARES.get(found["claim"], ""))}

    def cases(self, code: str) -> list[Mapping[str, Any]]:
        """The narrative cases told for an indicator."""
        rows = self._figures(self.application.year).get("tables", {}).get("cases", [])
        return [row for row in rows if row.get("indicator") == code]

    @cached_property
    def proofs(self) -> Mapping[str, list[Filed]]:
        """The files by requirement."""
        found: dict[str, list[Filed]] = {}
        for row in self.content["citations"]:
            found.setdefault(row["requirement"], []).append(_filed(row))
        return found

    @property
    def files(self) -> frozenset[int]:
        """The keys of all cited files."""
        return frozenset(row["evidence"] for row in self.content["citations"])

    def gates(self) -> list[tuple[Any, Sequence[Filed]]]:
        """Gates with their files."""
        return [(gate, self.proofs.get(gate.key, [])) for gate in gates_of(self.application)]


def _rows(table: Table, rows: Sequence[Mapping[str, Any]]) -> Rows:
    used = [column for column in table.columns.values() if any(row.get(column.key) for row in rows)]
    words = {column.key: {option.key: str(option) for option in column.options} for column in used}
    body = [[_cell(row.get(column.key), words[column.key]) for column in used] for row in rows]
    return Rows(table, [str(column) for column in used], body)


def _cell(value: Any, words: Mapping[str, str]) -> str:
    if value is True:
        return "✓"
    return "" if value in {None, "", False} else words.get(str(value), str(value))


def _filed(row: Mapping[str, Any]) -> Filed:
    return Filed(
        key=row["evidence"],
        title=row["title"],
        kind=str(KINDS.get(row["kind"], row["kind"])),
        filename=row["filename"],
        period=(row.get("period_from") or "", row.get("period_to") or ""),
        issuer=row.get("issuer") or "",
        expires_on=row.get("expires_on") or "",
        sha256=row["sha256"],
    )
