"""The what-if of a chain: choose suppliers, see at once what would become of it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from certification.chain import reach
from certification.chain.forms import SupposeForm
from certification.chain.named import Reader
from certification.chain.supposing import MOST, Supposing, chosen, offered, suppose
from certification.chain.tiers import depth_of
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.refusals import status_of
from suppliers.sharing.actions import note_names


@login_required
@require_safe
def supply_what_if(request: SignedIn, pk: int) -> HttpResponse:
    """If these suppliers were certified, or lost; nothing is stored, the address holds what was asked."""
    buyer = get_object_or_404(reach.followed(request.user).select_related("region"), pk=pk)
    reader = Reader(request.user, depth_of(buyer.pk))
    rows = offered(reader)
    form = SupposeForm(request.GET or None, offered=[row.key for row in rows])
    picked, what, found = set[int](), Supposing.CERTIFIED, None
    if form.is_valid():
        picked, what = set(form.cleaned_data["supplier"]), Supposing(form.cleaned_data["what"])
    if picked:
        found = suppose(reader, chosen(reader, picked), what, buyer=buyer)
    note_names(reader.consented, by=request.user, buyer=buyer.pk)
    context = {
        "buyer": buyer,
        "reader": reader,
        "day": today(),
        "form": form,
        "rows": rows,
        "picked": picked,
        "what": what.value,
        "found": found,
        "most": MOST,
    }
    return render(request, "certification/chain/what_if.html", context, status=status_of(form))
