"""Public notices with objections, and announcements: the pages that everybody may read."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from certification.application.models import Application
from certification.notice.actions import lodge
from certification.notice.annexes import document, head, lines, parts_of, workbook
from certification.notice.forms import ContestForm
from certification.notice.models import Annex, Announcement, PublicNotice
from greenchain.clock import provisional_year, today, working_days_between
from greenchain.exports import csv_answer
from greenchain.refusals import status_of, told_on
from greenchain.resources.patience import Patience, must_be_patient
from suppliers.evidence.paper import TYPES

PER_PAGE = 50


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What runs now, what was announced, what has ended."""
    listed = PublicNotice.objects.select_related("authority", "round__scheme_version__scheme").annotate(
        count=Count("applications")
    )
    ended = listed.filter(ends_on__lt=today()).order_by("-ends_on", "-pk")[:20]
    running = listed.filter(starts_on__lte=today(), ends_on__gte=today()).order_by("ends_on", "pk")
    context = {
        "running": [_listed(row) for row in running],
        "closed": [_listed(row) for row in ended],
        "announcements": _announced(request),
    }
    return render(request, "certification/notice/notice_list.html", context)


def _listed(row: Any) -> dict[str, Any]:
    return {
        "title": row.titled(),
        "url": row.get_absolute_url(),
        "authority": row.authority,
        "scheme": row.round.scheme_version.scheme,
        "get_level_display": row.get_level_display(),
        "opens_on": row.starts_on,
        "closes_on": row.ends_on,
        "working_days_left": max(working_days_between(today(), row.ends_on), 0),
        "term": row.round.notice_term(row.level),
        "first_day": row.starts_on + dt.timedelta(days=1),
        "provisional": provisional_year(row.starts_on, row.ends_on) if row.is_running else None,
        "open": row.is_running,
        "count": getattr(row, "count", 0),
    }


def _announced(request: HttpRequest) -> Any:
    counts = {annex: Count("entries", filter=Q(entries__annex=annex)) for annex in Annex.values}
    rows = (
        Announcement.objects.select_related("authority").annotate(**counts).order_by("-announced_on", "-pk")
    )
    return _page(request, rows, _told)


def _told(row: Announcement) -> dict[str, Any]:
    return {
        "title": row.titled(),
        "url": row.get_absolute_url(),
        "authority": row.authority,
        "on": row.announced_on,
        **{annex: getattr(row, annex) for annex in Annex.values},
    }


def _page(request: HttpRequest, rows: Any, tell: Callable[[Any], dict[str, Any]]) -> Any:
    """One page of the rows, each told as a mapping."""
    page: Any = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = [tell(row) for row in page.object_list]
    return page


FILES: dict[str, tuple[str, Callable[[Announcement], bytes]]] = {
    "xlsx": (TYPES["xlsx"], workbook),
    "docx": (TYPES["docx"], document),
}
"""Files that an announcement is given as: their media types and who makes them."""


class ObjectForm(ContestForm):
    """The public page lists several cases, so it also asks which one."""

    application = forms.ModelChoiceField(
        label=gettext_lazy("Against whom"), queryset=Application.objects.none(), empty_label=None
    )
    field_order = ("application", "name", "contact", "statement", "evidence")


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, number: str) -> HttpResponseBase:
    """One proposed list; while it runs, anyone may object with name and evidence."""
    related = ("authority", "round__scheme_version__scheme")
    row = get_object_or_404(PublicNotice.objects.select_related(*related), number=number)
    cases = row.applications.select_related(
        "site__region", "site__industry", "enterprise", "park", "product"
    ).order_by("pk")
    form = _form(request, row, cases) if row.is_running else None
    if request.method == "POST":
        if form is None:
            raise Http404
        if form.is_valid() and _object(request, form):
            return redirect(row.get_absolute_url())
    if request.GET.get("format") == "csv":
        columns = [_("Number"), _("Name"), _("English name"), _("Region"), _("Industry")]
        return csv_answer(f"{row.number}.csv", columns, map(_line, cases))
    page = _page(request, cases, _proposed)
    context = {"notice": _listed(row), "page": page, "form": form}
    status = status_of(form) if form is not None else 200
    return render(request, "certification/notice/notice_detail.html", context, status=status)


def _form(request: HttpRequest, row: PublicNotice, cases: Any) -> ObjectForm:
    form = ObjectForm(request.POST or None, request.FILES or None, case=row, user=request.user)  # type: ignore[arg-type]
    field = form.fields["application"]
    field.queryset = cases  # type: ignore[attr-defined]
    field.label_from_instance = lambda case: case.subject.name  # type: ignore[attr-defined]
    return form


def _object(request: HttpRequest, form: ObjectForm) -> bool:
    """Send the objection; whether it was taken."""
    given = form.arguments()
    case = given.pop("application")
    by = request.user if request.user.is_authenticated else None
    with told_on(form):
        must_be_patient(request, Patience)
        lodge(case, by=by, **given)
    if not form.is_valid():
        return False
    messages.success(
        request,
        _(
            "Your objection has come in. We have sent a link to your address: it counts once you confirm there."
        ),
    )
    return True


def _line(case: Application) -> list[object]:
    told = _proposed(case)
    named = [told["subject_name"], told["subject_name_en"], told["region"], told["industry"]]
    return [case.number, *named]


def _proposed(case: Application) -> dict[str, Any]:
    subject = case.subject
    return {
        "subject_name": getattr(subject, "name", ""),
        "subject_name_en": getattr(subject, "name_en", ""),
        "region": getattr(subject, "region", None),
        "industry": getattr(subject, "industry", None),
    }


@require_safe
def announcement(request: HttpRequest, number: str) -> HttpResponseBase:
    """One final list with its annexes, as a page and as files."""
    row = get_object_or_404(Announcement.objects.select_related("authority"), number=number)
    form = request.GET.get("format")
    if form == "csv":
        return csv_answer(f"{row.number}.csv", [_("Annex"), *head()], lines(row))
    if form in FILES:
        media_type, make = FILES[form]
        disposition = {"Content-Disposition": f'attachment; filename="{row.number}.{form}"'}
        return HttpResponse(make(row), content_type=media_type, headers=disposition)
    context = {"announcement": row, "parts": parts_of(row)}
    return render(request, "certification/notice/announcement.html", context)
