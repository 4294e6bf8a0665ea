"""Prepare decisions as a batch, release it, decide case by case, sum up: the only writers of batches."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Count, F
from django.utils.translation import gettext as _
from django.utils.translation import override

from certification.application.models import Application
from certification.decision.actions import grant
from certification.designation.actions import next_number
from certification.release.models import Outcome, Release, ReleasePart, State
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.jobs.models import Job
from greenchain.refusals import NotYours, Refused

KIND = "release"
MOST = 900
"""Cases in one batch: what the browser can send at once."""
MAX_ATTEMPTS = 3


def prepares(user: Any) -> bool:
    """Auditors and approvers prepare batches for their desk."""
    return bool(user.role in {Role.AUDITOR, Role.APPROVER} and user.is_official)


def releases(user: Any) -> bool:
    """Approvers release them."""
    return bool(user.role == Role.APPROVER and user.is_official)


@transaction.atomic
def prepare(applications: Sequence[Application], *, by: Any, reasons: str = "") -> Release:
    """The cases stand in a batch that waits for an approver. Nothing is decided by it."""
    if not prepares(by):
        raise NotYours(_("Auditors and approvers prepare the decisions of their desk."), code="role")
    keys = {case.pk for case in applications}
    if not 1 <= len(keys) <= MOST:
        raise Refused(
            _("A batch has between 1 and %(most)d cases.") % {"most": MOST}, code="cases", field="ids"
        )
    rows = Application.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("number")
    cases = list(rows)
    _must_wait_here(cases, by)
    row = Release.objects.create(
        number=next_number(f"DB-{by.authority.code}-{today().year}"),
        authority=by.authority,
        reasons=reasons.strip(),
        prepared_by=by,
    )
    ReleasePart.objects.bulk_create(
        ReleasePart(release=row, application=case, place=place) for place, case in enumerate(cases, 1)
    )
    # In the batch's own record only: who prepares it has no part in the cases.
    record("prepare", row, by=by, cases=[case.number for case in cases], reasons=row.reasons)
    return row


def _must_wait_here(cases: Sequence[Application], by: Any) -> None:
    elsewhere = [
        case.number for case in cases if case.status != Status.DECISION or case.desk_id != by.authority_id
    ]
    if elsewhere:
        words = _("Not waiting for your authority's decision: %(cases)s.")
        raise Refused(words % {"cases": ", ".join(elsewhere[:8])}, code="wrong_status")
    taken = ReleasePart.objects.filter(
        application__in=cases, outcome=Outcome.WAITING, release__in=Release.objects.open()
    ).select_related("application", "release")
    if part := taken.first():
        words = _("%(case)s stands in the batch %(batch)s already.")
        raise Refused(words % {"case": part.application, "batch": part.release}, code="already_done")


@transaction.atomic
def release(batch: Release, *, by: Any) -> Release:
    """The batch is released: workers decide its cases one by one, in the approver's name."""
    row = _prepared(batch, by)
    if not releases(by):
        raise NotYours(_("Approvers release decisions."), code="role")
    row.state, row.released_by, row.released_at = State.RELEASING, by, now()
    seal = hashlib.sha256(f"{KIND}:{row.number}".encode()).hexdigest()
    total = row.parts.count()
    row.job = Job.objects.create(kind=KIND, title=row.number, digest=seal, by=by, total=total)
    row.save()
    record("release", row, by=by, cases=total)
    return row


@transaction.atomic
def drop(batch: Release, *, by: Any, reasons: str) -> Release:
    """The batch is not released; its cases wait for a decision as before."""
    row = _prepared(batch, by)
    if not prepares(by):
        raise NotYours(_("Auditors and approvers prepare the decisions of their desk."), code="role")
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    row.state = State.DROPPED
    row.save(update_fields=["state"])
    record("drop", row, by=by, reasons=reasons.strip())
    return row


def _prepared(batch: Release, by: Any) -> Release:
    row = Release.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if row.authority_id != getattr(by, "authority_id", None):
        raise NotYours(_("This batch is another authority's."), code="not_yours")
    if row.state != State.PREPARED:
        raise Refused(_("This batch has been released or dropped already."), code="already_done")
    return row


def waiting(batch: Release) -> list[int]:
    """The keys of the parts that are still to be decided, in order; none where the batch is not under way."""
    parts = ReleasePart.objects.filter(release=batch, release__state=State.RELEASING, outcome=Outcome.WAITING)
    return list(parts.order_by("place").values_list("pk", flat=True))


def decide(part: ReleasePart) -> None:
    """The case is granted, or it stands why not: once, however often this runs and wherever it breaks off.

    Why not is told in the language of the approver who released the batch; a worker has none of its own.
    """
    # Counted before the work and outside its transaction: what kills the worker is counted too.
    ReleasePart.objects.filter(pk=part.pk, outcome=Outcome.WAITING).update(attempts=F("attempts") + 1)
    with transaction.atomic():
        rows = ReleasePart.objects.select_for_update(of=("self",)).select_related("release__released_by")
        part = rows.get(pk=part.pk)
        batch = part.release
        if part.outcome != Outcome.WAITING or batch.state != State.RELEASING:
            return
        with override(batch.released_by.language if batch.released_by else None):
            _outcome(part, batch)
        part.done_at = now()
        part.save()
        Job.objects.filter(kind=KIND, title=batch.number).update(read=F("read") + 1, updated_at=now())
    finish(batch)


def _outcome(part: ReleasePart, batch: Release) -> None:
    if part.attempts <= MAX_ATTEMPTS:
        _grant(part, batch)
        return
    part.outcome, part.code = Outcome.REFUSED, "broke_off"
    part.why = _("It broke off %(times)d times; the log of the worker says why.") % {"times": MAX_ATTEMPTS}


def _grant(part: ReleasePart, batch: Release) -> None:
    """The decision and the part's outcome are one transaction; a refusal undoes the decision alone."""
    try:
        with transaction.atomic():
            case = Application.objects.get(pk=part.application_id)
            part.decision = grant(case, by=batch.released_by, reasons=batch.reasons)
    except Refused as no:
        part.outcome, part.code, part.why = Outcome.REFUSED, no.code, str(no)
    else:
        part.outcome = Outcome.GRANTED


@transaction.atomic
def finish(batch: Release) -> bool:
    """The batch is summed up, once all its parts are decided; whether it was."""
    row = Release.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if row.state != State.RELEASING or row.parts.filter(outcome=Outcome.WAITING).exists():
        return False
    told = tally(row)
    row.state = State.DONE
    row.save(update_fields=["state"])
    Job.objects.filter(kind=KIND, title=row.number).update(
        state=Job.State.DONE, outcome=told, ended_at=now(), updated_at=now()
    )
    record("sum_up", row, by=None, **told)
    return True


def tally(batch: Release) -> dict[str, int]:
    """How many cases stand where."""
    counted = batch.parts.values("outcome").annotate(found=Count("pk")).order_by()
    found = {row["outcome"]: row["found"] for row in counted}
    return {outcome.value: found.get(outcome.value, 0) for outcome in Outcome}
