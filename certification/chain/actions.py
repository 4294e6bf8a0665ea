"""It moves: when a supplier's title changes, every direct buyer is told."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.chain.models import Alert, AlertQuerySet
from certification.designation.models import Designation
from certification.scheme.subject import owner_of
from greenchain.accounts.models import Role, User
from greenchain.audit.models import AuditEntry
from greenchain.audit.outbox import follow
from greenchain.clock import now
from greenchain.refusals import NotYours
from suppliers.supply.models import SupplyLink

VERBS = ("issue", "suspend", "reinstate", "revoke", "surrender", "expire", "end", "overturn", "restore_title")
BROKEN = ("suspend", "revoke", "surrender", "expire", "end")
"""After these the title does not stand."""


def alert_buyers() -> int:
    """Alerts for every change of a title not yet followed; safe to run twice."""
    return follow("alerts", VERBS, _alert)


def _alert(entry: AuditEntry) -> None:
    model, _colon, key = entry.chain.partition(":")
    title = Designation.objects.filter(pk=key).first() if model == "designation" else None
    if title is None or title.subject is None:
        return
    supplier = owner_of(title.subject)
    links = SupplyLink.objects.current().filter(supplier=supplier).order_by("buyer_id", "pk")
    first = {link.buyer_id: link for link in reversed(links)}
    Alert.objects.bulk_create(
        [
            Alert(
                buyer_id=buyer,
                supplier=supplier,
                link=link,
                designation=title,
                entry=entry,
                cause=entry.verb,
                at=entry.at,
            )
            for buyer, link in first.items()
        ],
        ignore_conflicts=True,
    )


def see(alerts: AlertQuerySet, *, by: User) -> int:
    """The buyer's people have seen these alerts; how many were new. Officials look, and mark nothing."""
    if by.role != Role.ENTERPRISE:
        raise NotYours(_("Only people of the buyer mark its alerts as seen."), code="role")
    return mark_seen(alerts)


@transaction.atomic
def mark_seen(alerts: Any) -> int:
    """The reader has seen these alerts."""
    return int(alerts.filter(seen_at__isnull=True).update(seen_at=now()))
