"""Holders are invited to renew before the validity ends, each time once: six, three and one month ahead (ours)."""

import datetime as dt

from django.db import IntegrityError, transaction

from certification.designation.models import Designation
from certification.surveillance.catalogue import number
from certification.surveillance.duties import standing
from certification.surveillance.listing import Invitation
from greenchain.audit.trail import record
from greenchain.clock import months_after, today


def invite() -> int:
    """Each title whose end comes near: its holder is invited once at each distance, the nearest that is reached."""
    count = 0
    farthest = max(number("renew_months"))
    ending = (
        standing()
        .filter(valid_until__gte=today(), valid_until__lte=months_after(today(), farthest))
        .prefetch_related("invitations")
    )
    for title in ending.order_by("pk"):
        assert title.valid_until is not None  # noqa: S101 - filtered above
        months = min(
            each for each in number("renew_months") if today() >= months_after(title.valid_until, -each)
        )
        told = [row.months for row in title.invitations.all() if row.valid_until == title.valid_until]
        if not told or months < min(told):
            count += _invite(title, months, title.valid_until)
    return count


def _invite(title: Designation, months: int, end: dt.date) -> bool:
    try:
        with transaction.atomic():
            Invitation.objects.create(designation=title, months=months, valid_until=end)
            record("invite", title, by=None, months=months, valid_until=end)
    except IntegrityError:
        return False
    return True
