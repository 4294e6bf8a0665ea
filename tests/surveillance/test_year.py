"""A year of two hundred titles, day by day, every task twice: everything on its day in each region, and once.

What must happen is worked out here, from the calendar's days and the published working days alone.
"""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import chinese_calendar

from certification import tasks
from certification.designation.actions import revoke, suspend
from certification.models import Deadline, Designation, Obligation, Proposal, YearRank
from certification.surveillance.filing import file_form, keep_form
from greenchain.audit.models import AuditEntry
from greenchain.clock import stopped_at
from suppliers.models import Authority
from tests.cast import Cast
from tests.surveillance.many import form_of, many_titles

DAY = dt.timedelta(days=1)
YEAR = 2025
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
DUE = {"330602": (4, 10), "330203": (4, 15), "440103": (3, 30)}
"""By the calendars below: Shaoxing's own day, the nation's for Ningbo, Guangdong's."""
KEEPER = {"330602": "33", "330203": "3302", "440103": "44"}
REGIONS = list(DUE)
COUNT = 200
CALLED = (30, 7, 1, 0, -1, -10)
LOW = 5


def plan(number: int) -> dict[str, Any]:
    region = REGIONS[number % 3]
    national = number % 2 == 0
    ends = {}
    if number % 10 == 9:  # provincial ones alone end
        ends = {"valid_until": dt.date(2026, 1 + number % 12, 20), "announced_on": dt.date(2023, 6, 1)}
    return {
        "region": region,
        "level": 3 if national else 2,
        "authority": "CN" if national else KEEPER[region],
        "energy_tce": str(2000 + 5 * number),
        **ends,
    }


def due_of(number: int, year: int) -> dt.date:
    return dt.date(year, *DUE[plan(number)["region"]])


def files_on(number: int) -> dt.date | None:
    due = due_of(number, 2026)
    if number % 2 == 0:
        return due - 20 * DAY if number % 4 == 0 else due + 5 * DAY
    return due if number % 4 == 1 else None


def ends_on(number: int) -> dt.date | None:
    until = plan(number).get("valid_until")
    return until + DAY if until else None


def working_days(day: dt.date, count: int) -> dt.date:
    while count:
        day += DAY
        count -= bool(chinese_calendar.is_workday(day))
    return day


def days() -> Iterator[dt.date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += DAY


def set_calendars() -> None:
    rows = (("CN", 4, 15), ("33", 3, 15), ("3306", 4, 10), ("44", 3, 30))
    for code, month, day in rows:
        Deadline.objects.create(
            duty="annual_form",
            authority=Authority.objects.get(code=code),
            month=month,
            day=day,
            from_year=2024,
        )


def low_before(titles: list[Designation], cast: Cast, numbers: list[int], year: int) -> None:
    YearRank.objects.bulk_create(
        YearRank(
            designation=titles[number],
            year=year,
            authority=titles[number].authority,
            scheme_version=cast.national,
            score=20,
            rank=100,
            of=100,
            lowest=True,
            digest="0" * 64,
        )
        for number in numbers
    )


def heard_on(proposed_on: dt.date) -> dt.date:
    """The first day after the time to answer."""
    return working_days(proposed_on, 10) + DAY


@dataclass
class Year:
    """What must happen, by the title's number, as it is worked out here."""

    proposed: dict[int, dt.date] = field(default_factory=dict)
    suspended: dict[int, dt.date] = field(default_factory=dict)
    removal: dict[int, dt.date] = field(default_factory=dict)
    revoked: dict[int, dt.date] = field(default_factory=dict)

    @classmethod
    def expected(cls) -> "Year":
        year = cls()
        for n in range(COUNT):
            day = due_of(n, 2026) + 16 * DAY
            if files_on(n) is None and _stands(n, day):
                year.proposed[n] = day
        kept = [n for n in year.proposed if plan(n)["authority"] == "33" and ends_on(n) is None]
        for n in kept[:6]:  # their authority decides; the others wait for it
            year.suspended[n] = heard_on(year.proposed[n])
            year.removal[n] = year.suspended[n] + 61 * DAY  # suspended for sixty days
            year.revoked[n] = heard_on(year.removal[n])
        return year


RANKED = [n for n in range(COUNT) if n % 2 == 0]
"""The nation's titles: all of them file. Who uses most energy is the lowest."""
LOWEST = RANKED[-(len(RANKED) * LOW // 100) :]


def live(cast: Cast, titles: list[Designation], year: Year) -> None:
    """Each day: the clock twice, then what people do on it."""
    for day in days():
        with stopped_at(dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC)):
            for _twice in range(2):
                tasks.clock()
                tasks.watch()
            for n in range(COUNT):
                if files_on(n) == day and _stands(n, day):
                    form = form_of(titles[n], YEAR)
                    keep_form(form, by=cast.owner, figures={"green_product_share": "70", "rd_share": "3"})
                    file_form(form, by=cast.owner)
            for n in [n for n, on in year.suspended.items() if on == day]:
                suspend(titles[n], by=cast.approver_33, reasons="unfiled", until_on=day + 60 * DAY)
            for n in [n for n, on in year.revoked.items() if on == day]:
                revoke(titles[n], by=cast.approver_33, cause="fault", reasons="unfiled")


def record_of(titles: list[Designation]) -> tuple[dict[str, dict[int, list[dt.date]]], Counter[Any]]:
    """On which days the record has each verb for each title; and the calls of the year's form."""
    found: dict[str, dict[int, list[dt.date]]] = defaultdict(lambda: defaultdict(list))
    called: Counter[Any] = Counter()
    place = {f"designation:{title.pk}": n for n, title in enumerate(titles)}
    for entry in AuditEntry.objects.filter(chain__in=place).order_by("id"):
        n, on, verb = place[entry.chain], entry.at.date(), entry.verb
        if verb == "remind_duty" and entry.data["year"] == YEAR:
            called[n, entry.data["days"], on] += 1
        found[f"propose {entry.data['measure']}" if verb == "propose" else verb][n].append(on)
    return found, called


def test_a_year_of_two_hundred_titles(cast: Cast) -> None:
    set_calendars()
    titles = many_titles(cast, COUNT, plan, year=YEAR)
    low_before(titles, cast, LOWEST, 2024)
    low_before(titles, cast, LOWEST[:-1], 2023)  # one of them was not among the lowest in 2023
    year = Year.expected()
    assert len(year.suspended) == 6
    assert len(LOWEST) == 5

    live(cast, titles, year)

    found, called = record_of(titles)
    assert called == Counter(
        (n, left, on)
        for n in range(COUNT)
        for left in CALLED
        for on in [due_of(n, 2026) - left * DAY]
        if _open_on(n, on)
    )
    assert found["propose suspend"] == {n: [day] for n, day in year.proposed.items()}
    assert found["suspend"] == {n: [day] for n, day in year.suspended.items()}
    rank_day = dt.date(2026, 4, 15) + 31 * DAY
    lowest = {n: [rank_day] for n in LOWEST[:-1]}
    assert found["propose remove"] == {**{n: [day] for n, day in year.removal.items()}, **lowest}
    assert found["revoke"] == {n: [day] for n, day in year.revoked.items()}
    assert found["expire"] == {n: [on] for n in range(COUNT) if (on := ends_on(n)) and on <= LAST}
    assert found["invite"] == {n: wanted for n in range(COUNT) if (wanted := _invitations(n))}
    _forms_are_as_expected(titles, found["file_form"])
    _ranks_are_as_expected(titles)


def _forms_are_as_expected(titles: list[Designation], found: dict[int, list[dt.date]]) -> None:
    filed = {n: on for n in range(COUNT) if (on := files_on(n)) and _stands(n, on)}
    assert found == {n: [on] for n, on in filed.items()}
    late = set(Obligation.objects.filter(filings__late=True).values_list("designation", flat=True))
    assert late == {titles[n].pk for n, on in filed.items() if on > due_of(n, 2026)}
    owed = Obligation.objects.annual().filter(year=2026).values_list("designation", "due_on")
    assert dict(owed) == {titles[n].pk: due_of(n, 2027) for n in range(COUNT)}
    assert Obligation.objects.annual().filter(year=YEAR).count() == COUNT


def _ranks_are_as_expected(titles: list[Designation]) -> None:
    for row in Proposal.objects.filter(ground="lowest"):
        assert [one["year"] for one in row.evidence["years"]] == [2023, 2024, 2025]
        assert row.evidence["years"][-1]["of"] == len(RANKED)
        assert row.cause == "fault"
    ranks = YearRank.objects.filter(year=YEAR, authority__code="CN").order_by("rank")
    assert [row.designation_id for row in ranks] == [titles[n].pk for n in RANKED]
    assert {row.designation_id for row in ranks if row.lowest} == {titles[n].pk for n in LOWEST}


def _stands(n: int, day: dt.date | None) -> bool:
    end = ends_on(n)
    return day is not None and (end is None or day < end)


def _open_on(n: int, day: dt.date) -> bool:
    """Whether the form is still open when the clock runs in the morning of a day."""
    filed = files_on(n)
    return _stands(n, day) and (filed is None or day <= filed)


def _invitations(n: int) -> list[dt.date]:
    """Six, three and one month before the end; what lies before the first day is told on it, the nearest only."""
    until = plan(n).get("valid_until")
    if until is None:
        return []
    wanted = []
    for months in (6, 3, 1):
        month = until.month - months
        wanted.append(dt.date(until.year + (month - 1) // 12, (month - 1) % 12 + 1, until.day))
    on_time = [day for day in wanted if day > FIRST]
    missed = len(on_time) < len(wanted)
    return [*([FIRST] if missed else []), *on_time]
