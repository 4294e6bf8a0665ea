"""The pages of the annual form: typed field by field, filed frozen; and the measure by new rules."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certification.scheme.subject import owner_of
from certification.surveillance import filing
from certification.surveillance.annual import AnnualForm, Filing
from certification.surveillance.catalogue import catalogue, number
from certification.surveillance.models import STANDING, Obligation, Owed
from certification.surveillance.paper import Line, paper_of
from greenchain.accounts.signedin import SignedIn
from greenchain.audit.canonical import canonical, digest
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.access import may, must
from suppliers.reporting.units import unit_name
from suppliers.reporting.views import figures_url

WITH = ("site__enterprise", "enterprise", "product__enterprise", "park__manager", "scheme", "home")
STARTS = {"figures": "figure-", "explanations": "why-", "changes": "change-"}
"""How the parts of the form are named in what a browser sends."""


def url_of(obligation: Obligation) -> str:
    """Where a duty is done."""
    return reverse("obligation", args=[obligation.pk])


@login_required
def form(request: SignedIn, pk: int) -> HttpResponse:
    """The duty's page; POST keeps everything that was typed."""
    obligation = _seen(request, pk)
    if request.method == "POST":
        must(request.user, owner_of(obligation.designation.subject), "edit")
        return _keep(request, obligation)
    return _page(request, obligation)


@login_required
@require_POST
def file_form(request: SignedIn, pk: int) -> HttpResponse:
    """File the duty: the annual form, or the measure by new rules. What was typed is kept first."""
    obligation = _seen(request, pk)
    given = _given(request)
    try:
        if any(given.values()):
            _must_be_unchanged(request, obligation)
            filing.keep_form(obligation, by=request.user, **given)
        act = filing.rebenchmark if obligation.kind == Owed.REBENCHMARK else filing.file_form
        act(obligation, by=request.user)
    except NotYours:
        raise
    except Refused as no:
        if not any(given.values()):
            raise
        return _page(request, obligation, fault=no, typed=request.POST)
    messages.success(request, _("The annual form of %(year)d is filed.") % {"year": obligation.year})
    return redirect("obligation", obligation.pk)


def _keep(request: SignedIn, obligation: Obligation) -> HttpResponse:
    """One field while it is typed (htmx), or all of them; a field that is wrong does not lose the others."""
    only = request.POST.get("only", "") if request.htmx else ""
    try:
        if not only:
            _must_be_unchanged(request, obligation)
        filing.keep_form(obligation, by=request.user, **_given(request, only))
    except NotYours:
        raise
    except Refused as no:
        if only:
            return render(request, "certification/surveillance/kept.html", {"fault": str(no), "name": only})
        return _page(request, obligation, fault=no, typed=request.POST)
    if only:
        paper = paper_of(obligation)
        line = next((each for each in paper.lines if only.endswith(each.figure.key)), None)
        context = {"name": only, "line": line, "seen": _mark(obligation)}
        return render(request, "certification/surveillance/kept.html", context)
    messages.success(request, _("The form is saved."))
    return redirect("obligation", obligation.pk)


def _given(request: SignedIn, only: str = "") -> dict[str, dict[str, str]]:
    names = [only] if only else list(request.POST)
    return {
        part: {
            name.removeprefix(start): request.POST.get(name, "")
            for name in names
            if name.startswith(start) and name in request.POST
        }
        for part, start in STARTS.items()
    }


def _page(
    request: SignedIn, obligation: Obligation, fault: Refused | None = None, typed: Any = None
) -> HttpResponse:
    title = obligation.designation
    opinions = [
        (row, {"lines": told(row.content)}, row.opinion)
        for row in Filing.objects.filter(obligation=obligation)
        .prefetch_related("opinions")
        .order_by("-number")
    ]
    paper = paper_of(obligation) if obligation.is_annual else None
    typed = typed or {}
    context = {
        "obligation": obligation,
        "title": title,
        "paper": paper,
        "rows": [_row(line, typed) for line in paper.lines] if paper else [],
        "changes": [(kind, typed.get(f"change-{kind.key}", text)) for kind, text in paper.declared]
        if paper
        else [],
        "change_url": reverse("enterprise-changes", args=[owner_of(title.subject).pk]),
        "fault": fault,
        "filings": opinions,
        "figures_url": figures_url(title.subject, obligation.year),
        "may_edit": may(request.user, owner_of(title.subject), "edit")
        and obligation.filed_at is None
        and title.status in STANDING,
        "swing": number("swing"),
        "swing_points": number("swing_points"),
        "seen": _mark(obligation),
    }
    status = 409 if fault else 200
    return render(request, "certification/surveillance/obligation.html", context, status=status)


def _row(line: Line, typed: Mapping[str, str]) -> tuple[Line, str, str]:
    """A line with what stands in its two fields."""
    key = line.figure.key
    value = "" if line.value is None else f"{line.value.normalize():f}"
    return line, typed.get(f"figure-{key}", value), typed.get(f"why-{key}", line.explanation)


def told(content: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What was filed, as lines of words and values."""
    figures, said = catalogue().figures, content.get("explanations", {})
    lines = [
        (f"{figures[key]} ({unit_name(figures[key].unit)})", f"{value or '–'}{_why(said.get(key))}")
        for key, value in content.get("figures", {}).items()
        if key in figures
    ]
    kinds = catalogue().changes
    lines += [(str(kinds[key]), text) for key, text in content.get("changes", {}).items() if key in kinds]
    if "score" in content:
        lines += [
            (_("Version"), content["version"]),
            (_("Score"), content["score"] or _("too few figures")),
            (_("Pass score"), content["pass_score"] or "–"),
        ]
    return lines


def _why(text: str | None) -> str:
    return f" · {text}" if text else ""


def _seen(request: SignedIn, pk: int) -> Obligation:
    found = Obligation.objects.visible_to(request.user).select_related(
        *(f"designation__{each}" for each in WITH)
    )
    return get_object_or_404(found, pk=pk)


def _mark(obligation: Obligation) -> str:
    """A mark of what is kept; a page that was opened before somebody else's save is late."""
    kept = AnnualForm.objects.filter(obligation=obligation).first()
    parts = [kept.figures, kept.explanations, kept.changes] if kept else []
    return digest("", canonical(parts))[:16]


def _must_be_unchanged(request: SignedIn, obligation: Obligation) -> None:
    if request.POST.get("seen", _mark(obligation)) != _mark(obligation):
        raise Refused(
            _("Somebody changed this meanwhile. Compare with the page, then save once more."), code="changed"
        )
