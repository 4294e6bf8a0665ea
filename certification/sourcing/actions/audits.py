"""Plan an audit of a supplier, say what came of it, raise findings, have them answered, close them."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from certification.sourcing.actions.grades import regrade
from certification.sourcing.facts import links_of
from certification.sourcing.models import AuditFinding, Programme, SupplierAudit
from greenchain.accounts.models import User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may, must
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.models import Evidence
from suppliers.supply.models import SupplyLink


@transaction.atomic
def plan_audit(
    buyer: Enterprise, supplier: Enterprise, *, by: User, kind: str, planned_on: dt.date, auditor: str
) -> SupplierAudit:
    """An audit of a direct supplier stands in the calendar."""
    must(by, buyer, "edit")
    if not links_of(buyer).filter(supplier=supplier).exists():
        words = _("Only direct suppliers are audited: declare the link first.")
        raise Refused(words, code="supplier", field="supplier")
    if kind not in SupplierAudit.Kind.values:
        raise Refused(_("Say whether it is on site or by documents."), code="kind", field="kind")
    _said(auditor, "auditor")
    row = SupplierAudit.objects.create(
        buyer=buyer,
        supplier=supplier,
        kind=kind,
        planned_on=planned_on,
        auditor=auditor.strip(),
        created_by=by,
    )
    record("plan_audit", row, by=by, buyer=buyer.pk, supplier=supplier.pk, kind=kind, planned_on=planned_on)
    return row


@transaction.atomic
def move_audit(audit: SupplierAudit, *, by: User, planned_on: dt.date) -> SupplierAudit:
    """It takes place on another day."""
    row = _open(audit, by)
    before, row.planned_on = row.planned_on, planned_on
    row.save(update_fields=["planned_on"])
    record("move_audit", row, by=by, buyer=row.buyer_id, before=before, planned_on=planned_on)
    return row


@transaction.atomic
def finish_audit(
    audit: SupplierAudit, *, by: User, done_on: dt.date, result: str, summary: str, auditor: str = ""
) -> SupplierAudit:
    """It took place: its day and its result stand, and the supplier is graded anew."""
    row = _open(audit, by)
    if done_on > today():
        raise Refused(_("This day lies in the future."), code="invalid", field="done_on")
    if result not in SupplierAudit.Result.values:
        raise Refused(_("Say what the result is."), code="result", field="result")
    _said(summary, "summary")
    row.done_on, row.result, row.summary = done_on, result, summary.strip()
    row.auditor = auditor.strip() or row.auditor
    row.save()
    told = {"done_on": done_on, "result": result}
    record("finish_audit", row, by=by, buyer=row.buyer_id, supplier=row.supplier_id, **told)
    _regrade(row.buyer_id)
    return row


@transaction.atomic
def cancel_audit(audit: SupplierAudit, *, by: User, reasons: str) -> SupplierAudit:
    """It does not take place."""
    row = _open(audit, by)
    _said(reasons, "reasons")
    row.cancelled_at, row.cancelled_because = now(), reasons.strip()
    row.save(update_fields=["cancelled_at", "cancelled_because"])
    record("cancel_audit", row, by=by, buyer=row.buyer_id, reasons=row.cancelled_because)
    return row


@transaction.atomic
def raise_finding(
    audit: SupplierAudit, *, by: User, severity: str, description: str, due_on: dt.date
) -> AuditFinding:
    """An audit that was done found something that is to be mended by a day."""
    row = _locked(audit, by)
    if row.done_on is None:
        raise Refused(_("Say first what came of the audit; findings follow."), code="not_done")
    if severity not in AuditFinding.Severity.values:
        raise Refused(_("Say whether it is minor or major."), code="severity", field="severity")
    _said(description, "description")
    if due_on < row.done_on:
        raise Refused(_("Give a day after the audit."), code="due_on", field="due_on")
    found = AuditFinding.objects.create(
        audit=row, severity=severity, description=description.strip(), due_on=due_on
    )
    told = {"severity": severity, "due_on": due_on, "description": found.description}
    record("raise_finding", row, by=by, buyer=row.buyer_id, finding=found.pk, **told)
    _regrade(row.buyer_id)
    return found


@transaction.atomic
def ask_supplier(finding: AuditFinding, *, by: User) -> AuditFinding:
    """The supplier reads this finding and may answer it; nothing else of the audit is shown to it.

    The link must be agreed: what a buyer declared alone opens no door to an enterprise's people.
    """
    row = _unsettled(finding)
    must(by, row.audit.buyer, "edit")
    agreed = Q(confirmed_at__isnull=False) | Q(declared_by=F("supplier"))
    linked = SupplyLink.objects.current().filter(
        agreed, buyer=row.audit.buyer_id, supplier=row.audit.supplier_id
    )
    if not linked.exists():
        words = _("The supplier has not confirmed the link yet; ask it outside the platform, or invite it.")
        raise Refused(words, code="not_agreed")
    if row.asked_at is not None:
        raise Refused(_("The supplier has been asked already."), code="already_done")
    row.asked_at = now()
    row.save(update_fields=["asked_at"])
    record("ask_supplier", row.audit, by=by, buyer=row.audit.buyer_id, finding=row.pk)
    return row


@transaction.atomic
def answer_finding(
    finding: AuditFinding, *, by: User, answer: str, proof: Evidence | None = None
) -> AuditFinding:
    """The supplier says what it did, with a file of its vault; it may say so again until the buyer closes."""
    row = _unsettled(finding)
    if row.asked_at is None or not may(by, row.audit.supplier, "edit"):
        raise NotYours(_("Owners and editors of the supplier answer what they were asked."), code="role")
    _said(answer, "answer")
    _of_vault(proof, row.audit.supplier, "proof")
    row.answer, row.proof, row.answered_at, row.answered_by = answer.strip(), proof, now(), by
    row.save(update_fields=["answer", "proof", "answered_at", "answered_by"])
    told = {"finding": row.pk, "answer": row.answer, "proof": proof.pk if proof else None}
    record("answer_finding", row.audit, by=by, supplier=row.audit.supplier_id, **told)
    return row


@transaction.atomic
def close_finding(
    finding: AuditFinding, *, by: User, closing: str, closed_on: dt.date, evidence: Evidence | None = None
) -> AuditFinding:
    """It is mended: what was done, with a file of the buyer's vault where there is one."""
    row = _unsettled(finding)
    must(by, row.audit.buyer, "edit")
    _said(closing, "closing")
    if not (row.audit.done_on or dt.date.min) <= closed_on <= today():
        words = _("Give a day between the audit and today.")
        raise Refused(words, code="invalid", field="closed_on")
    _of_vault(evidence, row.audit.buyer, "evidence")
    row.closing, row.evidence, row.closed_on, row.closed_by = closing.strip(), evidence, closed_on, by
    row.save(update_fields=["closing", "evidence", "closed_on", "closed_by"])
    told = {"finding": row.pk, "closing": row.closing, "evidence": evidence.pk if evidence else None}
    record("close_finding", row.audit, by=by, buyer=row.audit.buyer_id, **told)
    _regrade(row.audit.buyer_id)
    return row


def _locked(audit: SupplierAudit, by: User) -> SupplierAudit:
    row = (
        SupplierAudit.objects.select_for_update(of=("self",))
        .select_related("buyer", "supplier")
        .get(pk=audit.pk)
    )
    must(by, row.buyer, "edit")
    return row


def _open(audit: SupplierAudit, by: User) -> SupplierAudit:
    row = _locked(audit, by)
    if not row.is_planned:
        raise Refused(_("This audit is over already."), code="already_done")
    return row


def _unsettled(finding: AuditFinding) -> AuditFinding:
    row = (
        AuditFinding.objects.select_for_update(of=("self",))
        .select_related("audit__buyer", "audit__supplier")
        .get(pk=finding.pk)
    )
    if row.closed_on is not None:
        raise Refused(_("This finding is closed already."), code="already_done")
    return row


def _regrade(buyer: int) -> None:
    for row in Programme.objects.filter(buyer=buyer):
        regrade(row)


def _said(text: str, field: str) -> None:
    if not text.strip():
        raise Refused(_("Write what you want to say."), code=field, field=field)


def _of_vault(file: Any, owner: Enterprise, field: str) -> None:
    if file is not None and (file.enterprise_id != owner.pk or file.retracted_at is not None):
        raise Refused(_("Choose a file of your own vault."), code="file", field=field)
