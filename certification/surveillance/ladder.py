"""What is owed is called to mind by and by, each rung once; what stays undone leads to a proposal, each once."""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from certification.surveillance.actions import drop, hearing_ends, propose
from certification.surveillance.catalogue import catalogue, number
from certification.surveillance.each import count_each
from certification.surveillance.models import Cause, Ground, Measure, Obligation, Proposal
from certification.workflow import Status
from greenchain.audit.trail import record
from greenchain.clock import today

UNFILED = gettext_noop("The annual form was not filed in time, although it was called to mind.")
UNMEASURED = gettext_noop(
    "The title was not measured by the new rules in time, although it was called to mind."
)
STILL_OPEN = gettext_noop("The title was suspended because a duty was not done, and it is still open.")
DONE = gettext_noop("What was missing has been filed.")


def rung_of(left: int) -> int | None:
    """The lowest rung that has been reached with so many days left; None before the first."""
    reached = [rung for rung in number("rungs") if left <= rung]
    return min(reached, default=None)


def remind_of_duties() -> int:
    """Each open duty is called to mind at its rungs; a run that comes late or twice tells only what is new."""
    horizon = today() + dt.timedelta(days=max(number("rungs")))
    lowest = min(number("rungs"))
    waiting = Obligation.objects.open().filter(
        Q(reminded__isnull=True) | Q(reminded__gt=lowest), due_on__lte=horizon
    )
    return count_each(_due(waiting.order_by("due_on", "pk")), _remind)


def _due(waiting: Iterable[Obligation]) -> Iterable[Obligation]:
    """Those whose rung today lies below the last one told."""
    for row in waiting:
        rung = rung_of((row.due_on - today()).days)
        if rung is not None and (row.reminded is None or rung < row.reminded):
            yield row


@transaction.atomic
def _remind(obligation: Obligation) -> bool:
    row = (
        Obligation.objects.select_for_update(of=("self",)).select_related("designation").get(pk=obligation.pk)
    )
    left = (row.due_on - today()).days
    rung = rung_of(left)
    if row.filed_at or rung is None or (row.reminded is not None and rung >= row.reminded):
        return False
    row.reminded = rung
    row.save(update_fields=["reminded"])
    record(
        "remind_duty",
        row.designation,
        by=None,
        obligation=row.pk,
        kind=row.kind,
        year=row.year,
        due_on=row.due_on,
        days=left,
    )
    return True


def propose_for_neglect() -> int:
    """What is late for too long: suspension is proposed; where that has run out and nothing came: removal."""
    kinds = catalogue().kinds["suspends"]
    late = Obligation.objects.open().filter(
        kind__in=kinds, due_on__lt=today() - dt.timedelta(days=number("propose_after"))
    )
    current = late.filter(~_proposed(Measure.SUSPEND), designation__status=Status.CURRENT)
    ran_out = late.filter(
        ~_proposed(Measure.REMOVE),
        _proposed(Measure.SUSPEND, outcome=Proposal.Outcome.CARRIED),
        designation__status=Status.SUSPENDED,
        designation__suspended_until__lt=today(),
    )
    return sum(
        count_each(rows.order_by("pk"), partial(_propose, measure=measure))
        for rows, measure in ((current, Measure.SUSPEND), (ran_out, Measure.REMOVE))
    )


def _proposed(measure: str, **more: str) -> Exists:
    return Exists(Proposal.objects.filter(obligation=OuterRef("pk"), measure=measure, **more))


@transaction.atomic
def _propose(obligation: Obligation, measure: str) -> bool:
    row = (
        Obligation.objects.select_for_update(of=("self",)).select_related("designation").get(pk=obligation.pk)
    )
    if row.filed_at or Proposal.objects.filter(obligation=row, measure=measure).exists():
        return False
    suspends = UNFILED if row.is_annual else UNMEASURED
    propose(
        row.designation,
        by=None,
        cause=Cause.FAULT,
        measure=measure,
        reasons=suspends if measure == Measure.SUSPEND else STILL_OPEN,
        reply_by=hearing_ends(),
        ground=Ground.FORM,
        obligation=row,
        evidence={"duty": row.kind, "year": row.year, "due_on": row.due_on.isoformat()},
    )
    return True


def settle(obligation: Obligation) -> None:
    """What was missing came: proposals that rest on it are dropped."""
    for proposal in Proposal.objects.open().filter(obligation=obligation):
        drop(proposal, by=None, reasons=DONE)
