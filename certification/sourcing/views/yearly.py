"""A year's figures with the suppliers behind each, the disclosure as page and paper, and whom to push next."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certification.sourcing import figures, push
from certification.sourcing.actions.yearly import take_over
from certification.sourcing.disclosure import disclosure_of, paper_of
from certification.sourcing.views.seen import buyer_seen, frame
from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.exports import csv_answer
from suppliers.reporting.catalogue import METRICS

A_PAGE = 100


@login_required
@require_safe
def year_figures(request: SignedIn, pk: int, year: int | None = None) -> HttpResponse | StreamingHttpResponse:
    """The numbers of a year, what the report says of them, and the list behind the one that is asked for."""
    found, context = _counted(request, pk, year, "figures")
    metric = request.GET.get("of") or ""
    behind = found.behind(metric) if metric in figures.COUNTED else []
    if request.GET.get("format") == "csv":
        rows = behind if metric in figures.COUNTED else found.rows
        return csv_answer(f"suppliers-{pk}-{found.year}.csv", figures.HEAD, figures.cells(rows))
    context |= {
        "audited": found.audited_share(*figures.RISKY),
        "told": [(METRICS[key], count, reported) for key, count, reported in found.told()],
        "back": [
            (
                METRICS[part],
                METRICS[whole],
                found.reported(part),
                found.reported(whole),
                found.taken_back(part, whole),
            )
            for part, whole in figures.TAKEN_BACK
        ],
        "metric": METRICS.get(metric) if metric in figures.COUNTED else None,
        "page": Paginator(behind, A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "certification/sourcing/figures.html", context)


@login_required
@require_POST
def take(request: SignedIn, pk: int, year: int) -> HttpResponse:
    """The counted numbers stand in the year's report."""
    found, _context = _counted(request, pk, year)
    take_over(found.buyer, year, by=request.user)
    messages.success(request, _("The report of %(year)d says these numbers now.") % {"year": year})
    return redirect("sourcing-figures", pk, year)


@login_required
@require_safe
def disclosure(request: SignedIn, pk: int, year: int | None = None) -> HttpResponse:
    """What is disclosed of a year."""
    found, context = _counted(request, pk, year, "disclosure")
    context["disclosure"] = disclosure_of(found)
    return render(request, "certification/sourcing/disclosure.html", context)


@login_required
@require_safe
def disclosure_pdf(request: SignedIn, pk: int, year: int) -> HttpResponse:
    """The same as a PDF."""
    found, _context = _counted(request, pk, year)
    name = f"supplier-disclosure-{found.buyer.identifier}-{year}.pdf"
    return HttpResponse(
        paper_of(disclosure_of(found)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@login_required
@require_safe
def push_next(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The suppliers to push next, with the reason of each place."""
    buyer = buyer_seen(request, pk)
    found = push.push_list(buyer)
    if request.GET.get("format") == "csv":
        return csv_answer(f"push-next-{buyer.pk}.csv", push.HEAD, push.cells(found.rows))
    context: dict[str, Any] = frame(request, buyer, pushed=found, here="push")
    return render(request, "certification/sourcing/push.html", context)


def _counted(
    request: SignedIn, pk: int, year: int | None, here: str = ""
) -> tuple[figures.YearFigures, dict[str, Any]]:
    """The figures of a year that can be counted (this one where none is named), and the frame of its page."""
    buyer = buyer_seen(request, pk)
    context = frame(request, buyer, here=here)
    years = figures.years_of(context["programme"])
    if year is not None and year not in years:
        raise Http404
    found = figures.figures_of(buyer, year or today().year)
    return found, {**context, "figures": found, "years": years}
