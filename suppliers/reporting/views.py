"""What is reported year by year: of sites, and of enterprises, products and parks."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import kept_by, may, must
from suppliers.enterprise.models import Enterprise, Park, Product, Site, Subject, key_of, owner_of
from suppliers.reporting.actions import report
from suppliers.reporting.catalogue import METRICS, tables_for
from suppliers.reporting.forms import FiguresForm, ValuesForm, sections, seen_of
from suppliers.reporting.models import FIRST_YEAR, Figures, years_of
from suppliers.reporting.rowforms import TableForm, is_ticks

LISTED = 500
OWNERS = 20
YEARS = 3
OWNERS_OF: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "enterprise": (Enterprise, ("region",)),
    "product": (Product, ("enterprise",)),
    "park": (Park, ("manager",)),
}
"""What has figures beside sites, and what its owner's name needs."""


@login_required
@require_safe
def site_list(request: SignedIn) -> HttpResponse:
    """The sites that this person sees, with the last year reported. Officials have their register."""
    if request.user.is_official:
        return redirect("admin:suppliers_site_changelist")
    found = Site.objects.visible_to(request.user).select_related("enterprise", "region", "industry")
    sites = found.annotate(last_year=Max("years__year")).order_by("enterprise__name", "name")[:LISTED]
    owners = kept_by(request.user).order_by("name")[:OWNERS]
    context = {"sites": sites, "owners": owners, "due": today().year - 1}
    return render(request, "suppliers/reporting/site_list.html", context)


@login_required
@require_safe
def site(request: SignedIn, pk: int) -> HttpResponse:
    """A site: where it is, what it reported, what proves it."""
    place = _seen(request, pk)
    years = {row.year: row for row in place.years.order_by("-year")}
    asked = range(today().year - 1, today().year - 1 - YEARS, -1)
    context = {
        "site": place,
        "years": [(year, years.get(year)) for year in sorted({*years, *asked}, reverse=True)],
        "proofs": place.evidence.current().order_by("-uploaded_at")[:10],
        "titles": place.designations.select_related("scheme").order_by("-level", "-announced_on"),
        "may_edit": may(request.user, place.enterprise, "edit"),
    }
    return render(request, "suppliers/reporting/site.html", context)


@login_required
def site_year(request: SignedIn, pk: int, year: int) -> HttpResponse:
    """Everything that is reported of a site for a year, on one page."""
    return _figures(request, _seen(request, pk), year)


@login_required
def subject_year(request: SignedIn, kind: str, pk: int, year: int) -> HttpResponse:
    """The same of an enterprise, a product or a park."""
    return _figures(request, _subject(request, kind, pk), year)


@login_required
@require_safe
def blank_row(request: SignedIn, pk: int, year: int, table: str) -> HttpResponse:
    """One more blank row of a site's table, for a page that is open."""
    return _blank_row(request, _seen(request, pk), year, table)


@login_required
@require_safe
def blank_subject_row(request: SignedIn, kind: str, pk: int, year: int, table: str) -> HttpResponse:
    """The same for an enterprise, a product or a park."""
    return _blank_row(request, _subject(request, kind, pk), year, table)


@login_required
@require_safe
def read(request: SignedIn, key: str) -> HttpResponse:
    """What a figure would be kept as, for a page that is open: nothing is stored."""
    if key not in METRICS:
        raise Http404
    form = ValuesForm(request.GET, keys=[key])
    form.is_valid()
    return render(request, "suppliers/reporting/kept_as.html", {"field": form[key]})


def _seen(request: SignedIn, pk: int) -> Site:
    found = Site.objects.visible_to(request.user)
    return get_object_or_404(found.select_related("enterprise", "region__parent", "industry"), pk=pk)


def figures_url(subject: Any, year: int) -> str:
    """The page on which a subject's figures of a year are entered."""
    if isinstance(subject, Site):
        return reverse("site-year", args=[subject.pk, year])
    return reverse("subject-year", args=[key_of(subject), subject.pk, year])


def _subject(request: SignedIn, kind: str, pk: int) -> Subject:
    if kind not in OWNERS_OF:
        raise Http404
    model, owner = OWNERS_OF[kind]
    found: Subject = get_object_or_404(model.objects.visible_to(request.user).select_related(*owner), pk=pk)
    return found


def _figures(request: SignedIn, subject: Subject, year: int) -> HttpResponse:
    stored, before = _year(subject, year)
    kind = key_of(subject)
    if request.method != "POST":
        return _page(request, subject, FiguresForm(kind, year, stored=stored), before)
    must(request.user, owner_of(subject), "edit")
    form = FiguresForm(kind, year, data=request.POST, stored=stored)
    if "more" in request.POST:
        form.more(request.POST["more"])
        return _page(request, subject, form, before)
    if request.POST.get("seen") != seen_of(stored):
        form.add_error(None, _("Somebody changed these figures meanwhile. Compare, then save once more."))
        form.refused = True
    elif form.is_valid():
        with told_on(form):
            given, source = form.values.as_typed(), form.source.cleaned_data["source"]
            report(subject, year, by=request.user, values=given, rows=form.rows, source=source)
            messages.success(request, _("The figures of %(year)d are saved.") % {"year": year})
            return redirect(_next(request) or request.path)
    form.more("")
    return _page(request, subject, form, before)


def _blank_row(request: SignedIn, subject: Subject, year: int, table: str) -> HttpResponse:
    _year(subject, year)
    must(request.user, owner_of(subject), "edit")
    at = request.GET.get(f"{table}-count", "0")
    known = tables_for(key_of(subject)).get(table)
    if known is None or is_ticks(known):
        raise Http404
    if not (at.isascii() and at.isdigit()) or int(at) >= known.max_rows:
        raise Http404
    rows = TableForm(known, year)
    context = {"rows": rows, "row": rows.blank_row(int(at)), "count": int(at) + 1}
    return render(request, "suppliers/reporting/blank_row.html", context)


def _year(subject: Subject, year: int) -> tuple[Figures | None, Figures | None]:
    """What is stored for the year, and for the year before."""
    if not FIRST_YEAR <= year <= today().year:
        raise Http404
    rows = years_of(subject).filter(year__in=(year - 1, year)).prefetch_related("rows")
    found = {row.year: row for row in rows.select_related("reported_by")}
    return found.get(year), found.get(year - 1)


def _page(request: SignedIn, subject: Subject, form: FiguresForm, before: Figures | None) -> HttpResponse:
    context = {
        "subject": subject,
        "is_site": isinstance(subject, Site),
        "owner": owner_of(subject),
        "home": _home(subject),
        "year": form.year,
        "form": form,
        "sections": list(sections(form.values, before, form.stored)),
        "conflict": form.refused,
        "stored": form.stored,
        "seen": seen_of(form.stored),
        "next": _next(request),
        "may_edit": may(request.user, owner_of(subject), "edit"),
    }
    asked = request.method == "POST" and "more" not in request.POST
    status = status_of(form) if asked else 200
    return render(request, "suppliers/reporting/figures.html", context, status=status)


def _home(subject: Subject) -> str:
    if isinstance(subject, Site):
        return reverse("site", args=[subject.pk])
    return reverse("enterprise", args=[owner_of(subject).pk])


def _next(request: SignedIn) -> str:
    given = request.POST.get("next") or request.GET.get("next", "")
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else ""
