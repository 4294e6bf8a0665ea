"""Sites and what they report, year by year."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Max
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenchain.accounts.signedin import SignedIn
from greenchain.clock import today
from greenchain.refusals import status_of, told_on
from suppliers.enterprise.access import kept_by, may, must
from suppliers.enterprise.models import Site
from suppliers.reporting.actions import report
from suppliers.reporting.catalogue import METRICS, TABLES
from suppliers.reporting.forms import SiteYearForm, ValuesForm, sections, seen_of
from suppliers.reporting.models import FIRST_YEAR, SiteYear
from suppliers.reporting.rowforms import TableForm, is_ticks

LISTED = 500
OWNERS = 20
YEARS = 3


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
    """Everything that a site reports for a year, on one page."""
    place, stored, before = _year(request, pk, year)
    if request.method != "POST":
        return _page(request, place, SiteYearForm(year, stored=stored), before)
    must(request.user, place.enterprise, "edit")
    form = SiteYearForm(year, data=request.POST, stored=stored)
    if "more" in request.POST:
        form.more(request.POST["more"])
        return _page(request, place, form, before)
    if request.POST.get("seen") != seen_of(stored):
        form.add_error(None, _("Somebody changed these figures meanwhile. Compare, then save once more."))
        form.refused = True
    elif form.is_valid():
        with told_on(form):
            given, source = form.values.as_typed(), form.source.cleaned_data["source"]
            report(place, year, by=request.user, values=given, rows=form.rows, source=source)
            messages.success(request, _("The figures of %(year)d are saved.") % {"year": year})
            return redirect(_next(request) or request.path)
    form.more("")
    return _page(request, place, form, before)


@login_required
@require_safe
def blank_row(request: SignedIn, pk: int, year: int, table: str) -> HttpResponse:
    """One more blank row of a table, for a page that is open."""
    place, _stored, _before = _year(request, pk, year)
    must(request.user, place.enterprise, "edit")
    at = request.GET.get(f"{table}-count", "0")
    known = table in TABLES and not is_ticks(TABLES[table])
    if not known or not (at.isascii() and at.isdigit()) or int(at) >= TABLES[table].max_rows:
        raise Http404
    rows = TableForm(TABLES[table], year)
    context = {"rows": rows, "row": rows.blank_row(int(at)), "count": int(at) + 1}
    return render(request, "suppliers/reporting/blank_row.html", context)


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


def _year(request: SignedIn, pk: int, year: int) -> tuple[Site, SiteYear | None, SiteYear | None]:
    """The site, what is stored for the year, and for the year before."""
    if not FIRST_YEAR <= year <= today().year:
        raise Http404
    place = _seen(request, pk)
    rows = SiteYear.objects.filter(site=place, year__in=(year - 1, year)).prefetch_related("rows")
    found = {row.year: row for row in rows.select_related("reported_by")}
    return place, found.get(year), found.get(year - 1)


def _page(request: SignedIn, place: Site, form: SiteYearForm, before: SiteYear | None) -> HttpResponse:
    context = {
        "site": place,
        "year": form.year,
        "form": form,
        "sections": list(sections(form.values, before, form.stored)),
        "conflict": form.refused,
        "stored": form.stored,
        "seen": seen_of(form.stored),
        "next": _next(request),
        "may_edit": may(request.user, place.enterprise, "edit"),
    }
    asked = request.method == "POST" and "more" not in request.POST
    status = status_of(form) if asked else 200
    return render(request, "suppliers/reporting/site_year.html", context, status=status)


def _next(request: SignedIn) -> str:
    given = request.POST.get("next") or request.GET.get("next", "")
    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else ""
