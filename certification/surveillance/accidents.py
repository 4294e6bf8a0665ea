"""A serious accident on confirmed record suspends at once; the authority confirms or lifts within days.

Which accidents, is data (Heilongjiang acts at once on major ones and above, [S9]); that the system does it is ours.
"""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from certification.designation.actions import suspend
from certification.designation.models import Designation
from certification.surveillance.catalogue import catalogue, number
from certification.surveillance.each import count_each
from certification.surveillance.models import Hold
from certification.workflow import Status
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from greenchain.clock import now, today, working_days_after, years_after
from greenchain.refusals import NotYours, Refused
from suppliers.record.models import ComplianceRecord

AT_ONCE = gettext_noop(
    "A serious accident is on confirmed record. The authority confirms or lifts this in days."
)


@subscribe("enter", "confirm_record")
def suspend_at_once(_entry: AuditEntry, about: Any) -> None:
    """The holder's titles do not count from today, where the record is of a serious accident and certain."""
    if not isinstance(about, ComplianceRecord) or not is_serious(about):
        return
    place = Q(site__enterprise=about.enterprise_id) if about.site_id is None else Q(site=about.site_id)
    whole = Q(enterprise=about.enterprise_id) | Q(product__enterprise=about.enterprise_id)
    titles = Designation.objects.filter(place | whole, status=Status.CURRENT)
    for title in titles.order_by("pk"):
        hold(title, about)


def is_serious(row: ComplianceRecord) -> bool:
    """A confirmed accident of a grade that suspends at once, within the years in which it counts."""
    return (
        row.kind == ComplianceRecord.Kind.ACCIDENT_OR_VIOLATION
        and row.match == ComplianceRecord.Match.CONFIRMED
        and row.severity in catalogue().kinds["at_once"]
        and ComplianceRecord.objects.standing().filter(pk=row.pk).exists()
    )


@transaction.atomic
def hold(title: Designation, about: ComplianceRecord) -> Hold:
    """The title is suspended by the system, and its authority knows by when to say so or lift it."""
    answer_by = working_days_after(today(), number("confirm_days"))
    suspend(title, by=None, reasons=AT_ONCE, until_on=years_after(today(), 1))
    made = Hold.objects.create(designation=title, record=about, answer_by=answer_by)
    record("hold", title, by=None, record=about.pk, answer_by=answer_by)
    return made


@transaction.atomic
def confirm_hold(held: Hold, *, by: Any, reasons: str, until_on: dt.date) -> Hold:
    """The authority stands by the suspension, until a day."""
    row = Hold.objects.select_for_update(of=("self",)).select_related("designation").get(pk=held.pk)
    title = row.designation
    if not title.holds(by, "approver@level"):
        raise NotYours(_("Only approvers of the authority that keeps the title decide this."), code="role")
    if row.outcome:
        raise Refused(_("This has been decided already."), code="already_done")
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    if until_on <= today():
        raise Refused(_("Say until when; the day must lie ahead."), code="until", field="until_on")
    _answer(row, Hold.Outcome.CONFIRMED, by, reasons)
    Designation.objects.filter(pk=title.pk).update(suspended_until=until_on)
    record("confirm_hold", title, by=by, record=row.record_id, reasons=reasons.strip(), until_on=until_on)
    return row


@subscribe("reinstate", "overturn", "revoke", "surrender", "expire")
def lift_holds(entry: AuditEntry, title: Any) -> None:
    """A title that stands again, or has ended, is not held any more."""
    if not isinstance(title, Designation):
        return
    for row in Hold.objects.filter(designation=title, outcome=""):
        _answer(row, Hold.Outcome.LIFTED, entry.actor, str(entry.data.get("cured") or entry.verb))


def _answer(row: Hold, outcome: str, by: Any, reasons: str) -> None:
    row.outcome, row.answered_by, row.answered_at, row.reasons = outcome, by, now(), reasons.strip()
    row.save(update_fields=["outcome", "answered_by", "answered_at", "reasons"])


def remind_of_holds() -> int:
    """Who keeps the title and has not said anything by the day is told once more; how many were."""
    late = Hold.objects.filter(outcome="", reminded=False, answer_by__lt=today())
    return count_each(late.order_by("pk"), _remind)


@transaction.atomic
def _remind(held: Hold) -> bool:
    row = Hold.objects.select_for_update(of=("self",)).select_related("designation").get(pk=held.pk)
    if row.reminded or row.outcome:
        return False
    row.reminded = True
    row.save(update_fields=["reminded"])
    record("hold_overdue", row.designation, by=None, record=row.record_id, answer_by=row.answer_by)
    return True
