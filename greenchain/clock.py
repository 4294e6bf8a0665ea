"""One clock: today in China, and working days on China's public-holiday calendar."""

import datetime as dt
import logging
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import chinese_calendar
from django.utils import timezone

log = logging.getLogger(__name__)
_stopped: ContextVar[dt.datetime | None] = ContextVar("stopped", default=None)


def today() -> dt.date:
    """The date in Asia/Shanghai, wherever the server stands."""
    return timezone.localdate(now())


def now() -> dt.datetime:
    """The aware current time."""
    return _stopped.get() or timezone.now()


@contextmanager
def stopped_at(moment: dt.datetime) -> Iterator[None]:
    """The clock stands still at a past moment: the demo's past is made by the real actions on their days."""
    mark = _stopped.set(moment)
    try:
        yield
    finally:
        _stopped.reset(mark)


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day ``years`` later; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day ``months`` later (earlier, below 0); the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last))


def is_working_day(day: dt.date) -> bool:
    """Whether offices work on ``day``, make-up days included.

    The State Council publishes each year's calendar in November of the year before; beyond what is
    published, Monday to Friday stand in (provisional).
    """
    if is_published(day.year):
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5  # noqa: PLR2004 - Monday to Friday


@cache
def is_published(year: int) -> bool:
    """Whether the year's public holidays are known here; the log says once when they are not."""
    try:
        chinese_calendar.is_workday(dt.date(year, 1, 1))
    except NotImplementedError:
        log.warning("the public holidays of %d are not known: Monday to Friday count as working days", year)
        return False
    return True


def provisional_year(start: dt.date, end: dt.date) -> int | None:
    """The first year of a period whose working days are provisional, if there is one."""
    return next((year for year in range(start.year, end.year + 1) if not is_published(year)), None)


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The date ``count`` working days after ``day``; ``day`` itself does not count."""
    while count > 0:
        day += dt.timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(start: dt.date, end: dt.date) -> int:
    """Working days in ``(start, end]``; negative when ``end`` lies before ``start``."""
    if end < start:
        return -working_days_between(end, start)
    days = (start + dt.timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)
