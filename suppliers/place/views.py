"""Suggestions while a place or an industry is typed."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from suppliers.place.forms import MANY, label, named, places
from suppliers.place.models import Industry


@require_safe
def region_options(request: HttpRequest) -> HttpResponse:
    """Counties and prefectures that fit what is typed, as options of a list."""
    return _options(request, places())


@require_safe
def industry_options(request: HttpRequest) -> HttpResponse:
    """Four-digit classes that fit what is typed, as options of a list."""
    return _options(request, Industry.objects.classes())


def _options(request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
    typed = str(next(iter(request.GET.values()), "")).strip()[:60]
    found = named(rows, typed)[:MANY] if typed else []
    return render(request, "suppliers/place/options.html", {"options": [label(row) for row in found]})
