"""Anchor the heads and prove that nothing was changed or cut off."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.db.models import Max

from greenchain.audit.canonical import digest
from greenchain.audit.models import Anchor, AuditEntry, ChainHead
from greenchain.clock import now


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the record does not hold: the chain, the entry's number there, and what is wrong."""

    chain: str
    seq: int
    what: str

    def __str__(self) -> str:
        return f"{self.chain} entry {self.seq}: {self.what}"


@transaction.atomic
def anchor() -> Anchor | None:
    """Chain a digest over the heads as of the newest entry; None when nothing was added since the last one."""
    newest = AuditEntry.objects.aggregate(newest=Max("id"))["newest"] or 0
    last = Anchor.objects.order_by("-id").first()
    if newest == (last.last_entry if last else 0):
        return None
    previous = last.digest if last else ""
    text, chains = _heads(newest)
    return Anchor.objects.create(
        at=now(), last_entry=newest, chains=chains, previous=previous, digest=digest(previous, text)
    )


def _heads(upto: int) -> tuple[str, int]:
    newest = AuditEntry.objects.filter(id__lte=upto).values("chain").annotate(top=Max("id")).values("top")
    rows = list(
        AuditEntry.objects.filter(id__in=newest).order_by("chain").values_list("chain", "seq", "digest")
    )
    return "\n".join(f"{chain} {seq} {value}" for chain, seq, value in rows), len(rows)


def breaks() -> Iterator[Break]:
    """Every place where a chain, a head or an anchor does not hold."""
    heads = {head.chain: head for head in ChainHead.objects.all()}
    entries = AuditEntry.objects.order_by("chain", "seq").iterator(2000)
    for chain, links in groupby(entries, key=attrgetter("chain")):
        yield from _walk(chain, links, heads.pop(chain, None))
    for chain, head in heads.items():
        if head.seq:
            yield Break(chain, 1, f"all {head.seq} entries are missing")
    yield from _anchors()


def _walk(chain: str, links: Iterator[AuditEntry], head: ChainHead | None) -> Iterator[Break]:
    previous, seq = "", 0
    for entry in links:
        seq += 1
        if entry.seq != seq:
            yield Break(chain, seq, f"missing, entry {entry.seq} follows")
            seq = entry.seq
        elif entry.previous != previous:
            yield Break(chain, seq, "does not follow from the entry before it")
        if digest(entry.previous, entry.body) != entry.digest:
            yield Break(chain, seq, "its text was changed")
        elif _outside(entry):
            yield Break(chain, seq, "its columns differ from its text")
        previous = entry.digest
    if head is None:
        yield Break(chain, seq, "the chain has no head")
    elif (head.seq, head.digest) != (seq, previous):
        yield Break(chain, seq + 1, f"the tail was cut off, the head stands at {head.seq}")


def _outside(entry: AuditEntry) -> bool:
    told = entry.content
    at = dt.datetime.fromisoformat(told["at"])  # compared as instants: the zone it was written in may differ
    return (told["chain"], told["seq"], told["verb"], told["actor"], at) != (
        entry.chain,
        entry.seq,
        entry.verb,
        entry.actor_id,
        entry.at,
    )


def _anchors() -> Iterator[Break]:
    previous = ""
    for number, stone in enumerate(Anchor.objects.order_by("id"), start=1):
        text, _ = _heads(stone.last_entry)
        if stone.previous != previous or digest(previous, text) != stone.digest:
            yield Break(
                "anchor", number, f"the heads of {stone.at:%Y-%m-%d %H:%M} no longer give this anchor"
            )
        previous = stone.digest
