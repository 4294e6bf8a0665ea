"""The demo's green codes: most national factories take part, and the codes of a year are published."""

import datetime as dt

from certification.demo.walks import World
from certification.designation.models import Designation
from certification.grading.actions import forms_due_on, freeze, may_take_part, prepare, publish
from certification.grading.actions import take_part as decide
from certification.grading.models import Grading
from certification.workflow import Status
from suppliers.enterprise.models import Membership
from suppliers.place.models import Level

SHY = 7
"""One holder in seven does not take part."""


def year_on(day: dt.date) -> int:
    """The newest year whose annual forms are past on a day."""
    last = day.year - 1
    return last if day > forms_due_on(last) else last - 1


def take_part() -> None:
    """Owners of national titles take part; a few do not."""
    standing = [Status.CURRENT, Status.SUSPENDED]
    titles = Designation.objects.filter(level=Level.NATIONAL, status__in=standing, site__isnull=False)
    owners = Membership.objects.filter(role=Membership.Role.OWNER).select_related("user")
    by_enterprise = {row.enterprise_id: row.user for row in owners}
    for title in titles.select_related("scheme", "site__enterprise").order_by("pk"):
        assert title.site is not None  # noqa: S101 - filtered above
        if title.pk % SHY and may_take_part(title):
            decide(title, by=by_enterprise[title.site.enterprise_id], willing=True)


def prepare_codes(world: World, year: int) -> None:
    """The nation's auditor has the dry run made."""
    freeze(prepare(by=world.people["auditor-nation"], year=year))


def publish_codes(world: World, year: int) -> None:
    """The nation's approver publishes it."""
    publish(Grading.objects.get(year=year), by=world.people["approver-nation"])
