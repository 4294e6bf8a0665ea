"""The suppliers of a buyer by risk, and one of them with its reasons, audits and findings."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certification.sourcing.actions import grades as actions
from certification.sourcing.forms import ChooseForm, GradesForm
from certification.sourcing.models import AuditFinding, Grade, SupplierAudit, SupplierGrade
from certification.sourcing.rules import RULEBOOKS
from certification.sourcing.views.seen import buyer_seen, frame
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.exports import csv_answer
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import must
from suppliers.enterprise.models import Enterprise
from suppliers.supply.models import SupplyLink

A_PAGE = 100
HEAD = (
    "supplier name_en identifier country region grade by_the_rules points reasons chosen_because state answers "
    "spend_10k_cny share_of_purchases next_audit next_audit_by graded_since"
).split()


@login_required
@require_safe
def sourcing(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The classification: who is of high, medium and low risk, why, and when to be audited."""
    buyer, form = buyer_seen(request, pk), GradesForm(request.GET)
    rows = SupplierGrade.objects.current().filter(buyer=buyer)
    found = form.among(rows.select_related("supplier__region"))
    if request.GET.get("format") == "csv":
        return csv_answer(f"supplier-risk-{buyer.pk}.csv", HEAD, _cells(found))
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    tally = rows.aggregate(
        **{grade.value: Count("pk", filter=Q(grade=grade)) for grade in Grade},
        overdue=Count("pk", filter=Q(audit_due_on__lt=today())),
        all=Count("pk"),
        spend=Sum("spend"),
    )
    context = frame(request, buyer, form=form, page=page, tally=tally, here="grades")
    return render(request, "certification/sourcing/grades.html", context)


@login_required
@require_POST
def begin(request: SignedIn, pk: int) -> HttpResponse:
    """Grade the suppliers now, and from now on by themselves."""
    actions.begin(buyer_seen(request, pk), by=request.user)
    messages.success(request, _("Graded. From now on the grades follow what happens."))
    return redirect("sourcing", pk)


@login_required
@require_safe
def supplier(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """One supplier: its grade with the reasons, what is due, its audits and their findings, earlier grades."""
    buyer, who, row = _one(request, pk, key)
    audits = SupplierAudit.objects.filter(buyer=buyer, supplier=who).order_by("-planned_on", "-pk")
    open_ones = AuditFinding.objects.unsettled().filter(audit__buyer=buyer, audit__supplier=who)
    earlier = SupplierGrade.objects.filter(buyer=buyer, supplier=who, until_at__isnull=False)
    context = frame(
        request,
        buyer,
        supplier=who,
        row=row,
        reasons=row.worded if row else [],
        interval=RULEBOOKS[row.version].plan[row.grade] if row and row.version in RULEBOOKS else None,
        audits=audits,
        findings=open_ones.select_related("audit").order_by("due_on", "pk"),
        earlier=earlier.order_by("-since_at", "-pk")[:20],
        here="grades",
    )
    return render(request, "certification/sourcing/supplier.html", context)


@login_required
def choose(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """Choose another grade than the computed one, with reasons."""
    buyer, who, row = _one(request, pk, key)
    must(request.user, buyer, "edit")
    if row is None:
        raise Http404
    form = ChooseForm(request.POST or None, initial={"grade": row.grade, "reasons": row.chosen_because})
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.choose(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your grade holds until you lift it."))
            return redirect("sourcing-supplier", pk, key)
    context = frame(request, buyer, supplier=who, form=form, title=_("Choose another grade"), here="grades")
    return render(request, "certification/sourcing/form.html", context, status=status_of(form))


@login_required
@require_POST
def lift(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """What the rules say holds again."""
    _buyer, _who, row = _one(request, pk, key)
    if row is None:
        raise Http404
    actions.lift(row, by=request.user)
    messages.success(request, _("The grade of the rules holds again."))
    return redirect("sourcing-supplier", pk, key)


def _one(request: SignedIn, pk: int, key: int) -> tuple[Enterprise, Enterprise, SupplierGrade | None]:
    """A supplier that is or was linked with the buyer; anybody else is not there."""
    buyer = buyer_seen(request, pk)
    who = get_object_or_404(Enterprise.objects.select_related("region", "industry"), pk=key)
    linked = SupplyLink.objects.visible_to(request.user).filter(buyer=buyer, supplier=who)
    if not linked.exists():
        raise Http404
    rows = SupplierGrade.objects.filter(buyer=buyer, supplier=who)
    return buyer, who, rows.current().select_related("chosen_by", "buyer").first()


def _cells(rows: Any) -> Iterator[tuple[object, ...]]:
    for row in rows.iterator(500):
        who = row.supplier
        said = "; ".join(words for words, _reason in row.worded)
        yield (
            *(who.name, who.name_en, who.identifier, who.country, who.region_id),
            *(row.grade, row.computed, row.points, said, row.chosen_because, row.state, row.answers),
            *(_plain(row.spend), _plain(row.share), row.audit_kind, row.audit_due_on, row.since_on),
        )


def _plain(number: Any) -> str:
    return "" if number is None else f"{number.normalize():f}"
