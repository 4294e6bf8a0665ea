"""Complaints: send, confirm, take up, ask, reply, decide, withdraw."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certification.body.models import Body
from certification.complaint.guards import answering, authority_for, must_be_apart, must_stand
from certification.complaint.models import OFFICERS, Complaint, ComplaintFile, Outcome
from certification.designation.actions import next_number
from certification.designation.models import Designation
from certification.hearing.exhibits import take_in
from certification.letter.actions import asked_enough, post, write
from certification.letter.models import Kind
from certification.letter.wording import Draft
from greenchain.accounts.models import Role
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from greenchain.clock import now, today, working_days_after
from greenchain.refusals import NotYours, Refused

DUE_DAYS = 30
"""Working days from the confirmed address to the outcome (ours)."""


@transaction.atomic
def complain(
    about: Designation | Body,
    *,
    name: str,
    contact: str,
    statement: str,
    by: Any = None,
    evidence: Iterable["File[bytes]"] = (),
) -> Complaint:
    """A complaint has come in; it counts once its sender has confirmed the address."""
    must_stand(about)
    authority = authority_for(about)
    complaint = Complaint.objects.create(
        number=next_number(f"CP-{authority.code}-{today().year}"),
        designation=about if isinstance(about, Designation) else None,
        body=about if isinstance(about, Body) else None,
        authority=authority,
        by=by,
        name=name.strip(),
        contact=contact.strip(),
        statement=statement.strip(),
        language=get_language() or "en",
    )
    take_in(ComplaintFile, evidence, complaint=complaint)
    entry = record("complain", complaint, by=None, number=complaint.number)
    if not asked_enough(complaint.contact):
        post(entry, complaint, "complaint_confirm")
    return complaint


@transaction.atomic
def confirm_complaint(complaint: Complaint) -> Complaint:
    """The address is confirmed: the complaint counts, and the clock runs."""
    row = _locked(complaint)
    if row.confirmed_at:
        raise Refused(_("This was confirmed already."), code="already_done")
    _must_be_open(row)
    same = Complaint.objects.open().filter(
        designation=row.designation_id, body=row.body_id, contact__iexact=row.contact
    )
    if same.exists():
        raise Refused(_("A complaint of yours about this waits for its outcome already."), code="twice")
    row.confirmed_at, row.due_on = now(), working_days_after(today(), DUE_DAYS)
    row.authority = answering(row)
    row.save(update_fields=["confirmed_at", "due_on", "authority"])
    post(record("confirm_complaint", row, by=None, due_on=row.due_on), row, "complaint_received")
    return row


@transaction.atomic
def pass_up(complaint: Complaint) -> Complaint:
    """The next authority above answers, because nobody who took no part is left where it lies."""
    row = _counted(complaint)
    before, row.authority = row.authority, answering(row)
    if row.authority == before:
        raise Refused(_("Somebody is left who may decide it."), code="not_due")
    row.taken_by = row.taken_at = None
    row.save(update_fields=["authority", "taken_by", "taken_at"])
    record("pass_up", row, by=None, before=before.code, authority=row.authority.code)
    return row


@subscribe("leave")
def hand_back(_entry: AuditEntry, person: Any) -> None:
    """What the person had taken up waits to be taken up again, where need be above."""
    for row in Complaint.objects.open().filter(taken_by=person).select_for_update(of=("self",)):
        row.taken_by = row.taken_at = None
        row.save(update_fields=["taken_by", "taken_at"])
        record("fall_back", row, by=None, user=person.pk, name=person.get_username())


@transaction.atomic
def take_up(complaint: Complaint, *, by: Any) -> Complaint:
    """An officer who took no part has it from now on, also in a colleague's place."""
    row = _counted(complaint)
    must_be_apart(row, by, *OFFICERS)
    if row.taken_by_id == by.pk:
        raise Refused(_("You have it already."), code="already_done")
    before, row.taken_by, row.taken_at = row.taken_by_id, by, now()
    row.save(update_fields=["taken_by", "taken_at"])
    record("take_complaint", row, by=by, before=before)
    return row


@transaction.atomic
def ask_holder(complaint: Complaint, *, by: Any, substance: str, answer_by: dt.date) -> Complaint:
    """Holder or body know what is said, in the officer's words, and may answer until a day."""
    row = _counted(complaint)
    must_be_apart(row, by, *OFFICERS)
    if row.taken_by_id != by.pk:
        raise NotYours(_("Take it up first."), code="not_yours")
    if row.told_at:
        raise Refused(_("This has been done already."), code="already_done")
    if not substance.strip():
        raise Refused(_("Say in your own words what is complained of."), code="reasons", field="substance")
    if answer_by <= today():
        raise Refused(_("Give a day ahead by which to answer."), code="answer_by", field="answer_by")
    row.substance, row.told_at, row.answer_by = substance.strip(), now(), answer_by
    row.save(update_fields=["substance", "told_at", "answer_by"])
    record("ask_holder", row, by=by, substance=row.substance, answer_by=answer_by)
    return row


@transaction.atomic
def reply_complaint(complaint: Complaint, *, by: Any, text: str) -> Complaint:
    """Holder or body were heard."""
    row = _locked(complaint)
    if not row.answers(by):
        raise NotYours(_("Only who is asked may answer."), code="not_yours")
    if not row.may_reply:
        raise Refused(_("Answers are no longer taken."), code="reply_open")
    if not text.strip():
        raise Refused(_("Write your answer."), code="reasons", field="text")
    row.reply, row.replied_at = text.strip(), now()
    row.save(update_fields=["reply", "replied_at"])
    record("reply_complaint", row, by=by, text=row.reply)
    return row


@transaction.atomic
def decide(complaint: Complaint, *, by: Any, outcome: str, reasons: str) -> Complaint:
    """Founded or not, with reasons; the complainant is told in writing. What follows is a decision of its own."""
    row = _counted(complaint)
    must_be_apart(row, by, Role.APPROVER)
    if not row.taken_by_id:
        raise Refused(_("Nobody has taken it up yet."), code="taken")
    if row.may_reply:
        raise Refused(_("An answer is still possible until %(day)s.") % {"day": row.answer_by}, code="heard")
    if outcome not in {Outcome.FOUNDED, Outcome.UNFOUNDED}:
        raise Refused(_("Say whether it is founded."), code="outcome", field="outcome")
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    row.outcome, row.reasons = outcome, reasons.strip()
    row.decided_by, row.decided_at = by, now()
    row.save(update_fields=["outcome", "reasons", "decided_by", "decided_at"])
    entry = record("decide_complaint", row, by=by, outcome=outcome, reasons=row.reasons)
    _tell(row, entry)
    return row


def _tell(row: Complaint, entry: AuditEntry) -> None:
    """The outcome by mail with the letter, which neither holders nor bodies ever see (``outside``)."""
    kind = Kind.FOUND if row.outcome == Outcome.FOUNDED else Kind.UNFOUNDED
    draft = Draft(kind, row.subject, row.reasons, addressee=(row.name, row.number))
    letter = write(
        draft,
        entry,
        authority=row.authority,
        language=row.language,
        designation=row.designation,
        outside=True,
    )
    post(entry, row, "complaint_decided", letter=letter)


@transaction.atomic
def withdraw_complaint(complaint: Complaint) -> Complaint:
    """The complainant takes it back. What the authority knows by then it may pursue by itself."""
    row = _locked(complaint)
    _must_be_open(row)
    row.outcome, row.decided_at = Outcome.WITHDRAWN, now()
    row.save(update_fields=["outcome", "decided_at"])
    record("withdraw_complaint", row, by=None)
    return row


def _locked(complaint: Complaint) -> Complaint:
    return Complaint.objects.select_for_update(of=("self",)).get(pk=complaint.pk)


def _counted(complaint: Complaint) -> Complaint:
    row = _locked(complaint)
    if not row.confirmed_at:
        raise Refused(_("The sender must confirm the address first."), code="identified")
    _must_be_open(row)
    return row


def _must_be_open(row: Complaint) -> None:
    if row.outcome:
        raise Refused(_("This has been decided already."), code="already_done")
