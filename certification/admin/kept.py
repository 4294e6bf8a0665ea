"""Saved views of the queue: those of the person beside the tabs, one of them shown first."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from certification.queue.actions import FILTERS, drop_view, save_view
from certification.queue.models import SavedView
from greenchain.refusals import NotYours, Refused

QUEUE = "admin:certification_application_changelist"


class ViewForm(forms.Form):
    """The name under which the filters of now are kept."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=40)
    is_default = forms.BooleanField(label=gettext_lazy("Show it first"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2000)


@dataclass(frozen=True, slots=True)
class Kept:
    """The person's views, which of them is looked at now, and the form that keeps another."""

    rows: list[tuple[SavedView, str, bool]]
    form: ViewForm
    first: str

    def __bool__(self) -> bool:
        return True


def kept_views(request: HttpRequest) -> Kept:
    """One query."""
    now = {key: str(value) for key, value in request.GET.items() if key in FILTERS and value}
    views = list(SavedView.objects.visible_to(request.user).order_by("name"))
    rows = [(view, _address(view), view.query == now) for view in views]
    first = next((url for view, url, _now in rows if view.is_default and view.query), "")
    return Kept(rows, ViewForm(initial={"query": urlencode(now)}), first)


def _address(view: SavedView) -> str:
    return f"{reverse(QUEUE)}?{urlencode(view.query)}"


def view_urls(desk: Any) -> list[URLPattern]:
    """Keep a view, and drop one."""
    wrap = desk.admin_site.admin_view
    return [
        path("views/", wrap(require_POST(_save)), name="certification_application_views"),
        path("views/<int:key>/drop/", wrap(require_POST(_drop)), name="certification_application_view_drop"),
    ]


def _save(request: HttpRequest) -> HttpResponseRedirect:
    form = ViewForm(request.POST)
    query = dict(parse_qsl(request.POST.get("query", "")[:2000]))
    back = HttpResponseRedirect(f"{reverse(QUEUE)}?{urlencode(query or {'where': 'mine'})}")
    if not form.is_valid():
        messages.error(request, _("Give the view a name."))
        return back
    given = form.cleaned_data
    try:
        view = save_view(by=request.user, name=given["name"], query=query, is_default=given["is_default"])
    except NotYours:
        raise
    except Refused as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("The view “%(name)s” is kept.") % {"name": view.name})
    return back


def _drop(request: HttpRequest, key: int) -> HttpResponseRedirect:
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=key)
    drop_view(view, by=request.user)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return HttpResponseRedirect(f"{reverse(QUEUE)}?where=mine")
