"""Every row of the table of moves: it does what it says, refuses whom it must, and leaves one entry.

Each walk brings a case to the row's status by the real actions and says who may move it with what.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import time_machine

from certification.application import actions as applying
from certification.assessment import actions as assessment
from certification.decision import actions as deciding
from certification.designation import actions as titling
from certification.designation import linking
from certification.evaluation.actions import declare
from certification.models import Application, Designation, Evaluation
from certification.notice import actions as noticing
from certification.surveillance import actions as surveying
from certification.verbs import perform
from certification.workflow import MOVES, NEW, Case, Move, Status
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Level
from tests.cast import Cast
from tests.codes import national_title

DAY = dt.timedelta(days=1)
WHY = {"reasons": "for these reasons"}


@dataclass
class Scene:
    """A case ready for a move, who makes it (None: the system), and with what."""

    case: Case
    by: Any
    inputs: dict[str, Any] = field(default_factory=dict)
    expected: str = ""
    system: Callable[[Any], Any] | None = None

    def play(self) -> None:
        """Make the move as the product does."""
        if self.system:
            self.system(self.case)
        else:
            perform(self.case, self.verb, by=self.by, data=self.inputs)
        self.case.refresh_from_db()

    verb: str = ""


Walk = Callable[[Cast], Scene]
WALKS: dict[tuple[str, str, str], Walk] = {}


def walk(kind: str, verb: str, *sources: str) -> Callable[[Walk], Walk]:
    """The scene for a row, per status it starts from."""

    def register(function: Walk) -> Walk:
        for source in sources:
            WALKS[(kind, verb, source)] = function
        return function

    return register


Make = Callable[[Cast], Any]
Build = Callable[[Cast, Any, str], Scene]


def _built(make: Make, build: Build, status: str, cast: Cast) -> Scene:
    return build(cast, make(cast), status)


def walk_each(kind: str, verb: str, makers: dict[str, Make], build: Build) -> None:
    """The same scene for each status, with the case made by its own maker."""
    for status, make in makers.items():
        walk(kind, verb, status)(partial(_built, make, build, status))


@walk("A", "submit", "draft")
def submit_draft(cast: Cast) -> Scene:
    return Scene(cast.draft(), cast.owner, {"commitment": True, "signed_by": "Wang"}, "submitted")


def returned(cast: Cast) -> Application:
    case = cast.examined()
    perform(
        case,
        "send_back",
        by=cast.auditor_3306,
        data={"codes": ["clarify"], "due_on": today() + 5 * DAY, "note": "please"},
    )
    return case


@walk("A", "submit", "returned")
def submit_again(cast: Cast) -> Scene:
    return Scene(returned(cast), cast.owner, {"commitment": True, "signed_by": "Wang"}, "submitted")


@walk("A", "check", "submitted")
def check(cast: Cast) -> Scene:
    return Scene(cast.submitted(), None, expected="examination", system=assessment.check)


def at_evaluation(cast: Cast, *, level: int = Level.MUNICIPAL) -> Application:
    return cast.examined(cast.draft(level=level, round_=cast.round("evaluated", evaluation="required")))


@walk("A", "assign", "evaluation")
def assign_evaluator(cast: Cast) -> Scene:
    return Scene(at_evaluation(cast), cast.auditor_3306, {"user": cast.evaluator.pk}, "evaluation")


@walk("A", "assign", "examination")
def assign_auditor(cast: Cast) -> Scene:
    return Scene(cast.examined(), cast.auditor_3306, {"user": cast.auditor_3306_b.pk}, "examination")


def at_panel(cast: Cast) -> Application:
    return cast.endorsed_up(cast.examined(cast.draft(round_=cast.round("panelled", panel=True))))


@walk("A", "assign", "panel")
def assign_expert(cast: Cast) -> Scene:
    return Scene(at_panel(cast), cast.auditor_3306_b, {"user": cast.expert_a.pk}, "panel")


@walk("A", "draw", "panel")
def draw_experts(cast: Cast) -> Scene:
    return Scene(at_panel(cast), cast.auditor_3306_b, {}, "panel")


def with_evaluator(cast: Cast) -> Application:
    case = at_evaluation(cast)
    perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    declare(
        case.seats.get(user=cast.evaluator), by=cast.evaluator, declared="I have no ties to the applicant."
    )
    return case


@walk("A", "decline", "evaluation")
def decline_evaluation(cast: Cast) -> Scene:
    return Scene(with_evaluator(cast), cast.evaluator, WHY, "evaluation")


def with_experts(cast: Cast) -> Application:
    case = at_panel(cast)
    for expert in (cast.expert_a, cast.expert_b):
        perform(case, "assign", by=cast.auditor_3306_b, data={"user": expert.pk})
    return case


@walk("A", "decline", "panel")
def decline_panel(cast: Cast) -> Scene:
    return Scene(with_experts(cast), cast.expert_a, WHY, "panel")


def all_points(case: Application) -> dict[str, Any]:
    return {item.code: {"points": 0, "reason": "seen"} for item in case.scheme_version.definition.indicators}


@walk("A", "evaluate", "evaluation")
def evaluate(cast: Cast) -> Scene:
    case = with_evaluator(cast)
    inputs = {
        "points": all_points(case),
        "technical_reviewer": "Staff 0",
        "signatory": "Staff 1",
        "conclusion": "good",
    }
    return Scene(case, cast.evaluator, inputs, "examination")


@walk("A", "correct", "examination")
def correct(cast: Cast) -> Scene:
    inputs = {
        "code": "R1",
        "field": "judgement",
        "before": "half",
        "after": "full",
        "reasons": "seen on site",
    }
    return Scene(cast.examined(), cast.auditor_3306, inputs, "examination")


@walk("A", "send_back", "examination")
def send_back(cast: Cast) -> Scene:
    inputs = {"codes": ["evidence_missing"], "due_on": today() + 5 * DAY, "note": "form 205-1"}
    return Scene(cast.examined(), cast.auditor_3306, inputs, "returned")


@walk("A", "send_back", "evaluation")
def send_back_from_evaluation(cast: Cast) -> Scene:
    inputs = {"codes": ["clarify"], "due_on": today() + 5 * DAY, "note": "which outlet?"}
    return Scene(with_evaluator(cast), cast.evaluator, inputs, "returned")


@walk("A", "extend", "returned")
def extend(cast: Cast) -> Scene:
    return Scene(returned(cast), cast.auditor_3306, {"due_on": today() + 20 * DAY}, "returned")


@walk("A", "waive", "examination")
def waive(cast: Cast) -> Scene:
    case = cast.draft()
    for row in case.citations.filter(requirement="gate.plan_and_targets"):
        row.evidence.expires_on = today()
        row.evidence.save()
    cast.submitted(case)
    with time_machine.travel(dt.datetime.now(tz=dt.UTC) + 2 * DAY, tick=False):
        assessment.check(case)
    inputs = {
        "check_key": "gate.plan_and_targets",
        "requested_by": cast.auditor_3306.pk,
        "until_on": today() + 30 * DAY,
        **WHY,
    }
    return Scene(case, cast.approver_3306, inputs, "examination")


@walk("A", "waive", "decision")
def waive_anew(cast: Cast) -> Scene:
    """A paper ran out between the endorsement and the decision."""
    case = cast.draft()
    for row in case.citations.filter(requirement="gate.plan_and_targets"):
        row.evidence.expires_on = today()
        row.evidence.save()
    cast.selected(case)
    with time_machine.travel(dt.datetime.now(tz=dt.UTC) + 2 * DAY, tick=False):
        assessment.recheck(case, trigger="stale")
    inputs = {
        "check_key": "gate.plan_and_targets",
        "requested_by": cast.auditor_3306.pk,
        "until_on": today() + 30 * DAY,
        **WHY,
    }
    return Scene(case, cast.approver_3306_b, inputs, "decision")


@walk("A", "endorse", "examination")
def endorse(cast: Cast) -> Scene:
    return Scene(cast.examined(), cast.auditor_3306, {"opinion": "in order"}, "selection")


def endorsed(cast: Cast) -> Application:
    return cast.endorsed_up(cast.examined())


@walk("A", "recall", "selection")
def recall(cast: Cast) -> Scene:
    return Scene(endorsed(cast), cast.auditor_3306, {}, "examination")


@walk("A", "recall", "panel")
def recall_from_panel(cast: Cast) -> Scene:
    return Scene(at_panel(cast), cast.auditor_3306, {}, "examination")


@walk("A", "recall", "examination")
def recall_from_above(cast: Cast) -> Scene:
    cast.granted()
    case = cast.examined(cast.draft(level=Level.PROVINCIAL))
    perform(case, "endorse", by=cast.auditor_3306, data={"opinion": "in order"})
    return Scene(case, cast.auditor_3306, {}, "examination")


@walk("A", "reject", "examination")
def reject(cast: Cast) -> Scene:
    return Scene(cast.examined(), cast.auditor_3306, WHY, "rejected")


@walk("A", "reject", "panel")
def reject_panel(cast: Cast) -> Scene:
    return Scene(at_panel(cast), cast.auditor_3306, WHY, "rejected")


SCORE = {"points": "80", "declared": "I have no ties to the applicant.", **WHY}


@walk("A", "score", "panel")
def score(cast: Cast) -> Scene:
    return Scene(with_experts(cast), cast.expert_a, SCORE, "panel")


@walk("A", "conclude", "panel")
def conclude(cast: Cast) -> Scene:
    case = with_experts(cast)
    perform(case, "score", by=cast.expert_a, data=SCORE)
    perform(case, "score", by=cast.expert_b, data=SCORE)
    return Scene(case, cast.auditor_3306_b, {}, "selection")


@walk("A", "select", "selection")
def select(cast: Cast) -> Scene:
    return Scene(endorsed(cast), cast.approver_3306, {}, "decision")


@walk("A", "pass_over", "selection")
def pass_over(cast: Cast) -> Scene:
    return Scene(endorsed(cast), cast.approver_3306, WHY, "not_selected")


def in_notice(cast: Cast) -> Application:
    return cast.selected(cast.draft(round_=cast.round("noticed", notice_days=15)))


OBJECTION = {"name": "Zhang San", "contact": "zhang@example.org", "statement": "The river was black."}


@walk("A", "contest", "notice")
def contest(cast: Cast) -> Scene:
    lodged = noticing.lodge(in_notice(cast), **OBJECTION)  # type: ignore[arg-type]
    return Scene(lodged.application, None, {}, "notice", system=lambda _case: noticing.contest(lodged))


def contested(cast: Cast) -> Application:
    return cast.contested(in_notice(cast)).application


@walk("A", "relay", "notice")
def relay(cast: Cast) -> Scene:
    case = contested(cast)
    told = {"objection": case.objections.get().number, "substance": "Water", "comment_by": today() + 5 * DAY}
    return Scene(case, cast.approver_3306_b, told, "notice")


@walk("A", "comment", "notice")
def comment(cast: Cast) -> Scene:
    case = contested(cast)
    objection = case.objections.get()
    by = cast.approver_3306_b
    noticing.relay(case, by=by, objection=objection, substance="Water", comment_by=today() + 5 * DAY)
    return Scene(case, cast.editor, {"objection": objection.number, "text": "It was clear."}, "notice")


@walk("A", "dismiss", "notice")
def dismiss(cast: Cast) -> Scene:
    return Scene(contested(cast), cast.approver_3306_b, WHY, "notice")


@walk("A", "uphold", "notice")
def uphold(cast: Cast) -> Scene:
    return Scene(contested(cast), cast.approver_3306_b, WHY, "examination")


@walk("A", "close", "notice")
def close(cast: Cast) -> Scene:
    case = in_notice(cast)
    notice = case.notices.get()
    notice.starts_on, notice.ends_on = today() - 16 * DAY, today() - DAY
    notice.save()
    return Scene(case, None, expected="decision", system=noticing.close)


@walk("A", "grant", "decision")
def grant(cast: Cast) -> Scene:
    return Scene(cast.selected(), cast.approver_3306, WHY, "granted")


@walk("A", "refuse", "decision")
def refuse(cast: Cast) -> Scene:
    return Scene(cast.selected(), cast.approver_3306_b, WHY, "refused")


@walk("A", "withdraw", "draft")
def withdraw_draft(cast: Cast) -> Scene:
    return Scene(cast.draft(), cast.owner, {}, "withdrawn")


WITHDRAWN: dict[str, Make] = {
    "submitted": lambda cast: cast.submitted(),
    "evaluation": at_evaluation,
    "examination": lambda cast: cast.examined(),
    "returned": returned,
    "panel": at_panel,
    "selection": endorsed,
    "notice": in_notice,
    "decision": lambda cast: cast.selected(),
}
walk_each("A", "withdraw", WITHDRAWN, lambda cast, case, _status: Scene(case, cast.owner, WHY, "withdrawn"))


@walk("A", "lapse", "draft")
def lapse_draft(cast: Cast) -> Scene:
    case = cast.draft()
    cast.round().closes_on = today() - DAY
    cast.round().opens_on = today() - 9 * DAY
    cast.round().save()
    return Scene(case, None, expected="lapsed", system=applying.lapse)


def overdue(case: Application) -> Application:
    case.due_on = today() - DAY
    case.save()
    return case


@walk("A", "lapse", "returned")
def lapse_returned(cast: Cast) -> Scene:
    return Scene(overdue(returned(cast)), None, expected="lapsed", system=applying.lapse)


@walk("A", "lapse", "evaluation")
def lapse_evaluation(cast: Cast) -> Scene:
    return Scene(overdue(at_evaluation(cast)), None, expected="lapsed", system=applying.lapse)


ESCALATED = {status: WITHDRAWN[status] for status in ("examination", "panel", "notice", "decision")}
walk_each(
    "A",
    "escalate",
    ESCALATED,
    lambda _cast, case, status: Scene(overdue(case), None, expected=status, system=applying.escalate),
)


def rejected(cast: Cast) -> Application:
    case = cast.examined()
    perform(case, "reject", by=cast.auditor_3306, data=WHY)
    return case


def refused(cast: Cast) -> Application:
    case = cast.selected()
    perform(case, "refuse", by=cast.approver_3306, data=WHY)
    return case


def lapsed(cast: Cast) -> Application:
    case = overdue(returned(cast))
    applying.lapse(case)
    return case


ENDED: dict[str, Make] = {"rejected": rejected, "refused": refused, "lapsed": lapsed}
WAS = {"rejected": "examination", "refused": "decision", "lapsed": "returned"}


def appealed(cast: Cast, case: Case) -> Case:
    perform(case, "appeal", by=cast.owner, data=WHY)
    return case


walk_each("A", "appeal", ENDED, lambda cast, case, status: Scene(case, cast.owner, WHY, status))
walk_each(
    "A",
    "confirm",
    ENDED,
    lambda cast, case, status: Scene(appealed(cast, case), cast.approver_33, WHY, status),
)
walk_each(
    "A",
    "overturn",
    ENDED,
    lambda cast, case, status: Scene(appealed(cast, case), cast.approver_33, WHY, WAS[status]),
)


def suspended(cast: Cast) -> Designation:
    title = cast.granted()
    perform(title, "suspend", by=cast.approver_3306, data={"until_on": today() + 90 * DAY, **WHY})
    return title


TITLES: dict[str, Make] = {
    "current": lambda cast: cast.granted(),
    "suspended": suspended,
}
PROPOSAL = {"cause": "fault", "reply_by": today() + DAY, **WHY}


def proposed(cast: Cast, title: Designation) -> Designation:
    perform(title, "propose", by=cast.auditor_3306, data=PROPOSAL)
    surveying.reply(title.proposals.get(), by=cast.owner, text="We have repaired it.")
    return title


def out_of_date(title: Designation) -> Designation:
    Designation.objects.filter(pk=title.pk).update(announced_on=today() - 9 * DAY, valid_until=today() - DAY)
    return title


REVOKED = {"cause": "fault", **WHY}
RENAMED = {"name": "New Name", **WHY}
walk_each("D", "propose", TITLES, lambda cast, it, status: Scene(it, cast.auditor_3306, PROPOSAL, status))
walk_each(
    "D",
    "revoke",
    TITLES,
    lambda cast, it, _status: Scene(proposed(cast, it), cast.approver_3306, REVOKED, "revoked"),
)
walk_each("D", "surrender", TITLES, lambda cast, it, _status: Scene(it, cast.owner, WHY, "surrendered"))
walk_each("D", "amend", TITLES, lambda cast, it, status: Scene(it, cast.approver_3306, RENAMED, status))
walk_each(
    "D",
    "end",
    TITLES,
    lambda _cast, it, _status: Scene(
        it,
        None,
        expected="revoked",
        system=partial(titling.end, cause="relocated", reasons="The site moved."),
    ),
)
walk_each(
    "D",
    "expire",
    TITLES,
    lambda _cast, it, _status: Scene(out_of_date(it), None, expected="expired", system=titling.expire),
)


def listed(cast: Cast, status: str = "current") -> Designation:
    """A title of a published list that nobody is linked with."""
    title = national_title(
        cast, linked=False, willing=None, figures=None, status=status, name=cast.enterprise.name
    )
    return Designation.objects.get(pk=title.pk)


def linked(cast: Cast, status: str) -> Designation:
    return linking.link(listed(cast, status), by=cast.auditor_3306, subject=cast.site)


LISTED: dict[str, Make] = {status: partial(listed, status=status) for status in ("current", "suspended")}
LINKED: dict[str, Make] = {status: partial(linked, status=status) for status in ("current", "suspended")}
walk_each(
    "D",
    "link",
    LISTED,
    lambda cast, it, status: Scene(it, cast.auditor_3306, {"subject": f"site:{cast.site.pk}"}, status),
)
walk_each("D", "unlink", LINKED, lambda cast, it, status: Scene(it, cast.approver_33, WHY, status))


@walk("D", "suspend", "current")
def suspend(cast: Cast) -> Scene:
    return Scene(cast.granted(), cast.approver_3306, {"until_on": today() + 90 * DAY, **WHY}, "suspended")


@walk("D", "reinstate", "suspended")
def reinstate(cast: Cast) -> Scene:
    return Scene(suspended(cast), cast.approver_3306, {"cured": "The filter was replaced."}, "current")


@walk("D", "supersede", "current")
def supersede(cast: Cast) -> Scene:
    return Scene(cast.granted(), None, expected="superseded", system=titling.supersede)


def revoked(cast: Cast) -> Designation:
    title = proposed(cast, cast.granted())
    perform(title, "revoke", by=cast.approver_3306, data=REVOKED)
    return title


@walk("D", "restore_title", "revoked")
def restore_title(cast: Cast) -> Scene:
    title = titling.end(cast.granted(), cause="relocated", reasons="The site moved.")
    return Scene(
        title, None, expected="current", system=partial(titling.restore_title, reasons="It did not move.")
    )


TAKEN: dict[str, Make] = {"suspended": suspended, "revoked": revoked}
walk_each("D", "appeal", TAKEN, lambda cast, it, status: Scene(it, cast.owner, WHY, status))
walk_each(
    "D", "confirm", TAKEN, lambda cast, it, status: Scene(appealed(cast, it), cast.approver_33, WHY, status)
)
walk_each(
    "D",
    "overturn",
    TAKEN,
    lambda cast, it, _status: Scene(appealed(cast, it), cast.approver_33, WHY, "current"),
)

ROWS = [(move, source) for move in MOVES for source in sorted(move.source) if source != NEW]


@pytest.mark.parametrize(("move", "source"), ROWS, ids=[f"{m.case}-{m.verb}-{s}" for m, s in ROWS])
def test_every_row_of_the_table(cast: Cast, move: Move, source: str) -> None:
    """The row has a walk, is refused to everybody else, and moves the case with exactly one entry."""
    scene = WALKS[(move.case, move.verb, source)](cast)
    scene.verb = move.verb
    assert scene.case.status == source
    before = history(scene.case).count()
    for person in cast.people.values():
        if not any(scene.case.holds(person, role) for role in move.roles):
            with pytest.raises(NotYours):
                perform_or_advance(scene.case, move.verb, person)
    assert history(scene.case).count() == before
    scene.play()
    assert scene.case.status == scene.expected
    entries = list(history(scene.case))[before:]
    assert [entry.verb for entry in entries if entry.verb == move.verb] == [move.verb]
    assert {entry.verb for entry in entries} == {move.verb}


def perform_or_advance(case: Case, verb: str, person: Any) -> None:
    """As a page would; the system's verbs have no form."""
    try:
        perform(case, verb, by=person, data={})
    except NotYours:
        raise
    except Refused as no:
        if no.code != "unknown_verb":
            raise
        case.advance(verb, by=person)


def test_every_row_has_a_walk() -> None:
    """No row of the table is untested, and no walk is without a row."""
    assert {(move.case, move.verb, source) for move, source in ROWS} == set(WALKS)


WRONG = [Status.DRAFT, Status.GRANTED, Status.CURRENT, Status.EXPIRED]


@pytest.mark.parametrize(
    "move", [m for m in MOVES if NEW not in m.source], ids=lambda m: f"{m.case}-{m.verb}"
)
def test_every_row_refuses_the_wrong_status(cast: Cast, move: Move) -> None:
    """Whoever may make the move is told that the status does not fit, and nothing is recorded."""
    source = min(move.source)
    scene = WALKS[(move.case, move.verb, source)](cast)
    known = {s for row in MOVES if row.case == move.case and row.verb == move.verb for s in row.source}
    wrong = next(status for status in WRONG if status not in known)
    type(scene.case)._default_manager.filter(pk=scene.case.pk).update(status=wrong)
    before = history(scene.case).count()
    with pytest.raises(Refused) as told:
        scene.case.advance(move.verb, by=scene.by)
    assert told.value.code in {"wrong_status", "already_done"}
    assert history(scene.case).count() == before


def test_no_status_is_a_dead_end() -> None:
    """From every status that is not an end, some move leads on; every end is named here on purpose."""
    ends = {"granted", "not_selected", "withdrawn", "surrendered", "expired", "superseded"}
    sources = {source for move in MOVES for source in move.source}
    assert set(Status.values) - sources == ends


def test_evaluations_are_kept(cast: Cast) -> None:
    """The report's points stay as given."""
    scene = evaluate(cast)
    perform(scene.case, "evaluate", by=scene.by, data=scene.inputs)
    assert Evaluation.objects.get().points["E1"]["reason"] == "seen"


def test_a_grant_leaves_a_title_in_the_register(cast: Cast) -> None:
    """The title's basis is frozen with the score that made it."""
    case = cast.selected()
    decision = deciding.grant(case, by=cast.approver_3306, reasons="good")
    title = decision.designation
    assert title is not None
    assert title.in_force
    assert title.basis_detail["score"]
    assert Designation.objects.in_force().get() == title
