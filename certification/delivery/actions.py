"""Tell people what happened: a row per entry and addressee, then the mail."""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from certification.application.models import Application
from certification.chain.actions import BROKEN, alert_buyers
from certification.chain.models import Alert
from certification.delivery.models import Delivery
from certification.designation.models import Designation
from certification.scheme.subject import owner_of
from certification.workflow import Status
from greenchain.accounts.models import Role, User
from greenchain.audit.models import AuditEntry
from greenchain.audit.outbox import follow
from greenchain.audit.trail import record
from greenchain.clock import now
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import CAN
from suppliers.enterprise.models import Enterprise, Membership
from suppliers.evidence.kinds import KINDS
from suppliers.place.models import Authority

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
TO_APPLICANT = frozenset(
    "check endorse send_back extend reject select pass_over uphold dismiss close grant refuse lapse "
    "confirm overturn".split()
)
TO_HOLDER = frozenset("issue propose suspend reinstate revoke expire amend confirm overturn".split())
AT_DESK = {
    Status.EXAMINATION: Role.AUDITOR,
    Status.PANEL: Role.AUDITOR,
    Status.SELECTION: Role.APPROVER,
    Status.DECISION: Role.APPROVER,
}
VERBS = (
    TO_APPLICANT
    | TO_HOLDER
    | set(BROKEN)
    | {"remind"}
    | {"assign", "contest", "appeal", "recall", "escalate", "evaluate", "conclude", "time_out", "decline"}
)


def send_mails() -> int:
    """Write what is not yet written, send what is not yet sent; how many were sent.

    Alerts first: who is a buyer above a lost title is read from them.
    """
    alert_buyers()
    follow("mail", VERBS, write)
    waiting = Delivery.objects.filter(sent_at__isnull=True, attempts__lt=MAX_ATTEMPTS).select_related(
        "addressee"
    )
    return sum(_send(mail) for mail in waiting.order_by("pk")[:500])


def write(entry: AuditEntry) -> None:
    """One mail per addressee, in their language."""
    case = _case(entry)
    if case is None:
        return
    mails = [_mail(entry, case, person, name) for person, name in _addressees(entry, case)]
    Delivery.objects.bulk_create(mails, ignore_conflicts=True)


About: TypeAlias = Application | Designation | Enterprise
"""What an entry is about: a case, a title, or the enterprise whose vault it is."""


def _case(entry: AuditEntry) -> About | None:
    model, _colon, key = entry.chain.partition(":")
    if model == "enterprise":
        return Enterprise.objects.filter(pk=key).first()
    if model == "application":
        return (
            Application.objects.select_related("applicant", "desk", "scheme_version__scheme")
            .filter(pk=key)
            .first()
        )
    return (
        Designation.objects.select_related("scheme", "authority").filter(pk=key).first()
        if model == "designation"
        else None
    )


def _addressees(entry: AuditEntry, case: About) -> list[tuple[User, str]]:
    """Each person once, with the name of the mail: the verb's, or for a buyer above the title the alert."""
    people: dict[int, tuple[User, str]] = {}
    for person in _buyers(entry, case):
        people[person.pk] = (person, "alert")
    for person in _concerned(entry, case):
        people[person.pk] = (person, entry.verb)
    return [each for each in people.values() if each[0].is_active and each[0].pk != entry.actor_id]


def _buyers(entry: AuditEntry, case: About) -> Iterable[User]:
    if isinstance(case, Designation) and entry.verb in BROKEN:
        yield from _members(Alert.objects.filter(entry=entry).values("buyer"))


def _concerned(entry: AuditEntry, case: About) -> Iterable[User]:
    if isinstance(case, Application):
        if entry.verb in TO_APPLICANT:
            yield from _members([case.applicant_id])
        if entry.verb == "assign":
            yield from User.objects.filter(pk=entry.data["user"])
        elif entry.verb in {"time_out", "decline"}:
            yield from _officials(case.desk, Role.AUDITOR)
        elif entry.verb in {"contest", "appeal"}:
            yield from _officials(case.desk, Role.APPROVER)
        elif entry.data.get("to") in AT_DESK:
            yield from _officials(case.desk, AT_DESK[Status(entry.data["to"])])
        return
    if isinstance(case, Enterprise):
        yield from _members([case.pk])
    elif case.subject is not None and entry.verb in TO_HOLDER:
        yield from _members([owner_of(case.subject).pk])


def _members(enterprises: Any) -> Iterable[User]:
    """Owners and editors of the enterprises (keys, or a query for them)."""
    current = Membership.objects.current().filter(role__in=CAN["edit"], enterprise__in=enterprises)
    return [membership.user for membership in current.select_related("user").order_by("pk")]


def _officials(desk: Authority, role: str) -> Iterable[User]:
    return User.objects.filter(authority=desk, role=role, is_active=True)


def _mail(entry: AuditEntry, case: About, person: User, name: str) -> Delivery:
    holder = owner_of(case.subject) if isinstance(case, Designation) and case.subject else None
    with override(person.language):
        context = {
            "entry": entry,
            "case": case,
            "data": entry.data,
            "person": person,
            "holder": holder,
            "files": list(_files(entry)),
            "site": settings.SITE_URL,
        }
        text = render_to_string([f"mail/{name}.txt", "mail/default.txt"], context)
    subject, _newline, body = text.strip().partition("\n")
    return Delivery(entry=entry, addressee=person, subject=subject[:200], text=body.strip())


def _files(entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """The files of a reminder, the first to expire first."""
    for row in entry.data.get("files", ()) if entry.verb == "remind" else ():
        expires_on = dt.date.fromisoformat(row["expires_on"])
        yield {**row, "kind": KINDS.get(row["kind"], ""), "expires_on": expires_on}


@transaction.atomic
def try_again(mail: Delivery, *, by: User) -> Delivery:
    """A mail that the server refused too often is sent again with the next round."""
    if by.role != Role.ADMINISTRATOR:
        raise NotYours(_("Only administrators have mails sent again."), code="role")
    fresh = Delivery.objects.select_for_update(of=("self",)).get(pk=mail.pk)
    if fresh.sent_at is not None:
        raise Refused(_("This mail has been sent."), code="already_done")
    record("try_again", fresh, by=by, attempts=fresh.attempts)
    fresh.attempts = 0
    fresh.save(update_fields=["attempts"])
    return fresh


def _send(mail: Delivery) -> bool:
    """One mail; a failing server is tried again, five times at most."""
    with transaction.atomic():
        fresh = Delivery.objects.select_for_update(of=("self",)).get(pk=mail.pk)
        if fresh.sent_at is not None:
            return False
        fresh.attempts += 1
        try:
            _post(fresh, mail.addressee)
            fresh.sent_at = now()
        except OSError:
            log.warning("mail %s could not be sent", mail.pk, exc_info=True)
        fresh.save(update_fields=["attempts", "sent_at"])
    return fresh.sent_at is not None


def _post(mail: Delivery, person: Any) -> None:
    if person.email:
        send_mail(mail.subject, mail.text, settings.DEFAULT_FROM_EMAIL, [person.email])
