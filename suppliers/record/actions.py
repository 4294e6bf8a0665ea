"""Enter, confirm, refute and clear compliance records: officials of the enterprise's place do."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import Role, User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.models import Enterprise, Site
from suppliers.place.models import Authority
from suppliers.record.models import ComplianceRecord

MAY_ENTER = (Role.AUDITOR, Role.APPROVER)
GIVEN = ("kind", "title", "details", "source", "source_url", "severity", "happened_on", "cleared_on", "match")


@transaction.atomic
def enter(enterprise: Enterprise, *, by: User, site: Site | None = None, **facts: Any) -> ComplianceRecord:
    """The fact is on record, with its source and day. ``facts``: any of ``GIVEN``.

    ``match`` says whether it is certain that the source means this enterprise.
    """
    authority = _must_answer(by, enterprise, site)
    if site is not None and site.enterprise_id != enterprise.pk:
        raise Refused(_("This site belongs to another enterprise."), code="another_enterprise", field="site")
    unknown = set(facts) - set(GIVEN)
    if unknown:
        raise TypeError(f"a record takes no {', '.join(sorted(unknown))}")
    row = ComplianceRecord(enterprise=enterprise, site=site, authority=authority, entered_by=by, **facts)
    _must_have_happened(row.happened_on, "happened_on")
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=None if field == "__all__" else field) from error
    row.save()
    record(
        "enter",
        row,
        by=by,
        enterprise=enterprise.pk,
        kind=row.kind,
        severity=row.severity,
        happened_on=row.happened_on,
        match=row.match,
    )
    return row


@transaction.atomic
def clear(record_: ComplianceRecord, *, by: User, cleared_on: dt.date, reasons: str) -> ComplianceRecord:
    """The cause ended on a day: rectified, removed from the list, operating again."""
    row = _open(record_, by, reasons)
    if row.cleared_on is not None:
        raise Refused(_("This record has been cleared already."), code="already_done")
    _must_have_happened(cleared_on, "cleared_on")
    if cleared_on < row.happened_on:
        raise Refused(_("It cannot end before it happened."), code="invalid", field="cleared_on")
    row.cleared_on = cleared_on
    row.save(update_fields=["cleared_on"])
    record("clear", row, by=by, enterprise=row.enterprise_id, cleared_on=cleared_on, reasons=reasons.strip())
    return row


@transaction.atomic
def confirm(record_: ComplianceRecord, *, by: User, reasons: str) -> ComplianceRecord:
    """A possible match is certain: the source means this enterprise."""
    row = _open(record_, by, reasons)
    if row.match == ComplianceRecord.Match.CONFIRMED:
        raise Refused(_("This match has been confirmed already."), code="already_done")
    row.match = ComplianceRecord.Match.CONFIRMED
    row.save(update_fields=["match"])
    record("confirm_record", row, by=by, enterprise=row.enterprise_id, reasons=reasons.strip())
    return row


@transaction.atomic
def refute(record_: ComplianceRecord, *, by: User, reasons: str) -> ComplianceRecord:
    """The source means somebody else, or was wrong: the row stays and no longer counts."""
    row = _open(record_, by, reasons)
    row.refuted_at = now()
    row.save(update_fields=["refuted_at"])
    record("refute", row, by=by, enterprise=row.enterprise_id, reasons=reasons.strip())
    return row


def _must_answer(by: User, enterprise: Enterprise, site: Site | None) -> Authority:
    """The authority of ``by``, where it answers for the enterprise or for the site concerned."""
    authority = by.authority
    desks = [enterprise.desk, *([site.desk] if site is not None else [])]
    if by.role not in MAY_ENTER or authority is None or not any(authority.covers(desk) for desk in desks):
        message = _(
            "Only auditors and approvers of %(desk)s, or of an authority above it, keep these records."
        )
        raise NotYours(message % {"desk": desks[-1]}, code="role")
    return authority


def _open(record_: ComplianceRecord, by: User, reasons: str) -> ComplianceRecord:
    row = ComplianceRecord.objects.select_for_update(of=("self",)).get(pk=record_.pk)
    _must_answer(by, row.enterprise, row.site)
    if row.refuted_at is not None:
        raise Refused(_("This record was refuted."), code="already_done")
    if not reasons.strip():
        raise Refused(_("Please give the reasons."), code="reasons", field="reasons")
    return row


def _must_have_happened(day: dt.date, field: str) -> None:
    if day > today():
        raise Refused(_("This day lies in the future."), code="invalid", field=field)
