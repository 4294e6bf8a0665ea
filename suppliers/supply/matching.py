"""Find out which enterprise a line of a sheet means: by its identifier, then by its name."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from greenchain.sheets import Fault
from suppliers.enterprise.identifiers import fault, normalise
from suppliers.enterprise.identity import spelled
from suppliers.enterprise.likeness import Likeness, Match, bearing, chunks
from suppliers.enterprise.models import Enterprise
from suppliers.supply.sheet import Line

WHOLE = Decimal("1.005")


@dataclass(frozen=True)
class Unknown:
    """A sound identifier with a name, of an enterprise that nobody has noted yet."""

    scheme: str
    identifier: str
    name: str


@dataclass(frozen=True)
class Stranger:
    """Nobody known here, but the sheet says whom to write to: a supplier to be invited."""

    name: str
    identifier: str = ""


@dataclass(frozen=True)
class Mismatch:
    """Why a line means no enterprise: the column to look at, and the words."""

    column: str
    message: str


Meant = dict[int, "Enterprise | Unknown | Stranger"]
"""What each line means, by its row."""


def understand(lines: list[Line], buyer: Enterprise) -> tuple[Meant, list[Fault]]:
    """What the lines of ``buyer``'s sheet mean, and what is wrong with them."""
    matcher = Matcher(lines)
    meant: Meant = {}
    faults: list[Fault] = []
    for line in lines:
        found = matcher.find(line)
        if isinstance(found, Mismatch):
            faults.append(Fault(line.row, found.column, found.message))
        elif found == buyer:
            faults.append(Fault(line.row, "", _("An enterprise cannot supply itself.")))
        else:
            meant[line.row] = found
    return meant, [*faults, *_repeated(lines, meant), *_more_than_all(lines)]


def _repeated(lines: list[Line], meant: Meant) -> list[Fault]:
    first: dict[tuple[object, str, str], int] = {}
    faults = []
    for line in (line for line in lines if line.row in meant):
        earlier = first.setdefault((meant[line.row], line.kind, line.vendor_code), line.row)
        if earlier != line.row:
            message = _("repeats row %(row)d: same supplier, kind and vendor code.")
            faults.append(Fault(line.row, "", message % {"row": earlier}))
    return faults


def _more_than_all(lines: list[Line]) -> list[Fault]:
    """Shares of purchases cannot add up to more than the whole, but for rounding."""
    bought = [line for line in lines if line.kind == "supplies" and line.share is not None]
    total = sum((line.share or Decimal(0) for line in bought), Decimal(0))
    if total <= WHOLE:
        return []
    message = _("The shares of all rows add up to %(total)s %%, more than the whole.")
    return [Fault(bought[-1].row, "share", message % {"total": f"{total * 100:.1f}"})]


class Matcher:
    """Answers for all lines of a sheet with a few queries."""

    def __init__(self, lines: Iterable[Line]) -> None:
        lines = list(lines)
        self.identifiers = {
            line.row: split(line.supplier_identifier) for line in lines if line.supplier_identifier
        }
        self.by_identifier = self._identified()
        self.names = {line.supplier_name for line in lines if line.supplier_name}
        self.by_name = _named({spelled(name) for name in self.names})

    def find(self, line: Line) -> Enterprise | Unknown | Stranger | Mismatch:
        """The enterprise that the line means, or why none."""
        if line.row in self.identifiers:
            return self._by_identifier(line, *self.identifiers[line.row])
        return self._by_name(line)

    def _by_identifier(
        self, line: Line, scheme: str, identifier: str
    ) -> Enterprise | Unknown | Stranger | Mismatch:
        known = self.by_identifier.get((scheme, identifier))
        if known is not None:
            return self._confirmed(line, known)
        wrong = fault(scheme, identifier)
        if wrong is not None:
            return Mismatch("supplier_identifier", wrong)
        if scheme != "uscc":
            if line.supplier_email and line.supplier_name:
                return Stranger(line.supplier_name, f"{scheme}:{identifier}")
            message = _("is not known here. Suppliers abroad register themselves first.")
            return Mismatch("supplier_identifier", message)
        if not line.supplier_name:
            return Mismatch("supplier_name", _("is needed: no enterprise with this identifier is known yet."))
        return Unknown(scheme, identifier, line.supplier_name)

    def _confirmed(self, line: Line, known: Enterprise) -> Enterprise | Mismatch:
        """A name beside the identifier must be the enterprise's own, now or formerly."""
        if not line.supplier_name or known in self.by_name.get(spelled(line.supplier_name), []):
            return known
        message = _("The identifier belongs to “%(known)s”, not to “%(given)s”. One of the two is wrong.")
        return Mismatch("supplier_name", message % {"known": known.name, "given": line.supplier_name})

    def _by_name(self, line: Line) -> Enterprise | Stranger | Mismatch:
        found = self.by_name.get(spelled(line.supplier_name), [])
        if len(found) == 1:
            return found[0]
        if found:
            message = _("%(count)d enterprises bear this name. Please give the identifier.")
            return Mismatch("supplier_name", message % {"count": len(found)})
        if similar := self.similar.get(line.supplier_name):
            names = ", ".join(f"“{match.enterprise.name}”" for match in similar)
            message = _("is not known. Is it %(names)s? Please correct it, or give the identifier.")
            return Mismatch("supplier_name", message % {"names": names})
        if line.supplier_email:
            return Stranger(line.supplier_name)
        message = _("is not known. Please give the identifier as well, or an e-mail address to invite it.")
        return Mismatch("supplier_name", message)

    @cached_property
    def similar(self) -> dict[str, list[Match]]:
        """Whom the names that nobody bears may mean; looked for once somebody asks."""
        return Likeness().similar(name for name in self.names if not self.by_name.get(spelled(name)))

    def _identified(self) -> dict[tuple[str, str], Enterprise]:
        wanted = sorted({identifier for _scheme, identifier in self.identifiers.values()})
        found: dict[tuple[str, str], Enterprise] = {}
        for part in chunks(wanted):
            for enterprise in Enterprise.objects.filter(identifier__in=part):
                found[enterprise.scheme, enterprise.identifier] = enterprise
        return found


def _named(names: set[str]) -> dict[str, list[Enterprise]]:
    """Who bears or bore each name."""
    found = bearing(names, Enterprise.objects.all())
    return {name: [enterprise for enterprise, _how in borne] for name, borne in found.items()}


def split(text: str) -> tuple[str, str]:
    """Scheme and normalised identifier of a cell; without ``lei:`` and the like it is a USCC."""
    head, colon, tail = text.partition(":")
    scheme = head.strip().lower()
    if colon and scheme in Enterprise.Scheme.values:
        return scheme, normalise(scheme, tail)
    return "uscc", normalise("uscc", text)
