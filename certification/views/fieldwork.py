"""The evaluator's workspace beside the dossier: the draft, days on site, the offline workbook, the report."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from certification.application.models import Seat
from certification.evaluation import actions
from certification.evaluation.forms.findings import EvaluateForm, VisitForm, WorkbookForm
from certification.evaluation.models import Evaluation, VisitPhoto, Worksheet
from certification.evaluation.report import docx, pdf, report_of
from certification.evaluation.workbook import workbook
from certification.views.seats import mine, seat_context
from greenchain.accounts.models import Role
from greenchain.accounts.signedin import SignedIn
from greenchain.refusals import status_of, told_on
from greenchain.sheets import FaultySheet
from suppliers.evidence.handover import hand_over

OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX = f"{OFFICE}.spreadsheetml.sheet"
FORMS = {
    "pdf": (pdf, "application/pdf"),
    "docx": (docx, f"{OFFICE}.wordprocessingml.document"),
}


@login_required
@require_POST
def save(request: SignedIn, pk: int) -> HttpResponse:
    """Keep what was found so far; nothing needs to be whole."""
    held = _held(request, pk)
    form = EvaluateForm(request.POST, case=held.application, user=request.user, draft=True)
    if form.is_valid():
        with told_on(form):
            actions.save_worksheet(held.application, by=request.user, content=form.worksheet())
            messages.success(request, _("The draft is kept. Only you see it."))
            return redirect("seat", pk)
    context = seat_context(request.user, held.application, form)
    return render(request, "certification/seat/seat.html", context, status=status_of(form))


@login_required
def visit(request: SignedIn, pk: int) -> HttpResponse:
    """Tell of a day on site."""
    held = _held(request, pk)
    form = VisitForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            actions.add_visit(held.application, by=request.user, **form.cleaned_data)
            messages.success(request, _("The visit is on record."))
            return redirect("seat", pk)
    return _form(request, held, form, _("Add a site visit"))


@login_required
def take(request: SignedIn, pk: int) -> HttpResponse:
    """Take the workbook in again."""
    held = _held(request, pk)
    form = WorkbookForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            try:
                points, visits = _taken(request, held, form.cleaned_data)
            except FaultySheet as faulty:
                form.add_error("file", faulty.listed())
            else:
                words = ngettext("%(count)d indicator", "%(count)d indicators", points) % {"count": points}
                more = ngettext("%(count)d site visit", "%(count)d site visits", visits) % {"count": visits}
                messages.success(
                    request, _("Taken in: %(words)s, %(more)s.") % {"words": words, "more": more}
                )
                return redirect("seat", pk)
    return _form(request, held, form, _("Take the workbook in"))


def _taken(request: SignedIn, held: Seat, given: dict[str, Any]) -> tuple[int, int]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(given["file"].read())
        return actions.take_workbook(held.application, by=request.user, path=path, photos=given["photos"])


@login_required
@require_safe
def give(request: SignedIn, pk: int) -> HttpResponse:
    """The workbook to take along."""
    held = _held(request, pk)
    sheet = Worksheet.objects.filter(engagement__seat=held).first()
    made = workbook(held.application, sheet.content if sheet else {})
    name = f"{held.application.number}.xlsx"
    return HttpResponse(
        made, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@login_required
@require_safe
def photo(request: SignedIn, pk: int) -> FileResponse:
    """A photo taken on site, for the evaluator and the case's officials; as it came with ``?original``."""
    found = get_object_or_404(VisitPhoto.objects.visible_to(request.user), pk=pk)
    return hand_over(found, inline="original" not in request.GET)


@login_required
@require_safe
def report(request: SignedIn, pk: int, form: str) -> HttpResponse:
    """The report for whoever sees the evaluation, its author for good."""
    seen = Evaluation.objects.visible_to(request.user)
    row = get_object_or_404(seen.select_related("application", "body", "author", "engagement"), pk=pk)
    make, media = FORMS[form]
    name = f"{row.application.number}-evaluation.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(make(report_of(row)), content_type=media, headers=headers)


def _held(request: SignedIn, pk: int) -> Seat:
    """A current evaluator's seat whose holder declared."""
    held = get_object_or_404(mine(request).current(), pk=pk, part=Role.EVALUATOR)
    if not held.declared or held.application.dossier is None:
        raise Http404
    return held


def _form(request: SignedIn, held: Seat, form: Any, title: str) -> HttpResponse:
    context = {"form": form, "seat": held, "case": held.application, "title": title}
    return render(request, "certification/seat/form.html", context, status=status_of(form))
