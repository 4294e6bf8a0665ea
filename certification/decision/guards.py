"""What must hold before a decision, and for an appeal against one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.decision.models import Appeal
from certification.designation.models import Designation
from certification.rules import guard
from certification.scheme.terms import Counting, Term
from certification.workflow import Case, Status
from greenchain.clock import today
from greenchain.refusals import Refused

APPEAL_DAYS = 30
"""For titles whose rules are not known here: imported ones."""


def appeal_term(case: Case) -> Term:
    """How long an outcome may be appealed against: the round's days; for titles those of their scheme."""
    if isinstance(case, Application):
        return case.round.appeal_term
    version = case.scheme_version if isinstance(case, Designation) else None
    days = version.definition.procedure.appeal_days if version else APPEAL_DAYS
    return Term(days, Counting.CALENDAR)


def appeal_until(case: Case) -> dt.date:
    """The last day on which an appeal against the present outcome is taken; the day of the outcome never counts."""
    return appeal_term(case).end(timezone.localdate(case.status_since))


def appeals_of(case: Case) -> Any:
    """The appeals about a case."""
    return Appeal.objects.filter(**{"application" if isinstance(case, Application) else "designation": case})


@guard("not_suspended")
def _not_suspended(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    assert isinstance(case, Application)  # noqa: S101 - stands in rows of kind A only
    held = Designation.objects.filter(case.same_subject(), Q(status=Status.SUSPENDED))
    if held.exists():
        raise Refused(
            _("A title of this subject is suspended; that must be settled first."), code="not_suspended"
        )


@guard("within_days")
def _within_days(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    last = appeal_until(case)
    if today() > last:
        raise Refused(
            _("An appeal was possible until %(day)s. It has come too late and is not taken.")
            % {"day": date_format(last)},
            code="within_days",
        )


@guard("first_time")
def _first_time(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if appeals_of(case).filter(against=case.status, at__gte=case.status_since).exists():
        raise Refused(_("There has been an appeal against this already."), code="first_time")


@guard("appeal_open")
def _appeal_open(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if not appeals_of(case).open().exists():
        raise Refused(_("There is no open appeal."), code="appeal_open")
