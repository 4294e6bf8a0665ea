"""Write the record, tell its subscribers, and prove it.

A lower layer that must tell a higher one records an entry; the higher layer subscribes at start-up,
in the same transaction (``subscribe``) or after the commit (``nudge``).
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice
from typing import Any

from django.db import models, transaction

from greenchain.audit.canonical import canonical, digest
from greenchain.audit.models import AuditEntry, ChainHead
from greenchain.clock import now

log = logging.getLogger(__name__)

BATCH = 500

Subscriber = Callable[[AuditEntry, models.Model], None]
Nudge = Callable[[AuditEntry], None]
_subscribers: dict[str, list[Subscriber]] = defaultdict(list)
_nudges: dict[str, list[Nudge]] = defaultdict(list)


def subscribe(*verbs: str) -> Callable[[Subscriber], Subscriber]:
    """Call the function with (entry, about) in the transaction of every entry with one of ``verbs`` ("*": all)."""

    def register(function: Subscriber) -> Subscriber:
        for verb in verbs:
            _subscribers[verb].append(function)
        return function

    return register


def nudge(*verbs: str) -> Callable[[Nudge], Nudge]:
    """Call the function with the entry after its commit; what fails is logged and dropped, the clock comes later."""

    def register(function: Nudge) -> Nudge:
        for verb in verbs:
            _nudges[verb].append(function)
        return function

    return register


def chain_of(about: models.Model) -> str:
    """The chain that a row's entries stand in: ``application:12``."""
    return f"{about._meta.model_name}:{about.pk}"


@transaction.atomic
def record(verb: str, about: models.Model, *, by: Any, **data: Any) -> AuditEntry:
    """Append one entry about a row, and tell the subscribers of ``verb``.

    ``by`` is a user, or None for the system. The chain's head is locked, so two writers queue.
    """
    chain = chain_of(about)
    ChainHead.objects.get_or_create(chain=chain)
    head = ChainHead.objects.select_for_update().get(chain=chain)
    at = now()
    body = canonical(
        {"chain": chain, "seq": head.seq + 1, "verb": verb, "at": at.isoformat(), **_who(by), "data": data}
    )
    entry = AuditEntry.objects.create(
        chain=chain,
        seq=head.seq + 1,
        verb=verb,
        actor=by,
        at=at,
        body=body,
        previous=head.digest,
        digest=digest(head.digest, body),
    )
    ChainHead.objects.filter(chain=chain).update(seq=entry.seq, digest=entry.digest)
    for tell in (*_subscribers[verb], *_subscribers["*"]):
        tell(entry, about)
    for call in (*_nudges[verb], *_nudges["*"]):
        transaction.on_commit(partial(call, entry), robust=True)
    return entry


@transaction.atomic
def record_many(verb: str, rows: Iterable[tuple[models.Model, dict[str, Any]]], *, by: Any) -> int:
    """One entry about each of many rows, no row twice; how many.

    For imports of thousands: four statements a batch, and nobody is told. What subscribers would do for
    such rows, the import does itself.
    """
    at, who, count = now(), _who(by), 0
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        chains = [chain_of(about) for about, _data in batch]
        heads = ChainHead.objects.select_for_update().in_bulk(chains)
        entries = []
        for chain, (_about, data) in zip(chains, batch, strict=True):
            head = heads.get(chain) or ChainHead(chain=chain)
            said = {
                "chain": chain,
                "seq": head.seq + 1,
                "verb": verb,
                "at": at.isoformat(),
                **who,
                "data": data,
            }
            body = canonical(said)
            place = {"chain": chain, "seq": head.seq + 1, "verb": verb, "actor": by, "at": at}
            entries.append(
                AuditEntry(**place, body=body, previous=head.digest, digest=digest(head.digest, body))
            )
        AuditEntry.objects.bulk_create(entries)
        ChainHead.objects.bulk_create(
            [ChainHead(chain=entry.chain, seq=entry.seq, digest=entry.digest) for entry in entries],
            update_conflicts=True,
            unique_fields=["chain"],
            update_fields=["seq", "digest"],
        )
        count += len(batch)
    return count


def _who(by: Any) -> dict[str, Any]:
    if by is None:
        return {"actor": None, "role": "system", "authority": None}
    authority = by.authority.code if getattr(by, "authority_id", None) else None
    return {"actor": by.pk, "name": by.get_username(), "role": by.role, "authority": authority}


def history(about: models.Model) -> models.QuerySet[AuditEntry]:
    """All entries about a row, oldest first."""
    return AuditEntry.objects.filter(chain=chain_of(about)).order_by("seq").select_related("actor")
