"""What buyers asked a supplier to answer: the findings that they showed to it, and nothing else of their audits."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.sourcing.actions.audits import answer_finding
from certification.sourcing.forms import AnswerForm
from certification.sourcing.models import AuditFinding
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import must

A_PAGE = 50


@login_required
@require_safe
def findings_asked(request: SignedIn) -> HttpResponse:
    """The open ones first."""
    rows = AuditFinding.objects.asked_of(request.user).select_related("audit__buyer", "audit__supplier")
    page = Paginator(rows.order_by(F("closed_on").asc(nulls_first=True), "due_on", "pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    return render(request, "certification/sourcing/asked.html", {"page": page})


@login_required
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Say what was done, with a file of the vault."""
    rows = AuditFinding.objects.asked_of(request.user).select_related("audit__buyer", "audit__supplier")
    row = get_object_or_404(rows, pk=pk)
    owner = row.audit.supplier
    must(request.user, owner, "edit")
    initial = {"answer": row.answer, "proof": row.proof_id}
    form = AnswerForm(request.POST or None, owner=owner, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            answer_finding(row, by=request.user, **form.cleaned_data)
            messages.success(request, _("The buyer reads your answer."))
            return redirect("findings-asked")
    context = {"row": row, "form": form}
    return render(request, "certification/sourcing/answer.html", context, status=status_of(form))
