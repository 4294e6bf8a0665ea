"""Titles that earlier lists gave, and the announcements that published them."""

import datetime as dt

from certification.demo.firms import Firm
from certification.designation.importing import enlist
from certification.designation.models import Designation
from certification.notice.announcing import announce
from certification.notice.models import Annex
from certification.scheme.models import Scheme
from greenchain.clock import years_after
from suppliers.place.models import Level

LAST_LIST = 5
VALID_YEARS = 3
"""Municipal and provincial titles run three years; national ones have no fixed end."""


def list_day(year: int, number: int) -> dt.date:
    """The day of the ``number``-th list: 1 four years before ``year``, 4 the year before, 5 in its March."""
    return dt.date(year, 3, 11) if number == LAST_LIST else dt.date(year - LAST_LIST + number, 12, 18)


def publish(firms: list[Firm], number: int, day: dt.date) -> None:
    """The list of that number is announced: each firm's first site has the titles that its plan says."""
    scheme = Scheme.objects.get(key="green_factory")
    for firm in firms:
        for level, listed in firm.plan.titles:
            if listed == number:
                grant_by_list(firm, scheme, level, day)


def grant_by_list(firm: Firm, scheme: Scheme, level: Level, day: dt.date) -> Designation:
    """One title by a list, announced."""
    title = enlist(
        firm.site,
        scheme=scheme,
        level=level,
        authority=firm.site.desk.desk_for(level),
        announced_on=day,
        provenance=f"Demo list {day.year} 演示名单",
        valid_until=None if level == Level.NATIONAL else years_after(day, VALID_YEARS),
    )
    announce(title, Annex.NEW)
    return title
