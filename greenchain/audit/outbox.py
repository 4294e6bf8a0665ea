"""The record is the outbox: a follower deals with each entry of its verbs once."""

import datetime as dt
from collections.abc import Callable, Iterable

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from greenchain.audit.models import AuditEntry, Told
from greenchain.clock import now

LOOK_BACK = dt.timedelta(days=30)


def follow(
    follower: str, verbs: Iterable[str], deal: Callable[[AuditEntry], None], *, limit: int = 500
) -> int:
    """Call ``deal`` for each entry not yet dealt with, oldest first, each in a transaction; how many were."""
    told = Told.objects.filter(follower=follower, entry=OuterRef("pk"))
    waiting = AuditEntry.objects.filter(~Exists(told), verb__in=list(verbs), at__gte=now() - LOOK_BACK)
    count = 0
    for entry in waiting.order_by("id").select_related("actor")[:limit]:
        try:
            with transaction.atomic():
                Told.objects.create(follower=follower, entry=entry)
                deal(entry)
        except IntegrityError:
            if not Told.objects.filter(follower=follower, entry=entry).exists():
                raise
            continue
        count += 1
    return count
