"""What is due to whom on which day: each source is a query, the fields of its days, and an audience.

A new source is an entry here and a text in ``templates/mail/due-<key>.txt``. Who is reminded, when, and once only
is the same for all. A distance counts only where the thing was already open that many days before.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from certification.application.models import Application
from certification.corrective.models import ALIVE, Nonconformity
from certification.delivery.models import Reminder
from certification.designation.models import Designation
from certification.evaluation.models import Engagement
from certification.inquiry.actions import ASKABLE
from certification.inquiry.models import Question
from certification.notice.models import PublicNotice
from certification.surveillance.models import Obligation, Proposal
from certification.workflow import Status
from greenchain.clock import today

BEFORE = (30, 7, 1)
DESK = (7, 1)


@dataclass(frozen=True, slots=True)
class Source:
    """``rows`` are all that is open; ``due`` and ``since`` are fields of them (``since`` "": always open before)."""

    key: str
    to: str
    rows: Callable[[], QuerySet[Any]]
    due: str = "due_on"
    since: str = "status_since"
    case: str = ""
    days: tuple[int, ...] = BEFORE

    def case_of(self, row: Any) -> Any:
        """The case, title or notice that the row belongs to."""
        for name in filter(None, self.case.split("__")):
            row = getattr(row, name)
        return row

    def still(self, reminder: Reminder) -> Any:
        """The row while it is open and due on the same day, or None."""
        found = self.rows().filter(pk=reminder.key, **{self.due: reminder.due_on})
        return (found.select_related(self.case) if self.case else found).first()

    def coming(self) -> Iterator[tuple[int, dt.date, int]]:
        """Key, day and distance of what nobody was reminded of at this distance."""
        day, nearer = today(), -1
        for days in sorted(self.days):
            done = Reminder.objects.filter(source=self.key, key=OuterRef("pk"), due_on=OuterRef(self.due))
            within = (day + dt.timedelta(days=nearer + 1), day + dt.timedelta(days=days))
            found = self.rows().filter(~Exists(done.filter(days__lte=days)), **{f"{self.due}__range": within})
            values = found.order_by(self.due, "pk").values_list(
                "pk", self.due, *([self.since] if self.since else [])
            )
            for key, due_on, *since in values.iterator():
                if not since or _day(since[0]) < due_on - dt.timedelta(days=days):
                    yield key, due_on, days
            nearer = days


def _day(moment: Any) -> dt.date:
    return timezone.localdate(moment) if isinstance(moment, dt.datetime) else moment


def _cases(*statuses: Status) -> Callable[[], QuerySet[Any]]:
    return lambda: Application.objects.filter(status__in=statuses)


def _asked() -> QuerySet[Any]:
    return Question.objects.open().filter(application__status__in=ASKABLE)


def _to_correct() -> QuerySet[Any]:
    waiting = Nonconformity.objects.filter(state=Nonconformity.State.OPEN)
    return waiting.filter(application__status__in=ALIVE)


SOURCES = {
    source.key: source
    for source in (
        Source("draft", "applicant", _cases(Status.DRAFT), due="round__closes_on", since="created_at"),
        Source("returned", "applicant", _cases(Status.RETURNED)),
        Source(
            "seat",
            "seated",
            lambda: Engagement.objects.filter(seat__until_on=None, seat__declared=""),
            due="answer_by",
            since="assigned_on",
            case="seat__application",
            days=(1,),
        ),
        Source("question", "applicant", _asked, since="asked_at", case="application", days=DESK),
        Source("correction", "applicant", _to_correct, since="raised_at", case="application", days=DESK),
        Source("evaluation", "seats", _cases(Status.EVALUATION)),
        Source(
            "desk",
            "desk",
            _cases(Status.EXAMINATION, Status.PANEL, Status.SELECTION, Status.DECISION),
            days=DESK,
        ),
        Source(
            "notice",
            "noticing",
            lambda: PublicNotice.objects.filter(applications__status=Status.NOTICE).distinct(),
            due="ends_on",
            since="starts_on",
            days=DESK,
        ),
        Source(
            "annual_form",
            "holder",
            lambda: Obligation.objects.annual().open(),
            since="",
            case="designation",
        ),
        Source(
            "reply",
            "holder",
            lambda: Proposal.objects.filter(
                outcome="", replied_at=None, designation__status__in=[Status.CURRENT, Status.SUSPENDED]
            ),
            due="reply_by",
            since="at",
            case="designation",
        ),
        Source(
            "suspension",
            "holder",
            lambda: Designation.objects.filter(status=Status.SUSPENDED),
            due="suspended_until",
        ),
        Source(
            "validity",
            "holder",
            lambda: Designation.objects.filter(status=Status.CURRENT),
            due="valid_until",
            since="announced_on",
        ),
    )
}
