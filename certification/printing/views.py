"""Ask for a package, follow how far it is, fetch it."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from certification.application.models import Application
from certification.printing import actions
from certification.printing.annual import answer, printable_to
from certification.printing.models import Package
from greenchain.accounts.signedin import SignedIn
from suppliers.evidence.handover import hand_over


@login_required
@require_POST
def ask(request: SignedIn, pk: int) -> HttpResponse:
    """What is small is made while one waits; the rest in the queue."""
    case = get_object_or_404(Application.objects.visible_to(request.user), pk=pk)
    package = actions.ask(case, by=request.user)
    if actions.is_small(package):
        actions.make(package)
    return redirect("package", package.pk)


@login_required
@require_safe
def package(request: SignedIn, pk: int) -> HttpResponse:
    """How far it is, then what there is to fetch."""
    found = _own(request, pk)
    home = "admin:certification_application_change" if request.user.is_official else "application"
    context = {"package": found, "home": reverse(home, args=[found.application_id])}
    return render(request, "certification/printing/package.html", context)


@login_required
@require_safe
def file(request: SignedIn, pk: int) -> FileResponse:
    """The PDF."""
    return hand_over(actions.fetch(_own(request, pk)))


@login_required
@require_safe
def annual_form(request: SignedIn, pk: int, number: int) -> HttpResponse:
    """A filed annual form as PDF."""
    return answer(get_object_or_404(printable_to(request.user), obligation=pk, number=number))


def _own(request: SignedIn, pk: int) -> Package:
    seen = Package.objects.visible_to(request.user).select_related("application", "dossier", "job")
    return get_object_or_404(seen, pk=pk)
