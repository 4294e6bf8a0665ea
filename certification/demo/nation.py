"""Make the demo nation: everybody, everything, and the years in which it happened."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.db import transaction

from certification.application.models import Application
from certification.assessment.peers import survey
from certification.demo import (
    affairs,
    cases_desks,
    cases_early,
    cases_late,
    cases_over,
    codes,
    desks,
    firms,
    lives,
    oldlists,
    schemes,
    sharing,
    sourcing,
    sweeps,
)
from certification.demo.links import declare_links
from certification.demo.luck import SEED
from certification.demo.marker import mark
from certification.demo.outputs import SCALE, state_outputs
from certification.demo.people import KEQIAO, Offices, bodies, experts, sign_ins
from certification.demo.plans import Map, Plan, background, leading, named
from certification.demo.rounds import enter_benchmarks, open_rounds
from certification.demo.stories import STORIES, M, Told
from certification.demo.timeline import Story, Timeline
from certification.demo.titles import VALID_YEARS, list_day, publish
from certification.demo.walks import Walk, World
from certification.designation.models import Designation
from greenchain.accounts.models import User
from greenchain.clock import years_after
from suppliers.enterprise.models import Enterprise
from suppliers.place.actions import open_desk
from suppliers.place.models import Level, Region

__all__ = ["Made", "cases_desks", "cases_early", "cases_late", "make"]

FOUNDED, LINKED, OPENED, FILLED = 1600, 800, 236, 234
"""How many days ago firms were founded, links declared, rounds opened, vaults filled."""
NEWCOMER, RENAMED = 3, 4
"""How many days ago a newcomer claimed an enterprise, and one told its desk of a new name."""
IMPORTED = 30
"""How many days ago an older list of the nation came in."""
INVITED, JOINED, READ = 19, 12, 5
"""How many days ago the core enterprise invited its suppliers, these answered, and it read what they share."""
MANAGED, AUDITED, AUDITED_AGAIN, SETTLED = 420, 390, 40, 2
"""How many days ago the core enterprise began to manage its suppliers, audited them, and settled what was found."""
CONSULTED = 9
"""How many days ago a desk asked departments about its cases."""
ASKED, GRADED, CODED = 215, 200, 192
"""How many days ago holders said that they take part, codes were prepared, and published."""
SWEPT = range(225, 0, -25)
"""How many days ago the workers told buyers what had happened; mails are written for the last weeks."""
PROVINCE = "330000"
LISTS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Made:
    """What there is now."""

    enterprises: int
    applications: int
    designations: int


@transaction.atomic
def make() -> Made:
    """The demo nation stands, all of it or nothing."""
    mark(seed=SEED, scale=SCALE)
    open_desk(Region.objects.get(pk=KEQIAO), by=None)
    people = sign_ins()
    bodies(people)
    experts(people)
    History(people).tell()
    return Made(Enterprise.objects.count(), Application.objects.count(), Designation.objects.count())


class History:
    """The demo's years: what happens on which day."""

    def __init__(self, people: dict[str, User]) -> None:
        self.time = Timeline()
        self.year = self.time.today.year
        self.where = Map()
        self.world = World(self.time.today, people, Offices(people))
        self.graded = codes.year_on(self.time.day(GRADED))

    def tell(self) -> None:
        """From the first firm to today."""
        time = self.time
        time.happens(time.day(FOUNDED), self.found)
        for number in LISTS:
            day = list_day(self.year, number)
            time.happens(day, partial(self.publish, number, day))
            time.happens(dt.date(day.year + 1, 3, 20), sweeps.file_forms)
            time.happens(years_after(day, VALID_YEARS) + dt.timedelta(days=1), sweeps.expire_titles)
        time.happens(time.day(LINKED), lambda: declare_links(self.world.firms, time.day(LINKED)))
        for year, day in self.reporting():
            time.happens(day, partial(self.report, year))
        time.happens(time.day(OPENED), self.open)
        time.happens(time.day(FILLED), self.fill)
        time.happens(time.day(NEWCOMER), lambda: affairs.claim_pending(self.world))
        time.happens(time.day(RENAMED), lambda: affairs.rename_pending(self.world))
        time.happens(time.day(LINKED), lambda: affairs.open_park(self.world))
        time.happens(time.day(IMPORTED), lambda: oldlists.import_old_list(self.world))
        time.happens(time.day(INVITED), lambda: sharing.ask_suppliers(self.world))
        time.happens(time.day(JOINED), lambda: sharing.answer_buyers(self.world))
        time.happens(time.day(READ), lambda: sharing.read_answers(self.world))
        self.manage_suppliers()
        time.happens(time.day(ASKED), codes.take_part)
        time.happens(time.day(GRADED), lambda: codes.prepare_codes(self.world, self.graded))
        time.happens(time.day(CODED), lambda: codes.publish_codes(self.world, self.graded))
        self.tell_stories()
        for back in SWEPT:
            time.happens(time.day(back), self.sweep)
        time.happens(time.day(CONSULTED), lambda: desks.ask_departments(self.world))
        time.run()
        self.tend_desks()
        self.sweep()
        sweeps.write_mails()
        state_outputs(range(self.year - 3, self.year + 1), self.cities())

    def manage_suppliers(self) -> None:
        """The core enterprise grades and audits its suppliers."""
        acts = (
            (MANAGED, sourcing.manage),
            (AUDITED, sourcing.audit_first),
            (AUDITED_AGAIN, sourcing.audit_more),
            (SETTLED, sourcing.settle),
        )
        for back, act in acts:
            self.time.happens(self.time.day(back), partial(act, self.world))

    def tend_desks(self) -> None:
        """What lies on the desks today, after everything else has happened."""
        desks.answer_letters(self.world)
        desks.recommend_upwards(self.world)
        desks.prepare_decisions(self.world)

    def tell_stories(self) -> None:
        """Every case and every title's life begins on its day."""
        for told in STORIES:
            self.time.tell(self.time.day(told.begins), self.case(told))
        for name, (lived, begins, level, _where, _titles) in lives.LIVES.items():
            self.time.tell(self.time.day(begins), self.life(name, lived, level))
        for other in schemes.OTHERS:
            self.time.tell(self.time.day(other.begins), self.other(other))
        self.time.tell(self.time.day(FILLED - 20), self.star())

    def case(self, told: Told) -> Story:
        """A case's story."""
        walks = [Walk(self.world, self.world.firms[plan.key], told.call, told.level) for plan in told.plans()]
        yield from told.tell(*walks)

    def life(self, name: str, lived: lives.Lived, level: Level) -> Story:
        """A title's story."""
        yield from lived(lives.Life(self.world, self.world.firms[f"life-{name}"], level))

    def other(self, other: schemes.Other) -> Story:
        """The story of another scheme's case."""
        yield from schemes.story(self.world, other)

    def star(self) -> Story:
        """The enterprise that visitors sign in for is ready to apply."""
        yield from cases_over.ready(Walk(self.world, self.world.firms["star"], "spring", M))

    def plans(self) -> Iterator[Plan]:
        """Every firm, the leading ones first, so that they are number one of their kind."""
        yield from leading()
        for told in STORIES:
            yield from told.plans()
        yield from lives.plans()
        yield from schemes.plans()
        yield from background(self.where)

    def found(self) -> None:
        """Everybody registers."""
        plans = list(named(self.plans(), self.where))
        self.world.firms |= firms.found(plans, self.where, self.world.people)

    def publish(self, number: int, day: dt.date) -> None:
        """A list of titles is announced."""
        publish([*self.world.firms.values()], number, day)

    def reporting(self) -> Iterator[tuple[int, dt.date]]:
        """Each year's day of reporting: in February, the judged year before its rounds open."""
        for year in range(self.year - 3, self.year - 1):
            yield year, dt.date(year + 1, 2, 20)
        yield self.year - 1, min(dt.date(self.year, 2, 20), self.time.day(OPENED + 2))
        yield self.year, max(dt.date(self.year, 1, 1), self.time.day(10))

    def report(self, year: int) -> None:
        """Everybody reports a year; the running one so far as it is known."""
        back, graded = self.year - 1 - year, year == self.graded
        firms.report_year(self.world.firms.values(), year, back=back, graded=graded)
        survey(year)

    def open(self) -> None:
        """The rounds of the year, and the benchmarks that they need."""
        administrator = self.world.people["administrator"]
        self.world.rounds |= open_rounds(self.time.today, administrator)
        self.world.rounds |= schemes.open_others(self.world, administrator)
        enter_benchmarks(self.time.day(OPENED), administrator)

    def fill(self) -> None:
        """Who will apply fills the vault; the star's people join."""
        firms.fill_vaults(self.world.firms.values(), self.year - 1)
        firms.staff(self.world.firms["star"], self.world.people, self.time.today + dt.timedelta(days=180))

    def sweep(self) -> None:
        """What the workers do by themselves."""
        sweeps.expire_titles()
        sweeps.tell_buyers()
        sourcing.follow()

    def cities(self) -> list[Region]:
        """The cities whose output is told too: Zhejiang's."""
        found = self.where.children[PROVINCE]
        return [region for region in found if region.kind == Region.Kind.PREFECTURE]
