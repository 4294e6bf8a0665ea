"""The gap of an application and what would become of it; nothing is stored."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from certification.admin.gappage import GapPage, template_of
from certification.application.models import Application
from certification.views.cases import WITH
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import NotYours


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def gap(request: SignedIn, pk: int) -> HttpResponse:
    """GET: as it stands. POST: with what was typed, as a page or, while it is typed, its parts."""
    seen = Application.objects.visible_to(request.user).select_related(*WITH)
    case = get_object_or_404(seen, pk=pk)
    if request.user.is_official:
        return redirect("admin:certification_application_gap", pk)
    if request.user.role in {Role.EVALUATOR, Role.EXPERT}:
        raise NotYours(_("Evaluators and experts judge by the dossier alone."), code="blind")
    page = GapPage(case, request.POST if request.method == "POST" else None)
    return render(request, template_of(request, "certification/gap/page.html"), page.context())
