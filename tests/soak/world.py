"""A small nation for random walks: two enterprises, rounds with quotas, panels and notices, people of each part."""

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

import time_machine
from django.core.exceptions import ValidationError

from certification import tasks
from certification.application import actions as applying
from certification.assessment.actions import check
from certification.delivery.actions import remind_due, send_mails
from certification.evaluation.actions import declare
from certification.models import Application, Body, Designation, Proposal, Round, Seat, Staff
from certification.surveillance.actions import reply
from certification.verbs import BY_KIND, perform
from certification.workflow import Case, Status, table
from greenchain.accounts.models import Role, User
from greenchain.clock import today
from greenchain.refusals import Refused
from suppliers.models import Enterprise, Level, Membership
from tests.cast import FORM, Cast, fill_vault, ready_site
from tests.factories_suppliers import EnterpriseFactory, MembershipFactory, UserFactory

FEW = 6
"""Fewer open cases than this: people rather start new ones."""
LIKELY = 0.8
LEAVING = {
    "withdraw",
    "reject",
    "refuse",
    "decline",
    "recall",
    "surrender",
    "pass_over",
    "send_back",
    "uphold",
}
"""Moves that people make less often, so that cases get far."""
DAY = dt.timedelta(days=1)
ROUNDS: tuple[dict[str, Any], ...] = (
    {"code": "quick", "quota": {"1": 2, "2": 1}},
    {"code": "evaluated", "evaluation": "required"},
    {"code": "panelled", "panel": True, "notice_days": 3, "notice_counting": "calendar"},
    {"code": "noticed", "notice_days": 2, "notice_counting": "calendar", "quota": {"1": 1, "2": 2}},
    {"code": "national", "quota": {"3": 1}},
)


@dataclass
class World:
    """Who and what there is, and what happened: moves made, and refusals by their code."""

    cast: Cast
    rounds: list[Round]
    subjects: list[Any]
    people: list[User]
    offset: dt.timedelta = dt.timedelta(0)
    made: dict[str, int] = field(default_factory=dict)
    refused: dict[str, int] = field(default_factory=dict)

    def now(self) -> Any:
        """The clock of the walk."""
        return time_machine.travel(dt.datetime.now(tz=dt.UTC) + self.offset, tick=True)

    def step(self, dice: random.Random) -> None:
        """One thing that somebody does, or that time does; what is refused changes nothing."""
        few = Application.objects.open().count() < FEW
        deeds = (self.start, self.likely, self.anybody, self.machines, self.days)
        deed = dice.choices(deeds, (60, 25, 5, 9, 1) if few else (8, 68, 12, 10, 2))[0]
        with self.now():
            try:
                name = deed(dice)
            except Refused as no:
                self.refused[no.code] = self.refused.get(no.code, 0) + 1
            except ValidationError:
                self.refused["input"] = self.refused.get("input", 0) + 1
            else:
                self.made[name] = self.made.get(name, 0) + 1

    def start(self, dice: random.Random) -> str:
        """Somebody starts an application for any subject, in any round, at any level."""
        call, subject = dice.choice(self.rounds), dice.choice(self.subjects)
        level = Level.MUNICIPAL if dice.random() < LIKELY else dice.choice(call.levels)
        owner = Membership.objects.get(enterprise=subject.enterprise, role="owner").user
        by = owner if dice.random() < LIKELY else dice.choice(self.people)
        titles = Designation.objects.filter(site=subject, level=level, status=Status.CURRENT)
        from_title = titles.first() if dice.random() < 0.5 else None
        case = applying.start(call, level=level, subject=subject, by=by, from_title=from_title)
        applying.fill_in(case, by=by, form=FORM)
        return "start"

    def likely(self, dice: random.Random) -> str:
        """A move of the table by somebody who holds its role, with inputs that fit."""
        case = self.any_case(dice)
        if isinstance(case, Application) and case.status == Status.SUBMITTED and dice.random() < LIKELY:
            check(case, worker="soak")
            return "check"
        rows = table(case.kind)
        moves = [move for move in rows if case.status in move.source and "system" not in move.roles]
        if not moves:
            return "nothing"
        move = dice.choices(moves, [1 if move.verb in LEAVING else 6 for move in moves])[0]
        people = [person for person in self.people if any(case.holds(person, role) for role in move.roles)]
        if not people:
            return "nobody"
        by = dice.choice(people)
        if move.verb == "evaluate":
            self._declare()
        perform(case, move.verb, by=by, data=inputs(self, case, move.verb, dice))
        return move.verb

    def anybody(self, dice: random.Random) -> str:
        """Any move by anybody, in whatever status."""
        case = self.any_case(dice)
        verb = dice.choice(sorted(BY_KIND[case.kind]))
        perform(case, verb, by=dice.choice(self.people), data=inputs(self, case, verb, dice))
        return verb

    def machines(self, dice: random.Random) -> str:
        """What the workers do: checks, mails, reminders, the clock; and what people do beside the moves."""
        deed = dice.choice(("check", "mails", "clock", "declare", "reply", "check"))
        if deed == "check":
            for case in Application.objects.filter(status=Status.SUBMITTED).order_by("pk"):
                check(case, worker="soak")
        elif deed == "mails":
            remind_due()
            send_mails()
        elif deed == "clock":
            tasks.clock()
        elif deed == "declare":
            self._declare()
        else:
            proposal = Proposal.objects.filter(replied_at=None).order_by("pk").first()
            if proposal is None:
                return "nothing"
            reply(proposal, by=self.cast.owner, text="We have repaired it.")
        return deed

    def _declare(self) -> None:
        for seat in Seat.objects.current().filter(declared="", part=Role.EVALUATOR).order_by("pk"):
            declare(seat, by=seat.user, declared="I have no ties to the applicant.")

    def days(self, dice: random.Random) -> str:
        """Days go by, at most until the rounds close."""
        more = dice.choice((1, 3, 8)) * DAY
        self.offset = min(self.offset + more, 50 * DAY)
        return "days"

    def any_case(self, dice: random.Random) -> Case:
        """One of all cases and titles, the open ones more often."""
        kind = dice.choices((Application, Designation), (4, 1))[0]
        found: Any = kind.objects.all()
        if kind is Application and dice.random() < 0.85:
            found = Application.objects.open()
        keys = list(found.order_by("pk").values_list("pk", flat=True)) or list(
            Application.objects.order_by("pk").values_list("pk", flat=True)
        )
        if not keys:
            raise Refused("there is no case yet", code="no_case")
        kind = kind if found.exists() else Application
        chosen: Case = kind.objects.get(pk=dice.choice(keys))
        return chosen


def inputs(world: World, case: Case, verb: str, dice: random.Random) -> dict[str, Any]:
    """Inputs that fit the verb, most of the time; now and then something is left out or is nonsense."""
    day = today()
    given: dict[str, Any] = {
        "reasons": "for these reasons",
        "opinion": "in order",
        "commitment": True,
        "signed_by": "Wang",
        "codes": ["clarify"],
        "note": "please",
        "due_on": day + dice.choice((5, 20, 40)) * DAY,
        "until_on": day + 90 * DAY,
        "name": "Zhang San",
        "contact": "zhang@example.org",
        "statement": "The river was black.",
        "declared": "I have no ties to the applicant.",
        "cause": dice.choice(("fault", "closed", "relocated")),
        "reply_by": day + 15 * DAY,
        "cured": "The filter was replaced.",
        "code": "R1",
        "field": "judgement",
        "before": "half",
        "after": "full",
        "check_key": "gate.plan_and_targets",
        "requested_by": world.cast.auditor_3306.pk,
    }
    given["points"] = str(dice.choice((78, 80, 82, 95)))
    if verb == "evaluate" and isinstance(case, Application):
        definition = case.scheme_version.definition
        given["points"] = {item.code: {"points": 0, "reason": "seen"} for item in definition.indicators}
        second = case.seats.current().filter(user=world.cast.people["evaluator_b"]).exists()
        staff = "Person" if second else "Staff"
        given |= {"technical_reviewer": f"{staff} 0", "signatory": f"{staff} 1", "conclusion": "good"}
    if verb == "assign":
        part = {Status.EVALUATION: Role.EVALUATOR, Status.PANEL: Role.EXPERT}.get(Status(case.status))
        fitting = [person for person in world.people if person.role == (part or Role.AUDITOR)]
        given["user"] = dice.choice(fitting).pk
    if dice.random() < 0.08:
        given[dice.choice(sorted(given))] = dice.choice(("", "x" * 50, "-1", None))
    return given


def make_world(cast: Cast) -> World:
    """The cast, a second enterprise with an owner and a site, and a second body."""
    cast.people["owner_b"] = UserFactory.create(username="owner_b", role=Role.ENTERPRISE)
    other: Enterprise = EnterpriseFactory.create(legal_representative="Sun Li")
    MembershipFactory.create(user=cast.people["owner_b"], enterprise=other, role="owner")
    fill_vault(other, cast.people["owner_b"])
    subjects = [cast.site, *(cast.another_site() for _each in range(3))]
    subjects += [ready_site(other, cast.people["owner_b"], "330602") for _each in range(2)]
    cast.people["evaluator_b"] = UserFactory.create(username="evaluator_b", role=Role.EVALUATOR)
    second = Body.objects.create(
        identifier="T2",
        name="Second body",
        legal_representative="Qian",
        registered_on=dt.date(2020, 1, 1),
        status=Body.Status.REGISTERED,
    )
    Staff.objects.bulk_create(
        Staff(body=second, name=f"Person {number}", title="senior" if number < 5 else "intermediate")
        for number in range(10)
    )
    second.members.add(cast.people["evaluator_b"])
    rounds = [
        cast.round(settings["code"], **{k: v for k, v in settings.items() if k != "code"})
        for settings in ROUNDS
    ]
    return World(cast, rounds, subjects, sorted(cast.people.values(), key=lambda person: person.username))
