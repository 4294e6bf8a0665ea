"""The supplier's pages: its answers, its consents, and who saw what."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from greenchain.accounts.signedin import SignedIn
from greenchain.exports import csv_answer
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import may, must
from suppliers.enterprise.models import Enterprise
from suppliers.sharing import actions
from suppliers.sharing.answers import figures_of, lacking
from suppliers.sharing.forms import AnswersForm, ConsentForm
from suppliers.sharing.models import Access, AnswerSet, Consent
from suppliers.sharing.questionnaire import current

A_PAGE = 50
HEAD = ("day", "buyer", "person", "what", "about")
CONSENTS = (
    "buyer",
    "identifier",
    "answers",
    "kinds",
    "named",
    "since_on",
    "until_on",
    "state",
    "withdrawn_on",
)


@login_required
def questionnaire(request: SignedIn, pk: int) -> HttpResponse:
    """Answer once; confirm when everything is there."""
    enterprise = _own(request, pk)
    may_edit = may(request.user, enterprise, "edit")
    if request.method == "POST":
        must(request.user, enterprise, "edit")
    row = _answers(enterprise)
    figures = figures_of(row)
    whole = request.POST.get("act") != "save"
    form = AnswersForm(request.POST or None, row=row, figures=figures, whole=whole)
    if request.method == "POST" and form.is_valid():
        with told_on(form), transaction.atomic():
            actions.answer(enterprise, form.given(), by=request.user)
            if whole:
                actions.confirm(enterprise, by=request.user)
            messages.success(
                request,
                _("Confirmed as of today.") if whole else _("Saved. Buyers read it once you confirm."),
            )
            return redirect("questionnaire", pk)
    context = {
        "enterprise": enterprise,
        "row": row,
        "form": form,
        "lacking": lacking(row, figures),
        "may_edit": may_edit,
    }
    return render(request, "suppliers/sharing/questionnaire.html", context, status=status_of(form))


@login_required
def sharing(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Who may read what, and who did."""
    enterprise = _own(request, pk)
    if request.method == "POST":
        must(request.user, enterprise, "own")
    form = ConsentForm(request.POST or None, enterprise=enterprise)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.consent(enterprise, by=request.user, **form.given())
            messages.success(
                request, _("From its first day on this may be read. You can withdraw it at any time.")
            )
            return redirect("sharing", pk)
    seen = Access.objects.visible_to(request.user).filter(enterprise=enterprise)
    seen = seen.select_related("buyer", "person", "evidence").order_by("-at", "-pk")
    given = Consent.objects.visible_to(request.user).filter(enterprise=enterprise)
    given = given.select_related("buyer").order_by("withdrawn_at", "-given_at", "-pk")
    if request.GET.get("format") == "csv" and request.GET.get("list") == "consents":
        return csv_answer(f"consents-{pk}.csv", CONSENTS, map(_consent_cells, given))
    if request.GET.get("format") == "csv":
        rows = (
            (row.seen_on, row.buyer.name, row.person.username, row.what, row.evidence or row.about)
            for row in seen
        )
        return csv_answer(f"accesses-{pk}.csv", HEAD, rows)
    context = {
        "enterprise": enterprise,
        "form": form,
        "consents": given[:200],
        "page": Paginator(seen, A_PAGE).get_page(request.GET.get("page")),
        "row": AnswerSet.objects.filter(enterprise=enterprise).order_by("-updated_at").first(),
        "may_own": may(request.user, enterprise, "own"),
    }
    return render(request, "suppliers/sharing/sharing.html", context, status=status_of(form))


@login_required
@require_POST
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    """Nothing of it may be read any more."""
    row = get_object_or_404(Consent.objects.visible_to(request.user), pk=pk)
    actions.withdraw(row, by=request.user)
    messages.success(request, _("Withdrawn. Nothing of it can be read any more."))
    return redirect("sharing", row.enterprise_id)


def _consent_cells(row: Consent) -> list[object]:
    """Without a buyer: all of them."""
    return [
        row.buyer.name if row.buyer else "*",
        row.buyer.identifier if row.buyer else "",
        row.answers,
        " ".join(row.kinds),
        row.named,
        row.since_on,
        row.until_on,
        row.state,
        row.withdrawn_at.date() if row.withdrawn_at else None,
    ]


def _answers(enterprise: Enterprise) -> AnswerSet:
    """The answers to the questions of today; not stored before somebody answers."""
    version = current().version
    rows = AnswerSet.objects.filter(enterprise=enterprise, version=version).select_related("confirmed_by")
    row = rows.first() or AnswerSet(version=version)
    row.enterprise = enterprise
    return row


def _own(request: SignedIn, pk: int) -> Enterprise:
    """People of the enterprise; to officials there is no such page."""
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    must(request.user, enterprise, "view")
    return enterprise
