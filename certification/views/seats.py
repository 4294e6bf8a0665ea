"""Seats: what evaluators and experts work through. They see the frozen dossier and nothing else of the case."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, F, Max, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from certification.application.frozen import Frozen
from certification.application.models import Seat, SeatQuerySet
from certification.assessment.casefile import gather
from certification.evaluation.actions import declare as declare_independence
from certification.evaluation.forms.seats import DeclareForm
from certification.evaluation.models import Engagement, Evaluation
from certification.panel.models import PanelScore
from certification.verbs import find_verb
from certification.workflow import Case
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import status_of, told_on
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence

MAKES = {Role.EVALUATOR: "evaluate", Role.EXPERT: "score"}
"""The verb that a seat is for."""

WITH = (
    "application__scheme_version__scheme",
    "application__round",
    "application__applicant",
    "application__desk",
)
SUBJECTS = ("application__site", "application__enterprise", "application__product", "application__park")
ENDED = 50


@login_required
@require_safe
def seats(request: SignedIn) -> HttpResponse:
    """A person's seats: what to work on, and what is behind them."""
    own = mine(request)
    context = {
        "reports": Evaluation.objects.filter(author=request.user)
        .select_related("application", "body")
        .order_by("-at")[:ENDED],
        "current": own.current()
        .exclude(application__status="draft")
        .annotate(scored=Exists(_given(request.user).filter(application=OuterRef("application"))))
        .order_by("scored", "application__due_on", "pk"),
        "ended": own.exclude(pk__in=own.current().values("pk")).order_by("-until_on", "-pk")[:ENDED],
    }
    return render(request, "certification/seat/seat_list.html", context)


@login_required
@require_safe
def seat(request: SignedIn, pk: int) -> HttpResponse:
    """The dossier of one case, with the form of the verb that the seat is for."""
    held = get_object_or_404(mine(request).current(), pk=pk)
    return render(request, "certification/seat/seat.html", seat_context(request.user, held.application))


@login_required
@require_POST
def declare(request: SignedIn, pk: int) -> HttpResponse:
    """Declare independence."""
    held = get_object_or_404(mine(request).current(), pk=pk)
    form = DeclareForm(request.POST)
    if form.is_valid():
        with told_on(form):
            declare_independence(held, by=request.user, declared=form.cleaned_data["declared"])
            messages.success(request, _("Your declaration is on record."))
            return redirect("seat", pk)
    context = seat_context(request.user, held.application) | {"declare": form}
    return render(request, "certification/seat/seat.html", context, status=status_of(form))


@login_required
@require_safe
def seat_file(request: SignedIn, pk: int, evidence: int) -> FileResponse:
    """A file that the dossier cites; only for the case in which the person has a seat today."""
    held = get_object_or_404(mine(request).current(), pk=pk)
    dossier = held.application.dossier
    if dossier is None or evidence not in Frozen(held.application, dossier.content).files:
        raise Http404
    return hand_over(get_object_or_404(Evidence, pk=evidence), inline="inline" in request.GET)


def seat_context(user: Any, case: Any, form: Any = None) -> dict[str, Any]:
    """What the seat's page needs; ``form`` is the verb's form as it was posted."""
    held = get_object_or_404(Seat.objects.current(), application=case, user=user, part=user.role)
    dossier = case.dossier
    if dossier is None:
        raise Http404
    name, offers = MAKES[user.role], {offer.verb: offer for offer in case.offers(user)}
    declared = held.declared or user.role != Role.EVALUATOR
    given = _given(user).filter(application=case).first()
    if form is None and name in offers and declared and not given:
        form = find_verb(case, name).form(case=case, user=user)
    frozen = Frozen(case, dossier.content)
    engagement = Engagement.objects.filter(seat=held).select_related("body").first()
    return {
        "seat": held,
        "case": case,
        "dossier": dossier,
        "frozen": frozen,
        "form": form,
        "verb": find_verb(case, name),
        "offer": offers.get(name),
        "given": given,
        "may_decline": "decline" in offers and not given,
        "may_ask": "send_back" in offers and user.role == Role.EVALUATOR,
        "engagement": engagement,
        "visits": engagement and engagement.visits.prefetch_related("photos").order_by("visited_on", "pk"),
        "gates": _gates(frozen, form if name == "evaluate" else None),
        "declare": DeclareForm(initial={"declared": held.declared}),
        "rows": _rows(
            case, frozen, form if name == "evaluate" else None, shows_values=user.role == Role.EVALUATOR
        ),
    }


def _given(user: Any) -> QuerySet[PanelScore]:
    """The points that the person gave for the newest dossier of each case."""
    newest = Max("application__dossiers__number")
    return PanelScore.objects.filter(expert=user).alias(newest=newest).filter(dossier=F("newest"))


def _rows(case: Case, frozen: Frozen, form: Any, *, shows_values: bool) -> list[dict[str, Any]]:
    """Each indicator with what was claimed, what proves it and, for evaluators, what the figures come to."""
    results: dict[str, Any] = {}
    if shows_values:
        file = gather(case, facts=False)  # type: ignore[arg-type]
        results = {each.code: each for each in replace(file, corrections={}).score.results}
    return [
        {
            "item": item,
            "result": results.get(item.code),
            "claim": frozen.claim(item.code),
            "cases": frozen.cases(item.code),
            "files": frozen.proofs.get(item.code, []),
            "points": form and form[f"points_{item.code}"],
            "reason": form and form[f"reason_{item.code}"],
            "to": form and not item.is_qualitative and form[f"to_{item.code}"],
            "because": form and not item.is_qualitative and form[f"because_{item.code}"],
        }
        for item in frozen.definition.indicators
    ]


def _gates(frozen: Frozen, form: Any) -> list[dict[str, Any]]:
    """Each gate with its files and, for evaluators, whether it is met."""
    return [
        {
            "gate": gate,
            "files": files,
            "met": form and form[f"gate_{place}"],
            "reason": form and form[f"gate_reason_{place}"],
        }
        for place, (gate, files) in enumerate(frozen.gates())
    ]


def mine(request: SignedIn) -> SeatQuerySet:
    """The seats of the person, past and present."""
    parts = (Role.EVALUATOR, Role.EXPERT)
    return Seat.objects.filter(user=request.user, part__in=parts).select_related(*WITH, *SUBJECTS)
