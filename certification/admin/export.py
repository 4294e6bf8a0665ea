"""The queue as CSV."""

from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from certification.application.models import Application
from greenchain.clock import today
from greenchain.exports import csv_answer
from suppliers.place.models import Level

CHUNK = 500


def answer(cases: Any) -> StreamingHttpResponse:
    """The cases as a download."""
    rows: Iterator[list[Any]] = (_row(case) for case in cases.iterator(CHUNK))
    return csv_answer(f"queue-{today()}.csv", _head(), rows)


def _head() -> list[str]:
    return [
        _("Number"),
        _("Subject"),
        _("English name"),
        _("Applicant"),
        _("Identifier"),
        _("Scheme"),
        _("Level"),
        _("Round"),
        _("Status"),
        _("Desk"),
        _("Due on"),
        _("Working days left"),
        _("Waiting since"),
        _("Score confirmed"),
        _("Score possible"),
        _("Findings that block"),
    ]


def _row(case: Any) -> list[Any]:
    application: Application = case
    subject = application.subject
    return [
        application.number,
        getattr(subject, "name", ""),
        getattr(subject, "name_en", ""),
        application.applicant.name,
        application.applicant.identifier,
        application.scheme_version.scheme,
        Level(application.level).label,
        application.round.code,
        application.get_status_display(),
        application.desk.name,
        application.due_on,
        application.days_left,
        f"{application.status_since:%Y-%m-%d}",
        None if case.low is None else round(case.low, 2),
        None if case.high is None else round(case.high, 2),
        case.blocks,
    ]
