"""Create or claim an enterprise, and see what became of the claim."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import NotYours, status_of, told_on
from suppliers.claim.actions import claim
from suppliers.claim.forms import ClaimForm
from suppliers.claim.models import Claim


@login_required
def new(request: SignedIn) -> HttpResponse:
    """Say who the enterprise is and show its licence; the desk decides."""
    if request.user.role != Role.ENTERPRISE:
        raise NotYours(_("Only people of an enterprise claim one."), code="role")
    form = ClaimForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            licence, message = form.cleaned_data["licence"], form.cleaned_data["message"]
            made = claim(form.details(), by=request.user, licence=licence, message=message)
            if doubt := form.doubt():
                messages.warning(request, doubt)
            messages.success(request, _told(made) % {"desk": made.desk})
            return redirect("claim", made.pk)
    return render(request, "suppliers/claim/new.html", {"form": form}, status=status_of(form))


def _told(made: Claim) -> str:
    if made.enterprise.claimed_at is None:
        return _("Your claim is with %(desk)s.")
    return _("No owner of this enterprise is left: whether you take it over is now with %(desk)s.")


@login_required
@require_safe
def detail(request: SignedIn, pk: int) -> HttpResponse:
    """A claim and its answer."""
    found = Claim.objects.visible_to(request.user).select_related("enterprise", "desk", "licence", "user")
    return render(request, "suppliers/claim/claim.html", {"claim": get_object_or_404(found, pk=pk)})
