"""Seats and evaluations: assign, declare, decline, evaluate."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.guards import at_desk
from certification.application.models import Application, Seat
from certification.body.actions import fill_file
from certification.evaluation.findings import as_reported
from certification.evaluation.independence import overall, ties_of, told
from certification.evaluation.models import Engagement, Evaluation, Visit, VisitPhoto, Worksheet
from certification.evaluation.workbook import read_workbook
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.clock import now, today, working_days_after
from greenchain.refusals import NotYours, Refused
from greenchain.sheets import Fault, FaultySheet
from suppliers.evidence.paper import Upload, examine

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
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
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
    gates: dict[str, dict[str, str]] | None = None,
) -> Evaluation:
    """The report is in, and the first desk examines."""
    application.advance(
        "evaluate", by=by, points=points, technical_reviewer=technical_reviewer, signatory=signatory
    )
    engagement = engagement_of(application, by)
    landing = at_desk(application, application.desk, Status.EXAMINATION)
    application.due_on = landing.changes["due_on"]
    application.save(update_fields=["due_on"])
    application.seats.current().filter(user=by).update(until_on=today(), ended="evaluated")
    return Evaluation.objects.create(
        application=application,
        engagement=engagement,
        body=engagement.body,
        points=as_reported(application, points),
        gates=gates or {},
        total=sum((Decimal(str(entry["points"])) for entry in points.values()), Decimal(0)),
        author=by,
        technical_reviewer=technical_reviewer,
        signatory=signatory,
        conclusion=conclusion,
    )


def engagement_of(application: Application, by: Any) -> Engagement:
    """The engagement of the evaluator who has the case now."""
    held = Engagement.objects.filter(seat__in=application.seats.current().filter(user=by))
    found = held.select_related("body", "seat").first()
    if found is None:
        raise NotYours(_("Only the evaluator who has the case may do this."), code="not_yours")
    return found


@transaction.atomic
def save_worksheet(application: Application, *, by: Any, content: dict[str, Any]) -> Worksheet:
    """What was found so far is kept, whole or not; the record says that it was, the report says what."""
    engagement = _working(application, by)
    sheet, _made = Worksheet.objects.select_for_update().get_or_create(engagement=engagement)
    sheet.content, sheet.saved_at = {**sheet.content, **content}, now()
    sheet.save()
    record("save_worksheet", application, by=by, indicators=sorted(sheet.content.get("points", {})))
    return sheet


@transaction.atomic
def add_visit(
    application: Application,
    *,
    by: Any,
    photos: Sequence[Upload] = (),
    visited_on: dt.date,
    **told: str,
) -> Visit:
    """A day on site with its photos; ``told``: place, people, seen."""
    engagement = _working(application, by)
    if not engagement.assigned_on <= visited_on <= today():
        words = _("A visit lies between the assignment (%(day)s) and today.")
        raise Refused(words % {"day": engagement.assigned_on}, code="visited_on", field="visited_on")
    visit = Visit.objects.create(engagement=engagement, visited_on=visited_on, **told)
    for photo in photos:
        add_photo(visit, photo, by)
    record("add_visit", application, by=by, visit=visit.pk, on=visited_on, photos=len(photos), **told)
    return visit


def add_photo(visit: Visit, upload: Upload, by: Any) -> None:
    """One photo of a visit; the very same is kept once."""
    paper = examine(upload)
    if not paper.media_type.startswith("image/"):
        words = _("%(name)s is no picture; photos are PNG or JPEG.") % {"name": paper.filename}
        raise Refused(words, code="type", field="photos")
    if not visit.photos.filter(sha256=paper.sha256).exists():
        fill_file(VisitPhoto(visit=visit), paper, upload, by).save()


@transaction.atomic
def take_workbook(
    application: Application, *, by: Any, path: Path, photos: Sequence[Upload] = ()
) -> tuple[int, int]:
    """The workbook's findings are in the worksheet, its visits are kept; how many of each.

    FaultySheet where a row is wrong or names a photo that did not come along: nothing is changed then.
    """
    engagement = _working(application, by)
    found = read_workbook(path, application)
    given = {str(photo.name): photo for photo in photos}
    missing = [
        Fault(visit["row"], "photos", _("“%(name)s” was not uploaded along.") % {"name": name})
        for visit in found.visits
        for name in visit["photos"]
        if name not in given
    ]
    if missing:
        raise FaultySheet(missing)
    kept = Worksheet.objects.filter(engagement=engagement).first()
    before = kept.content if kept else {}
    content = {
        "points": {**before.get("points", {}), **found.points},
        "gates": {**before.get("gates", {}), **found.gates},
    }
    save_worksheet(application, by=by, content=content)
    new = [visit for visit in found.visits if not _is_kept(engagement, visit)]
    for visit in new:
        told = {name: visit[name] for name in ("visited_on", "place", "people", "seen")}
        add_visit(application, by=by, photos=[given[name] for name in visit["photos"]], **told)
    return len(found.points), len(new)


def _is_kept(engagement: Engagement, visit: dict[str, Any]) -> bool:
    """A workbook that comes in again tells of the same visits."""
    same = {name: visit[name] for name in ("visited_on", "place", "seen")}
    return engagement.visits.filter(**same).exists()


def _working(application: Application, by: Any) -> Engagement:
    """The engagement of an evaluator who declared, while the case is in evaluation."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    engagement = engagement_of(application, by)
    application.refresh_from_db(fields=["status"])
    if application.status != Status.EVALUATION:
        raise Refused(_("The case is not in evaluation now."), code="wrong_status")
    if not engagement.seat.declared:
        words = _("Declare your independence for this case first.")
        raise Refused(words, code="independent", field="declared")
    return engagement
