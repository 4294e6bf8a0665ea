"""Keep titles true: obligations, proposals, and the answers to them."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from certification.designation.models import Designation
from certification.scheme.deadlines import Duty, due_day
from certification.scheme.subject import owner_of
from certification.surveillance.calendar import FORM_DUE
from certification.surveillance.models import Cause, Obligation, Proposal
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from greenchain.clock import now, today, working_days_after
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may
from suppliers.reporting.models import years_of

REPLY_DAYS = 10
DEPENDS = gettext_noop("A title of the same subject on which this one depends was revoked.")


@transaction.atomic
def propose(title: Designation, *, by: Any, cause: str, reasons: str, reply_by: dt.date) -> Proposal:
    """The holder knows what is proposed and until when to answer."""
    title.advance("propose", by=by, cause=cause, reasons=reasons, reply_by=reply_by)
    return Proposal.objects.create(designation=title, cause=cause, reasons=reasons, reply_by=reply_by, by=by)


@transaction.atomic
def reply(proposal: Proposal, *, by: Any, text: str) -> Proposal:
    """The holder was heard."""
    if proposal.designation.subject is None or not may(by, owner_of(proposal.designation.subject), "edit"):
        raise NotYours(_("Only the holder may answer."), code="not_yours")
    proposal.refresh_from_db(from_queryset=Proposal.objects.select_for_update(of=("self",)))
    if proposal.replied_at:
        raise Refused(_("This has been answered already."), code="already_done")
    if not text.strip():
        raise Refused(_("Write your answer."), code="reasons", field="reply")
    proposal.reply, proposal.replied_at = text.strip(), now()
    proposal.save(update_fields=["reply", "replied_at"])
    record("reply", proposal.designation, by=by, proposal=proposal.pk, text=proposal.reply)
    return proposal


@transaction.atomic
def file_form(obligation: Obligation, *, by: Any) -> Obligation:
    """The annual form is filed: the year's figures are reported and stand for it."""
    subject = obligation.designation.subject
    if subject is None or not may(by, owner_of(subject), "edit"):
        raise NotYours(_("Only the holder may file the annual form."), code="not_yours")
    obligation.refresh_from_db(from_queryset=Obligation.objects.select_for_update(of=("self",)))
    if obligation.filed_at:
        raise Refused(_("The form was filed already."), code="already_done")
    if not years_of(subject).filter(year=obligation.year).exists():
        raise Refused(_("Report the figures for %(year)d first.") % {"year": obligation.year}, code="figures")
    obligation.filed_at, obligation.filed_by = now(), by
    obligation.save(update_fields=["filed_at", "filed_by"])
    record("file_form", obligation.designation, by=by, year=obligation.year)
    return obligation


@subscribe("issue")
def oblige(_entry: AuditEntry, title: Any) -> None:
    """A new title owes its first annual form next spring, by its region's calendar."""
    year = title.announced_on.year
    due_on = due_day(Duty.ANNUAL_FORM, title.home, year + 1, FORM_DUE)
    Obligation.objects.get_or_create(designation=title, year=year, defaults={"due_on": due_on})


@subscribe("revoke")
def propose_for_dependent_titles(entry: AuditEntry, title: Any) -> None:
    """Cascade: titles of higher level that depend on the revoked one are proposed for the same, not revoked."""
    standing = Designation.objects.filter(
        title.same_subject(),
        scheme=title.scheme,
        level__gt=title.level,
        status__in=[Status.CURRENT, Status.SUSPENDED],
    )
    cause = entry.data.get("cause") or Cause.FAULT
    for dependent in standing:
        propose(
            dependent, by=None, cause=cause, reasons=DEPENDS, reply_by=working_days_after(today(), REPLY_DAYS)
        )
