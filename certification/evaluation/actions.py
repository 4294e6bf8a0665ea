"""Seats and evaluations: assign, declare, decline, evaluate."""

import datetime as dt
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.guards import at_desk
from certification.application.models import Application, Seat
from certification.evaluation.independence import overall, ties_of, told
from certification.evaluation.models import Engagement, Evaluation
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.clock import today, working_days_after
from greenchain.refusals import NotYours, Refused

ANSWER_DAYS = 5
"""Working days in which an evaluator declares or declines; then the case falls back to the desk (our rule)."""


class Contract(TypedDict, total=False):
    """The contract between applicant and body; what is not given is not known."""

    contract_number: str
    contract_from: dt.date | None
    contract_until: dt.date | None


@transaction.atomic
def assign(
    application: Application,
    *,
    by: Any,
    user: Any,
    part: str,
    reasons: str = "",
    **contract: Unpack[Contract],
) -> Seat:
    """The person has a seat in the case from today; an evaluator takes over from the one before, with reasons."""
    before = _to_replace(application, by, user, reasons) if part == Role.EVALUATOR else []
    said = {key: value for key, value in contract.items() if value} | (
        {"reasons": reasons} if reasons else {}
    )
    application.advance("assign", by=by, user=user.pk, name=user.get_username(), part=part, **said)
    for held in before:
        give_up(held, reasons)
    seat, created = Seat.objects.get_or_create(application=application, user=user, part=part, until_on=None)
    if not created:
        raise Refused(_("This person has that seat already."), code="already_done")
    if part == Role.EVALUATOR:
        engage(seat, **contract)
    return seat


def _to_replace(application: Application, by: Any, user: Any, reasons: str) -> list[Seat]:
    """The evaluators' seats that end with this assignment."""
    held = list(application.seats.current().filter(part=Role.EVALUATOR).exclude(user=user))
    if not held:
        return []
    if by is not None and by.role == Role.ENTERPRISE and any(seat.declared for seat in held):
        raise NotYours(_("The evaluator has begun; only the desk replaces them."), code="not_yours")
    if not reasons.strip():
        words = _("%(person)s has this case. Say why somebody else takes over.")
        raise Refused(words % {"person": held[0].user}, code="reasons", field="reasons")
    return held


def engage(seat: Seat, **contract: Unpack[Contract]) -> Engagement:
    """The body takes part in the case; what is known of its ties today is kept."""
    body = seat.user.bodies.get()
    aspects = ties_of(body, seat.application.applicant)
    return Engagement.objects.create(
        seat=seat,
        body=body,
        legal_representative=body.legal_representative,
        assigned_on=today(),
        answer_by=working_days_after(today(), ANSWER_DAYS),
        answer=overall(aspects),
        ties=list(told(aspects)),
        **contract,
    )


def give_up(seat: Seat, why: str) -> None:
    """The seat ends before its report, which no longer counts against the cap."""
    seat.until_on, seat.ended = today(), why
    seat.save(update_fields=["until_on", "ended"])
    Engagement.objects.filter(seat=seat).update(given_up=True)


@transaction.atomic
def time_out(engagement: Engagement) -> None:
    """Nobody answered in time: the seat ends, and the desk assigns another."""
    seat = Seat.objects.select_for_update().select_related("application").get(pk=engagement.seat_id)
    if not Engagement.objects.unanswered().filter(seat=seat).exists():
        raise Refused(_("This assignment is not overdue."), code="due_over")
    give_up(seat, "timed_out")
    record("time_out", seat.application, by=None, seat=seat.pk, answer_by=engagement.answer_by)


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
    for seat in application.seats.current().filter(user=by):
        give_up(seat, reasons)


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
