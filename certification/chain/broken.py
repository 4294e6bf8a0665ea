"""What broke in a territory, whom it touches, and the brief of it for the territory's reviewers.

Suppliers of the territory that lost a title, or of whom a violation was confirmed, and that somebody buys from. Their
figures are those of a loss (``certification.chain.loss``), as officials who answer for the supplier read them.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from certification.chain.causes import Change, verbs_of
from certification.chain.loss import Loss, losses_of
from certification.chain.models import Alert
from greenchain.accounts.models import Role, User
from greenchain.audit.trail import history, record
from greenchain.clock import now, today
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import desk_scope
from suppliers.place.models import Authority

MOST = 50
"""So many suppliers at most, those of whom something happened last."""
BRIEFED = 20
"""So many stand in a brief; the page has the others."""
DAY = dt.timedelta(days=1)
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class Broken:
    """One supplier, what happened to it, and whom that touches."""

    supplier: Enterprise
    alerts: list[Alert]
    """One for each thing that happened, the newest first."""
    loss: Loss


def broken_in(authority: Authority, since: dt.datetime) -> list[Broken]:
    """The suppliers of the territory of whom something broke since then, those that touch the most buyers first."""
    happened = Alert.objects.filter(
        desk_scope(authority, "supplier__region"),
        cause__in=verbs_of(Change.LOST, Change.VIOLATION),
        tier=1,
        at__gte=since,
    )
    rows = happened.select_related("supplier__region", "designation__scheme").order_by("-at", "-pk")
    found: dict[int, dict[int, Alert]] = {}
    for alert in rows.iterator():
        if alert.supplier_id in found or len(found) < MOST:
            found.setdefault(alert.supplier_id, {}).setdefault(alert.entry_id, alert)
    losses = losses_of(found) if found else {}
    broken = [
        Broken(next(iter(alerts.values())).supplier, list(alerts.values()), losses[key])
        for key, alerts in found.items()
    ]
    return sorted(broken, key=lambda row: (-row.loss.depth.whole.suppliers, row.supplier.name))


def brief_reviewers() -> int:
    """Once a day each authority with reviewers is briefed of what broke since the last brief; how many were.

    Where nothing broke nothing is written.
    """
    reviewing = User.objects.filter(role=Role.REVIEWER, is_active=True).values("authority")
    return sum(_brief(key) for key in Authority.objects.filter(pk__in=reviewing).values_list("pk", flat=True))


@transaction.atomic
def _brief(key: int) -> bool:
    authority = Authority.objects.select_for_update().get(pk=key)
    last = history(authority).filter(verb="brief_reviewers").order_by("-seq").first()
    if last is not None and last.at > now() - DAY:
        return False
    rows = broken_in(authority, max(last.at, now() - WEEK) if last else now() - WEEK)
    if not rows:
        return False
    told = [_told(row) for row in rows[:BRIEFED]]
    record("brief_reviewers", authority, by=None, day=today(), suppliers=len(rows), rows=told)
    return True


def _told(row: Broken) -> dict[str, object]:
    """One supplier in the record: what the mail says of it."""
    loss = row.loss
    return {
        "supplier": row.supplier.pk,
        "name": row.supplier.name,
        "name_en": row.supplier.name_en,
        "causes": [alert.cause for alert in row.alerts],
        "buyers": loss.depth.whole.suppliers,
        "tiers": len(loss.depth.tiers),
        "spend": loss.spend,
        "applications": loss.applications,
        "titles": loss.titles,
    }
