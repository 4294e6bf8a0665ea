"""What must hold before a desk sends back, extends or endorses."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from certification.application.guards import application_of, at_desk
from certification.examination.models import ReasonCode
from certification.rules import Landing, guard, route
from certification.workflow import Case, Status
from greenchain.clock import today
from greenchain.refusals import Refused


@guard("reason_codes", asks=True)
def _reason_codes(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    codes = inputs.get("codes") or []
    if not codes or not set(codes) <= set(ReasonCode.values):
        raise Refused(_("Choose at least one reason from the list."), code="reason_codes", field="codes")


@guard("due_on", asks=True)
def _due_on(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    due_on = inputs.get("due_on")
    if not due_on or due_on <= today():
        raise Refused(
            _("Give a day ahead by which the applicant must answer."), code="due_on", field="due_on"
        )


@guard("tries_left")
def _tries_left(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    if application.returns >= application.round.max_returns:
        raise Refused(
            _("The case was sent back %(count)d times, which is all that this round allows.")
            % {"count": application.returns},
            code="tries_left",
        )


@guard("new_due_on", asks=True)
def _new_due_on(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    due_on, before = inputs.get("due_on"), application_of(case).due_on
    if not due_on or due_on <= today() or (before is not None and due_on <= before):
        raise Refused(
            _("The new day must lie after the old one and ahead."), code="new_due_on", field="due_on"
        )


@route("after_endorse")
def _after_endorse(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> Landing:
    """The next desk up; after the last one the panel, if the round has one, else selection."""
    application = application_of(case)
    last = application.deciding_authority()
    if application.desk.level < last.level and application.desk.parent is not None:
        return at_desk(application, application.desk.parent, Status.EXAMINATION)
    return at_desk(
        application, application.desk, Status.PANEL if application.round.panel else Status.SELECTION
    )
