"""How a demo case walks: every move goes through the same door as the pages' and the API's."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from certification.application import actions as applying
from certification.application.local import gates_of
from certification.application.models import Application
from certification.assessment import actions as assessing
from certification.demo.firms import Firm
from certification.demo.people import Offices
from certification.demo.timeline import Story
from certification.demo.vault import search_again
from certification.designation.models import Designation
from certification.evaluation.actions import declare
from certification.notice import actions as noticing
from certification.scheme.models import Round
from certification.verbs import perform
from certification.workflow import Status
from greenchain.accounts.models import Role, User
from greenchain.clock import today, working_days_after
from suppliers.place.models import Level

WORKER = "demo"
OPINION = "Figures agree with their forms; in order. 数据与报表一致，材料齐全，同意。"
REASONS = "After examination of the file. 经审核材料。"
INDEPENDENT = "I neither advised, own nor work for the applicant. 本人与申报单位无利害关系。"
FORM = {
    "ownership": "private",
    "contact_department": "Energy and Environment 能源环保部",
    "process_summary": "Main products and processes of a demo site. 演示厂区主要产品与工艺。",
    "green_summary": "Heat recovery, roof solar power, closed water circuits. 余热回收、屋顶光伏、水循环利用。",
}


@dataclass
class World:
    """What stories act upon."""

    today: dt.date
    people: Mapping[str, User]
    offices: Offices
    rounds: dict[str, Round] = field(default_factory=dict)
    firms: dict[str, Firm] = field(default_factory=dict)


class Walk:
    """One firm's case, and the people who act on it."""

    case: Application

    def __init__(self, world: World, firm: Firm, call: str, level: Level) -> None:
        self.world, self.firm = world, firm
        self.call, self.level = call, level
        self.owner = firm.owner

    def start(self, *, site: int = 0, from_title: Designation | None = None) -> None:
        """A draft."""
        self.case = applying.start(
            self.world.rounds[self.call],
            level=self.level,
            subject=self.firm.sites[site],
            by=self.owner,
            from_title=from_title,
        )

    def fill(self) -> None:
        """The form is filled in."""
        self.case = applying.fill_in(self.case, by=self.owner, form=FORM)

    def submit(self) -> None:
        """Signed and submitted; the checks are due."""
        if Application.objects.open().filter(applicant=self.case.applicant).count() == 1:
            search_again(self.firm.enterprise)
        self.do("submit", self.owner, commitment=True, signed_by=self.owner.get_full_name())

    def check(self) -> None:
        """The checks run, as a worker runs them."""
        assessing.check(self.case, worker=WORKER)

    def opened(self) -> Story:
        """From nothing to the first desk, or to the evaluator."""
        self.start()
        yield 2
        self.fill()
        yield 3
        self.submit()
        self.check()

    def do(self, verb: str, by: User | None, **data: Any) -> Any:
        """One move."""
        return perform(self.case, verb, by=by, data=data)

    def at(self, role: str) -> User:
        """The official of that role at the case's desk."""
        return self.world.offices.of(role, self.case.desk)

    def endorse(self) -> None:
        """The desk finds the case in order."""
        self.do("endorse", self.at(Role.AUDITOR), opinion=OPINION)

    def endorsed(self) -> Story:
        """Desk after desk, up to the panel or selection."""
        while self.case.status == Status.EXAMINATION:
            yield 3
            self.endorse()

    def send_back(self, *codes: str, note: str, named: tuple[str, ...] = ()) -> None:
        """The applicant must mend something."""
        due_on = working_days_after(today(), self.case.round.return_days)
        self.do("send_back", self.at(Role.AUDITOR), codes=codes, note=note, named=named, due_on=due_on)

    def seat(self, username: str, *, declared: bool = True) -> User:
        """A person takes a seat, and declares independence."""
        person = self.world.people[username]
        seat = self.do("assign", self.at(Role.AUDITOR), user=person.pk)
        if declared:
            declare(seat, by=person, declared=INDEPENDENT)
        return person

    def evaluate(self, person: User) -> None:
        """The body's report: four fifths of each weight."""
        points = {
            item.code: {
                "points": str((item.weight * Decimal("0.8")).quantize(Decimal("0.01"))),
                "reason": "Seen on site. 现场核查。",
            }
            for item in self.case.scheme_version.definition.indicators
        }
        self.do(
            "evaluate",
            person,
            points=points,
            technical_reviewer="Demo He 甲",
            signatory="Demo He 乙",
            conclusion="Meets the requirements. 符合要求。",
            gates={
                gate.key: {"met": "yes", "reason": "Nothing to the contrary found. 未发现相反情况。"}
                for gate in gates_of(self.case)
            },
        )

    def score(self, person: User, points: int) -> None:
        """An expert's blind points."""
        self.do("score", person, points=points, reasons=REASONS, declared=INDEPENDENT)

    def panelled(self) -> Story:
        """Two experts agree."""
        for username, points in (("expert-1", 86), ("expert-2", 84)):
            self.score(self.seat(username), points)
        yield 2
        self.do("conclude", self.at(Role.AUDITOR))

    def selected(self) -> Story:
        """On the proposed list."""
        yield from self.endorsed()
        if self.case.status == Status.PANEL:
            yield 2
            yield from self.panelled()
        yield 2
        self.do("select", self.at(Role.APPROVER))

    def decided(self) -> Story:
        """The public notice, if there is one, is over."""
        if self.case.status == Status.NOTICE:
            term = self.case.round.notice_term(self.case.level)
            yield (term.end(today()) - today()).days + 1
            noticing.close(self.case)

    def granted(self) -> Story:
        """From nothing to the title."""
        yield from self.opened()
        yield from self.selected()
        yield from self.decided()
        yield 1
        self.do("grant", self.at(Role.APPROVER), reasons=REASONS)

    def object(self) -> None:
        """A neighbour objects."""
        objection = noticing.lodge(
            self.case,
            name="Demo Neighbour 演示居民",
            contact="neighbour@demo.example",
            statement="There is a smell at night; please look at the waste-gas records. 夜间有异味，请核查废气记录。",
        )
        noticing.contest(objection)
        self.case.refresh_from_db()

    def title(self) -> Designation:
        """The title that the case brought."""
        return Designation.objects.get(decision__application=self.case)
