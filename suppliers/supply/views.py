"""Pages of supply links: declare one, answer one, take in a sheet. What is green of them is told above."""

import csv
import io
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from greenchain.accounts.signedin import SignedIn
from greenchain.audit.trail import history
from greenchain.refusals import status_of, told_on
from greenchain.sheets import FaultySheet
from suppliers.enterprise.access import kept_by, may, must
from suppliers.enterprise.models import Enterprise
from suppliers.supply import actions
from suppliers.supply.forms import (
    BUYING,
    SELLING,
    AmendForm,
    DeclareForm,
    DisputeForm,
    ImportForm,
    kept,
)
from suppliers.supply.models import SupplyLink
from suppliers.supply.sheet import COLUMNS

MOST_FAULTS = 500
TOLD = {
    "declare": gettext_lazy("declared"),
    "amend_link": gettext_lazy("changed"),
    "confirm_link": gettext_lazy("confirmed by the other party"),
    "dispute": gettext_lazy("disputed by the other party"),
    "end": gettext_lazy("ended"),
}
EXPLAINED = {
    "supplier_identifier": (
        gettext_lazy("a USCC, or “lei:”, “duns:”, “vat:”, “national:” and the number"),
        "91330600MA2BCDEF1X",
    ),
    "supplier_name": (
        gettext_lazy("the registered name; one of these two columns is needed"),
        "示例纺织有限公司",
    ),
    "kind": (gettext_lazy("supplies, carries or recovers; empty means supplies"), "supplies"),
    "material": (gettext_lazy("what is supplied"), "cotton yarn"),
    "spend": (gettext_lazy("10,000 CNY a year"), "320.5"),
    "share": (gettext_lazy("of all purchases, from 0 to 1 or with %"), "12.5 %"),
    "since_on": (gettext_lazy("first day; empty means today"), "2026-01-31"),
    "vendor_code": (gettext_lazy("your own number for the supplier"), "V-0042"),
    "supplier_email": (
        gettext_lazy("whom to write to; a supplier that is not known here can then be invited"),
        "sales@supplier.example",
    ),
}


@login_required
def declare(request: SignedIn, pk: int) -> HttpResponse:
    """A further supplier, or with ``?side=supplier`` a further customer."""
    party = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    must(request.user, party, "edit")
    side = SELLING if request.GET.get("side") == SELLING else BUYING
    form = DeclareForm(request.POST or None, party=party, side=side)
    if request.method == "POST" and form.is_valid():
        with told_on(form), transaction.atomic():
            buyer, supplier = form.parties(by=request.user)
            made = actions.declare(buyer, supplier, by=request.user, **form.given())
            messages.success(request, _("Declared. The other party may confirm or dispute it."))
            return redirect("supply-link", made.pk)
    title = _("Add a supplier") if side == BUYING else _("Add a customer that you supply")
    return _form(request, form, party=party, title=title)


@login_required
@require_safe
def link(request: SignedIn, pk: int) -> HttpResponse:
    """One link: who serves whom, since when, and how it stands."""
    found = _seen(request, pk)
    context = {
        "link": found,
        "may_amend": may(request.user, found.declared_by, "edit"),
        "may_answer": may(request.user, found.other_party(), "edit"),
        "dispute": DisputeForm(),
        "entries": [
            {"at": entry.at, "words": TOLD[entry.verb], "note": entry.data.get("reasons", "")}
            for entry in history(found).order_by("-seq")
            if entry.verb in TOLD
        ],
    }
    return render(request, "suppliers/supply/link.html", context)


@login_required
def amend(request: SignedIn, pk: int) -> HttpResponse:
    """Correct what is told of a link."""
    found = _seen(request, pk)
    must(request.user, found.declared_by, "edit")
    form = AmendForm(request.POST or None, instance=_seen(request, pk))
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.amend(found, by=request.user, **form.given())
            messages.success(request, _("Saved."))
            return redirect("supply-link", pk)
    return _form(
        request, form, party=found.declared_by, link=found, title=_("Change what is told of the link")
    )


@login_required
@require_POST
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    """The other party agrees."""
    actions.confirm(_seen(request, pk), by=request.user)
    messages.success(request, _("Confirmed."))
    return redirect("supply-link", pk)


@login_required
@require_POST
def dispute(request: SignedIn, pk: int) -> HttpResponse:
    """The other party says there is no such link."""
    reasons = request.POST.get("reasons", "")[:1000]
    actions.dispute(_seen(request, pk), by=request.user, reasons=reasons)
    messages.success(request, _("Disputed. The link does not count until you confirm it."))
    return redirect("supply-link", pk)


@login_required
@require_POST
def end(request: SignedIn, pk: int) -> HttpResponse:
    """Today is its last day."""
    actions.end(_seen(request, pk), by=request.user)
    messages.success(request, _("Today is the link's last day."))
    return redirect("supply-link", pk)


@login_required
def import_links(request: SignedIn) -> HttpResponse:
    """A whole sheet: checked first, then taken in."""
    if request.method == "POST":
        return _taken_in(request)
    form = ImportForm(initial={"buyer": request.GET.get("buyer")}, user=request.user)
    return _import_page(request, form)


def _taken_in(request: SignedIn) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _import_page(request, form)
    buyer, content = form.cleaned_data["buyer"], form.content()
    dry_run, outcome = request.POST.get("act") != "import", actions.Outcome()
    with told_on(form):
        try:
            outcome = actions.import_links(buyer, content, by=request.user, dry_run=dry_run)
        except FaultySheet as sheet:
            return _import_page(request, _again(buyer, request), sheet=sheet, status=422)
    if form.errors:
        return _import_page(request, form)
    if dry_run:
        waiting = _again(buyer, request, checked=kept(content))
        return _import_page(request, waiting, outcome=outcome, buyer=buyer)
    messages.success(request, _imported(outcome))
    return redirect("invite" if outcome.noted or outcome.invited else "supply-chain", buyer.pk)


def _again(buyer: Enterprise, request: SignedIn, **initial: Any) -> ImportForm:
    return ImportForm(initial={"buyer": buyer.pk, **initial}, user=request.user)


def _imported(outcome: actions.Outcome) -> str:
    message = _("Imported: %(created)d new, %(updated)d changed, %(unchanged)d as before.")
    return message % vars(outcome)


def _import_page(request: SignedIn, form: ImportForm, *, status: int = 0, **more: Any) -> HttpResponse:
    sheet = more.get("sheet")
    context = {
        "form": form,
        "columns": [(name, *EXPLAINED[name]) for name in COLUMNS],
        "may_import": kept_by(request.user).exists(),
        "faults": sheet.faults[:MOST_FAULTS] if sheet else [],
        "more_faults": max(len(sheet.faults) - MOST_FAULTS, 0) if sheet else 0,
        **more,
    }
    return render(request, "suppliers/supply/import.html", context, status=status or status_of(form))


@require_safe
def template(_request: HttpRequest) -> HttpResponse:
    """An empty sheet with the columns' names, as spreadsheets open it."""
    sheet = io.StringIO()
    csv.writer(sheet).writerow(COLUMNS)
    return HttpResponse(
        "\ufeff" + sheet.getvalue(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="suppliers.csv"'},
    )


def _seen(request: SignedIn, pk: int) -> SupplyLink:
    found = SupplyLink.objects.visible_to(request.user).with_figures_for(request.user)
    return get_object_or_404(found.select_related("buyer", "supplier", "declared_by", "industry"), pk=pk)


def _form(request: SignedIn, form: AmendForm, **context: Any) -> HttpResponse:
    return render(request, "suppliers/supply/form.html", {"form": form, **context}, status=status_of(form))
