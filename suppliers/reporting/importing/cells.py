"""Read the cells of a chunk of rows, and gather in words what is wrong with them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.sheets import Fault, Row, formula_in
from suppliers.enterprise.identifiers import fault as identifier_fault
from suppliers.enterprise.identifiers import normalise
from suppliers.enterprise.models import Enterprise
from suppliers.place.models import Industry, Region

YES, NO = frozenset({"1", "true", "yes", "是"}), frozenset({"0", "false", "no", "否"})


@dataclass(frozen=True)
class Found:
    """A sound row: its number, what it is about, and what it says, in types that JSON knows."""

    number: int
    key: str
    data: dict[str, Any]


@dataclass
class Tally:
    """What an upsert did."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def add(self, other: "Tally") -> None:
        """Count another batch in."""
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of file: its columns, how a chunk is read, how a batch is written."""

    key: str
    needed: tuple[str, ...]
    columns: frozenset[str]
    read: "Callable[[Sequence[Row]], Chunk]"
    write: Callable[[Sequence[Mapping[str, Any]], User], Tally]


@dataclass
class Chunk:
    """The sound rows of a chunk, and the faults of the others."""

    found: list[Found] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def fault(self, row: Row, column: str, message: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(row.number, column, message))

    def sound(self, row: Row) -> bool:
        """Whether nothing was found wrong with the row so far."""
        return not any(fault.row == row.number for fault in self.faults)

    def texts(self, row: Row, longest: Mapping[str, int], needed: Collection[str] = ()) -> dict[str, str]:
        """The texts that the row gives; empty cells give nothing."""
        given = {}
        for column, most in longest.items():
            text = row.text(column)
            if text and (wrong := formula_in(text)):
                self.fault(row, column, wrong)
            elif len(text) > most:
                self.fault(row, column, _("is longer than %(max)d characters.") % {"max": most})
            elif "\x00" in text or not text.isprintable():
                self.fault(row, column, _("holds signs that cannot be printed."))
            elif text:
                given[column] = text
            elif column in needed:
                self.fault(row, column, _("is needed."))
        return given

    def identifier(self, row: Row, country: str = "CN") -> tuple[str, str]:
        """Scheme and identifier, sound or with a fault noted."""
        scheme = row.text("scheme").lower() or Enterprise.Scheme.USCC.value
        if scheme not in Enterprise.Scheme.values:
            self.fault(
                row, "scheme", _("must be one of: %(all)s.") % {"all": ", ".join(Enterprise.Scheme.values)}
            )
            return scheme, ""
        identifier = normalise(scheme, row.text("identifier"))
        if wrong := identifier_fault(scheme, identifier, country):
            self.fault(row, "identifier", wrong)
        return scheme, identifier

    def flag(self, row: Row, column: str) -> bool | None:
        """Yes or no; None where the cell is empty."""
        word = row.text(column).lower()
        if word and word not in YES | NO:
            self.fault(row, column, _("must be yes or no."))
        return None if not word else word in YES

    def email(self, row: Row, column: str) -> None:
        """Note a fault where the text is no address."""
        try:
            if row.text(column):
                validate_email(row.text(column))
        except ValidationError as error:
            self.fault(row, column, " ".join(error.messages))


def regions_in(rows: Sequence[Row]) -> dict[str, Region]:
    """The regions that the rows name, by code."""
    return Region.objects.in_bulk({row.text("region") for row in rows})


def industries_in(rows: Sequence[Row]) -> dict[str, Industry]:
    """The industries that the rows name, by code."""
    return Industry.objects.in_bulk({row.text("industry") for row in rows})


def place(
    chunk: Chunk, row: Row, regions: Mapping[str, Region], industries: Mapping[str, Industry]
) -> dict[str, str]:
    """Region and industry as the row gives them."""
    given = {}
    for column, known in (("region", regions), ("industry", industries)):
        code = row.text(column)
        if code and code not in known:
            chunk.fault(row, column, _("“%(code)s” is not known.") % {"code": code[:20]})
        elif code:
            given[f"{column}_id"] = code
    return given


def enterprises_in(keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Enterprise]:
    """The known enterprises with these schemes and identifiers."""
    found = Enterprise.objects.filter(identifier__in={identifier for _scheme, identifier in keys})
    return {(each.scheme, each.identifier): each for each in found}
