"""What is due, as the database says: what stopped without a sign of life, and what the calendar brings."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Q

from certification.application.actions import escalate, lapse
from certification.application.models import Application
from certification.complaint.actions import pass_up
from certification.complaint.models import Complaint
from certification.designation.actions import expire
from certification.designation.models import Designation
from certification.evaluation.actions import time_out
from certification.evaluation.models import Engagement
from certification.following.actions import forget
from certification.following.models import Follow
from certification.grading.models import Grading
from certification.grading.models import State as Graded
from certification.impact.models import State as Studied
from certification.impact.models import Study
from certification.notice.actions import close
from certification.panel.actions import draw, replace_late
from certification.panel.due import late_seats, short
from certification.printing import actions as printing
from certification.printing.models import Package
from certification.printing.models import State as Printed
from certification.release.models import Release
from certification.release.models import State as Released
from certification.workflow import Status
from greenchain.accounts.actions import leave
from greenchain.accounts.models import User
from greenchain.clock import now, today

SILENCE = dt.timedelta(seconds=60)
"""How long a long work may show no sign of life before it is started again."""
STANDING = (Status.CURRENT, Status.SUSPENDED)


def silent() -> Iterator[tuple[str, int]]:
    """The long works that show no sign of life: the task that goes on with each, and its row's key."""
    since = now() - SILENCE
    for task, rows in (
        ("grade", Grading.objects.filter(state=Graded.WAITING)),
        ("package", Package.objects.filter(state=Printed.WAITING)),
        ("study", Study.objects.filter(state=Studied.WAITING)),
        ("release", Release.objects.filter(state=Released.RELEASING)),
    ):
        for key in rows.filter(job__updated_at__lte=since).values_list("pk", flat=True):
            yield task, key


def by_the_calendar() -> Iterator[tuple[Iterable[Any], Callable[[Any], Any]]]:
    """What the calendar brings, in its order: rows, and the action for each; what one changes the next one sees."""
    day = today()
    yield Package.objects.old(), printing.forget
    yield Follow.objects.forgettable().select_related("designation"), forget
    yield User.objects.left(), leave
    yield Complaint.objects.open(), pass_up
    yield Application.objects.filter(status=Status.NOTICE), close
    drafts = Q(status=Status.DRAFT, round__closes_on__lt=day)
    answers = Q(status__in=[Status.RETURNED, Status.EVALUATION], due_on__lt=day)
    yield Application.objects.filter(drafts | answers), lapse
    yield Engagement.objects.unanswered().select_related("seat"), time_out
    yield late_seats(), replace_late
    yield short(), draw
    with_desks = [Status.EXAMINATION, Status.PANEL, Status.NOTICE, Status.DECISION]
    overdue = Application.objects.filter(status__in=with_desks, due_on__lt=day)
    yield overdue.filter(desk__parent__isnull=False), escalate
    yield Designation.objects.filter(status__in=STANDING, valid_until__lt=day), expire
