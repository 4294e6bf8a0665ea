"""Letters as PDF, to those who may see the case; and what an objector sees by the secret link from the mail."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from certification.letter.models import Letter
from certification.letter.pdf import answer
from certification.notice.actions import contest
from certification.notice.models import Objection, ObjectionFile
from greenchain.accounts.signedin import SignedIn
from greenchain.addresses import unseen
from greenchain.refusals import Refused
from suppliers.evidence.handover import hand_over


@login_required
@require_safe
def letter(request: SignedIn, number: str) -> HttpResponse:
    """The PDF as it was first made."""
    return answer(get_object_or_404(Letter.objects.visible_to(request.user), number=number))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, secret: str) -> HttpResponse:
    """The state of one's own objection. A press of the button confirms the address: opening alone does not."""
    row: Any = get_object_or_404(
        Objection.objects.select_related("application__desk", "application__round"), secret=secret
    )
    if request.method == "POST":
        try:
            contest(row)
            messages.success(request, _("Your address is confirmed. The objection counts from now on."))
        except Refused as no:
            messages.error(request, str(no))
        return redirect("objection", secret)
    notice = row.application.notices.order_by("-pk").first()
    context = {
        "objection": row,
        "case": row.application,
        "subject": row.application.subject,
        "notice": notice,
        "open": notice is not None and notice.is_running,
        "letters": row.letters.order_by("pk"),
    }
    return unseen(render(request, "certification/letter/objection.html", context))


@never_cache
@require_safe
def objection_letter(_request: HttpRequest, secret: str, number: str) -> HttpResponse:
    """The answer as a letter, by the secret link."""
    return unseen(answer(get_object_or_404(Letter, objection__secret=secret, number=number)))


@login_required
@require_safe
def objection_file(request: SignedIn, pk: int) -> FileResponse:
    """Evidence of an objection, as a download for those who answer it."""
    seen = Objection.objects.visible_to(request.user)
    return hand_over(get_object_or_404(ObjectionFile, objection__in=seen, pk=pk))
