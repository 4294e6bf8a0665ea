"""One clock: today in China, and working days on China's public-holiday calendar."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import chinese_calendar
from django.utils import timezone

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


def is_working_day(day: dt.date) -> bool:
    """Whether offices work on ``day``, make-up days included.

    The State Council publishes each year's calendar in November of the year before; beyond what is
    published, Monday to Friday stand in (provisional).
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5  # noqa: PLR2004 - Monday to Friday


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
