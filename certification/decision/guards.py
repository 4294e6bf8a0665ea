"""What must hold before a decision, and for an appeal against one."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.decision.models import Appeal
from certification.designation.models import Designation
from certification.rules import guard
from certification.workflow import Case, Status
from greenchain.clock import now
from greenchain.refusals import Refused

APPEAL_DAYS = 30


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
    days = case.round.appeal_days if isinstance(case, Application) else APPEAL_DAYS
    if now() > case.status_since + dt.timedelta(days=days):
        raise Refused(_("An appeal was possible for %(days)d days.") % {"days": days}, code="within_days")


@guard("first_time")
def _first_time(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if appeals_of(case).filter(against=case.status, at__gte=case.status_since).exists():
        raise Refused(_("There has been an appeal against this already."), code="first_time")


@guard("appeal_open")
def _appeal_open(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if not appeals_of(case).open().exists():
        raise Refused(_("There is no open appeal."), code="appeal_open")
