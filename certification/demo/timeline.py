"""The demo's past: stories that wait, told day by day, so that everything happens in its order.

A story is a generator: it acts, and yields how many days it waits before it goes on.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from zoneinfo import ZoneInfo

from django.conf import settings

from greenchain.clock import now, stopped_at

Story = Iterator[int]
MORNING = dt.time(9, 0)
STEP = dt.timedelta(seconds=97)
OFFICE_HOURS = dt.timedelta(hours=8)


class Timeline:
    """Tells stories in the order of their days; what would lie ahead of today is not told."""

    def __init__(self) -> None:
        self.end = now()
        self.today = self.end.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        self._waiting: list[tuple[dt.date, int, Story]] = []
        self._told = 0

    def day(self, back: int) -> dt.date:
        """The day that lies ``back`` days before today."""
        return self.today - dt.timedelta(days=back)

    def tell(self, day: dt.date, story: Story) -> None:
        """Have a story begin on a day; what begins ahead of today does not."""
        if day > self.today:
            return
        self._told += 1
        heappush(self._waiting, (day, self._told, story))

    def happens(self, day: dt.date, act: Callable[[], object]) -> None:
        """Have one thing happen on a day."""

        def story() -> Story:
            act()
            yield 0

        self.tell(day, story())

    def run(self) -> None:
        """Tell everything up to today."""
        while self._waiting:
            day, number, story = heappop(self._waiting)
            with stopped_at(self._moment(day, number)):
                wait = next(story, None)
            if wait is not None and (then := day + dt.timedelta(days=wait)) <= self.today:
                self.tell(then, story)

    def _moment(self, day: dt.date, number: int) -> dt.datetime:
        """A moment in office hours, later ones for what is told later; never ahead of now."""
        morning = dt.datetime.combine(day, MORNING, tzinfo=ZoneInfo(settings.TIME_ZONE))
        moment = morning + (STEP * number) % OFFICE_HOURS
        return min(moment.astimezone(dt.UTC), self.end)
