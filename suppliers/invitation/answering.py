"""The supplier's side: open the link, join with the enterprise that one has, claim one, decline, have no more of it."""

from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from greenchain.clock import now
from greenchain.refusals import NotYours, Refused
from suppliers.claim.actions import claim
from suppliers.claim.models import Claim
from suppliers.enterprise.access import may
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.paper import Upload
from suppliers.invitation.models import SALT, Invitation, Stopped, digest_of

Status = Invitation.Status


def opened(secret: str) -> Invitation | None:
    """The invitation of this link while it can be answered; that it was opened is noted once."""
    rows = Invitation.objects.by_secret(secret).waiting()
    row = rows.select_related("buyer", "supplier").first()
    if row is not None and row.opened_at is None:
        row.status, row.opened_at = Status.OPENED, now()
        rows.filter(opened_at=None).update(status=row.status, opened_at=row.opened_at)
    return row


@transaction.atomic
def accept(invitation: Invitation, enterprise: Enterprise, *, by: User) -> Invitation:
    """An enterprise of ``by``'s is the supplier that was meant; layers above link the two."""
    row = _waiting(invitation)
    if not may(by, enterprise, "edit"):
        raise NotYours(_("Only owners and editors of the supplier join for it."), code="role")
    _must_fit(row, enterprise)
    return _joined(row, enterprise, by)


@transaction.atomic
def join_by_claim(
    invitation: Invitation, fields: dict[str, Any], *, by: User, licence: Upload, message: str = ""
) -> Claim:
    """Whoever has the link claims an enterprise; when its desk confirms, the invitation is accepted."""
    row = _waiting(invitation)
    meant = row.supplier
    if meant is not None and (meant.scheme, meant.identifier) != (fields["scheme"], fields["identifier"]):
        words = _("The invitation is for %(name)s (%(identifier)s). Give its identifier.")
        told = {"name": meant.name, "identifier": meant.identifier}
        raise Refused(words % told, code="another", field="identifier")
    made = claim(fields, by=by, licence=licence, message=message)
    _must_fit(row, made.enterprise)
    row.status, row.claim = Status.CLAIMED, made
    row.save(update_fields=["status", "claim"])
    record("claim_by_invitation", row, by=by, claim=made.pk)
    return made


@transaction.atomic
def decline(invitation: Invitation, *, by: User | None = None) -> Invitation:
    """The supplier does not want to; the buyer is told, and leaves it in peace."""
    row = _waiting(invitation)
    row.status, row.answered_at, row.settled_at, row.digest = Status.DECLINED, now(), now(), ""
    row.save(update_fields=["status", "answered_at", "settled_at", "digest"])
    record("decline_invitation", row, by=by, buyer=row.buyer_id)
    return row


def decline_for(invitation: Invitation, *, by: User) -> Invitation:
    """As above, by people of the supplier itself, without the mail's link."""
    if invitation.supplier is None or not may(by, invitation.supplier, "edit"):
        raise NotYours(_("Only owners and editors of the supplier decline for it."), code="role")
    return decline(invitation, by=by)


def stop_key(invitation: Invitation) -> str:
    """What the mail's last link holds: it never expires, old mails keep their word."""
    return signing.dumps(invitation.pk, salt=SALT)


def meant_by(key: str) -> Invitation | None:
    """The invitation whose mail a stop link stood in."""
    try:
        pk = signing.loads(key, salt=SALT)
    except signing.BadSignature:
        return None
    return Invitation.objects.select_related("buyer").filter(pk=pk).exclude(contact="").first()


@transaction.atomic
def stop(invitation: Invitation) -> Stopped:
    """The address gets no more invitations or reminders from this buyer."""
    row, fresh = Stopped.objects.get_or_create(
        buyer_id=invitation.buyer_id, address=digest_of(invitation.contact)
    )
    if fresh:
        record("stop_invitations", invitation, by=None, buyer=invitation.buyer_id)
    return row


@subscribe("confirm_claim")
def join_when_confirmed(_entry: AuditEntry, confirmed: Any) -> None:
    """The desk confirmed: who was invited has come."""
    row = _claimed_by(confirmed)
    if row is not None:
        _joined(row, confirmed.enterprise, confirmed.user)


@subscribe("refuse_claim")
def open_again(_entry: AuditEntry, refused: Any) -> None:
    """The desk refused: the invitation can be answered again, while it is valid."""
    row = _claimed_by(refused)
    if row is not None:
        row.status, row.claim = Status.OPENED, None
        row.save(update_fields=["status", "claim"])


def _claimed_by(decided: Claim) -> Invitation | None:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("buyer")
    return rows.filter(claim=decided, status=Status.CLAIMED).first()


def _joined(row: Invitation, enterprise: Enterprise, by: User) -> Invitation:
    """Joining by one message answers a second one of the same buyer too."""
    others = Invitation.objects.running().filter(buyer=row.buyer_id, supplier=enterprise)
    others.exclude(pk=row.pk).update(status=Status.CANCELLED, digest="")
    row.status, row.supplier, row.answered_at, row.digest = Status.ACCEPTED, enterprise, now(), ""
    row.save(update_fields=["status", "supplier", "answered_at", "digest"])
    record("accept_invitation", row, by=by, buyer=row.buyer_id, supplier=enterprise.pk)
    return row


def _must_fit(row: Invitation, enterprise: Enterprise) -> None:
    if row.supplier_id not in {None, enterprise.pk}:
        raise Refused(_("The invitation is for another enterprise."), code="another", field="enterprise")
    if enterprise.pk == row.buyer_id:
        raise Refused(_("An enterprise cannot supply itself."), code="invalid", field="enterprise")


def _waiting(invitation: Invitation) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("buyer", "supplier")
    row = rows.get(pk=invitation.pk)
    if not row.is_waiting:
        raise Refused(_("This invitation waits for no answer any more."), code="already_done")
    return row
