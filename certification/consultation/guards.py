"""Whom a desk must have heard before it endorses: the round says which departments (policy.md 1.2, step 3)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from certification.application.guards import application_of
from certification.application.hand import share
from certification.application.models import Application
from certification.consultation.models import Opinion
from certification.rules import guard
from certification.scheme.departments import named
from certification.workflow import Case
from greenchain.languages import listed
from greenchain.refusals import Refused


@guard("consulted")
def _consulted(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    """The departments that the round names were heard at some desk, and a person took up what they hold against it."""
    application = application_of(case)
    wanted = set(application.round.departments)
    heard = application.once("heard", lambda: _heard(application, wanted=bool(wanted)))
    if missing := wanted - {kind for kind, _open, _name in heard}:
        raise Refused(
            _("This round wants departments heard first: %(listed)s.") % {"listed": listed(named(missing))},
            code="consulted",
        )
    if open_ones := [name for _kind, is_open, name in heard if is_open]:
        raise Refused(
            _("Say first what came of what %(departments)s holds against the case.")
            % {"departments": listed(sorted(set(open_ones)))},
            code="concern_open",
        )


def read_answers(applications: Sequence[Application]) -> None:
    """What departments said of many cases in hand: one query for all of them."""
    rows = Opinion.objects.filter(asked__application__in=applications).order_by("pk")
    share(
        applications,
        "heard",
        ((row.asked.application_id, _told(row)) for row in rows.select_related("inquiry", "asked")),
    )


def _heard(application: Application, *, wanted: bool) -> list[tuple[str, bool, str]]:
    """Each answer about the case: the kind of department, whether it waits for a person, the department's name."""
    hand = application.hand
    if hand and not wanted and not any(entry.verb == "hear" for entry in hand.entries):
        return []
    rows = Opinion.objects.filter(asked__application=application).select_related("inquiry").order_by("pk")
    return [_told(row) for row in rows]


def _told(row: Opinion) -> tuple[str, bool, str]:
    return row.inquiry.kind, row.is_open, row.inquiry.name
