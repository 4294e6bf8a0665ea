"""Proposals to take titles away, the answers to them, and what became of them."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from certification.designation.models import Designation
from certification.scheme.subject import owner_of
from certification.surveillance.catalogue import number
from certification.surveillance.models import STANDING, Cause, Ground, Measure, Proposal
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from greenchain.clock import now, today, working_days_after
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may

DEPENDS = gettext_noop("A title of the same subject on which this one depends was revoked.")


@transaction.atomic
def propose(
    title: Designation,
    *,
    by: Any,
    cause: str,
    reasons: str,
    reply_by: dt.date,
    measure: str = Measure.REMOVE,
    **resting: Any,
) -> Proposal:
    """The holder knows what is proposed, on what it rests, and until when to answer.

    ``resting``: ground, evidence, obligation, year; only the system's own proposals have them.
    """
    title.advance("propose", by=by, cause=cause, measure=measure, reasons=reasons, reply_by=reply_by)
    return Proposal.objects.create(
        designation=title, measure=measure, cause=cause, reasons=reasons, reply_by=reply_by, by=by, **resting
    )


def hearing_ends() -> dt.date:
    """The day by which the holder answers what the system proposes today."""
    return working_days_after(today(), number("reply_days"))


@transaction.atomic
def reply(proposal: Proposal, *, by: Any, text: str) -> Proposal:
    """The holder was heard."""
    if proposal.designation.subject is None or not may(by, owner_of(proposal.designation.subject), "edit"):
        raise NotYours(_("Only the holder may answer."), code="not_yours")
    proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update(of=("self",)))
    if proposal.replied_at:
        raise Refused(_("This has been answered already."), code="already_done")
    if proposal.outcome:
        raise Refused(_("This has been decided already."), code="already_done")
    if not text.strip():
        raise Refused(_("Write your answer."), code="reasons", field="reply")
    proposal.reply, proposal.replied_at = text.strip(), now()
    proposal.save(update_fields=["reply", "replied_at"])
    record("reply", proposal.designation, by=by, proposal=proposal.pk, text=proposal.reply)
    return proposal


@transaction.atomic
def drop(proposal: Proposal, *, by: Any, reasons: str) -> Proposal:
    """What was proposed is not done: an approver of the authority that keeps the title, or the system, says why."""
    row = Proposal.objects.select_for_update(of=("self",)).select_related("designation").get(pk=proposal.pk)
    if by is not None and not row.designation.holds(by, "approver@level"):
        raise NotYours(_("Only approvers of the authority that keeps the title decide this."), code="role")
    if row.outcome:
        raise Refused(_("This has been decided already."), code="already_done")
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    row.outcome, row.decided_at = Proposal.Outcome.DROPPED, now()
    row.save(update_fields=["outcome", "decided_at"])
    record("drop_proposal", row.designation, by=by, proposal=row.pk, measure=row.measure, reasons=reasons)
    return row


@subscribe("suspend", "revoke", "surrender", "expire", "supersede")
def close_proposals(entry: AuditEntry, title: Any) -> None:
    """What was proposed is carried out, or void because the title has ended."""
    measures = [Measure.SUSPEND] if entry.verb == "suspend" else list(Measure.values)
    waiting = Proposal.objects.open().filter(designation=title, measure__in=measures)
    carried = entry.verb in {"suspend", "revoke"}
    outcome = Proposal.Outcome.CARRIED if carried else Proposal.Outcome.DROPPED
    waiting.update(outcome=outcome, decided_at=now())


@subscribe("revoke")
def propose_for_dependent_titles(entry: AuditEntry, title: Any) -> None:
    """Cascade: titles of higher level that depend on the revoked one are proposed for the same, not revoked."""
    higher = Designation.objects.filter(
        title.same_subject(), scheme=title.scheme, level__gt=title.level, status__in=STANDING
    )
    cause = entry.data.get("cause") or Cause.FAULT
    for dependent in higher:
        propose(
            dependent,
            by=None,
            cause=cause,
            reasons=DEPENDS,
            reply_by=hearing_ends(),
            ground=Ground.DEPENDS,
        )
