"""A chain as a picture: drawn by the server, with the same data as a table and as CSV."""

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from certification.chain import reach
from certification.chain.forms import TiersForm
from certification.chain.named import Reader
from certification.chain.picture.nodes import Node, Picture, picture_of
from certification.chain.tiers import depth_of
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.exports import csv_answer
from suppliers.enterprise.models import Enterprise
from suppliers.sharing.actions import note_names
from suppliers.supply.models import SupplyLink

HEAD = "node tier enterprise suppliers state violation exposure exact behind states".split()


@login_required
@require_safe
def supply_picture(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """One buyer's chain with its tiers as columns; what may not be named stands behind whom it supplies."""
    buyer = get_object_or_404(reach.followed(request.user).select_related("region"), pk=pk)
    form = TiersForm(request.GET or None)
    asked = form.asked()
    reader = Reader(request.user, depth_of(buyer.pk, **asked))
    picture = picture_of(reader, buyer.shown_name)
    note_names(reader.consented, by=request.user, buyer=buyer.pk)
    if request.GET.get("format") == "csv":
        return csv_answer(f"chain-{buyer.pk}.csv", HEAD, cells(picture))
    context = {
        "buyer": buyer,
        "form": form,
        "reader": reader,
        "day": asked["day"] or today(),
        "picture": picture,
        "pages": _pages(reader, buyer, picture.suppliers),
    }
    return render(request, "certification/chain/picture.html", context)


def cells(picture: Picture) -> Iterator[Sequence[object]]:
    """A row per node under ``HEAD``; an exposure that is not exact is the lower end of its band, for each."""
    for node in picture.suppliers:
        exposure = "" if node.exposure is None else f"{node.exposure:.4f}"
        split = " ".join(f"{state.value}:{count}" for state, count in node.states)
        state = node.state.value if node.state else ""
        behind = "" if node.behind is None else node.behind
        told = (node.number, node.tier, node.name, node.count, state, int(node.violation))
        yield (*told, exposure, int(node.exact), behind, split)


def _pages(reader: Reader, buyer: Enterprise, nodes: Iterable[Node]) -> dict[int, str]:
    """By key the page that the reader may open: a member the link's, an official the supplier's own chain."""
    keys = [node.key for node in nodes if node.key]
    if reader.is_member:
        links = SupplyLink.objects.current().visible_to(reader.user).filter(buyer=buyer, supplier__in=keys)
        pairs = links.order_by("pk").values_list("supplier_id", "pk")
        return {supplier: reverse("supply-link", args=[link]) for supplier, link in pairs}
    open_to = reach.followed(reader.user).filter(pk__in=keys).values_list("pk", flat=True)
    return {key: reverse("supply-picture", args=[key]) for key in open_to}
