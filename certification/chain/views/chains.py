"""Supply chains: which suppliers are green, what broke, whom it touches."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from certification.chain import export, reach, told
from certification.chain.forms import BuyerForm, PathForm, SupplierForm, TiersForm
from certification.chain.loss import loss_of
from certification.chain.named import Reader
from certification.chain.page import chain_of, summaries
from certification.chain.tiers import LIMIT, depth_of
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.exports import csv_answer
from suppliers.enterprise.access import may
from suppliers.enterprise.models import Enterprise
from suppliers.sharing.actions import note_names

BUYERS_A_PAGE = 25
SUPPLIERS_A_PAGE = 100


@require_safe
def supply(request: HttpRequest) -> HttpResponse:
    """Members: their enterprises' suppliers; officials: the buyers of their territory; others: what this is."""
    if not request.user.is_authenticated or not reach.follows_chains(request.user):
        return render(request, "certification/chain/explained.html")
    found = reach.buyers(request.user).select_related("region")
    official = request.user.is_official
    if not official and len(mine := list(found[:2])) == 1:
        return redirect("supply-chain", mine[0].pk)
    form = BuyerForm(request.GET, user=request.user)
    page = Paginator(form.among(found), BUYERS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": summaries(request.user, list(page.object_list)),
        "territory": reach.territory(request.user) if official else None,
    }
    return render(request, "certification/chain/buyers.html", context)


@login_required
@require_safe
def supply_chain(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """One buyer's direct suppliers: what each holds, the shares that are green, what broke."""
    buyer = _followed(request, pk)
    chain, form = chain_of(request.user, buyer), SupplierForm(request.GET)
    chosen = form.among(chain.rows)
    if request.GET.get("format") == "csv":
        return csv_answer(f"suppliers-{buyer.pk}.csv", export.HEAD, export.cells(chosen))
    context = {
        "buyer": buyer,
        "day": today(),
        "chain": chain,
        "form": form,
        "page": Paginator(chosen, SUPPLIERS_A_PAGE).get_page(request.GET.get("page")),
        "may_edit": may(request.user, buyer, "edit"),
        "official": request.user.is_official,
    }
    return render(request, "certification/chain/chain.html", context)


@login_required
@require_safe
def supply_tiers(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Everything above one buyer, tier by tier: how green it is, where it is weak, whether it comes back to itself."""
    buyer, form = _followed(request, pk), TiersForm(request.GET or None)
    reader = Reader(request.user, depth_of(buyer.pk, **form.asked()))
    if request.GET.get("format") == "csv":
        return csv_answer(f"tiers-{buyer.pk}.csv", export.TIERS, export.tier_cells(told.lines(reader)))
    touched, ways = told.cycles_of(reader)
    context = {
        "buyer": buyer,
        "form": form,
        "day": form.asked()["day"] or today(),
        "reader": reader,
        "lines": told.lines(reader),
        "weakest": told.weakest(reader),
        "certified": told.if_certified(reader),
        "singles": told.singles(reader, buyer),
        "touched": touched,
        "cycles": ways,
    }
    note_names(reader.consented, by=request.user, buyer=buyer.pk)
    return render(request, "certification/chain/tiers.html", context)


@login_required
@require_safe
def supply_loss(request: SignedIn, pk: int) -> HttpResponse:
    """If this enterprise were lost as a supplier: whom it hits, tier by tier."""
    supplier = _followed(request, pk)
    loss = loss_of(supplier.pk)
    reader = Reader(request.user, loss.depth)
    context = {
        "supplier": supplier,
        "reader": reader,
        "loss": told.loss_told(reader, loss),
        "hit": told.hit(reader),
    }
    return render(request, "certification/chain/loss.html", context)


@login_required
@require_safe
def supply_paths(request: SignedIn, pk: int) -> HttpResponse:
    """The shortest ways from a buyer up to another enterprise."""
    buyer, form = _followed(request, pk), PathForm(request.GET or None)
    other = form.enterprise()
    reader = Reader(request.user, depth_of(buyer.pk, tiers=LIMIT))
    ways = told.ways_to(reader, other) if other else []
    note_names(reader.consented, by=request.user, buyer=buyer.pk)
    context = {"buyer": buyer, "form": form, "other": other, "ways": ways}
    return render(request, "certification/chain/paths.html", context)


def _followed(request: SignedIn, pk: int) -> Enterprise:
    return get_object_or_404(reach.followed(request.user).select_related("region"), pk=pk)
