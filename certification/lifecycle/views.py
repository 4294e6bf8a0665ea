"""Scores by life-cycle stage: of regions and industries, for everybody; of a case, for those who see it."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from certification.application.models import Application
from certification.assessment.models import Assessment
from certification.assessment.rehearsal import rehearse
from certification.assessment.stages import StagePart, by_stage, stage_of
from certification.lifecycle.forms import StagesForm
from certification.lifecycle.shares import FEWEST, INDUSTRY, Area, Picture, picture
from certification.scheme.subject import KEYS
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.exports import csv_answer
from suppliers.place.models import Industry, Region
from suppliers.reporting.catalogue import STAGES

COLUMNS = ["code", "name", "titles", *(f"{stage}_percent" for stage in STAGES), "demo"]
CASE_COLUMNS = "stage indicator state points weight".split()
WITH = ("scheme_version__scheme", "round", "applicant", *KEYS)
LIVE = (Status.DRAFT, Status.RETURNED)


@require_safe
def stages(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The five stages of a place, and of its regions or industries as a table or CSV."""
    form = StagesForm(request.GET.dict())
    found = form.found()
    rows = _rows(form, found) if found else []
    if request.GET.get("format") == "csv":
        return csv_answer("stages.csv", COLUMNS, _cells(rows, found))
    told = found is not None and found.whole.is_told
    nation = form.found(nation=True) if form.place and told else None
    context = {
        "form": form,
        "picture": found if told else None,
        "nation": nation.whole.parts if nation else None,
        "rows": rows,
        "fewest": FEWEST,
    }
    return render(request, "certification/lifecycle/stages.html", context)


def _rows(form: StagesForm, found: Picture) -> list[dict[str, Any]]:
    """The areas with their names, those with most titles first."""
    keys = [area.key for area in found.areas]
    if form.kind == INDUSTRY:
        named: dict[str, Any] = {**Industry.objects.in_bulk(keys)}
        return [{"area": area, "place": named.get(area.key), "code": area.key} for area in found.areas]
    codes = {key: key.ljust(6, "0") for key in keys}
    places = Region.objects.in_bulk(codes.values())
    return [
        {"area": area, "place": places.get(codes[area.key]), "code": codes[area.key]} for area in found.areas
    ]


def _cells(rows: list[dict[str, Any]], found: Picture | None) -> Iterator[list[object]]:
    for row in rows:
        area: Area = row["area"]
        name = row["place"].name if row["place"] else ""
        yield [row["code"], name, area.titles, *area.shares, bool(found and found.demo)]


@login_required
@require_safe
def case_stages(request: SignedIn, pk: int) -> HttpResponse | StreamingHttpResponse:
    """The five stages of one case: of the draft as it stands, afterwards of the newest run."""
    if request.user.role in {Role.EVALUATOR, Role.EXPERT}:
        raise Http404  # they judge for themselves, by the frozen dossier
    case = get_object_or_404(Application.objects.visible_to(request.user).select_related(*WITH), pk=pk)
    live = case.status in LIVE and request.user.role == Role.ENTERPRISE
    run = None if live else Assessment.objects.filter(application=case).order_by("-number").first()
    scored = list(rehearse(case).results) if live else list(run.scores.order_by("position")) if run else []
    definition = case.scheme_version.definition
    if request.GET.get("format") == "csv":
        cells = (
            [stage_of(definition, row.code), row.code, row.state, row.points, row.weight] for row in scored
        )
        return csv_answer(f"stages-{case.number}.csv", CASE_COLUMNS, cells)
    parts = by_stage(definition, scored)
    others = picture(case.scheme_version.scheme, INDUSTRY).whole
    context = {
        "application": case,
        "run": run,
        "live": live,
        "parts": parts if scored else None,
        "others": others.parts if others.is_told else None,
        "others_count": others.titles,
        "groups": _groups(definition, parts, scored),
    }
    return render(request, "certification/lifecycle/case.html", context)


def _groups(definition: Any, parts: tuple[StagePart, ...], scored: list[Any]) -> list[dict[str, Any]]:
    """Each stage with its indicators and what they scored."""
    rows = [(stage_of(definition, row.code), definition.indicator(row.code), row) for row in scored]
    return [
        {"part": part, "rows": [(item, row) for stage, item, row in rows if stage == part.key]}
        for part in parts
    ]
