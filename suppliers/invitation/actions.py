"""The buyer's side: invite suppliers, send again, call to mind, take back."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.languages import LANGUAGES
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may
from suppliers.enterprise.identity import spelled
from suppliers.enterprise.models import Enterprise
from suppliers.invitation.models import RUNGS, WEEK, Invitation, Stopped, digest_of

VALID_DAYS = 30
"""An invitation can be answered for so many days after it was sent (ours)."""
A_DAY = 100
"""So many mails of this kind may a buyer cause in a day (ours)."""
TO_ONE = 3
"""So many of them may one address get in a day, from all buyers together (ours)."""
DAY = dt.timedelta(days=1)
Status = Invitation.Status


@dataclass(frozen=True)
class Whom:
    """One supplier to be invited: a declared one, or a name that is not known here; "" as contact: by message here."""

    supplier: Enterprise | None = None
    name: str = ""
    contact: str = ""


@dataclass
class Sent:
    """What became of many: the invitations that left, and the others with the reason."""

    sent: list[Invitation] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


@transaction.atomic
def invite(
    buyer: Enterprise,
    *,
    by: User,
    language: str,
    supplier: Enterprise | None = None,
    name: str = "",
    contact: str = "",
) -> Invitation:
    """The supplier is asked: by mail with a link, or, where it has people here, by a message to them."""
    _must_edit(buyer, by)
    Enterprise.objects.select_for_update(of=("self",)).get(pk=buyer.pk)
    if supplier is not None and not supplier.buyer_links.filter(buyer=buyer).exists():
        raise NotYours(_("Only suppliers that you have declared are invited."), code="role")
    name = supplier.name if supplier else name.strip()
    if not name:
        raise Refused(_("Give the supplier's name."), code="invalid", field="name")
    if language not in LANGUAGES:
        raise Refused(_("Choose one of the languages."), code="invalid", field="language")
    row = _prepared(buyer, supplier, name, by)
    row.contact = "" if supplier is not None and supplier.claimed_at else _sound(contact)
    row.language = language
    _must_leave_in_peace(row)
    return _send(row, by)


def invite_many(buyer: Enterprise, whom: Iterable[Whom], *, by: User, language: str) -> Sent:
    """Each is invited or told why not; one that is refused keeps no other back."""
    done = Sent()
    for one in whom:
        try:
            row = invite(buyer, by=by, language=language, **vars(one))
        except NotYours:
            raise
        except Refused as no:
            done.refused.append((one.supplier.shown_name if one.supplier else one.name, str(no)))
        else:
            done.sent.append(row)
    return done


@transaction.atomic
def resend(invitation: Invitation, *, by: User, contact: str = "") -> Invitation:
    """The same link once more, valid anew; to another address where one is given, and then with a new link."""
    row = _mine(invitation, by)
    if row.status not in {Status.SENT, Status.OPENED}:
        raise Refused(_("This invitation waits for no answer any more."), code="already_done")
    if row.sent_at is not None and row.sent_at > now() - DAY:
        raise Refused(_("It was sent within the last 24 hours. Please wait a day."), code="too_soon")
    contact = _sound(contact) if contact.strip() else row.contact
    if contact != row.contact:
        row.contact, row.nonce = contact, Invitation().nonce
        row.opened_at = None
    _must_leave_in_peace(row)
    row.rung = 0
    return _send(row, by)


@transaction.atomic
def cancel(invitation: Invitation, *, by: User) -> Invitation:
    """The link is void from now on."""
    row = _mine(invitation, by)
    if row.status not in {Status.DRAFT, Status.SENT, Status.OPENED}:
        raise Refused(_("This invitation waits for no answer any more."), code="already_done")
    row.status, row.digest = Status.CANCELLED, ""
    row.save(update_fields=["status", "digest"])
    record("cancel_invitation", row, by=by, buyer=row.buyer_id)
    return row


@transaction.atomic
def remind(invitation: Invitation, *, by: User | None = None) -> Invitation:
    """It is called to mind: by a person once a week at most, by the clock (``by`` None) at each rung once."""
    row = _mine(invitation, by) if by is not None else _locked(invitation)
    if not Invitation.objects.unsettled().filter(pk=row.pk).exists():
        raise Refused(_("Nothing is asked of this supplier any more."), code="already_done")
    last = row.last_written_at
    if last is not None and last > now() - WEEK:
        day = (last + WEEK).date()
        raise Refused(_("One reminder a week: the next one from %(day)s on.") % {"day": day}, code="too_soon")
    if by is not None:
        _must_have_room(row)
    passed = now() - row.sent_at if row.sent_at else WEEK
    row.rung = max([row.rung, *(days for days in RUNGS if passed.days >= days)])
    row.reminded_at = now()
    if row.contact and _stopped(row):
        row.settled_at = now()
    row.save(update_fields=["rung", "reminded_at", "settled_at"])
    if row.settled_at is None:
        record("remind_supplier", row, by=by, buyer=row.buyer_id)
    return row


def prepare(
    buyer: Enterprise, name: str, links: Iterable[Mapping[str, Any]], *, by: User, **given: str
) -> Invitation:
    """A supplier that a sheet names and nobody knows waits to be invited; ``links`` become links when it joins."""
    row = _prepared(buyer, None, name, by)
    for key, value in given.items():
        setattr(row, key, value or getattr(row, key))
    row.links = [*links]
    row.save()
    return row


def settle(supplier: Enterprise, buyer: Enterprise | None = None) -> None:
    """Nothing more is asked of the supplier: by ``buyer``, or by anybody who asked so far."""
    rows = Invitation.objects.filter(supplier=supplier, settled_at=None)
    (rows.filter(buyer=buyer) if buyer else rows).update(settled_at=now())


def _prepared(buyer: Enterprise, supplier: Enterprise | None, name: str, by: User) -> Invitation:
    """The draft that is there, or a new one; refused where the supplier has been invited already."""
    running = Invitation.objects.running().filter(buyer=buyer)
    row = (
        running.filter(supplier=supplier).first()
        if supplier
        else running.filter(supplier=None, name_key=spelled(name)).first()
    )
    if row is None:
        return Invitation(buyer=buyer, supplier=supplier, name=name, created_by=by)
    if row.status != Status.DRAFT:
        raise Refused(_("This supplier has been invited already."), code="already_done", field="name")
    return row


def _send(row: Invitation, by: User) -> Invitation:
    _must_have_room(row)
    row.status, row.sent_at, row.opened_at = Status.SENT, now(), None
    row.expires_on = today() + dt.timedelta(days=VALID_DAYS)
    row.save()
    if row.contact:
        row.digest = digest_of(row.secret)
        row.save(update_fields=["digest"])
    record("send_invitation", row, by=by, buyer=row.buyer_id, supplier=row.supplier_id)
    return row


def _must_leave_in_peace(row: Invitation) -> None:
    if row.contact and _stopped(row):
        raise Refused(
            _("Whoever reads this address wants no invitations from you."), code="stopped", field="contact"
        )
    declined = Invitation.objects.in_peace().filter(buyer=row.buyer_id)
    same = (
        declined.filter(supplier=row.supplier_id)
        if row.supplier_id
        else declined.filter(name_key=spelled(row.name))
    )
    if same.exists():
        raise Refused(
            _("This supplier has declined. Please leave it in peace for half a year."), code="declined"
        )


def _must_have_room(row: Invitation) -> None:
    since = now() - DAY
    mine = Invitation.objects.filter(buyer=row.buyer_id).exclude(pk=row.pk)
    if mine.filter(sent_at__gte=since).count() + mine.filter(reminded_at__gte=since).count() >= A_DAY:
        message = _("At most %(count)d invitations and reminders a day. Please go on tomorrow.")
        raise Refused(message % {"count": A_DAY}, code="too_many")
    same = Invitation.objects.filter(contact__iexact=row.contact, sent_at__gte=since).exclude(pk=row.pk)
    if row.contact and same.count() >= TO_ONE:
        raise Refused(_("This address had its share of mails today. Please go on tomorrow."), code="too_many")


def _stopped(row: Invitation) -> bool:
    return Stopped.objects.filter(buyer=row.buyer_id, address=digest_of(row.contact)).exists()


def _sound(contact: str) -> str:
    contact = contact.strip()
    try:
        validate_email(contact)
    except ValidationError as error:
        raise Refused(
            _("Give an e-mail address, such as name@example.com."), code="invalid", field="contact"
        ) from error
    return contact


def _must_edit(buyer: Enterprise, by: User) -> None:
    if not may(by, buyer, "edit"):
        raise NotYours(_("Only owners and editors of the buyer invite its suppliers."), code="role")


def _mine(invitation: Invitation, by: User) -> Invitation:
    row = _locked(invitation)
    _must_edit(row.buyer, by)
    return row


def _locked(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("buyer", "supplier")
    return rows.get(pk=invitation.pk)
