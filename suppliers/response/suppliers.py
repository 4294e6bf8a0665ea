"""One supplier as its buyer's people see it: what is shared, and what to ask for."""

from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef, Q
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from greenchain.accounts.signedin import SignedIn
from greenchain.exports import csv_answer
from suppliers.enterprise.access import may, must
from suppliers.enterprise.models import Enterprise
from suppliers.evidence.handover import hand_over
from suppliers.invitation.models import Invitation
from suppliers.response import board
from suppliers.sharing import actions
from suppliers.sharing.answers import told
from suppliers.sharing.models import AnswerSet, Consent
from suppliers.sharing.shared import Shared, shared_with
from suppliers.supply.models import SupplyLink

HEAD = ("section", "question", "answer", "unit", "year", "confirmed_on")


@login_required
@never_cache
@require_safe
def supplier(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """What the supplier shares with this buyer, else what to ask it for."""
    buyer, shared = _seen(request, pk, key)
    asked = Invitation.objects.filter(buyer=buyer, supplier=key).order_by("-pk").first()
    context = {
        "buyer": buyer,
        "supplier": shared.supplier,
        "shared": shared,
        "files": shared.files().select_related("site")[:200] if shared.kinds else [],
        "row": board.row_of(buyer, shared, asked),
        "links": SupplyLink.objects.current().filter(buyer=buyer, supplier=key).order_by("pk"),
        "may_edit": may(request.user, buyer, "edit"),
    }
    return render(request, "suppliers/response/supplier.html", context)


@login_required
@never_cache
@require_safe
def answers(request: SignedIn, pk: int, key: int) -> HttpResponse | StreamingHttpResponse:
    """The answers as they were confirmed; reading them is noted."""
    buyer, shared = _seen(request, pk, key)
    row = shared.answers
    if row is None:
        raise Http404
    actions.note_answers(row, by=request.user, buyer=buyer.pk)
    if request.GET.get("format") == "csv":
        return csv_answer(f"answers-{key}.csv", HEAD, _cells(row))
    open_files = set(shared.files().values_list("pk", flat=True)) if shared.kinds else set()
    context = {
        "buyer": buyer,
        "supplier": shared.supplier,
        "row": row,
        "sections": told(row),
        "open_files": open_files,
    }
    return render(request, "suppliers/response/answers.html", context)


@login_required
@never_cache
@require_safe
def shared_file(request: SignedIn, pk: int, key: int, file: int) -> FileResponse:
    """A file of a kind that is shared; fetching it is noted."""
    buyer, shared = _seen(request, pk, key)
    row = get_object_or_404(shared.files(), pk=file)
    answer = hand_over(row)
    actions.note_file(row, by=request.user, buyer=buyer.pk)
    return answer


def _cells(row: AnswerSet) -> Iterator[tuple[object, ...]]:
    confirmed = row.confirmed_at.date() if row.confirmed_at else ""
    for section, answered in told(row):
        for one in answered:
            if one.question.kind != "file":
                yield (
                    str(section),
                    str(one.question),
                    one.said,
                    one.question.unit,
                    one.year or "",
                    confirmed,
                )


def _seen(request: SignedIn, pk: int, key: int) -> tuple[Enterprise, Shared]:
    """A supplier that is declared, or that has consented; anybody else is not there, and takes no longer to say so."""
    buyer = get_object_or_404(Enterprise.objects.visible_to(request.user), pk=pk)
    must(request.user, buyer, "view")
    linked = SupplyLink.objects.visible_to(request.user).filter(buyer=buyer, supplier=OuterRef("pk"))
    given = Consent.objects.reaching([buyer.pk]).filter(enterprise=OuterRef("pk"))
    known = Q(Exists(linked)) | Q(Exists(given.exclude(answers=False, kinds=[])))
    supplier = get_object_or_404(Enterprise.objects.filter(known).select_related("region"), pk=key)
    return buyer, shared_with([buyer.pk], supplier)
