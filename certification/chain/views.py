"""Supply chains: which suppliers are green, what broke, whom it touches."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from certification.chain import actions, export, reach
from certification.chain.forms import AlertForm, BuyerForm, SupplierForm
from certification.chain.models import Alert, AlertQuerySet
from certification.chain.page import chain_of, summaries
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.exports import csv_answer
from suppliers.enterprise.access import may
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
def alerts(request: SignedIn) -> HttpResponse:
    """What happened to suppliers' titles, the newest first."""
    form = AlertForm(request.GET)
    links = SupplyLink.objects.visible_to(request.user).with_figures_for(request.user)
    found = form.among(_alerts(request)).select_related(
        "buyer", "supplier", "designation__scheme", "designation__site"
    )
    rows = found.prefetch_related(Prefetch("link", links)).order_by("-at", "-pk")
    context = {
        "form": form,
        "page": Paginator(rows, ALERTS_A_PAGE).get_page(request.GET.get("page")),
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
    told = ngettext("%(count)d alert marked as seen.", "%(count)d alerts marked as seen.", count)
    messages.success(request, told % {"count": count})
    return redirect("alerts")


@require_safe
def alert_count(request: HttpRequest) -> HttpResponse:
    """The number beside "My work": alerts that nobody of the person's enterprises has seen."""
    if not request.user.is_authenticated or request.user.role != Role.ENTERPRISE:
        return HttpResponse(status=204)
    count = Alert.objects.visible_to(request.user).unseen().count()
    return render(request, "certification/chain/alert_count.html", {"count": count})


def _alerts(request: SignedIn) -> AlertQuerySet:
    return Alert.objects.visible_to(request.user)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - fits a key
