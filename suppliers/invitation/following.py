"""Invitations follow a merger: the other enterprise invites, or is invited, now; who wants peace is left in it."""

from typing import Any

from django.db.models import Q

from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.invitation.models import Invitation, Stopped, digest_of

Status = Invitation.Status


@subscribe("approve_change")
def move_invitations(_entry: AuditEntry, change: Any) -> None:
    """Each goes along; one that the other has already, or would send to itself, is cancelled instead."""
    if change.kind != EnterpriseChange.Kind.MERGER:
        return
    one, other = change.enterprise_id, change.other_id
    moved, cancelled = {}, {}
    running = Q(supplier=one) & ~Q(status__in=[Status.DECLINED, Status.CANCELLED])
    for row in Invitation.objects.filter(Q(buyer=one) | running).order_by("pk"):
        buyer = other if row.buyer_id == one else row.buyer_id
        supplier = other if row.supplier_id == one else row.supplier_id
        if _free(row, buyer, supplier):
            moved[str(row.pk)] = [row.buyer_id, row.supplier_id]
            Invitation.objects.filter(pk=row.pk).update(buyer=buyer, supplier=supplier)
        else:
            cancelled[str(row.pk)] = row.status
            Invitation.objects.filter(pk=row.pk).update(status=Status.CANCELLED, digest="")
            record("cancel_invitation", row, by=None, buyer=row.buyer_id, because="merger")
    change.moved["invitations"] = {"moved": moved, "cancelled": cancelled}
    change.moved["stopped"] = _leave_in_peace(one, other)


def _free(row: Invitation, buyer: int, supplier: int | None) -> bool:
    """Whether ``buyer`` may have this invitation: not to itself, and no other of the supplier that is running."""
    if buyer == supplier:
        return False
    if row.status in {Status.DECLINED, Status.CANCELLED}:
        return True
    running = Invitation.objects.running().filter(buyer=buyer, supplier=supplier).exclude(pk=row.pk)
    return not (running if supplier else running.filter(name_key=row.name_key)).exists()


def _leave_in_peace(one: int, other: int) -> list[int]:
    """Addresses that want no mails of the one want none of the other; the rows that are new."""
    made = []
    for address in Stopped.objects.filter(buyer=one).values_list("address", flat=True):
        row, fresh = Stopped.objects.get_or_create(buyer_id=other, address=address)
        made += [row.pk] if fresh else []
    return made


@subscribe("undo_change")
def bring_invitations_back(_entry: AuditEntry, change: Any) -> None:
    """Those that went, and those that were cancelled; what has taken their place meanwhile stays."""
    noted = change.moved.get("invitations", {"moved": {}, "cancelled": {}})
    for row in Invitation.objects.filter(pk__in=noted["moved"]).order_by("pk"):
        buyer, supplier = noted["moved"][str(row.pk)]
        if _free(row, buyer, supplier):
            Invitation.objects.filter(pk=row.pk).update(buyer=buyer, supplier=supplier)
    for row in Invitation.objects.filter(pk__in=noted["cancelled"], status=Status.CANCELLED).order_by("pk"):
        row.status = noted["cancelled"][str(row.pk)]
        if _free(row, row.buyer_id, row.supplier_id):
            row.digest = digest_of(row.secret) if row.contact and row.is_waiting else ""
            row.save(update_fields=["status", "digest"])
    Stopped.objects.filter(pk__in=change.moved.get("stopped", [])).delete()
