"""Working days: China's public holidays, make-up days counted, and said so where a year is not known."""

import datetime as dt
import logging

import pytest

from certification.scheme.terms import Counting, Term
from greenchain import clock

WORKING, CALENDAR = Counting.WORKING, Counting.CALENDAR


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        ("2026-09-24", Term(5, WORKING), "2026-10-09"),  # 25-27 Sep and 1-7 Oct off, 28-30 Sep worked
        ("2026-02-13", Term(1, WORKING), "2026-02-14"),  # a Saturday that makes up for the Spring Festival
        ("2026-03-02", Term(5, WORKING), "2026-03-09"),
        ("2026-03-02", Term(15, CALENDAR), "2026-03-17"),
        ("2026-03-02", Term(0, WORKING), "2026-03-02"),
    ],
)
def test_the_last_day_of_a_term(start, term, end):
    assert term.end(dt.date.fromisoformat(start)).isoformat() == end


def test_what_is_left_is_counted_as_the_term_is():
    day, until = dt.date(2026, 9, 30), dt.date(2026, 10, 9)
    assert Term(10, WORKING).left(until, day) == Term(2, WORKING)
    assert Term(10, CALENDAR).left(until, day) == Term(9, CALENDAR)
    assert Term(10, CALENDAR).left(day, until) == Term(0, CALENDAR)


def test_a_year_that_is_not_published_falls_back_to_weekdays_and_says_so_once(caplog):
    clock.is_published.cache_clear()
    with caplog.at_level(logging.WARNING, "greenchain.clock"):
        assert clock.working_days_after(dt.date(2999, 1, 4), 5) == dt.date(2999, 1, 11)
        assert clock.provisional_year(dt.date(2998, 1, 1), dt.date(2999, 1, 1)) == 2998
    assert [record.args for record in caplog.records].count((2999,)) == 1
    assert clock.provisional_year(dt.date(2026, 1, 1), dt.date(2026, 12, 31)) is None
