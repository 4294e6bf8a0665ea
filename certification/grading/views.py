"""The green codes of a year, as everybody may read them; and the holder's word whether to take part."""

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certification.designation.models import Designation
from certification.grading.actions import take_part
from certification.grading.catalogue import catalogue
from certification.grading.forms import CodesForm
from certification.grading.models import Grading
from certification.grading.told import shares_of
from greenchain.accounts.signedin import SignedIn
from greenchain.exports import csv_answer
from suppliers.enterprise.models import Membership
from suppliers.place.models import Industry

PER_PAGE = 50
COLUMNS = "year code number name name_en industry region".split()
WITH = ("title__region", "grade")


@require_safe
def green_codes(request: HttpRequest, year: int | None = None) -> HttpResponse | StreamingHttpResponse:
    """The codes of a year, the newest where none is named; how they were made, and who has which."""
    published = list(Grading.objects.published().select_related("scheme_version__scheme").order_by("-year"))
    grading = next((row for row in published if row.year == year or year is None), None)
    if grading is None and year is not None:
        raise Http404
    context: dict[str, Any] = {"grading": grading, "years": published, "rules": catalogue().rules}
    if grading is not None:
        form = CodesForm(request.GET or None, grading=grading)
        found = form.found().select_related(*WITH).order_by("grade__code", "title__number")
        if request.GET.get("format") == "csv":
            return csv_answer(f"green-codes-{grading.year}.csv", COLUMNS, _cells(found, grading.year))
        page = Paginator(_best_first(found, grading), PER_PAGE).get_page(request.GET.get("page"))
        context |= {"form": form, "page": page, "bands": shares_of(grading), "industries": _named(page)}
    return render(request, "certification/grading/green_codes.html", context)


def _best_first(rows: Any, grading: Grading) -> Any:
    """By code, the best first; within one by number, since ranks are the holder's own."""
    whens = [When(grade__code=code, then=Value(place)) for place, code in enumerate(grading.codes)]
    return rows.annotate(place=Case(*whens)).order_by("place", "title__number")


def _named(page: Any) -> dict[str, Industry]:
    return Industry.objects.in_bulk({entry.industry for entry in page})


def _cells(rows: Any, year: int) -> Iterator[list[object]]:
    for row in rows.iterator(500):
        title: Designation = row.title
        told = [title.number, title.name, title.name_en, row.industry, title.region_id]
        yield [year, row.grade.code, *told]


@login_required
@require_POST
def part(request: SignedIn, number: str) -> HttpResponse:
    """The holder takes part in the green code, or no longer."""
    mine = Membership.objects.current().filter(user=request.user).values("enterprise")
    titles = Designation.objects.held_by(mine).select_related("scheme", "site__enterprise")
    title = get_object_or_404(titles, number=number)
    willing = request.POST.get("willing") == "yes"
    take_part(title, by=request.user, willing=willing)
    said = (
        _("You take part in the green code: the next grading ranks this title.")
        if willing
        else _("You no longer take part: no code of this title is shown, and no grading ranks it.")
    )
    messages.success(request, said)
    return redirect("holding", number)
