"""Seats and evaluations: assign, declare, decline, evaluate."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.guards import at_desk
from certification.application.models import Application, Seat
from certification.evaluation.models import Evaluation
from certification.workflow import Status
from greenchain.audit.trail import record
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused


@transaction.atomic
def assign(application: Application, *, by: Any, user: Any, part: str) -> Seat:
    """The person has a seat in the case from today."""
    application.advance("assign", by=by, user=user.pk, name=user.get_username(), part=part)
    seat, created = Seat.objects.get_or_create(application=application, user=user, part=part, until_on=None)
    if not created:
        raise Refused(_("This person has that seat already."), code="already_done")
    return seat


@transaction.atomic
def declare(seat: Seat, *, by: Any, declared: str) -> Seat:
    """The seat's holder declared their independence in writing."""
    if seat.user_id != by.pk:
        raise NotYours(_("Only the person assigned may declare."), code="not_yours")
    if not declared.strip():
        raise Refused(_("Write your declaration."), code="reasons", field="declared")
    seat.declared = declared.strip()
    seat.save(update_fields=["declared"])
    record("declare", seat.application, by=by, seat=seat.pk, declared=seat.declared)
    return seat


@transaction.atomic
def decline(application: Application, *, by: Any, reasons: str) -> None:
    """The person gives up their seat; the desk assigns another."""
    application.advance("decline", by=by, reasons=reasons)
    application.seats.current().filter(user=by).update(until_on=today(), ended=reasons)


@transaction.atomic
def evaluate(
    application: Application,
    *,
    by: Any,
    points: dict[str, dict[str, Any]],
    technical_reviewer: str,
    signatory: str,
    conclusion: str = "",
) -> Evaluation:
    """The report is in, and the first desk examines."""
    application.advance(
        "evaluate", by=by, points=points, technical_reviewer=technical_reviewer, signatory=signatory
    )
    body = by.bodies.first()
    if body is None:
        raise Refused(_("You act for no registered evaluation body."), code="body")
    landing = at_desk(application, application.desk, Status.EXAMINATION)
    application.due_on = landing.changes["due_on"]
    application.save(update_fields=["due_on"])
    application.seats.current().filter(user=by).update(until_on=today(), ended="evaluated")
    return Evaluation.objects.create(
        application=application,
        body=body,
        points=points,
        total=sum((Decimal(str(entry["points"])) for entry in points.values()), Decimal(0)),
        author=by,
        technical_reviewer=technical_reviewer,
        signatory=signatory,
        conclusion=conclusion,
    )
