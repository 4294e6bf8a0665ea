"""How green direct suppliers were over the years: of one buyer, and of an official's territory."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from certification.chain import reach
from certification.chain.history.years import Point, of_buyer, of_territory
from certification.chain.territory.forms import PartForm
from certification.chain.territory.views import form_of
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.exports import csv_answer

HEAD = "day suppliers green green_by_number green_by_spend".split()


@login_required
@require_safe
def supply_history(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """One buyer's direct suppliers at the end of each year."""
    buyer = get_object_or_404(reach.followed(request.user).select_related("region"), pk=pk)
    points = of_buyer(request.user, buyer)
    if request.GET.get("format") == "csv":
        return csv_answer(f"history-{buyer.pk}.csv", HEAD, cells(points))
    context = {"buyer": buyer, "points": points, "day": today()}
    return render(request, "certification/chain/history.html", context)


@login_required
@require_safe
def flows_history(request: SignedIn) -> HttpResponse | StreamingHttpResponse:
    """The direct suppliers of a territory's buyers at the end of each year."""
    form = form_of(request, PartForm)
    points = of_territory(form.scope)
    if request.GET.get("format") == "csv":
        return csv_answer("supply-history.csv", HEAD, cells(points))
    context = {"form": form, "scope": form.scope, "points": points, "day": today()}
    return render(request, "certification/chain/flows_history.html", context)


def cells(points: Iterable[Point]) -> Iterator[Sequence[object]]:
    """A row per day under ``HEAD``; shares are 0 to 1, empty where none is known or may be told."""
    for point in points:
        shares = (point.green_share, point.spend_share)
        told = ("" if share is None else f"{share:.4f}" for share in shares)
        yield (point.day, point.suppliers, point.green, *told)
