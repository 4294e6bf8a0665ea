"""Whose turn it is: who has the case, since when, until when, and what the desk's clock keeps while it stands still."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.scheme.terms import Counting, Term
from certification.workflow import OPEN, Status
from greenchain.clock import provisional_year, today
from suppliers.place.models import Authority

HOLDERS = {
    Status.DRAFT: "applicant",
    Status.RETURNED: "applicant",
    Status.SUBMITTED: "checks",
    Status.EVALUATION: "evaluator",
    Status.NOTICE: "public",
}
"""Who has an open case where it is not the desk."""


@dataclass(frozen=True, slots=True)
class Turn:
    """``holder``: applicant, checks, evaluator, public, desk or nobody; ``name`` says it in words."""

    holder: str
    name: str
    since: dt.datetime
    until: dt.date | None
    kept: Term | None = None
    """What the desk had left when it sent the case back; its clock goes on with that."""
    late: Authority | None = None
    """The desk that did not act in time."""
    provisional: int | None = None
    """The year, before the end, whose public holidays are not known yet."""


def turn_of(application: Application) -> Turn:
    """Whose turn it is now; nobody's once the case is over."""
    if application.status not in OPEN.split():
        return Turn("nobody", _("nobody: the case is over"), application.status_since, None)
    holder = HOLDERS.get(Status(application.status), "desk")
    until = _until(application)
    counts = application.status == Status.RETURNED or _in_working_days(application)
    return Turn(
        holder,
        _name(application, holder),
        application.status_since,
        until,
        kept=_kept(application),
        late=application.escalated_from,
        provisional=provisional_year(today(), until) if until and counts else None,
    )


def _name(application: Application, holder: str) -> str:
    match holder:
        case "applicant":
            return application.applicant.shown_name
        case "checks":
            return _("the automatic checks")
        case "evaluator":
            return _("the evaluator")
        case "public":
            return _("the public, for objections")
        case _:
            return application.desk.name


def _until(application: Application) -> dt.date | None:
    if application.status == Status.DRAFT:
        return application.round.closes_on
    if application.status == Status.NOTICE:
        running = application.notices.order_by("-pk").first()
        return running.ends_on if running else None
    return application.due_on


def _in_working_days(application: Application) -> bool:
    if application.status == Status.DRAFT:
        return False
    if application.status == Status.NOTICE:
        return application.round.notice_term(application.level).counting == Counting.WORKING
    return application.round.desk_counting == Counting.WORKING


def _kept(application: Application) -> Term | None:
    if application.status != Status.RETURNED or application.kept_days is None:
        return None
    return Term(application.kept_days, application.round.desk_counting)
