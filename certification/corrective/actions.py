"""Raise a nonconformity, correct it, accept or turn down the correction, drop it."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.corrective.models import (
    ALIVE,
    CorrectiveAction,
    Nonconformity,
    Ruling,
    Severity,
)
from certification.inquiry.actions import evaluates
from certification.inquiry.attaching import attached
from certification.inquiry.models import topics
from certification.workflow import Status
from greenchain.audit.trail import record
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import must
from suppliers.evidence.models import Evidence
from suppliers.evidence.paper import Upload

RAISABLE = frozenset({Status.EVALUATION, Status.EXAMINATION, Status.RETURNED, Status.GRANTED})
"""Until the case leaves its desks, and again once there is a title to keep true."""


@transaction.atomic
def raise_nonconformity(
    application: Application,
    *,
    by: Any,
    severity: str,
    description: str,
    due_on: dt.date,
    about: str = "",
) -> Nonconformity:
    """Something does not conform; the applicant corrects it by a day. A major one bars endorsing."""
    case = locked(application)
    desk = case.desk if is_of_desk(case, by) else None
    if desk is None and not (case.status == Status.EVALUATION and evaluates(case, by)):
        raise NotYours(
            _("Auditors of the desk and the evaluator who has the case raise nonconformities."),
            code="not_yours",
        )
    if case.status not in RAISABLE:
        words = _("In “%(status)s” no nonconformity is raised.") % {"status": case.get_status_display()}
        raise Refused(words, code="wrong_status")
    if severity not in Severity.values:
        raise Refused(_("Say whether it is minor or major."), code="severity", field="severity")
    if about not in dict(topics(case)):
        raise Refused(_("The scheme knows no such indicator or gate."), code="about", field="about")
    _said(description, "description")
    _ahead(due_on)
    made = Nonconformity.objects.create(
        application=case,
        desk=desk,
        raised_by=by,
        about=about,
        severity=severity,
        description=description.strip(),
        due_on=due_on,
    )
    told = {"severity": severity, "topic": about, "description": made.description, "due_on": due_on}
    record("raise_nonconformity", case, by=by, nonconformity=made.pk, **told)
    return made


@transaction.atomic
def respond(
    nonconformity: Nonconformity,
    *,
    by: Any,
    root_cause: str,
    correction: str,
    evidence: Sequence[Evidence] = (),
    upload: "Upload | None" = None,
    kind: str = "",
) -> CorrectiveAction:
    """The applicant says what the cause was and what was done, with files of the vault."""
    case, fresh = _both(nonconformity)
    must(by, case.applicant, "edit")
    _must_be_in(fresh, case, Nonconformity.State.OPEN)
    _said(root_cause, "root_cause")
    _said(correction, "correction")
    action = CorrectiveAction.objects.create(
        nonconformity=fresh,
        by=by,
        root_cause=root_cause.strip(),
        correction=correction.strip(),
        files=attached(case.applicant, by, evidence, upload, kind),
    )
    _to(fresh, Nonconformity.State.ANSWERED)
    told = {"root_cause": action.root_cause, "correction": action.correction, "files": action.files}
    record("respond", case, by=by, nonconformity=fresh.pk, asker=fresh.raised_by_id, **told)
    return action


@transaction.atomic
def accept(nonconformity: Nonconformity, *, by: Any, reasons: str = "") -> Nonconformity:
    """The desk is content with the correction."""
    case, fresh = _both(nonconformity)
    _must_rule(case, by)
    _must_be_in(fresh, case, Nonconformity.State.ANSWERED)
    _rule(fresh, by, reasons, accepted=True)
    _to(fresh, Nonconformity.State.CLOSED)
    record("accept_correction", case, by=by, nonconformity=fresh.pk, reasons=reasons.strip())
    return fresh


@transaction.atomic
def turn_down(nonconformity: Nonconformity, *, by: Any, reasons: str, due_on: dt.date) -> Nonconformity:
    """The correction does not do; the applicant has until a new day."""
    case, fresh = _both(nonconformity)
    _must_rule(case, by)
    _must_be_in(fresh, case, Nonconformity.State.ANSWERED)
    _said(reasons, "reasons")
    _ahead(due_on)
    _rule(fresh, by, reasons, accepted=False)
    fresh.due_on = due_on
    fresh.save(update_fields=["due_on"])
    _to(fresh, Nonconformity.State.OPEN)
    record("reject_correction", case, by=by, nonconformity=fresh.pk, reasons=reasons.strip(), due_on=due_on)
    return fresh


@transaction.atomic
def drop(nonconformity: Nonconformity, *, by: Any, reasons: str) -> Nonconformity:
    """It was none, or need not be corrected; the desk says why."""
    case, fresh = _both(nonconformity)
    _must_rule(case, by)
    _must_be_in(fresh, case, Nonconformity.State.OPEN, Nonconformity.State.ANSWERED)
    _said(reasons, "reasons")
    _to(fresh, Nonconformity.State.DROPPED)
    record("drop_nonconformity", case, by=by, nonconformity=fresh.pk, reasons=reasons.strip())
    return fresh


def locked(application: Application) -> Application:
    """The case, read anew under its lock."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    return Application.objects.select_related("desk", "applicant", "scheme_version", "round").get(
        pk=application.pk
    )


def is_of_desk(case: Application, by: Any) -> bool:
    """Whether the person is an auditor of the desk that has the case."""
    return bool(by.is_official and case.holds(by, "auditor@desk"))


def _both(nonconformity: Nonconformity) -> tuple[Application, Nonconformity]:
    """The case and the nonconformity, locked."""
    case = locked(nonconformity.application)
    return case, Nonconformity.objects.select_for_update(of=("self",)).get(pk=nonconformity.pk)


def _must_be_in(nonconformity: Nonconformity, case: Application, *states: str) -> None:
    if nonconformity.state not in states:
        words = _("This cannot be done now: the nonconformity is in “%(state)s”.")
        raise Refused(words % {"state": nonconformity.get_state_display()}, code="wrong_state")
    if case.status not in ALIVE:
        raise Refused(_("The case is over; nothing is corrected any more."), code="wrong_status")


def _must_rule(case: Application, by: Any) -> None:
    if not is_of_desk(case, by):
        raise NotYours(_("Auditors of the desk rule on corrections."), code="not_yours")


def _rule(nonconformity: Nonconformity, by: Any, reasons: str, *, accepted: bool) -> None:
    action = nonconformity.actions.order_by("-pk")[0]
    Ruling.objects.create(action=action, by=by, accepted=accepted, reasons=reasons.strip())


def _to(nonconformity: Nonconformity, state: str) -> None:
    nonconformity.state = state
    nonconformity.save(update_fields=["state"])


def _said(text: str, field: str) -> None:
    if not text.strip():
        raise Refused(_("Write what you want to say."), code=field, field=field)


def _ahead(day: dt.date) -> None:
    if day <= today():
        raise Refused(_("Give a day ahead by which it must be corrected."), code="due_on", field="due_on")
