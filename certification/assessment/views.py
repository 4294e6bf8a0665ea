"""The runs of a case's checks, two of them side by side."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from certification.application.models import Application
from certification.assessment.comparison import compare
from certification.assessment.models import Assessment
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn

WITH = ("scheme_version__scheme", "site", "enterprise", "product", "park", "applicant")
TRIGGERS: Mapping[str, Any] = {
    "submit": _("submitted"),
    "stale": _("something changed"),
    "asked": _("asked for"),
    "correct": _("corrected in examination"),
}
LISTED = 200


@login_required
@require_safe
def runs(request: SignedIn, pk: int) -> HttpResponse:
    """What changed between two runs: the newest and the one before it, unless others are asked for."""
    if request.user.role in {Role.EVALUATOR, Role.EXPERT}:
        raise Http404  # they judge for themselves, by the frozen dossier
    case = get_object_or_404(Application.objects.visible_to(request.user).select_related(*WITH), pk=pk)
    found = list(case.assessments.order_by("-number")[:LISTED])
    for run in found:
        run.cause = TRIGGERS.get(run.trigger, run.trigger)  # type: ignore[attr-defined]
    pair = chosen(found, request.GET.get("from"), request.GET.get("to"))
    result, definition = compare(*pair) if pair else None, case.scheme_version.definition
    points = [(definition.indicator(each.code), each) for each in result.points] if result else []
    context = {"application": case, "runs": found, "found": result, "points": points}
    return render(request, "certification/assessment/runs.html", context)


def chosen(
    found: Sequence[Assessment], earlier: str | None, later: str | None
) -> tuple[Assessment, Assessment] | None:
    """The two runs asked for by number, the earlier first; None where there are not two."""
    if len(found) <= 1:
        return None
    numbered = {str(run.number): run for run in found}
    new = numbered.get(later or "", found[0])
    old = numbered.get(earlier or "") or next((run for run in found if run.number < new.number), new)
    return (old, new) if old.number <= new.number else (new, old)
