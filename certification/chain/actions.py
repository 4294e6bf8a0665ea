"""It moves: when something happens to a supplier, the buyers above it are told, whatever the tier."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.translation import gettext as _

from certification.chain.above import Above, above
from certification.chain.causes import CAUSES, RECORDS, TITLES, VERBS, Change
from certification.chain.models import Alert, AlertQuerySet, Watch
from certification.chain.tiers import LIMIT
from certification.designation.models import Designation
from certification.scheme.subject import owner_of
from greenchain.accounts.models import Role, User
from greenchain.audit.models import AuditEntry
from greenchain.audit.outbox import follow
from greenchain.clock import now
from greenchain.refusals import NotYours
from suppliers.enterprise.models import Membership
from suppliers.record.models import ComplianceRecord
from suppliers.supply import live
from suppliers.supply.models import SupplyLink
from suppliers.supply.network import Network
from suppliers.supply.rows import Integers, Mask

LEAST = 0.01
"""Beyond the first tier buyers are told from this share of their purchases on (ours): the lowest band with a floor."""
MOST = 10_000
"""So many buyers beyond the first tier at most are told of one change, the nearest and most exposed first (ours)."""
A_BATCH = 2_000
KEYS_A_QUERY = 5_000


@dataclass(frozen=True)
class Happened:
    """What an entry says of a supplier."""

    supplier: int
    title: Designation | None = None


def alert_buyers() -> int:
    """Alerts for every change not yet followed; safe to run twice. How many changes there were.

    The network is looked up once for all of them, and only where one has buyers.
    """
    return follow("alerts", VERBS, partial(_alert, look=cache(live.network)))


def happened(entry: AuditEntry) -> Happened | None:
    """Whom the entry is about; None where it is no change of a supplier that still counts."""
    model, _colon, key = entry.chain.partition(":")
    if model == "designation" and entry.verb in TITLES:
        title = Designation.objects.filter(pk=key).first()
        return Happened(owner_of(title.subject).pk, title) if title and title.subject else None
    if model == "compliancerecord" and entry.verb in RECORDS:
        return _violation(entry.verb, ComplianceRecord.objects.get(pk=key))
    return None


def _violation(verb: str, row: ComplianceRecord) -> Happened | None:
    """Only a confirmed match counts: it is told while it stands, and its end when it stands no more."""
    stands = ComplianceRecord.objects.standing().filter(pk=row.pk).exists()
    told = (CAUSES[verb].change is Change.VIOLATION) is stands
    return Happened(row.enterprise_id) if told and row.match == ComplianceRecord.Match.CONFIRMED else None


def direct_links(supplier: int) -> dict[int, SupplyLink]:
    """By buyer the first link in force to the supplier."""
    links = SupplyLink.objects.current().filter(supplier=supplier).order_by("buyer_id", "pk")
    return {link.buyer_id: link for link in reversed(links)}


def _alert(entry: AuditEntry, look: Callable[[], Network]) -> None:
    what = happened(entry)
    links = direct_links(what.supplier) if what else {}
    if what is None or not links:
        return
    watchers = np.array(sorted(set(Watch.objects.values_list("buyer", flat=True))), dtype=np.int64)
    found = above(look(), what.supplier, tiers=LIMIT, least=LEAST, always=watchers)
    much = _first(_with_people(found) & (found.exposures >= LEAST))
    told = found.of((found.tiers == 1) | much | _watched(found, what.supplier))
    rows = zip(*(each.tolist() for each in (told.keys, told.tiers, told.exposures, told.ways)), strict=True)
    Alert.objects.bulk_create(
        [
            Alert(
                buyer_id=buyer,
                supplier_id=what.supplier,
                link=links.get(buyer),
                designation=what.title,
                entry=entry,
                cause=entry.verb,
                tier=tier,
                through_id=way[1],
                exposure=exposure or None,
                way=[key for key in way if key],
                at=entry.at,
            )
            for buyer, tier, exposure, way in rows
        ],
        batch_size=A_BATCH,
        ignore_conflicts=True,
    )


def _with_people(found: Above) -> Mask:
    """Beyond the first tier: who has people here that read it."""
    beyond: Mask = found.tiers > 1
    return beyond & np.isin(found.keys, _peopled(found.keys[beyond]))


def _peopled(keys: Integers) -> Integers:
    """Of these enterprises those with a member today."""
    people: set[int] = set()
    for start in range(0, len(keys), KEYS_A_QUERY):
        part: Collection[int] = keys[start : start + KEYS_A_QUERY].tolist()
        current = Membership.objects.current().filter(enterprise__in=part).order_by()
        people.update(current.values_list("enterprise_id", flat=True).distinct())
    return np.array(sorted(people), dtype=np.int64)


def _watched(found: Above, supplier: int) -> Mask:
    """Whose people watch the supplier, or the direct supplier through which it touches them."""
    pairs: dict[int, set[int]] = defaultdict(set)
    for buyer, watched in Watch.objects.values_list("buyer_id", "supplier_id"):
        pairs[buyer].add(watched)
    ways = zip(found.keys.tolist(), found.ways[:, 1].tolist(), strict=True)
    return np.array([bool(pairs.get(key, set()) & {supplier, via}) for key, via in ways], dtype=np.bool_)


def _first(chosen: Mask) -> Mask:
    """The first ``MOST`` of them."""
    return chosen & (np.cumsum(chosen) <= MOST)


def see(alerts: AlertQuerySet, *, by: User) -> int:
    """The buyer's people have seen these alerts; how many were new. Officials look, and mark nothing."""
    if by.role != Role.ENTERPRISE:
        raise NotYours(_("Only people of the buyer mark its alerts as seen."), code="role")
    return mark_seen(alerts)


@transaction.atomic
def mark_seen(alerts: Any) -> int:
    """The reader has seen these alerts."""
    return int(alerts.filter(seen_at__isnull=True).update(seen_at=now()))
