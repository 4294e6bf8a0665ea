"""Annual forms follow the regional calendar: a day that is set moves the forms that are not filed yet."""

from typing import Any

from certification.scheme.deadlines import Duty, due_day
from certification.surveillance.models import Obligation
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import subscribe
from suppliers.place.models import Authority

FORM_DUE = (4, 15)
"""By 15 April (13/2024), where the calendar says nothing: years before it."""


@subscribe("set_deadline")
def move_forms(_entry: AuditEntry, deadline: Any) -> None:
    """The forms of that place and those years are due on the day that holds now; reminders start anew for it."""
    if deadline.duty != Duty.ANNUAL_FORM:
        return
    waiting = Obligation.objects.annual().filter(
        filed_at__isnull=True,
        filings__isnull=True,
        designation__home__path__startswith=deadline.authority.path,
        year__gte=deadline.from_year - 1,
    )
    places = waiting.values_list("designation__home", "year").order_by().distinct()
    homes = Authority.objects.in_bulk({home for home, _year in places})
    for home, year in places:
        due_on = due_day(Duty.ANNUAL_FORM, homes[home], year + 1, FORM_DUE)
        rows = waiting.filter(designation__home=home, year=year).exclude(due_on=due_on)
        keys = list(rows.values_list("pk", flat=True))
        Obligation.objects.filter(pk__in=keys).update(due_on=due_on, reminded=None)
