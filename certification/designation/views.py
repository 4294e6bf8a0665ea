"""The public register: list, title page, certificate, and verification by number or file."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from certification.designation.certificate import address_of, pdf
from certification.designation.credential import current_credential
from certification.designation.forms.register import RegisterForm, VerifyForm
from certification.designation.life import announced_in, basis_of, entries_of, formerly, holder_of, waivers_of
from certification.designation.models import Designation, DesignationQuerySet
from certification.designation.presented import read
from greenchain.exports import csv_answer
from suppliers.place.models import Level

PER_PAGE = 50
WITH = ("scheme", "scheme_version__scheme", "authority", "region", "site__enterprise", "site__industry")
COLUMNS = (
    "number scheme level status name name_en region announced_on valid_until list_year basis linked"
).split()


def _titles() -> DesignationQuerySet:
    return Designation.objects.select_related(*WITH)


@require_safe
def register(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """All titles, in force or ended, the newest first."""
    form = RegisterForm(request.GET or None)
    found = form.found().select_related(*WITH).order_by("-announced_on", "-pk")
    if request.GET.get("format") == "csv":
        return csv_answer("register.csv", COLUMNS, _rows(found))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "total": Designation.objects.count()}
    return render(request, "certification/designation/register_list.html", context)


def _rows(found: DesignationQuerySet) -> Iterator[list[object]]:
    for one in found.iterator(500):
        yield [
            one.number,
            one.scheme.key,
            Level(one.level).word,
            one.status,
            one.name,
            one.name_en,
            one.region_id,
            one.announced_on,
            one.valid_until,
            one.list_year,
            one.basis,
            one.linked,
        ]


@require_safe
def title(request: HttpRequest, number: str) -> HttpResponse:
    """What the title says, what it is based on, what it does not prove, and how to verify it."""
    found = get_object_or_404(_titles(), number=number)
    context = {
        "title": found,
        "holder": holder_of(found),
        "basis": basis_of(found),
        "waivers": waivers_of(found),
        "announcement": announced_in(found),
        "entries": entries_of(found),
        "formerly": formerly(found),
        "verify_url": address_of(found),
        "certificate_url": reverse("certificate", args=[found.number]),
        "credential_url": reverse("credential", args=[found.number]) if current_credential(found) else "",
    }
    return render(request, "certification/designation/register_detail.html", context)


@require_safe
def certificate(_request: HttpRequest, number: str) -> HttpResponse:
    """The certificate as PDF."""
    found = get_object_or_404(_titles(), number=number)
    return HttpResponse(
        pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{found.number}.pdf"'},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """By number, or by the certificate's file: nothing entered here is kept."""
    asked, finding = (request.GET.get("number") or "").strip()[:60], None
    form = VerifyForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        asked, finding = read(form.cleaned_data["file"].read())
    number = asked.upper().replace(" ", "")
    found = _titles().filter(number__iexact=number).first() if number else None
    context = {"form": form, "asked": asked, "title": found, "finding": finding}
    if found:
        context["title_url"] = found.get_absolute_url()
    return render(request, "verify.html", context)
