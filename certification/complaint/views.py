"""The public form, the complainant's own page, and the answer of holder or body."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certification.body.models import Body
from certification.complaint import actions
from certification.complaint.forms import ComplainForm, ReplyForm
from certification.complaint.guards import must_stand
from certification.complaint.models import Complaint, ComplaintFile
from certification.designation.models import Designation
from certification.letter.models import Letter
from certification.letter.pdf import answer
from greenchain.accounts.signedin import SignedIn
from greenchain.addresses import unseen
from greenchain.refusals import Refused, status_of, told_on
from greenchain.resources.patience import Patience, must_be_patient
from suppliers.evidence.handover import hand_over


@require_http_methods(["GET", "HEAD", "POST"])
def complain_title(request: HttpRequest, number: str) -> HttpResponse:
    """Complain about a title."""
    title = get_object_or_404(Designation.objects.visible_to(request.user), number=number)
    return _complain(request, title, title.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def complain_body(request: HttpRequest, pk: int) -> HttpResponse:
    """Complain about an evaluation body."""
    found = Body.objects.visible_to(request.user).filter(status=Body.Status.REGISTERED)
    return _complain(request, get_object_or_404(found, pk=pk), reverse("body", args=[pk]))


def _complain(request: HttpRequest, about: Any, home: str) -> HttpResponse:
    must_stand(about)
    form = ComplainForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        by = request.user if request.user.is_authenticated else None
        with told_on(form):
            must_be_patient(request, Patience)
            actions.complain(about, by=by, **form.cleaned_data)
            messages.success(
                request,
                _(
                    "Your complaint has come in. We have sent a link to your address: it counts once you "
                    "confirm there."
                ),
            )
            return redirect(home)
    context = {"form": form, "about": about, "home": home}
    return render(request, "certification/complaint/complain.html", context, status=status_of(form))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def complaint(request: HttpRequest, secret: str) -> HttpResponse:
    """The state of one's own complaint. A press of a button confirms or withdraws: opening alone does nothing."""
    row = get_object_or_404(
        Complaint.objects.select_related("designation", "body", "authority"), secret=secret
    )
    if request.method == "POST":
        try:
            if request.POST.get("what") == "withdraw":
                actions.withdraw_complaint(row)
                messages.success(request, _("Your complaint is withdrawn."))
            else:
                actions.confirm_complaint(row)
                messages.success(request, _("Your address is confirmed. The complaint counts from now on."))
        except Refused as no:
            messages.error(request, str(no))
        return redirect("complaint", secret)
    context = {"complaint": row, "letters": _letters(row)}
    return unseen(render(request, "certification/complaint/complaint.html", context))


@never_cache
@require_safe
def complaint_letter(_request: HttpRequest, secret: str, number: str) -> HttpResponse:
    """The outcome as a letter, by the secret link."""
    row = get_object_or_404(Complaint, secret=secret)
    return unseen(answer(get_object_or_404(_letters(row), number=number)))


def _letters(row: Complaint) -> Any:
    return Letter.objects.filter(posts__about=row.number).order_by("pk")


@login_required
@require_safe
def complaint_file(request: SignedIn, pk: int) -> FileResponse:
    """Evidence of a complaint, as a download for those who answer it."""
    seen = Complaint.objects.visible_to(request.user)
    return hand_over(get_object_or_404(ComplaintFile, complaint__in=seen, pk=pk))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complaint_reply(request: SignedIn, number: str) -> HttpResponse:
    """What holder or body were asked, and their answer."""
    found = Complaint.objects.told_to(request.user).select_related("designation", "body", "authority")
    row = get_object_or_404(found, number=number)
    form = ReplyForm(request.POST or None) if row.may_reply and row.answers(request.user) else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            with told_on(form):
                actions.reply_complaint(row, by=request.user, **form.cleaned_data)
                messages.success(request, _("Your answer is on record."))
                return redirect("complaint-reply", number)
    home = reverse("holding", args=[row.designation.number]) if row.designation else reverse("body-own")
    context = {"form": form, "row": row, "home": home}
    status = status_of(form) if form is not None else 200
    return render(request, "certification/complaint/reply.html", context, status=status)
