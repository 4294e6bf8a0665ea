"""What the clock finds to do: panels short of experts, experts who are late."""

from collections.abc import Iterator

from django.db.models import Count, Q

from certification.application.models import Application, Seat
from certification.panel.actions import due_of
from certification.panel.draw import unscored
from certification.panel.standing import standing
from certification.workflow import Status
from greenchain.clock import today

FEW = 2


def short() -> Iterator[Application]:
    """Cases whose panel lacks experts. Full panels are left out by the query, so a sweep costs little."""
    seated = Count("seats", filter=Q(seats__in=unscored()), distinct=True)
    scored = Count("panel_scores", distinct=True)
    at_work = Application.objects.filter(status=Status.PANEL).annotate(seated=seated, scored=scored)
    waiting = at_work.exclude(Q(seated__gte=FEW) | Q(seated=1, scored=1))
    rows = waiting.select_related("round", "scheme_version__scheme", "applicant", "desk")
    return (case for case in rows.order_by("pk") if standing(case).lacking)


def late_seats() -> Iterator[Seat]:
    """Experts' seats whose time is over."""
    held = unscored()
    rows = held.select_related("application__scheme_version").order_by("pk")
    return (seat for seat in rows if due_of(seat) < today())
