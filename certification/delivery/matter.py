"""What an entry of the record is about, whom it is told to, and whether it still asks for anything."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from certification.application.models import Application
from certification.complaint.models import Complaint
from certification.delivery.dues import SOURCES
from certification.delivery.kinds import Dropped
from certification.delivery.models import Reminder
from certification.delivery.table import TELLINGS, Telling
from certification.designation.models import Designation
from certification.notice.models import PublicNotice
from certification.sourcing.models import SupplierAudit
from certification.workflow import OPEN, Status
from greenchain.accounts.models import Role, User
from greenchain.audit.models import AuditEntry
from suppliers.claim.models import Claim
from suppliers.enterprise.models import Enterprise
from suppliers.invitation.models import Invitation
from suppliers.place.models import Authority
from suppliers.record.models import ComplianceRecord
from suppliers.sharing.models import AnswerSet, Consent

ROWS: Mapping[str, Callable[[], QuerySet[Any]]] = {
    "application": lambda: Application.objects.select_related("applicant", "desk", "scheme_version__scheme"),
    "designation": lambda: Designation.objects.select_related("scheme", "authority"),
    "authority": Authority.objects.all,
    "compliancerecord": ComplianceRecord.objects.all,
    "complaint": lambda: Complaint.objects.select_related("designation", "body"),
    "claim": lambda: Claim.objects.select_related("enterprise", "desk", "user"),
    "enterprise": Enterprise.objects.all,
    "invitation": lambda: Invitation.objects.select_related("buyer", "supplier"),
    "consent": lambda: Consent.objects.select_related("buyer", "enterprise"),
    "supplieraudit": lambda: SupplierAudit.objects.select_related("buyer", "supplier"),
    "answerset": lambda: AnswerSet.objects.select_related("enterprise"),
    "reminder": Reminder.objects.all,
}
"""The rows whose entries are told, by the chain's model."""
STANDING = (Status.CURRENT, Status.SUSPENDED)


@dataclass(frozen=True, slots=True)
class Matter:
    """An entry with its row: the case, title, enterprise or notice that the texts speak of."""

    entry: AuditEntry
    row: Any
    tellings: tuple[Telling, ...]
    reminder: Reminder | None = None

    def texts(self, to: str) -> list[str]:
        """The templates that may word it, the most special first."""
        if self.reminder is not None:
            return [f"mail/due-{self.reminder.source}.txt", "mail/due.txt"]
        if to in {"buyers", "landing"}:
            return [f"mail/{to}.txt"]
        verb = self.entry.verb
        return [f"mail/{verb}-{to}.txt", f"mail/{verb}.txt", "mail/default.txt"]

    def url(self, telling: Telling, person: User) -> str:
        """Where the person goes on."""
        row = self.row
        if isinstance(row, Enterprise):
            expiring = reverse("evidence-list") + "?state=expiring"
            return expiring if self.entry.verb == "remind" else reverse("enterprise", args=[row.pk])
        if isinstance(row, Invitation | Consent | AnswerSet | SupplierAudit):
            return _among_suppliers(row, telling)
        if isinstance(row, Claim | Complaint):
            return _with_officers(row, telling)
        if isinstance(row, PublicNotice):
            return reverse("notice", args=[row.number])
        if isinstance(row, Application):
            place = "seats" if person.role in {Role.EVALUATOR, Role.EXPERT} else ""
            place = "notices" if telling.to == "objectors" else place
            return reverse(place) if place else reverse("application", args=[row.pk])
        place = "holding" if telling.to == "holder" else "title"
        whole = {"chain": "alerts", "brief": "supply-broken"}.get(telling.kind)
        return reverse(whole) if whole else reverse(place, args=[row.number])

    def settled(self, asks: str) -> str:
        """Why the mail that asks until then asks for nothing any more; "" while it does."""
        if self.reminder is not None:
            return "" if SOURCES[self.reminder.source].still(self.reminder) else Dropped.ANSWERED
        verbs = set(asks.split())
        if {"moved", "over"} & verbs and self._over():
            return Dropped.OVER
        if "moved" in verbs and self.row.status_since > self.entry.at:
            return Dropped.MOVED
        verbs -= {"moved", "over"}
        later = AuditEntry.objects.filter(chain=self.entry.chain, seq__gt=self.entry.seq, verb__in=verbs)
        return Dropped.ANSWERED if verbs and later.exists() else ""

    def _over(self) -> bool:
        going_on = OPEN.split() if isinstance(self.row, Application) else STANDING
        return self.row.status not in going_on


def _among_suppliers(row: Invitation | Consent | AnswerSet | SupplierAudit, telling: Telling) -> str:
    """Where buyers and suppliers answer one another."""
    if isinstance(row, Consent):
        if telling.to == "givers":
            return reverse("sharing", args=[row.enterprise_id])
        return reverse("buyer-supplier", args=[row.buyer_id, row.enterprise_id])
    if isinstance(row, SupplierAudit):
        asked = telling.to == "audited"
        return reverse("findings-asked") if asked else reverse("supplier-audit", args=[row.pk])
    if isinstance(row, AnswerSet):
        return reverse("questionnaire", args=[row.enterprise_id])
    asked = telling.to == "invited"
    return reverse("invitations") if asked else reverse("responses", args=[row.buyer_id])


def _with_officers(row: Claim | Complaint, telling: Telling) -> str:
    """What an authority decides: the officer's page in the admin, the other side's in the portal."""
    if isinstance(row, Claim):
        return reverse(
            "admin:suppliers_claim_change" if telling.to == "claim_desk" else "claim", args=[row.pk]
        )
    if telling.to == "complained_of":
        return reverse("complaint-reply", args=[row.number])
    return reverse("admin:certification_complaint_change", args=[row.pk])


def matter_of(entry: AuditEntry) -> Matter | None:
    """The matter, or None for what nobody is told of or what is gone."""
    model, _colon, key = entry.chain.partition(":")
    row = ROWS[model]().filter(pk=key).first() if model in ROWS else None
    if isinstance(row, Reminder):
        return _due(entry, row)
    tellings = TELLINGS.get((model, entry.verb), ())
    return Matter(entry, row, tellings) if row is not None and tellings else None


def _due(entry: AuditEntry, reminder: Reminder) -> Matter | None:
    source = SOURCES.get(reminder.source)
    row = source.still(reminder) if source else None
    if source is None or row is None:
        return None
    telling = Telling("reminder", entry.verb, source.to, "reminder", "due")
    return Matter(entry, source.case_of(row), (telling,), reminder)


def told_to(
    matter: Matter, people: Callable[[str, Any, AuditEntry], list[User]]
) -> Iterator[tuple[User, Telling]]:
    """Each person once, with the first row of the table that reaches them."""
    seen: set[int] = set()
    for telling in matter.tellings:
        for person in people(telling.to, matter.row, matter.entry):
            if person.pk not in seen:
                seen.add(person.pk)
                yield person, telling
