"""What several parts of one page ask of a case, read once.

A page takes a case in hand before it asks; guards, roles and the dossier then read from there. Actions and the
interface never do: what they judge they read anew.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from certification.application.models import Application, Citation, Dossier
from greenchain.accounts.models import Role
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import chain_of, history
from suppliers.enterprise.access import CAN
from suppliers.enterprise.models import Membership
from suppliers.reporting.models import Figures, years_of


class Hand:
    """One case's record, figures, citations and members, each read when it is first asked for."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.roles: dict[int, set[str]] = {}
        self.known: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What was made of that name; made now where nobody asked before."""
        if name not in self.known:
            self.known[name] = make()
        return self.known[name]

    @cached_property
    def entries(self) -> list[AuditEntry]:
        """The record, oldest first."""
        return list(history(self.application))

    @cached_property
    def verbs(self) -> set[str]:
        """What the record has: a table that only a verb writes need not be asked where the verb is not there."""
        return {entry.verb for entry in self.entries}

    @cached_property
    def dossiers(self) -> list[Dossier]:
        """The frozen dossiers, the newest first."""
        return list(self.application.dossiers.order_by("-number")) if "submit" in self.verbs else []

    @cached_property
    def reports(self) -> dict[int, Figures]:
        """The reporting year's figures and those of the year before, with their rows."""
        return read_reports(self.application)

    @cached_property
    def cited(self) -> list[Citation]:
        """The citations with their evidence."""
        return read_citations(self.application)

    def may(self, user: Any, what: str) -> bool:
        """Whether the person may "edit" or "own" the applicant's affairs, as ``access.may`` says."""
        if not user.is_authenticated or not user.is_active or user.role != Role.ENTERPRISE:
            return False
        if getattr(self.application, "parts_of", None) == user.pk:
            return bool(getattr(self.application, f"may_{what}"))
        if user.pk not in self.roles:
            mine = Membership.objects.current().filter(user=user, enterprise=self.application.applicant_id)
            self.roles[user.pk] = set(mine.values_list("role", flat=True))
        return not self.roles[user.pk].isdisjoint(CAN[what])


def take(application: Application) -> Hand:
    """The case is in hand: what is asked of it from now on is read once."""
    hand: Hand | None = application.hand
    application.hand = hand or Hand(application)
    made: Hand = application.hand
    return made


def take_all(applications: Sequence[Application]) -> None:
    """Many cases are in hand, each with its record; one query for all of them."""
    hands = {chain_of(application): take(application) for application in applications}
    for hand in hands.values():
        hand.entries = []
    rows = AuditEntry.objects.filter(chain__in=hands).order_by("chain", "seq")
    for entry in rows.select_related("actor"):
        hands[entry.chain].entries.append(entry)


def share(applications: Sequence[Application], name: str, rows: Iterable[tuple[int, Any]]) -> None:
    """Give each of many cases in hand its rows (key of the case, row) under that name; most get none."""
    found: dict[int, list[Any]] = {application.pk: [] for application in applications}
    for key, row in rows:
        found[key].append(row)
    for application in applications:
        take(application).known[name] = found[application.pk]


def read_reports(application: Application) -> dict[int, Figures]:
    """The reporting year's figures and those of the year before, by year."""
    years = (application.year - 1, application.year)
    found = years_of(application.subject).filter(year__in=years).prefetch_related("rows")
    return {report.year: report for report in found}


def read_citations(application: Application) -> list[Citation]:
    """The citations with their evidence, in a stable order."""
    cited = application.citations.select_related("evidence", "evidence__site")
    return sorted(cited, key=lambda row: (row.requirement, row.evidence_id))
