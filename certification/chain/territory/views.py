"""Who depends on whom in a territory: for the officials who answer for it."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from certification.chain.territory.flows import Flow, flows, links_of, tiers_above, totals
from certification.chain.territory.forms import ScopeForm
from certification.chain.territory.matrix import matrix
from certification.chain.territory.scope import named
from certification.chain.territory.weak import WeakLink, weakest
from greenchain.accounts.signedin import SignedIn
from greenchain.exports import csv_answer

TOP = 15
FLOWS = (
    "buyers_code buyers suppliers_code suppliers links green_links spend_10k_cny green_spend_10k_cny".split()
)
WEAK = "supplier identifier region state violation buyers spend_10k_cny sole_source_for".split()


@login_required
@require_safe
def supply_flows(request: SignedIn) -> HttpResponse | StreamingHttpResponse:
    """Flows between regions or industries, the green share tier by tier, and the weakest links."""
    form = form_of(request)
    links = links_of(form.scope, form.as_of)
    if request.GET.get("format") == "weak":
        return csv_answer("weak-links.csv", WEAK, weak_cells(weakest(links)))
    found = flows(links, form.scope.groups(links.where, links.size, form.kind))
    if request.GET.get("format") == "csv":
        return csv_answer("supply-flows.csv", FLOWS, flow_cells(found, form.kind))
    drawn = matrix(found)
    codes = {code for flow in found[:TOP] for code in (flow.buyer, flow.supplier)}
    codes |= {*drawn.suppliers, *(code for code, _row in drawn.rows)}
    context = {
        "form": form,
        "scope": form.scope,
        "day": form.as_of,
        "totals": totals(links),
        "tiers": list(tiers_above(links)),
        "matrix": drawn,
        "flows": found[:TOP],
        "count": len(found),
        "named": named(sorted(code for code in codes if code > 0), form.kind),
        "weakest": weakest(links),
    }
    return render(request, "certification/chain/flows.html", context)


def form_of(request: SignedIn, kind: type[ScopeForm] = ScopeForm) -> ScopeForm:
    """The question of an official; for everybody else there is no such page."""
    if not request.user.is_official or request.user.authority is None:
        raise Http404
    return kind(request.GET or None, user=request.user)


def flow_cells(found: list[Flow], by: str) -> Iterator[Sequence[object]]:
    """A row per flow under ``FLOWS``; code 0 stands for abroad or not known."""
    names = named(sorted({code for flow in found for code in (flow.buyer, flow.supplier)}), by)
    for flow in found:
        ends = [part for code in (flow.buyer, flow.supplier) for part in (code or "", names[code] or "")]
        yield (*ends, flow.links, flow.green, f"{flow.spend:.2f}", f"{flow.green_spend:.2f}")


def weak_cells(found: Iterable[WeakLink]) -> Iterator[Sequence[object]]:
    """A row per weak link under ``WEAK``."""
    for one in found:
        supplier = one.supplier
        place = (supplier.name, supplier.identifier, supplier.region_id)
        yield (*place, one.state.value, int(one.violation), one.buyers, f"{one.spend:.2f}", one.sole)
