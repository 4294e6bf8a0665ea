"""Ask the applicant, answer, ask on, settle. Asking does not stop the clock of a case; sending it back does."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.inquiry.attaching import attached
from certification.inquiry.models import Message, Question, topics
from certification.workflow import OPEN, Status
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import must
from suppliers.evidence.models import Evidence
from suppliers.evidence.paper import Upload
from suppliers.place.models import Authority

ASKABLE = frozenset(OPEN.split()) - {Status.DRAFT}


@transaction.atomic
def ask(
    application: Application,
    *,
    by: Any,
    text: str,
    due_on: dt.date,
    about: str = "",
    evidence: Evidence | int | None = None,
) -> Question:
    """The applicant is asked about the case, an indicator, a gate or a file, to answer by a day."""
    case = _locked(application)
    desk = asks_for(case, by)
    if about not in dict(topics(case)):
        raise Refused(_("The scheme knows no such indicator or gate."), code="about", field="about")
    key = evidence.pk if isinstance(evidence, Evidence) else evidence
    if key is not None and not is_cited(case, key):
        raise Refused(_("The case does not cite this file."), code="evidence", field="evidence")
    _sound(text, due_on)
    question = Question.objects.create(
        application=case, asker=by, desk=desk, about=about, evidence_id=key, due_on=due_on
    )
    _say(question, by, text, asks=True)
    record(
        "ask",
        case,
        by=by,
        question=question.pk,
        topic=about,
        evidence=key,
        text=text.strip(),
        due_on=due_on,
    )
    return question


@transaction.atomic
def ask_again(question: Question, *, by: Any, text: str, due_on: dt.date) -> Question:
    """The answer does not do, or more is asked; the thread is open again."""
    case, fresh = _both(question)
    _must_steer(case, fresh, by)
    _must_stand(case, fresh)
    _sound(text, due_on)
    _say(fresh, by, text, asks=True)
    fresh.state, fresh.due_on, fresh.asker = Question.State.OPEN, due_on, by
    fresh.save(update_fields=["state", "due_on", "asker"])
    record("ask_again", case, by=by, question=fresh.pk, text=text.strip(), due_on=due_on)
    return fresh


@transaction.atomic
def answer(
    question: Question,
    *,
    by: Any,
    text: str,
    evidence: Sequence[Evidence] = (),
    upload: "Upload | None" = None,
    kind: str = "",
) -> Message:
    """The applicant answers, with files of the vault; a new file goes into the vault first."""
    case, fresh = _both(question)
    must(by, case.applicant, "edit")
    _must_stand(case, fresh)
    _worded(text)
    files = attached(case.applicant, by, evidence, upload, kind)
    message = _say(fresh, by, text, asks=False, files=files)
    fresh.state = Question.State.ANSWERED
    fresh.save(update_fields=["state"])
    told = {"question": fresh.pk, "asker": fresh.asker_id, "text": message.text, "files": files}
    record("answer", case, by=by, **told)
    return message


@transaction.atomic
def settle(question: Question, *, by: Any) -> Question:
    """The question is answered well enough, or no longer asked."""
    case, fresh = _both(question)
    _must_steer(case, fresh, by)
    if fresh.state == Question.State.SETTLED:
        raise Refused(_("This has been done already."), code="already_done")
    fresh.state = Question.State.SETTLED
    fresh.save(update_fields=["state"])
    record("settle_question", case, by=by, question=fresh.pk)
    return fresh


def asks_for(case: Application, by: Any) -> Authority | None:
    """The desk for which the person asks, None for the case's evaluator; NotYours for anybody else."""
    if by.is_official and case.holds(by, "auditor@desk"):
        desk: Authority | None = case.desk
    elif evaluates(case, by):
        desk = None
    else:
        words = _("Only auditors of the desk and the evaluator who has the case ask the applicant.")
        raise NotYours(words, code="not_yours")
    if case.status not in ASKABLE or (desk is None and case.status != Status.EVALUATION):
        words = _("In “%(status)s” nothing is asked any more.") % {"status": case.get_status_display()}
        raise Refused(words, code="wrong_status")
    return desk


def is_cited(case: Application, key: int) -> bool:
    """Whether the case cites the file now or did when it was submitted."""
    dossier = case.dossier
    frozen = {row["evidence"] for row in dossier.content["citations"]} if dossier else set()
    return key in frozen or case.citations.filter(evidence=key).exists()


def evaluates(case: Application, by: Any) -> bool:
    """Whether the person has the evaluator's seat today and declared their independence."""
    seats = case.seats.current().filter(user=by, part=Role.EVALUATOR).exclude(declared="")
    return by.role == Role.EVALUATOR and seats.exists()


def _must_steer(case: Application, question: Question, by: Any) -> None:
    """The desk steers every thread; an evaluator their own."""
    if asks_for(case, by) is None and question.asker_id != by.pk:
        raise NotYours(_("Somebody else asked this."), code="not_yours")


def _locked(application: Application) -> Application:
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    return Application.objects.select_related("desk", "applicant", "scheme_version").get(pk=application.pk)


def _both(question: Question) -> tuple[Application, Question]:
    """The case and the question, locked."""
    case = _locked(question.application)
    return case, Question.objects.select_for_update(of=("self",)).get(pk=question.pk)


def _must_stand(case: Application, question: Question) -> None:
    if question.state == Question.State.SETTLED:
        raise Refused(_("This question is settled; nothing more is asked."), code="settled")
    if case.status not in ASKABLE:
        raise Refused(_("The case is over; nothing is asked any more."), code="wrong_status")


def _sound(text: str, due_on: dt.date) -> None:
    _worded(text)
    if due_on <= today():
        raise Refused(
            _("Give a day ahead by which the applicant must answer."), code="due_on", field="due_on"
        )


def _worded(text: str) -> None:
    if not text.strip():
        raise Refused(_("Write what you want to say."), code="text", field="text")


def _say(question: Question, by: Any, text: str, *, asks: bool, files: Sequence[Any] = ()) -> Message:
    return Message.objects.create(question=question, by=by, asks=asks, text=text.strip(), files=list(files))
