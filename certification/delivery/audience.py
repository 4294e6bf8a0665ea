"""The people of a case or title, by the words of the table: each is a function of the row and the entry."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q

from certification.application.models import Application, Seat
from certification.capacity import next_place
from certification.chain.hearers import hearers_of
from certification.complaint.guards import takes_up
from certification.complaint.models import OFFICERS, Complaint
from certification.designation.models import Designation
from certification.notice.models import Objection, PublicNotice
from certification.queue.upwards import NEXT
from certification.scheme.subject import owner_of
from certification.sourcing.models import SupplierAudit
from certification.workflow import Case, Status, table
from greenchain.accounts.models import Absence, Role, User
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import history
from suppliers.claim.models import Claim
from suppliers.enterprise.access import CAN
from suppliers.enterprise.models import Enterprise, Membership
from suppliers.invitation.models import Invitation
from suppliers.place.models import Authority
from suppliers.sharing.models import AnswerSet, Consent

Audience = Callable[[Any, AuditEntry], Iterable[User]]
AUDIENCES: dict[str, Audience] = {}
AT_DESK = {
    Status.EXAMINATION: Role.AUDITOR,
    Status.PANEL: Role.AUDITOR,
    Status.SELECTION: Role.APPROVER,
    Status.NOTICE: Role.APPROVER,
    Status.DECISION: Role.APPROVER,
}
"""Who acts at the desk, by the status."""
NEXT_MOVES = {move.verb: move for move in table("A")}
QUIET = {Status.NOTICE}
"""Where nobody need act on arrival."""


def audience(function: Audience) -> Audience:
    """Register a group of people under the function's name."""
    AUDIENCES[function.__name__] = function
    return function


def people_of(to: str, row: Any, entry: AuditEntry) -> list[User]:
    """The group's people who are still here, and who stands in for those who are away; without who acted."""
    found = {person.pk: person for person in AUDIENCES[to](row, entry)}
    found |= {person.pk: person for person in _stand_ins(found.values())}
    return [person for key, person in sorted(found.items()) if person.is_active and key != entry.actor_id]


@audience
def nobody(_row: Any, _entry: AuditEntry) -> Iterable[User]:
    """Nobody is told."""
    return ()


@audience
def applicant(case: Application, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the enterprise that applies."""
    return _members([case.applicant_id])


@audience
def members(enterprise: Enterprise, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the enterprise."""
    return _members([enterprise.pk])


@audience
def claimant(row: Claim, _entry: AuditEntry) -> Iterable[User]:
    """Who says that they act for the enterprise."""
    return [row.user]


@audience
def claim_desk(row: Claim, _entry: AuditEntry) -> Iterable[User]:
    """The auditors of the authority that decides the claim."""
    return _officials([row.desk], Role.AUDITOR)


@audience
def holder(title: Designation, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of who holds the title."""
    return _members([owner_of(title.subject).pk]) if title.subject is not None else ()


@audience
def unlinked(_title: Designation, entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the enterprise that the title was linked with until now."""
    return _members([entry.data["enterprise"]])


@audience
def late_holder(title: Designation, entry: AuditEntry) -> Iterable[User]:
    """The holder, of a duty on its day and after it; the days before are told by what comes due (``dues``)."""
    before = entry.data["kind"] == "annual_form" and int(entry.data["days"]) > 0
    return () if before else holder(title, entry)


@audience
def buyers(_row: Any, entry: AuditEntry) -> Iterable[User]:
    """People of the buyers above a supplier who want to hear of the change."""
    return hearers_of(entry).people.values()


@audience
def reviewers(authority: Authority, _entry: AuditEntry) -> Iterable[User]:
    """The authority's reviewers."""
    return _officials([authority], Role.REVIEWER)


@audience
def auditors(case: Application, _entry: AuditEntry) -> Iterable[User]:
    """The desk's auditors."""
    return _officials([case.desk], Role.AUDITOR)


@audience
def approvers(case: Application, _entry: AuditEntry) -> Iterable[User]:
    """The desk's approvers."""
    return _officials([case.desk], Role.APPROVER)


@audience
def landing(case: Application, entry: AuditEntry) -> Iterable[User]:
    """Whoever acts where the case has landed."""
    status = str(entry.data.get("to") or "")
    return _acting(case, AT_DESK[Status(status)]) if status in AT_DESK.keys() - QUIET else ()


@audience
def desk(case: Application, _entry: AuditEntry) -> Iterable[User]:
    """Whoever acts at the desk in the case's status of now."""
    return _acting(case, AT_DESK[Status(case.status)]) if case.status in AT_DESK else ()


@audience
def late_desk(case: Application, entry: AuditEntry) -> Iterable[User]:
    """The desk that lost the case to the one above."""
    role = AT_DESK.get(Status(str(entry.data["to"])), Role.AUDITOR)
    late = Authority.objects.filter(code=entry.data.get("desk")).exclude(pk=case.desk_id)
    return _officials(late, role)


@audience
def assigned(_case: Application, entry: AuditEntry) -> Iterable[User]:
    """Who was given a seat."""
    return User.objects.filter(pk__in=entry.data.get("drawn") or [entry.data["user"]])


@audience
def asker(case: Application, entry: AuditEntry) -> Iterable[User]:
    """Who asked, or found what does not conform; where they have left, the desk's auditors."""
    asked = User.objects.filter(pk=entry.data["asker"], is_active=True)
    return list(asked) or auditors(case, entry)


@audience
def seats(case: Application, entry: AuditEntry) -> Iterable[User]:
    """Evaluators and experts whose seat lasted until now."""
    lasting = Q(until_on=None) | Q(until_on__gte=entry.at.date())
    held = Seat.objects.filter(lasting, application=case, part__in=[Role.EVALUATOR, Role.EXPERT])
    return [seat.user for seat in held.select_related("user")]


@audience
def seated(case: Application, _entry: AuditEntry) -> Iterable[User]:
    """Evaluators who have not declared their independence yet."""
    held = Seat.objects.current().filter(application=case, part=Role.EVALUATOR, declared="")
    return [seat.user for seat in held.select_related("user")]


@audience
def objectors(case: Application, _entry: AuditEntry) -> Iterable[User]:
    """Who objected to the case, where they signed in for it."""
    found = Objection.objects.counted().filter(application=case, by__isnull=False).select_related("by")
    return [row.by for row in found if row.by]


@audience
def keepers(title: Designation, _entry: AuditEntry) -> Iterable[User]:
    """The approvers of the authority that keeps the title."""
    return _officials([title.authority], Role.APPROVER)


@audience
def judges(case: Case, _entry: AuditEntry) -> Iterable[User]:
    """Approvers here and right above who took no part, else those nearest above: one of them answers the appeal."""
    here = case.acting()
    took_part = set(history(case).values_list("actor", flat=True))
    lineage = here.lineage() if here else []
    for places in (lineage[:2], *([each] for each in lineage[2:])):
        if apart := [person for person in _officials(places, Role.APPROVER) if person.pk not in took_part]:
            return apart
    return []


@audience
def noticing(notice: PublicNotice, _entry: AuditEntry) -> Iterable[User]:
    """The approvers of the authority whose notice it is."""
    return _officials([notice.authority], Role.APPROVER)


@audience
def complaint_officers(row: Complaint, _entry: AuditEntry) -> Iterable[User]:
    """Officers of the authority that answers who took no part."""
    found = User.objects.filter(authority=row.authority_id, role__in=OFFICERS, is_active=True)
    return [person for person in found if takes_up(row, person)]


@audience
def complaint_taker(row: Complaint, _entry: AuditEntry) -> Iterable[User]:
    """The officer who has it."""
    return [row.taken_by] if row.taken_by else ()


@audience
def complained_of(row: Complaint, entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the holder, or who acts for the body."""
    return row.body.members.all() if row.body else holder(row.designation, entry)


@audience
def invited(row: Invitation, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the supplier, where it has some; others get the mail with the link."""
    return _members([row.supplier_id]) if row.supplier_id else ()


@audience
def inviters(row: Invitation, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the buyer."""
    return _members([row.buyer_id])


@audience
def consented(row: Consent, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the buyer that is named; a consent to all of them is told to none."""
    return _members([row.buyer_id]) if row.buyer_id else ()


@audience
def givers(row: Consent, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the enterprise that consented."""
    return _members([row.enterprise_id])


@audience
def audited(row: SupplierAudit, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the supplier that was audited."""
    return _members([row.supplier_id])


@audience
def auditing(row: SupplierAudit, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the buyer that audits."""
    return _members([row.buyer_id])


@audience
def answerers(row: AnswerSet, _entry: AuditEntry) -> Iterable[User]:
    """Owners and editors of the enterprise whose answers they are."""
    return _members([row.enterprise_id])


def _members(enterprises: Any) -> list[User]:
    """Owners and editors of the enterprises (keys, or a query for them)."""
    current = Membership.objects.current().filter(role__in=CAN["edit"], enterprise__in=enterprises)
    return [membership.user for membership in current.select_related("user").order_by("pk")]


def _acting(case: Application, role: str) -> Iterable[User]:
    """The role's people at the desk, and those above to whom the next move goes where nobody is left there."""
    row = NEXT_MOVES.get(NEXT[role].get(case.status, ""))
    place = next_place(case, row, role) if row else ""
    above = Authority.objects.filter(code=place).exclude(pk=case.desk_id)
    return [*_officials([case.desk], role), *_officials(above, role)]


def _stand_ins(people: Iterable[User]) -> Iterable[User]:
    """Who stands in today for the officials among them."""
    officials = [person.pk for person in people if person.is_official]
    running = Absence.objects.running().filter(person__in=officials, stand_in__isnull=False)
    return User.objects.filter(pk__in=running.values("stand_in")) if officials else ()


def _officials(desks: Any, role: str) -> Iterable[User]:
    return User.objects.filter(authority__in=desks, role=role, is_active=True)
