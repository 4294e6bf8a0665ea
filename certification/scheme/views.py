"""Every scheme can be read in full: weights, values, gates, and where each number comes from."""

from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.scheme.changes import changes
from certification.scheme.deadlines import Deadline
from certification.scheme.definition import Definition, Indicator
from certification.scheme.facts import judging_facts
from certification.scheme.limits import limits_in_words
from certification.scheme.models import Round, SchemeVersion
from greenchain.accounts.models import Role
from greenchain.clock import today
from greenchain.languages import pick
from suppliers.evidence.kinds import KINDS
from suppliers.place.models import Authority, Level
from suppliers.reporting.catalogue import METRICS
from suppliers.reporting.units import unit_name


@require_safe
def schemes(request: HttpRequest) -> HttpResponse:
    """All versions, what each certifies, and which rounds are open."""
    versions = SchemeVersion.objects.select_related("scheme").order_by(
        "scheme__key", "-effective_on", "version"
    )
    rounds: dict[int, list[Round]] = {}
    for call in Round.objects.open_on().select_related("authority").order_by("closes_on"):
        rounds.setdefault(call.scheme_version_id, []).append(call)
    rows = [_row(version, rounds.get(version.pk, [])) for version in versions]
    return render(request, "certification/scheme/scheme_list.html", {"schemes": rows})


def _row(version: SchemeVersion, rounds: list[Round]) -> dict[str, Any]:
    told = version.definition
    return {
        "scheme": version.scheme,
        "url": _address(version),
        "version": version.text(),
        "effective_on": version.effective_on,
        "levels": [Level(level).label for level in told.levels],
        "gates": len(told.gates),
        "indicators": len(told.indicators),
        "legacy": version.retired_on is not None and version.retired_on <= today(),
        "rounds": rounds,
    }


@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    """The calendar of this year and the next: what is due by when, where, and how that is known."""
    year = today().year
    found = Deadline.objects.filter(Q(until_year__isnull=True) | Q(until_year__gte=year))
    rows = found.select_related("authority").order_by("duty", "month", "day", "authority__path")
    groups = groupby(rows, key=lambda row: row.get_duty_display())
    told = [(duty, [(row, row.in_year(max(year, row.from_year))) for row in each]) for duty, each in groups]
    return render(request, "certification/scheme/deadlines.html", {"groups": told, "year": year})


def _address(version: SchemeVersion) -> str:
    return reverse("scheme", args=[version.scheme.key, version.pk])


@require_safe
def scheme(request: HttpRequest, key: str, pk: int | None = None) -> HttpResponse:
    """One version; without a number the newest one that holds everywhere."""
    versions = (
        SchemeVersion.objects.select_related("scheme").filter(scheme__key=key).order_by("-effective_on", "pk")
    )
    everywhere = next((each for each in versions if not each.definition.only_in), None)
    version = get_object_or_404(versions, pk=pk) if pk else everywhere or get_object_or_404(versions)
    told = version.definition
    rounds = list(version.rounds.select_related("authority").order_by("-closes_on")[:10])
    for call in rounds:
        call.open = call.is_open()  # type: ignore[attr-defined]
    applies = not request.user.is_authenticated or request.user.role == Role.ENTERPRISE
    context = {
        "scheme": version.scheme,
        "version": version,
        "versions": [
            {
                "version": other.text(),
                "effective_on": other.effective_on,
                "url": _address(other),
                "changes": reverse("scheme-changes", args=[key, version.pk, other.pk]),
            }
            for other in versions
            if other.pk != version.pk
        ],
        "levels": _levels(told),
        "only_in": Authority.objects.filter(code=told.only_in).first() if told.only_in else None,
        "pick": told.pick,
        "bonus_max": told.bonus_max,
        "scorings": {item.scoring for item in told.indicators} - {"", "linear"},
        "gates": [_gate(gate) for gate in told.gates],
        "blocks": [_block(told, block) for block in told.blocks],
        "judging": [fact for fact in judging_facts(told) if fact.text],
        "rounds": rounds,
        "apply_url": reverse("application-new") if applies and any(call.is_open() for call in rounds) else "",
    }
    return render(request, "certification/scheme/scheme_detail.html", context)


@require_safe
def scheme_changes(request: HttpRequest, key: str, pk: int, other: int) -> HttpResponse:
    """What differs between two versions of a scheme, side by side; the older one stands on the left."""
    versions = SchemeVersion.objects.select_related("scheme").filter(scheme__key=key)
    pair = [get_object_or_404(versions, pk=number) for number in (other, pk)]
    old, new = sorted(pair, key=lambda each: each.effective_on)
    context = {
        "scheme": old.scheme,
        "pair": [
            {"version": each.text(), "effective_on": each.effective_on, "url": _address(each)}
            for each in (old, new)
        ],
        "sections": changes(old.definition, new.definition),
    }
    return render(request, "certification/scheme/scheme_changes.html", context)


def _mark(provenance: Any, *keys: str) -> str:
    """The weakest mark among the numbers: what a reader must know before trusting them."""
    marks = {provenance[key].mark for key in keys or provenance if key in provenance}
    return next((mark for mark in ("sample", "memory", "suggestion") if mark in marks), "")


def _levels(told: Definition) -> list[dict[str, Any]]:
    return [
        {
            "word": str(Level(level).label),
            "pass_score": rules.pass_score,
            "requires": [
                _("a title at %(level)s level or above") % {"level": Level(need.at_least).label}
                for need in rules.requires
            ],
            "provenance": _mark(rules.provenance, "pass_score"),
        }
        for level, rules in sorted(told.level_rules.items())
    ]


def _gate(gate: Any) -> dict[str, Any]:
    mark, rule = gate.source.mark, gate.threshold
    return {
        "names": gate.names,
        "clause": gate.clause,
        "evidence": [pick(KINDS[kind].names) for kind in gate.evidence],
        "provenance": ("" if mark == "source" else mark) or _mark(rule.provenance if rule else {}),
        "formula": rule.formula.source if rule else "",
        "limits": limits_in_words(rule) if rule else [],
    }


def _block(told: Definition, block: Any) -> dict[str, Any]:
    return {
        "code": block.code,
        "names": block.names,
        "weight": block.weight,
        "indicators": [_indicator(item) for item in told.in_block(block.code)],
    }


def _indicator(item: Indicator) -> dict[str, Any]:
    method = item.method
    return {
        "code": item.code,
        "names": item.names,
        "weight": item.weight,
        "kind": item.kind,
        "must": item.must,
        "optional": bool(item.group),
        "bonus": item.bonus,
        "scoring": item.scoring,
        "less_is_better": item.less_is_better,
        "unit": unit_name(item.unit),
        "base": item.base,
        "lead": item.lead,
        "by_class": _classes(item),
        "formula": item.formula.source if item.formula else "",
        "evidence": [pick(KINDS[kind].names) for kind in item.evidence],
        "stage": item.stage,
        "clause": item.clause,
        "provenance": _mark({**item.provenance, **(method.provenance if method else {})}),
    }


def _classes(item: Indicator) -> list[dict[str, Any]]:
    if item.lead_by is None:
        return []
    metric = METRICS[item.lead_by.metric]
    unit = unit_name(metric.unit)
    return [
        {"label": f"{metric} ≥ {band.at_least:,f} {unit}", "base": item.base, "lead": band.value}
        for band in item.lead_by.bands
    ]
