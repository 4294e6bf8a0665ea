"""What the applicant sees of visits and corrections, and answers; the evaluator's nonconformities."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certification.application.models import Application
from certification.corrective import actions
from certification.corrective.forms import RaiseForm, RespondForm
from certification.corrective.models import ALIVE, Nonconformity
from certification.inquiry.actions import evaluates
from certification.inquiry.views import case_seen
from certification.verification.models import ItemPhoto, Verification
from certification.workflow import Status
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import NotYours, status_of, told_on
from suppliers.enterprise.access import may, must
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence


@login_required
@require_safe
def onsite(request: SignedIn, pk: int) -> HttpResponse:
    """The visits of a case with what was found, and its nonconformities with their corrections."""
    case = case_seen(request, pk)
    if request.user.is_official:
        return redirect(f"{reverse('admin:certification_nonconformity_changelist')}?q={case.number}")
    visits = Verification.objects.visible_to(request.user).filter(application=case)
    context = {
        "case": case,
        "visits": visits.select_related("desk").prefetch_related("team", "items__photos").order_by("-pk"),
        "rows": _seen(request).filter(application=case).order_by("-pk"),
        "may_respond": case.status in ALIVE and may(request.user, case.applicant, "edit"),
        "may_raise": case.status == Status.EVALUATION and evaluates(case, request.user),
    }
    for visit in context["visits"]:
        visit.application = case
    return render(request, "certification/verification/onsite.html", context)


@login_required
def raise_one(request: SignedIn, pk: int) -> HttpResponse:
    """The evaluator raises a nonconformity."""
    case = case_seen(request, pk)
    if not evaluates(case, request.user):
        raise NotYours(_("The evaluator who has the case raises nonconformities here."), code="not_yours")
    given: dict[str, Any] = {"case": case, "user": request.user}
    form = RaiseForm(request.POST, **given) if request.method == "POST" else RaiseForm(**given)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.raise_nonconformity(by=request.user, **form.arguments())
            messages.success(request, _("The applicant is told and gets a mail."))
            return redirect("application-onsite", pk)
    return _form(request, case, form, _("Raise a nonconformity"))


@login_required
def respond(request: SignedIn, pk: int) -> HttpResponse:
    """The applicant says what the cause was and what was done."""
    row = get_object_or_404(_seen(request), pk=pk)
    case = row.application
    must(request.user, case.applicant, "edit")
    known: dict[str, Any] = {"case": case, "user": request.user, "row": row}
    form = (
        RespondForm(request.POST, request.FILES, **known)
        if request.method == "POST"
        else RespondForm(**known)
    )
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.respond(row, by=request.user, **form.arguments())
            messages.success(request, _("The desk has your correction and rules on it."))
            return redirect("application-onsite", case.pk)
    return _form(request, case, form, _("Say what was corrected"), row)


@login_required
@require_safe
def proof(request: SignedIn, pk: int, evidence: int) -> FileResponse:
    """A file that came with a correction, for everybody who reads it."""
    row = get_object_or_404(_seen(request), pk=pk)
    if evidence not in row.file_keys():
        raise Http404
    return hand_over(get_object_or_404(Evidence, pk=evidence))


@login_required
@require_safe
def photo(request: SignedIn, pk: int) -> FileResponse:
    """A photo of a finding: for officials, and for the applicant once it is signed."""
    return hand_over(get_object_or_404(ItemPhoto.objects.visible_to(request.user), pk=pk), inline=True)


def _seen(request: SignedIn) -> Any:
    seen = Nonconformity.objects.visible_to(request.user).select_related(
        "desk", "raised_by", "application__applicant", "application__round", "application__scheme_version"
    )
    return seen.prefetch_related("actions__ruling", "actions__by")


def _form(request: SignedIn, case: Application, form: Any, title: str, row: Any = None) -> HttpResponse:
    context = {
        "case": case,
        "form": form,
        "title": title,
        "rows": [row] if row else [],
        "home": reverse("application-onsite", args=[case.pk]),
    }
    return render(request, "certification/inquiry/form.html", context, status=status_of(form))
