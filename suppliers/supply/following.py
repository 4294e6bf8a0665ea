"""Supply links follow a merger, and an invitation: who accepts it is linked with its buyer at once."""

import datetime as dt
from typing import Any

from django.db.models import Q

from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from greenchain.clock import now, today
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.supply.models import SupplyLink

DAY = dt.timedelta(days=1)


@subscribe("approve_change")
def move_links(_entry: AuditEntry, change: Any) -> None:
    """Each link goes along; one that the other has already, or would have with itself, ends instead."""
    if change.kind != EnterpriseChange.Kind.MERGER:
        return
    one, other = change.enterprise_id, change.other_id
    moved, ended = {}, {}
    for link in SupplyLink.objects.filter(Q(buyer=one) | Q(supplier=one)).order_by("pk"):
        sides = {
            "buyer_id": link.buyer_id,
            "supplier_id": link.supplier_id,
            "declared_by_id": link.declared_by_id,
        }
        becomes = {side: other if key == one else key for side, key in sides.items()}
        same = SupplyLink.objects.filter(
            buyer=becomes["buyer_id"],
            supplier=becomes["supplier_id"],
            kind=link.kind,
            vendor_code=link.vendor_code,
        )
        if becomes["buyer_id"] == becomes["supplier_id"] or same.exists():
            if link.until_on is None or link.until_on >= today():
                ended[str(link.pk)] = link.until_on.isoformat() if link.until_on else None
                SupplyLink.objects.filter(pk=link.pk).update(until_on=max(today() - DAY, link.since_on))
        else:
            moved[str(link.pk)] = sides
            SupplyLink.objects.filter(pk=link.pk).update(**becomes)
    change.moved["links"] = {"moved": moved, "ended": ended}


@subscribe("undo_change")
def bring_links_back(_entry: AuditEntry, change: Any) -> None:
    """The links that went or ended."""
    links = change.moved.get("links", {"moved": {}, "ended": {}})
    for pk, sides in links["moved"].items():
        SupplyLink.objects.filter(pk=pk).update(**sides)
    for pk, until_on in links["ended"].items():
        SupplyLink.objects.filter(pk=pk).update(until_on=until_on)


@subscribe("accept_invitation")
def link_up(entry: AuditEntry, invitation: Any) -> None:
    """What the buyer declared is confirmed; what its sheet told of a supplier not known then is declared now."""
    buyer, supplier = invitation.buyer_id, invitation.supplier_id
    links = SupplyLink.objects.filter(buyer=buyer, supplier=supplier, disputed_at=None)
    told = [{"kind": SupplyLink.Kind.SUPPLIES, **row} for row in invitation.links]
    if not told and not links.exists():
        told = [{"kind": SupplyLink.Kind.SUPPLIES}]
    for row in told:
        vendor_code = row.pop("vendor_code", "")
        SupplyLink.objects.get_or_create(
            buyer_id=buyer,
            supplier_id=supplier,
            kind=row.pop("kind"),
            vendor_code=vendor_code,
            defaults={**row, "declared_by_id": buyer, "contact_email": invitation.contact},
        )
    for link in links.filter(declared_by=buyer, confirmed_at=None):
        link.confirmed_at = now()
        link.save(update_fields=["confirmed_at"])
        record("confirm_link", link, by=entry.actor, buyer=buyer, supplier=supplier)
