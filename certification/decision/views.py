"""An appeal as its sides see it: grounds, evidence, by when it is answered, and the answer."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from certification.application.models import Application
from certification.decision.models import Appeal, AppealFile
from greenchain.accounts.signedin import SignedIn
from suppliers.evidence.handover import hand_over

WITH = ("application__scheme_version__scheme", "designation__scheme", "by", "answered_by__authority")


@login_required
@require_safe
def appeal(request: SignedIn, number: str) -> HttpResponse:
    """One appeal."""
    found = get_object_or_404(Appeal.objects.visible_to(request.user).select_related(*WITH), number=number)
    kinds = ["appeal", "confirm", "overturn"]
    case: Any = found.case
    letters = case.letters.filter(kind__in=kinds, outside=False).select_related("entry").order_by("pk")
    of_application = isinstance(case, Application)
    context = {
        "appeal": found,
        "case": case,
        "case_url": reverse("application", args=[case.pk])
        if of_application
        else _title_url(case, request.user),
        "files": found.files.order_by("pk"),
        "letters": [row for row in letters if row.made_at >= found.at or _about(row) == found.number],
    }
    return render(request, "certification/decision/appeal.html", context)


def _title_url(title: Any, reader: Any) -> str:
    """The title as its holder keeps it; to officials, as the register shows it."""
    return title.get_absolute_url() if reader.is_official else reverse("holding", args=[title.number])


def _about(letter: Any) -> Any:
    return letter.entry.data.get("appeal")


@login_required
@require_safe
def appeal_file(request: SignedIn, number: str, pk: int) -> FileResponse:
    """A file that came with it, as a download."""
    seen = Appeal.objects.visible_to(request.user).filter(number=number)
    return hand_over(get_object_or_404(AppealFile, appeal__in=seen, pk=pk))
