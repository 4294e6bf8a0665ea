"""The work list of titles without a link: whom each may belong to; link one, or all that are beyond doubt."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification.designation.linking import MOST, link_sure, sure_ones
from certification.designation.models import Designation, DesignationQuerySet
from certification.designation.suggesting import Suggestion, suggest
from certification.scheme.models import Scheme
from greenchain.accounts.models import Role
from greenchain.exports import csv_answer
from greenchain.refusals import NotYours, Refused

PER_PAGE = 25
CHUNK = 200
LIST, SURE = "admin:certification_designation_linking", "admin:certification_designation_link_sure"
COLUMNS = (
    "number name scheme level list_year recommended_by suggested identifier subject sure score why".split()
)
SEEN = ("scheme", "home", "region", "authority")


class AskedForm(forms.Form):
    """What of the work list is looked at."""

    q = forms.CharField(label=gettext_lazy("Number or name"), required=False, max_length=100)
    scheme = forms.ModelChoiceField(
        label=gettext_lazy("Scheme"),
        queryset=Scheme.objects.order_by("key"),
        to_field_name="key",
        required=False,
        empty_label=gettext_lazy("All"),
    )

    def found(self, titles: DesignationQuerySet) -> DesignationQuerySet:
        """The titles asked for; what is not understood does not filter."""
        asked = self.cleaned_data if self.is_valid() else {}
        if text := (asked.get("q") or "").strip():
            titles = titles.filter(Q(number__icontains=text) | Q(name__icontains=text))
        return titles.filter(scheme=asked["scheme"]) if asked.get("scheme") else titles


def link_urls(desk: Any) -> list[URLPattern]:
    """The work list, and the batch."""
    wrap = desk.admin_site.admin_view
    return [
        path("linking/", wrap(linking_view), name="certification_designation_linking"),
        path("linking/sure/", wrap(sure_view), name="certification_designation_link_sure"),
    ]


def links(user: Any) -> bool:
    """Auditors and approvers link; reviewers look."""
    return bool(user.role in {Role.AUDITOR, Role.APPROVER} and user.is_official)


def linking_view(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Titles in the person's territory that nobody is linked with, each with its candidates."""
    user: Any = request.user
    if not user.is_official:
        raise PermissionDenied(_("This work list is for officials."))
    form = AskedForm(request.GET or None)
    titles = (
        form.found(Designation.objects.to_link_by(user)).select_related(*SEEN).order_by("-list_year", "pk")
    )
    if request.GET.get("format") == "csv":
        return csv_answer("titles-to-link.csv", COLUMNS, _rows(titles, user))
    page = Paginator(titles, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": _("Titles to link"),
        "form": form,
        "page": page,
        "rows": suggest(list(page.object_list), user),
        "may": links(user),
        "most": MOST,
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/certification/designation/linking.html", context)


def _rows(titles: DesignationQuerySet, user: Any) -> Iterator[list[object]]:
    """Each title with its likeliest candidate."""
    rest = list(titles.values_list("pk", flat=True))
    for start in range(0, len(rest), CHUNK):
        for row in suggest(list(titles.filter(pk__in=rest[start : start + CHUNK])), user):
            yield _row(row)


def _row(row: Suggestion) -> list[object]:
    title, best = row.title, next(iter(row.candidates), None)
    told = [
        title.number,
        title.name,
        title.scheme.key,
        title.get_level_display(),
        title.list_year,
        title.home.code if title.home else "",
    ]
    if best is None:
        return [*told, "", "", "", False, "", ""]
    subject = best.subject.name if best.subject else ""
    return [
        *told, best.enterprise.name, best.enterprise.identifier, subject, best.sure, best.score, " ".join(best.why)
    ]  # fmt: skip


def sure_view(request: HttpRequest) -> HttpResponse:
    """GET is the dry run: what would be linked. POST links what was ticked, and tells what was not."""
    user: Any = request.user
    if not links(user):
        raise NotYours(_("Auditors and approvers link titles of their territory."), code="role")
    if request.method == "POST":
        try:
            done = link_sure(request.POST.getlist("number"), by=user)
        except Refused as no:
            messages.error(request, _("Nothing was done. %(why)s") % {"why": no})
            return HttpResponseRedirect(reverse(SURE))
        count = len(done.linked)
        said = ngettext("%(count)d title linked.", "%(count)d titles linked.", count) % {"count": count}
        messages.success(request, said)
        for title, why in done.refused:
            messages.warning(request, f"{title.number}: {why}")
        return HttpResponseRedirect(reverse(LIST))
    context = {
        **admin.site.each_context(request),
        "title": _("Link what is beyond doubt"),
        "rows": sure_ones(user),
        "most": MOST,
    }
    request.current_app = admin.site.name
    return TemplateResponse(request, "admin/certification/designation/link_sure.html", context)
