"""Several cases at once: a page that shows them ranked, with what keeps each; then all of them, or none."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification.admin.batchforms import ColleagueForm, OpinionForm, ReasonsForm, SharingForm
from certification.admin.batchtable import Table
from certification.consultation.actions import consult
from certification.consultation.forms import ConsultForm
from certification.decision.actions import grant_batch
from certification.examination.actions import endorse_batch
from certification.notice.selection import select
from certification.queue.actions import hand_to, share_out
from certification.recommendation.actions import MOST as MOST_RECOMMENDED
from certification.recommendation.actions import recommend
from certification.recommendation.forms import RecommendForm
from certification.release.actions import MOST as MOST_RELEASED
from certification.release.actions import prepare
from greenchain.refusals import Refused

if TYPE_CHECKING:
    from certification.admin.application import ApplicationDesk

MOST = 200
"""Cases in one go: what a person can read."""


@dataclass(frozen=True, slots=True)
class Batch:
    """An action on several cases; ``name`` is the admin's action, ``verb`` the move that each case makes."""

    name: str
    verb: str
    label: Any
    action: Callable[..., Any]
    form: type[forms.Form]
    ranked: bool = False
    by_desk: bool = False
    """Whether the form asks who does it."""
    shares: bool = False
    """Whether cases that somebody has are left alone; the action answers with the cases that it changed."""
    examined: bool = False
    """Whether only cases under examination may be chosen."""
    most: int = 0
    """Cases in one go, where it is not what a person can read."""
    leads: bool = False
    """Whether the action makes a row of its own, to whose page it leads."""
    judged: bool = True
    """Whether the page says of each case what keeps it; else the action says so of all."""

    def asked(self, request: HttpRequest, *, confirmed: bool) -> forms.Form:
        """The form, with what was posted once it is confirmed."""
        more: dict[str, Any] = {"by": request.user} if self.by_desk else {}
        return self.form(request.POST if confirmed else None, **more)


EXAMINED: dict[str, Any] = {"by_desk": True, "examined": True}
ENDORSE = Batch("endorse_batch", "endorse", gettext_lazy("Endorse"), endorse_batch, OpinionForm)
SELECT = Batch("select_batch", "select", gettext_lazy("Select"), select, ReasonsForm, ranked=True)
GRANT = Batch("grant_batch", "grant", gettext_lazy("Grant"), grant_batch, ReasonsForm)
PREPARE = Batch(
    "prepare_batch",
    "grant",
    gettext_lazy("Prepare for release"),
    prepare,
    ReasonsForm,
    most=MOST_RELEASED,
    leads=True,
    judged=False,
)
HAND = Batch("hand_batch", "assign", gettext_lazy("Hand over"), hand_to, ColleagueForm, **EXAMINED)
SHARE = Batch(
    "share_batch", "assign", gettext_lazy("Share out"), share_out, SharingForm, by_desk=True, shares=True
)
RECOMMEND = Batch(
    "recommend_batch",
    "",
    gettext_lazy("Recommend to the level above"),
    recommend,
    RecommendForm,
    by_desk=True,
    most=MOST_RECOMMENDED,
    leads=True,
)
CONSULT = Batch(
    "consult_batch", "", gettext_lazy("Ask departments"), consult, ConsultForm, leads=True, **EXAMINED
)


def page(desk: "ApplicationDesk", request: HttpRequest, chosen: Any, what: Batch) -> HttpResponse | None:
    """The page; once it is confirmed and done, None: back to the queue."""
    most = what.most or MOST
    cases = list(chosen[: most + 1])
    if len(cases) > most:
        messages.error(request, _("At most %(most)d cases in one go.") % {"most": most})
        return None
    asked = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
    if len(asked) != len(cases) and request.POST.get("select_across") != "1":
        messages.error(request, _("Some of the chosen cases have moved on meanwhile. Choose again."))
        return None
    confirmed = "confirmed" in request.POST
    form = what.asked(request, confirmed=confirmed)
    status, refused = 200, False
    if confirmed and form.is_valid():
        try:
            made = what.action(cases, by=request.user, **form.cleaned_data)
        except Refused as no:
            messages.error(request, _("Nothing was done. %(why)s") % {"why": no})
            if no.field in form.fields:
                form.add_error(no.field, str(no))
            status, refused = no.status, True
            # What was tried is undone in the database, not in these rows.
            cases = list(chosen[:most])
        else:
            count = len(made) if what.by_desk and isinstance(made, list) else len(cases)
            said = ngettext("%(act)s: %(count)d case.", "%(act)s: %(count)d cases.", count)
            messages.success(request, said % {"act": what.label, "count": count})
            return _page_of(made) if what.leads else None
    context = Table(desk, request, what, cases, in_full=refused).context() | {"form": form}
    request.current_app = desk.admin_site.name
    return TemplateResponse(request, "admin/certification/application/batch.html", context, status=status)


def _page_of(row: Any) -> HttpResponse:
    """The page of what the batch made."""
    stem = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return HttpResponseRedirect(reverse(stem, args=[row.pk]))
