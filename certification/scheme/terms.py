"""Terms: so many days, counted in working days (China's calendar, make-up days included) or in calendar days."""

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from greenchain.clock import working_days_after, working_days_between


class Counting(models.TextChoices):
    """How the days of a term are counted; the first day never counts."""

    WORKING = "working", _("working days")
    CALENDAR = "calendar", _("calendar days")


@dataclass(frozen=True, slots=True)
class Term:
    """A number of days and how they are counted."""

    days: int
    counting: str

    def __str__(self) -> str:
        if self.counting == Counting.WORKING:
            words = ngettext("%(days)d working day", "%(days)d working days", self.days)
        else:
            words = ngettext("%(days)d calendar day", "%(days)d calendar days", self.days)
        return words % {"days": self.days}

    def end(self, start: dt.date) -> dt.date:
        """The last day of a term that begins after ``start``."""
        if self.counting == Counting.WORKING:
            return working_days_after(start, self.days)
        return start + dt.timedelta(days=self.days)

    def left(self, until: dt.date, day: dt.date) -> "Term":
        """What is left on ``day`` of a term that ends on ``until``; never less than nothing."""
        if self.counting == Counting.WORKING:
            return Term(max(working_days_between(day, until), 0), self.counting)
        return Term(max((until - day).days, 0), self.counting)
