"""Public notices with objections, and announcements: the pages that everybody may read."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from certification.application.models import Application
from certification.notice.actions import contest
from certification.notice.forms import ContestForm
from certification.notice.models import Annex, Announcement, PublicNotice
from greenchain.clock import provisional_year, today, working_days_between

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


class ObjectForm(ContestForm):
    """The public page lists several cases, so it also asks which one."""

    application = forms.ModelChoiceField(
        label=gettext_lazy("Against whom"), queryset=Application.objects.none(), empty_label=None
    )
    field_order = ("application", "name", "contact", "statement", "evidence")


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, number: str) -> HttpResponse:
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
    page = _page(request, cases, _proposed)
    context = {"notice": _listed(row) | {"is_announcement": False}, "page": page, "form": form, "sign_in": ""}
    return render(request, "certification/notice/notice_detail.html", context)


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
    try:
        contest(case, by=by, **given)
    except ValidationError as wrong:
        form.add_error(None, wrong)
        return False
    messages.success(request, _("Your objection has arrived. The authority will answer it in writing."))
    return True


def _proposed(case: Application) -> dict[str, Any]:
    subject = case.subject
    return {
        "subject_name": getattr(subject, "name", ""),
        "subject_name_en": getattr(subject, "name_en", ""),
        "region": getattr(subject, "region", None),
        "industry": getattr(subject, "industry", None),
        "change": "",
    }


@require_safe
def announcement(request: HttpRequest, number: str) -> HttpResponse:
    """One final list with its annexes: new, removed, renamed."""
    row = get_object_or_404(Announcement.objects.select_related("authority"), number=number)
    related = ("designation__scheme", "designation__region", "designation__site__industry")
    entries = row.entries.select_related(*related).order_by("annex", "pk")
    page, first = _page(request, entries, _listed_entry), entries.first()
    told = {
        "title": row.titled(),
        "authority": row.authority,
        "scheme": first.designation.scheme if first else None,
        "get_level_display": row.get_level_display(),
        "opens_on": row.announced_on,
        "is_announcement": True,
        "open": False,
    }
    return render(
        request, "certification/notice/notice_detail.html", {"notice": told, "page": page, "form": None}
    )


def _listed_entry(entry: Any) -> dict[str, Any]:
    title = entry.designation
    return {
        "subject_name": entry.name,
        "subject_name_en": title.name_en,
        "region": title.region,
        "industry": title.site.industry if title.site else None,
        "change": entry.annex,
        "former_name": entry.detail if entry.annex == Annex.RENAMED else "",
        "url": title.get_absolute_url(),
        "title_status": title.status,
    }
