"""What one person wants to be told of a buyer's suppliers: thresholds and kinds, watched and muted suppliers."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.chain.models import Alert, Choice, Least, Mail, Mute, Watch
from certification.chain.named import Reader
from certification.chain.tiers import LIMIT, depth_of
from greenchain.accounts.models import User
from greenchain.audit.trail import record
from greenchain.clock import today, years_after
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may
from suppliers.enterprise.models import Enterprise

MOST_WATCHED = 200
"""So many suppliers of one buyer a person watches at most (ours)."""


def choice_of(user: User, buyer: Enterprise) -> Choice:
    """What holds for the person today."""
    return Choice.objects.filter(user=user, buyer=buyer).first() or Choice(user=user, buyer=buyer)


@transaction.atomic
def choose(buyer: Enterprise, *, by: User, **chosen: Any) -> Choice:
    """What is shown and mailed from now on; what is not named stays. ``least`` is one of ``Least``."""
    _must_belong(buyer, by)
    row, _new = Choice.objects.select_for_update().get_or_create(user=by, buyer=buyer)
    if "least" in chosen:
        chosen["least"] = float(Least(str(chosen["least"])).value)
    if "mail" in chosen:
        chosen["mail"] = Mail(chosen["mail"])
    for key, value in chosen.items():
        setattr(row, key, value)
    row.save()
    record("choose_alerts", by, by=by, buyer=buyer.pk, **{key: str(value) for key, value in chosen.items()})
    return row


@transaction.atomic
def watch(buyer: Enterprise, supplier: Enterprise | None, *, by: User) -> Watch:
    """The supplier, and what comes through it, is told whatever the exposure.

    Whom the person may not see in the chain is refused in the same words as whom nobody knows.
    """
    _must_belong(buyer, by)
    if supplier is None or not _sees(by, buyer, supplier):
        raise Refused(
            _(
                "No supplier of this name or identifier stands where you may see it. Watch one that your links name."
            ),
            code="unknown",
            field="supplier",
        )
    Enterprise.objects.select_for_update(of=("self",)).get(pk=buyer.pk)
    if Watch.objects.filter(user=by, buyer=buyer).count() >= MOST_WATCHED:
        words = _("You watch %(count)d suppliers already. Take one off the list first.")
        raise Refused(words % {"count": MOST_WATCHED}, code="too_many")
    row, fresh = Watch.objects.get_or_create(user=by, buyer=buyer, supplier=supplier)
    if fresh:
        record("watch_supplier", by, by=by, buyer=buyer.pk, supplier=supplier.pk)
    return row


@transaction.atomic
def unwatch(row: Watch, *, by: User) -> None:
    """No longer watched."""
    record("unwatch_supplier", by, by=by, buyer=row.buyer_id, supplier=row.supplier_id)
    row.delete()


@transaction.atomic
def mute(alert: Alert, *, by: User, until_on: dt.date) -> Mute:
    """Alerts of this supplier are not shown to the person until that day, nor mailed."""
    _must_belong(alert.buyer, by)
    if not today() <= until_on <= years_after(today(), 1):
        raise Refused(_("Choose a day from today on, within a year."), code="invalid", field="until_on")
    row, _new = Mute.objects.update_or_create(
        user=by,
        buyer=alert.buyer,
        supplier_id=alert.supplier_id,
        defaults={"alert": alert, "until_on": until_on},
    )
    record("mute_supplier", by, by=by, buyer=row.buyer_id, alert=alert.pk, until_on=until_on)
    return row


@transaction.atomic
def unmute(row: Mute, *, by: User) -> None:
    """Shown again."""
    record("unmute_supplier", by, by=by, buyer=row.buyer_id, alert=row.alert_id)
    row.delete()


def _must_belong(buyer: Enterprise, by: User) -> None:
    if not may(by, buyer, "view"):
        raise NotYours(_("Only people of the buyer choose what they are told."), code="role")


def _sees(user: User, buyer: Enterprise, supplier: Enterprise) -> bool:
    depth = depth_of(buyer.pk, tiers=LIMIT)
    place = depth.network.place(supplier.pk)
    return place is not None and depth.reach.tier_of[place] > 0 and Reader(user, depth).sees(place)
