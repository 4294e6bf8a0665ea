"""Audits of suppliers: what is due, what is planned, what came of it, and the findings until they are closed."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certification.sourcing.actions import audits as actions
from certification.sourcing.forms import (
    SOON,
    AuditsForm,
    CancelForm,
    CloseForm,
    FindingForm,
    FinishForm,
    MoveForm,
    PlanForm,
)
from certification.sourcing.models import AuditFinding, SupplierAudit, SupplierGrade
from certification.sourcing.views.seen import buyer_seen, frame
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.exports import csv_answer
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import must
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence

A_PAGE, DUE_SHOWN = 50, 50
HEAD = "supplier identifier kind planned_on auditor done_on result findings open_findings cancelled".split()


@login_required
@require_safe
def audits(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """What is due by the plan and not yet in the calendar, and all audits."""
    buyer, form = buyer_seen(request, pk), AuditsForm(request.GET)
    rows = SupplierAudit.objects.filter(buyer=buyer).select_related("supplier")
    counts = {
        "found": Count("findings"),
        "unsettled": Count("findings", filter=Q(findings__closed_on__isnull=True)),
    }
    found = form.among(rows).annotate(**counts).order_by("-planned_on", "-pk")
    if request.GET.get("format") == "csv":
        return csv_answer(f"supplier-audits-{buyer.pk}.csv", HEAD, _cells(found))
    planned = SupplierAudit.objects.planned().filter(buyer=buyer)
    due = SupplierGrade.objects.current().filter(buyer=buyer, audit_due_on__lte=today() + SOON)
    due = due.exclude(supplier__in=planned.values("supplier")).select_related("supplier")
    late = AuditFinding.objects.unsettled().filter(audit__buyer=buyer, due_on__lt=today())
    context = frame(
        request,
        buyer,
        form=form,
        page=Paginator(found, A_PAGE).get_page(request.GET.get("page")),
        due=due.order_by("audit_due_on", "pk")[:DUE_SHOWN],
        due_count=due.count(),
        late=late.select_related("audit__supplier").order_by("due_on", "pk")[:DUE_SHOWN],
        here="audits",
    )
    return render(request, "certification/sourcing/audits.html", context)


@login_required
def plan(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """An audit of a supplier for the calendar; proposed are the kind and the day of the plan."""
    buyer = buyer_seen(request, pk)
    must(request.user, buyer, "edit")
    who = get_object_or_404(Enterprise, pk=key)
    row = SupplierGrade.objects.current().filter(buyer=buyer, supplier=who).first()
    if row is None:
        raise Http404
    day = max(row.audit_due_on, today()) if row.audit_due_on else None
    form = PlanForm(request.POST or None, initial={"kind": row.audit_kind or "document", "planned_on": day})
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            made = actions.plan_audit(buyer, who, by=request.user, **form.cleaned_data)
            messages.success(request, _("Planned."))
            return redirect("supplier-audit", made.pk)
    context = frame(request, buyer, supplier=who, form=form, title=_("Plan an audit"), here="audits")
    return render(request, "certification/sourcing/form.html", context, status=status_of(form))


@login_required
@require_safe
def audit(request: SignedIn, pk: int) -> HttpResponse:
    """One audit with its findings."""
    row = _seen(request, pk)
    findings = row.findings.select_related("evidence", "proof", "closed_by").order_by("pk")
    context = frame(request, row.buyer, supplier=row.supplier, audit=row, findings=findings, here="audits")
    return render(request, "certification/sourcing/audit.html", context)


@login_required
def finish(request: SignedIn, pk: int) -> HttpResponse:
    """It took place."""
    row = _seen(request, pk)
    form = FinishForm(request.POST or None, initial={"auditor": row.auditor})
    return _acted(request, row, form, actions.finish_audit, _("Say what came of it"))


@login_required
def move(request: SignedIn, pk: int) -> HttpResponse:
    """Another day."""
    row = _seen(request, pk)
    form = MoveForm(request.POST or None, initial={"planned_on": row.planned_on})
    return _acted(request, row, form, actions.move_audit, _("Move it to another day"))


@login_required
def cancel(request: SignedIn, pk: int) -> HttpResponse:
    """It does not take place."""
    return _acted(
        request,
        _seen(request, pk),
        CancelForm(request.POST or None),
        actions.cancel_audit,
        _("Cancel the audit"),
    )


@login_required
def raise_finding(request: SignedIn, pk: int) -> HttpResponse:
    """Something that is to be mended."""
    return _acted(
        request,
        _seen(request, pk),
        FindingForm(request.POST or None),
        actions.raise_finding,
        _("Raise a finding"),
    )


@login_required
def close(request: SignedIn, pk: int) -> HttpResponse:
    """A finding is mended."""
    row = _finding(request, pk)
    form = CloseForm(request.POST or None, owner=row.audit.buyer)
    return _acted(request, row.audit, form, actions.close_finding, _("Close the finding"), finding=row)


@login_required
@require_POST
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """The supplier reads this finding and may answer."""
    row = actions.ask_supplier(_finding(request, pk), by=request.user)
    messages.success(request, _("The supplier's people find it among their findings to answer."))
    return redirect("supplier-audit", row.audit_id)


@login_required
@require_safe
def proof(request: SignedIn, pk: int, evidence: int) -> FileResponse:
    """A file with which a finding was answered or closed, for the buyer and for who was asked."""
    seen = AuditFinding.objects.visible_to(request.user)
    row = seen.filter(pk=pk).first()
    if row is None:
        row = get_object_or_404(AuditFinding.objects.asked_of(request.user), pk=pk)
        keys = {row.proof_id}
    else:
        keys = {row.proof_id, row.evidence_id}
    if evidence not in keys:
        raise Http404
    return hand_over(get_object_or_404(Evidence, pk=evidence))


def _acted(
    request: SignedIn,
    audit: SupplierAudit,
    form: forms.Form,
    act: Callable[..., Any],
    title: str,
    finding: AuditFinding | None = None,
) -> HttpResponse:
    """The form of an act on an audit or on one of its findings; done, the audit's page."""
    must(request.user, audit.buyer, "edit")
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            act(finding or audit, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("supplier-audit", audit.pk)
    context = frame(
        request,
        audit.buyer,
        supplier=audit.supplier,
        audit=audit,
        finding=finding,
        form=form,
        title=title,
        here="audits",
    )
    return render(request, "certification/sourcing/form.html", context, status=status_of(form))


def _seen(request: SignedIn, pk: int) -> SupplierAudit:
    rows = SupplierAudit.objects.visible_to(request.user).select_related("buyer", "supplier__region")
    return get_object_or_404(rows, pk=pk)


def _finding(request: SignedIn, pk: int) -> AuditFinding:
    rows = AuditFinding.objects.visible_to(request.user).select_related("audit__buyer", "audit__supplier")
    return get_object_or_404(rows, pk=pk)


def _cells(rows: Any) -> Iterator[tuple[object, ...]]:
    for row in rows:
        who = row.supplier
        yield (
            *(who.name, who.identifier, row.kind, row.planned_on, row.auditor, row.done_on or "", row.result),
            *(row.found, row.unsettled, "yes" if row.cancelled_at else "no"),
        )
