"""Removals and new names are told with the next list of their authority and level; serious accidents at once.

Policy 1.2, step 11. Ours: what waits for no list is announced by itself after 90 days.
"""

import datetime as dt
from typing import Any

from django.db import transaction

from certification.designation.models import Designation
from certification.notice.announcing import announce
from certification.notice.models import Annex, AnnouncementEntry
from certification.surveillance.accidents import is_serious
from certification.surveillance.catalogue import number
from certification.surveillance.listing import Listing
from certification.surveillance.models import Hold
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import subscribe
from greenchain.clock import today


@subscribe("revoke", "end", "surrender")
def list_removal(entry: AuditEntry, title: Any) -> None:
    """A removed title is told with the next list; after a serious accident today."""
    if not isinstance(title, Designation):
        return
    _wait(title, Annex.REMOVED, str(entry.data.get("cause") or entry.verb))
    if any(is_serious(row.record) for row in Hold.objects.filter(designation=title).select_related("record")):
        publish(Listing.objects.filter(designation=title, told_in=None, annex=Annex.REMOVED))


@subscribe("amend")
def list_new_name(entry: AuditEntry, title: Any) -> None:
    """A title under a new name is told with the next list, with the name that it bore."""
    if isinstance(title, Designation):
        _wait(title, Annex.RENAMED, str(entry.data.get("before") or ""))


@subscribe("overturn", "restore_title")
def unlist(_entry: AuditEntry, title: Any) -> None:
    """A title that stands again is not told as removed, where it was not told yet."""
    if isinstance(title, Designation):
        Listing.objects.filter(designation=title, told_in=None, annex=Annex.REMOVED).delete()


def _wait(title: Designation, annex: str, detail: str) -> None:
    Listing.objects.get_or_create(
        designation=title, annex=annex, told_in=None, defaults={"detail": detail, "since_on": today()}
    )


@subscribe("issue")
def publish_with(_entry: AuditEntry, title: Any) -> None:
    """A new list is announced today: what waited for it is told in its annexes."""
    if title.announced_on == today():
        publish(
            Listing.objects.filter(
                told_in=None, designation__authority=title.authority_id, designation__level=title.level
            )
        )


def publish_late() -> int:
    """What waited too long for a list is announced by itself."""
    since = today() - dt.timedelta(days=number("publish_after"))
    return publish(Listing.objects.filter(told_in=None, since_on__lte=since))


@transaction.atomic
def publish(waiting: Any) -> int:
    """Each row stands in today's announcement; how many there were."""
    rows = waiting.select_for_update(of=("self",)).select_related("designation__authority").order_by("pk")
    count = 0
    for row in rows:
        told = AnnouncementEntry.objects.filter(
            designation=row.designation_id, annex=row.annex, announcement__announced_on__gte=row.since_on
        ).first()
        row.told_in = told or announce(row.designation, row.annex, detail=row.detail)
        row.save(update_fields=["told_in"])
        count += 1
    return count
