"""A title is taken away for a stated cause, after the holder was heard."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.designation.models import Designation
from certification.rules import guard
from certification.surveillance.catalogue import number
from certification.surveillance.models import Cause, Measure, Proposal
from certification.workflow import Case
from greenchain.clock import today
from greenchain.refusals import Refused


@guard("cause", asks=True)
def _cause(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    if inputs.get("cause") not in Cause.values:
        raise Refused(_("Choose the cause."), code="cause", field="cause")


@guard("reply_by", asks=True)
def _reply_by(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    day = inputs.get("reply_by")
    if not day or day < today():
        raise Refused(_("Give the holder a day ahead by which to answer."), code="reply_by", field="reply_by")


@guard("heard")
def _heard(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    proposals = Proposal.objects.open().filter(designation=_title(case), measure=Measure.REMOVE)
    if not any(each.is_heard for each in proposals):
        raise Refused(
            _("The holder must be heard first: propose the revocation and wait for the answer or its date."),
            code="heard",
        )


@guard("hearing_over")
def _hearing_over(case: Case, by: Any, _inputs: Mapping[str, Any]) -> None:
    """Whom suspension was proposed to is heard before; without a proposal an authority may act at once."""
    running = Proposal.objects.open().filter(designation=_title(case), measure=Measure.SUSPEND)
    if by is not None and any(not each.is_heard for each in running):
        raise Refused(
            _("The holder is being heard: wait for the answer or for the day by which it may come."),
            code="hearing_over",
        )


@guard("no_fault", asks=True)
def _no_fault(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    if inputs.get("cause") not in set(Cause.values) - {Cause.FAULT}:
        raise Refused(_("Only what is nobody's fault ends a title without a hearing."), code="no_fault")


@guard("no_renewal_in_grace")
def _no_renewal_in_grace(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    title = _title(case)
    over = title.valid_until is not None and (
        title.valid_until + dt.timedelta(days=number("grace_days")) < today()
    )
    if over:
        return
    if Application.objects.open().filter(from_title=title, level=title.level).exists():
        raise Refused(_("A renewal is under way."), code="no_renewal_in_grace")


def _title(case: Case) -> Designation:
    assert isinstance(case, Designation)  # noqa: S101 - these guards stand in rows of kind D only
    return case
