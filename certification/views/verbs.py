"""One page per verb: what it asks, why it may not be made, and the way back. Nothing typed is lost."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from certification.admin.words import done
from certification.application.models import Application
from certification.application.readiness import missing_parts
from certification.surveillance.views import held
from certification.verbs import Verb, find_verb, perform
from certification.views.cases import WITH
from certification.views.seats import seat_context
from certification.workflow import Case
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import NotYours, Refused, status_of, told_on

SEATED = {"evaluate", "score"}


@login_required
def application_verb(request: SignedIn, pk: int, verb: str) -> HttpResponse:
    """A move of an application."""
    case = get_object_or_404(Application.objects.visible_to(request.user).select_related(*WITH), pk=pk)
    seated = request.user.role in {Role.EVALUATOR, Role.EXPERT}
    home = reverse("seats") if seated else reverse("application", args=[pk])
    return move(request, case, verb, home)


@login_required
def title_verb(request: SignedIn, number: str, verb: str) -> HttpResponse:
    """A move of a title's holder."""
    return move(request, held(request, number), verb, reverse("holding", args=[number]))


def move(request: SignedIn, case: Any, name: str, home: str) -> HttpResponse:
    """GET asks, POST makes the move and goes home."""
    try:
        verb = find_verb(case, name)
    except Refused as unknown:
        raise Http404 from unknown
    try:
        case.may_try(name, request.user)
    except NotYours:
        raise
    except Refused as no:
        (messages.info if no.code == "already_done" else messages.error)(request, str(no))
        return redirect(home)
    posted = request.method == "POST"
    form = (
        verb.form(request.POST, request.FILES, case=case, user=request.user)
        if posted
        else _asking(request, verb, case)
    )
    if posted and form.is_valid() and _made(request, case, verb, form):
        return redirect(home)
    return _ask(request, case, verb, form, home)


def _asking(request: SignedIn, verb: Verb, case: Case) -> Any:
    return verb.form(case=case, user=request.user)


def _made(request: SignedIn, case: Any, verb: Verb, form: Any) -> bool:
    """Whether the move is made, by this request or an earlier one; what the rules refuse stands on the form."""
    try:
        with told_on(form):
            perform(case, verb.name, by=request.user, data=request.POST, files=request.FILES)
            messages.success(request, f"{done(verb.name)}.")
            return True
    except ValidationError as wrong:  # it was right a moment ago: somebody else changed something
        form.add_error(None, list(wrong.messages))
    except Refused as no:
        if no.code != "already_done":
            raise
        messages.info(request, str(no))
        return True
    return False


def _ask(request: SignedIn, case: Any, verb: Verb, form: Any, home: str) -> HttpResponse:
    offer = next((each for each in case.offers(request.user) if each.verb == verb.name), None)
    context = {"case": case, "verb": verb, "form": form, "home": home, "offer": offer}
    if verb.name in SEATED and case.kind == "A":
        context |= seat_context(request.user, case, form)
        return render(request, "certification/seat/seat.html", context, status=status_of(form))
    if verb.name == "submit":
        context |= {"missing": missing_parts(case), "commitment": case.scheme_version.definition.commitment}
    return render(request, "certification/work/verb.html", context, status=status_of(form))
