"""Quota and rank, the notice's dates, objections."""

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from certification.application.guards import application_of, at_desk
from certification.application.models import Application
from certification.assessment.guards import latest_run
from certification.notice.models import Objection, PublicNotice
from certification.notice.ranking import places_taken
from certification.rules import Landing, guard, reasons_in, route
from certification.workflow import Case, Status
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused


@guard("within_quota")
def _within_quota(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    if connection.in_atomic_block:
        # The round's row is the queue: two selections at once must not both take the last place. A page only looks.
        type(application.round).objects.select_for_update().get(pk=application.round_id)
    quota = application.round.quota_at(application.level)
    if quota is not None and places_taken(application) >= quota:
        raise Refused(_("The quota of %(quota)d is used up.") % {"quota": quota}, code="within_quota")


@guard("rank_or_reasons", asks=True)
def _rank_or_reasons(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    """``by_rank`` comes from the ranking: whether the rank alone says the same."""
    if not inputs.get("by_rank") and not reasons_in(inputs):
        words = _("This differs from the ranking, or decides among equals: give your reasons.")
        raise Refused(words, code="rank_or_reasons", field="reasons")


@guard("rank_shown")
def _rank_shown(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if latest_run(application_of(case)) is None:
        raise Refused(_("The case has no score, so no rank can be shown."), code="rank_shown")


def running_notice(application: Application) -> PublicNotice | None:
    """The newest notice that lists the case."""
    return application.notices.order_by("-pk").first()


def must_run(application: Application) -> None:
    """Refused when the notice that lists the case does not run today."""
    found = running_notice(application)
    if found is None or not found.is_running:
        raise Refused(_("The public notice is over."), code="notice_running")


@guard("notice_running")
def _notice_running(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    must_run(application_of(case))


@guard("identified", asks=True)
def _identified(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    found = Objection.objects.open().filter(application=application_of(case), number=inputs.get("objection"))
    if not found.exists():
        raise Refused(_("The sender must confirm the address first."), code="identified")


@guard("objection_open")
def _objection_open(case: Case, by: Any, _inputs: Mapping[str, Any]) -> None:
    found = Objection.objects.open().filter(application=application_of(case))
    if not found.exists():
        raise Refused(_("There is no open objection."), code="objection_open")
    if by is not None and found.filter(by=by).exists():
        raise NotYours(_("You objected yourself; somebody else must answer."), code="apart_from")


@guard("comment_by", asks=True)
def _comment_by(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    if not str(inputs.get("substance") or "").strip():
        raise Refused(_("Say in your own words what is objected."), code="comment_by", field="substance")
    day = inputs.get("comment_by")
    if not day or day <= today():
        raise Refused(
            _("Give the applicant a day ahead by which to comment."), code="comment_by", field="comment_by"
        )


@guard("comment_open")
def _comment_open(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    told = Objection.objects.open().filter(application=application_of(case), told_at__isnull=False)
    if not any(each.may_comment for each in told):
        raise Refused(_("There is no objection to comment on now."), code="comment_open")


@guard("notice_over")
def _notice_over(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    found = running_notice(application_of(case))
    if found is not None and found.ends_on >= today():
        raise Refused(_("The public notice runs until %(day)s.") % {"day": found.ends_on}, code="notice_over")


@guard("no_open_objection")
def _no_open_objection(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if Objection.objects.open().filter(application=application_of(case)).exists():
        raise Refused(_("An objection is still open."), code="no_open_objection")


@route("after_select")
def _after_select(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> Landing:
    application = application_of(case)
    if application.round.notice_term(application.level).days:
        return Landing(Status.NOTICE, {"due_on": None, "escalated_from": None})
    return at_desk(application, application.desk, Status.DECISION)
