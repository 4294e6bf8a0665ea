"""Quota and rank, the notice's dates, objections."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from certification.application.guards import application_of, at_desk
from certification.application.models import Application
from certification.assessment.guards import latest_run
from certification.notice.models import Objection, PublicNotice
from certification.rules import Landing, guard, route
from certification.workflow import Case, Status
from greenchain.clock import today
from greenchain.refusals import Refused

TAKEN = (Status.NOTICE, Status.DECISION, Status.GRANTED)


def places_taken(application: Application) -> int:
    """Cases of the same round, level and deciding authority that are selected or granted."""
    others = Application.objects.filter(
        round=application.round_id, level=application.level, desk=application.desk_id, status__in=TAKEN
    )
    return others.exclude(pk=application.pk).count()


@guard("within_quota")
def _within_quota(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    # The round's row is the queue: two selections at once must not both take the last place.
    type(application.round).objects.select_for_update().get(pk=application.round_id)
    quota = application.round.quota_at(application.level)
    if quota is not None and places_taken(application) >= quota:
        raise Refused(_("The quota of %(quota)d is used up.") % {"quota": quota}, code="within_quota")


@guard("rank_shown")
def _rank_shown(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if latest_run(application_of(case)) is None:
        raise Refused(_("The case has no score, so no rank can be shown."), code="rank_shown")


def running_notice(application: Application) -> PublicNotice | None:
    """The newest notice that lists the case."""
    return application.notices.order_by("-pk").first()


@guard("notice_running")
def _notice_running(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    found = running_notice(application_of(case))
    if found is None or not found.is_running:
        raise Refused(_("The public notice is over."), code="notice_running")


@guard("identified", asks=True)
def _identified(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    for key, words in (
        ("name", _("Please give your name; objections are not anonymous.")),
        ("contact", _("Please say how we can reach you.")),
        ("statement", _("Please say what is wrong and how you know.")),
    ):
        if not str(inputs.get(key) or "").strip():
            raise Refused(words, code="identified", field=key)


@guard("objection_open")
def _objection_open(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if not Objection.objects.open().filter(application=application_of(case)).exists():
        raise Refused(_("There is no open objection."), code="objection_open")


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
