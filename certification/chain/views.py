"""Supply chains: which suppliers are green, what broke, whom it touches."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from certification.chain import actions, export, reach, told
from certification.chain.forms import AlertForm, BuyerForm, PathForm, SupplierForm, TiersForm
from certification.chain.heard import heard
from certification.chain.loss import loss_of
from certification.chain.models import Alert, AlertQuerySet
from certification.chain.named import Reader
from certification.chain.page import chain_of, summaries
from certification.chain.tiers import LIMIT, depth_of
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.exports import csv_answer
from suppliers.enterprise.access import may
from suppliers.enterprise.models import Enterprise
from suppliers.sharing.actions import note_names
from suppliers.supply.models import SupplyLink

BUYERS_A_PAGE = 25
SUPPLIERS_A_PAGE = 100
ALERTS_A_PAGE = 50


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
    buyer = get_object_or_404(reach.followed(request.user).select_related("region"), pk=pk)
    chain, form = chain_of(request.user, buyer), SupplierForm(request.GET)
    chosen = form.among(chain.rows)
    if request.GET.get("format") == "csv":
        return csv_answer(f"suppliers-{buyer.pk}.csv", export.HEAD, export.cells(chosen))
    context = {
        "buyer": buyer,
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


@login_required
@require_safe
def alerts(request: SignedIn) -> HttpResponse:
    """What happened to suppliers in all tiers, the newest first."""
    form = AlertForm(request.GET, user=request.user)
    links = SupplyLink.objects.visible_to(request.user).with_figures_for(request.user)
    found = form.among(_alerts(request)).select_related("buyer", "designation__scheme", "designation__site")
    rows = found.prefetch_related(Prefetch("link", links)).order_by("-at", "-pk")
    page = Paginator(rows, ALERTS_A_PAGE).get_page(request.GET.get("page"))
    told_of, hearer = heard(request.user, list(page.object_list))
    for buyer, names in hearer.consented.items():
        note_names(names, by=request.user, buyer=buyer)
    context = {
        "form": form,
        "page": page,
        "heard": told_of,
        "unseen": _alerts(request).unseen().count(),
        "may_see": request.user.role == Role.ENTERPRISE,
    }
    return render(request, "certification/chain/alerts.html", context)


@login_required
@require_POST
def seen(request: SignedIn) -> HttpResponse:
    """The buyer's people have seen one alert, or all of theirs."""
    found = _alerts(request)
    if "alert" in request.POST:
        found = found.filter(pk=get_object_or_404(found, pk=_number(request.POST["alert"])).pk)
    count = actions.see(found, by=request.user)
    said = ngettext("%(count)d alert marked as seen.", "%(count)d alerts marked as seen.", count)
    messages.success(request, said % {"count": count})
    return redirect("alerts")


@require_safe
def alert_count(request: HttpRequest) -> HttpResponse:
    """The number beside "My work": alerts that nobody of the person's enterprises has seen."""
    if not request.user.is_authenticated or request.user.role != Role.ENTERPRISE:
        return HttpResponse(status=204)
    count = Alert.objects.visible_to(request.user).unseen().count()
    return render(request, "certification/chain/alert_count.html", {"count": count})


def _followed(request: SignedIn, pk: int) -> Enterprise:
    return get_object_or_404(reach.followed(request.user).select_related("region"), pk=pk)


def _alerts(request: SignedIn) -> AlertQuerySet:
    return Alert.objects.visible_to(request.user)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - fits a key
