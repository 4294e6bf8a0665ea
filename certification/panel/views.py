"""An expert's own page: when they are away, what ties them, and what came of what they scored."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.panel.calibration import FEW, Calibration, calibrate
from certification.panel.forms import AwayForm, TieForm
from certification.panel.models import Expert, PanelResult, PanelScore
from certification.panel.register import declare_tie, set_away
from certification.panel.telling import by_criterion, how_combined
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import status_of, told_on

SHOWN = 100
FORMS: dict[str, tuple[Any, Any]] = {"away": (AwayForm, set_away), "tie": (TieForm, declare_tie)}


@login_required
@require_safe
def own(request: SignedIn) -> HttpResponse:
    """What the register says of the expert, and how they score beside the others, on concluded cases only."""
    if request.user.role != Role.EXPERT:
        raise PermissionDenied
    return render(request, "certification/panel/own.html", _context(request))


@login_required
def change(request: SignedIn, what: str) -> HttpResponse:
    """Say when away, or declare a tie."""
    expert = Expert.objects.filter(user=request.user).first()
    if request.user.role != Role.EXPERT or expert is None:
        raise PermissionDenied
    form_class, action = FORMS[what]
    initial = {"away_from": expert.away_from, "away_until": expert.away_until} if what == "away" else {}
    form: Any = form_class(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            action(expert, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("expert-own")
    context = {"form": form, "what": what}
    return render(request, "certification/panel/change.html", context, status=status_of(form))


def _context(request: SignedIn) -> dict[str, Any]:
    user = request.user
    expert = Expert.objects.filter(user=user).select_related("authority").prefetch_related("ties").first()
    return {
        "expert": expert,
        "calibration": calibrate(user).get(user.pk, Calibration()),
        "few": FEW,
        "rows": _concluded(user),
    }


def _concluded(user: Any) -> list[dict[str, Any]]:
    """Concluded cases with the expert's points, the others' without names, and what the panel came to."""
    seen = PanelScore.objects.visible_to(user).exclude(application__status=Status.PANEL)
    mine = seen.filter(expert=user).select_related(
        "application__scheme_version__scheme",
        "application__site",
        "application__enterprise",
        "application__product",
        "application__park",
    )
    rows = list(mine.order_by("-at")[:SHOWN])
    cases = {row.application_id for row in rows}
    results = {
        (row.application_id, row.dossier): row for row in PanelResult.objects.filter(application__in=cases)
    }
    others: dict[tuple[int, int], list[PanelScore]] = {}
    for other in seen.filter(application__in=cases).exclude(expert=user).order_by("pk"):
        others.setdefault((other.application_id, other.dossier), []).append(other)
    told = []
    for row in rows:
        key = (row.application_id, row.dossier)
        result = results.get(key)
        told.append(
            {
                "case": row.application,
                "mine": row,
                "criteria": by_criterion(row.application, row),
                "others": others.get(key, []),
                "result": result,
                "how": how_combined(result.combined) if result else "",
            }
        )
    return told
