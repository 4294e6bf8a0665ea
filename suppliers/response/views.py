"""The buyer's pages: invite suppliers, and the board of what they answered."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from greenchain.accounts.signedin import SignedIn
from greenchain.exports import csv_answer
from greenchain.refusals import status_of
from suppliers.enterprise.access import may, must
from suppliers.enterprise.models import Enterprise
from suppliers.invitation.actions import A_DAY, VALID_DAYS, Sent, invite_many
from suppliers.response import board
from suppliers.response.forms import ROWS, BoardForm, InviteForm

A_PAGE = 100
TOLD = 5


@login_required
def invite(request: SignedIn, pk: int) -> HttpResponse:
    """Suppliers that nobody acts for here yet, and names that a sheet brought: invite them in one go."""
    buyer = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    must(request.user, buyer, "edit")
    asked = board.invitable(buyer)
    form = InviteForm(request.POST or None, asked=asked, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        done = invite_many(buyer, form.whom, by=request.user, language=form.cleaned_data["language"])
        _tell(request, done)
        return redirect("responses" if done.sent else "invite", buyer.pk)
    context = {
        "buyer": buyer,
        "form": form,
        "more": max(len(asked) - ROWS, 0),
        "valid": VALID_DAYS,
        "a_day": A_DAY,
    }
    return render(request, "suppliers/response/invite.html", context, status=status_of(form))


@login_required
@require_safe
def responses(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Who was invited, came, answered and shares; who is to be reminded."""
    buyer = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    must(request.user, buyer, "view")
    rows, form = board.rows_of(buyer), BoardForm(request.GET)
    chosen = form.among(rows)
    if request.GET.get("format") == "csv":
        return csv_answer(f"responses-{buyer.pk}.csv", board.HEAD, board.cells(chosen))
    context = {
        "buyer": buyer,
        "form": form,
        "page": Paginator(chosen, A_PAGE).get_page(request.GET.get("page")),
        "counts": board.counts(rows),
        "all": len(rows),
        "may_edit": may(request.user, buyer, "edit"),
    }
    return render(request, "suppliers/response/responses.html", context)


def _tell(request: SignedIn, done: Sent) -> None:
    if done.sent:
        words = ngettext(
            "%(count)d invitation is on its way.", "%(count)d invitations are on their way.", len(done.sent)
        )
        messages.success(request, words % {"count": len(done.sent)})
    for name, reason in done.refused[:TOLD]:
        messages.warning(request, f"{name}: {reason}")
    if (more := len(done.refused) - TOLD) > 0:
        words = ngettext("%(count)d more was not invited.", "%(count)d more were not invited.", more)
        messages.warning(request, words % {"count": more})
