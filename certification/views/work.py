"""Where a person lands: what to do next and by when; officials and evaluators go to their own places."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from certification.views.reach import gaps_of
from certification.views.todo import Work
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn

PLACES = {
    Role.AUDITOR: "admin:index",
    Role.APPROVER: "admin:index",
    Role.ADMINISTRATOR: "admin:index",
    Role.EVALUATOR: "seats",
    Role.EXPERT: "seats",
}


@login_required
@require_safe
def work(request: SignedIn) -> HttpResponse:
    """The dashboard of an enterprise."""
    if request.user.role == Role.REVIEWER:
        return redirect("/supply/")
    if place := PLACES.get(Role(request.user.role)):
        return redirect(place)
    return render(request, "certification/work/work.html", {"work": Work(request.user)})


@login_required
@require_safe
def reach(request: SignedIn) -> HttpResponse:
    """How far each site is from the next level, by the figures it reported last; a part of the dashboard."""
    gaps, reported = gaps_of(request.user)
    return render(request, "certification/work/gaps.html", {"gaps": gaps, "reported": reported})
