"""Several cases at once: a page that shows them ranked, with what keeps each; then all of them, or none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification.application.models import Application
from certification.assessment.guards import pass_score
from certification.decision.actions import grant_batch
from certification.examination.actions import endorse_batch
from certification.examination.queue import colleagues, hand_to, load_of, share_out
from certification.notice.actions import select
from certification.notice.guards import places_taken
from certification.workflow import Status
from greenchain.accounts.models import User
from greenchain.refusals import Refused
from suppliers.place.models import Level

if TYPE_CHECKING:
    from certification.admin.application import ApplicationDesk

MOST = 200
"""Cases in one go: what a person can read."""


class OpinionForm(forms.Form):
    """One opinion for all of them."""

    opinion = forms.CharField(
        label=gettext_lazy("Shared opinion"), widget=forms.Textarea({"rows": 3}), max_length=4000
    )


class ReasonsForm(forms.Form):
    """Reasons are welcome."""

    reasons = forms.CharField(
        label=gettext_lazy("Reasons"), widget=forms.Textarea({"rows": 3}), max_length=4000, required=False
    )


class ColleagueForm(forms.Form):
    """Who of the desk takes them."""

    user = forms.ModelChoiceField(label=gettext_lazy("To whom"), queryset=User.objects.none())

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        field.queryset = colleagues(by)
        loads = {person.pk: load for person, load in load_of(by).items()}
        field.label_from_instance = lambda person: (
            _("%(person)s (has %(load)d)")
            % {
                "person": person.get_full_name() or person.get_username(),
                "load": loads.get(person.pk, 0),
            }
        )


class SharingForm(forms.Form):
    """Nothing to ask: it says who has how many now."""

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loads = [
            (person.get_full_name() or person.get_username(), load) for person, load in load_of(by).items()
        ]


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
    """Whether the form asks who does it, and the action answers with the cases that it changed."""

    def asked(self, request: HttpRequest, *, confirmed: bool) -> forms.Form:
        """The form, with what was posted once it is confirmed."""
        more: dict[str, Any] = {"by": request.user} if self.by_desk else {}
        return self.form(request.POST if confirmed else None, **more)


ENDORSE = Batch("endorse_batch", "endorse", gettext_lazy("Endorse"), endorse_batch, OpinionForm)
SELECT = Batch("select_batch", "select", gettext_lazy("Select"), select, forms.Form, ranked=True)
GRANT = Batch("grant_batch", "grant", gettext_lazy("Grant"), grant_batch, ReasonsForm)
HAND = Batch("hand_batch", "assign", gettext_lazy("Hand over"), hand_to, ColleagueForm, by_desk=True)
SHARE = Batch("share_batch", "assign", gettext_lazy("Share out"), share_out, SharingForm, by_desk=True)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case on the page: its rank among its rivals, whether it was chosen, and why it cannot move."""

    case: Any
    rank: int
    tied: bool
    chosen: bool
    passing: Decimal
    why: str = ""
    stays: str = ""
    """Why the batch leaves a case as it is."""


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one round and level, with the quota."""

    round: Any
    level: str
    rows: list[Candidate]
    quota: int | None
    taken: int
    chosen: int

    @property
    def left(self) -> int | None:
        """Places that are left before this batch."""
        return None if self.quota is None else max(self.quota - self.taken, 0)

    @property
    def too_many(self) -> bool:
        """Whether more were chosen than there are places."""
        return self.left is not None and self.chosen > self.left

    @property
    def jumps(self) -> bool:
        """Whether a case was chosen although one with a better rank was not."""
        worst = max((row.rank for row in self.rows if row.chosen), default=0)
        return any(not row.chosen and row.rank < worst for row in self.rows)


def _stays(case: Any) -> str:
    """Why sharing out leaves the case as it is."""
    if case.status != Status.EXAMINATION:
        return _("not under examination")
    if not case.assigned:
        return ""
    return _("stays with %(person)s") % {"person": case.assigned}


def page(desk: "ApplicationDesk", request: HttpRequest, chosen: Any, what: Batch) -> HttpResponse | None:
    """The page; once it is confirmed and done, None: back to the queue."""
    cases = list(chosen[: MOST + 1])
    if len(cases) > MOST:
        messages.error(request, _("At most %(most)d cases in one go.") % {"most": MOST})
        return None
    asked = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
    if len(asked) != len(cases) and request.POST.get("select_across") != "1":
        messages.error(request, _("Some of the chosen cases have moved on meanwhile. Choose again."))
        return None
    confirmed = "confirmed" in request.POST
    form = what.asked(request, confirmed=confirmed)
    status = 200
    if confirmed and form.is_valid():
        try:
            made = what.action(cases, by=request.user, **form.cleaned_data)
        except Refused as no:
            messages.error(request, _("Nothing was done. %(why)s") % {"why": no})
            status = no.status
        else:
            count = len(made) if what.by_desk else len(cases)
            said = ngettext("%(act)s: %(count)d case.", "%(act)s: %(count)d cases.", count)
            messages.success(request, said % {"act": what.label, "count": count})
            return None
    context = Table(desk, request, what, cases).context() | {"form": form}
    request.current_app = desk.admin_site.name
    return TemplateResponse(request, "admin/certification/application/batch.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Table:
    """The chosen cases by round and level, as the page shows them."""

    desk: "ApplicationDesk"
    request: HttpRequest
    what: Batch
    cases: Sequence[Any]

    def context(self) -> dict[str, Any]:
        """What the template needs."""
        groups = [self.group(*key) for key in sorted({(case.round_id, case.level) for case in self.cases})]
        return {
            **self.desk.admin_site.each_context(self.request),
            "title": self.what.label,
            "opts": self.desk.opts,
            "what": self.what,
            "groups": groups,
            "cases": self.cases,
            "ready": all(not row.why for group in groups for row in group.rows if row.chosen),
            "checkbox": ACTION_CHECKBOX_NAME,
        }

    def group(self, round_id: int, level: int) -> Group:
        """One round and level: its cases ranked by confirmed score, equal scores sharing a rank."""
        mine = [case for case in self.cases if (case.round_id, case.level) == (round_id, level)]
        shown = [*mine, *self.rivals(mine)] if self.what.ranked else mine
        scores = [case.low or Decimal(0) for case in shown]
        chosen = {case.pk for case in mine}
        rows = [
            Candidate(
                case,
                rank=1 + sum(other > score for other in scores),
                tied=scores.count(score) > 1,
                chosen=case.pk in chosen,
                passing=pass_score(case),
                why=self.why(case) if case.pk in chosen else "",
                stays=_stays(case) if self.what is SHARE else "",
            )
            for case, score in zip(shown, scores, strict=True)
        ]
        rows.sort(key=lambda row: (row.rank, row.case.number))
        quota = mine[0].round.quota_at(level)
        taken = places_taken(mine[0]) if quota is not None else 0
        return Group(mine[0].round, str(Level(level).label), rows, quota, taken, len(mine))

    def rivals(self, mine: Sequence[Application]) -> list[Any]:
        """What else waits for selection in the same round, at the same level and desk."""
        first = mine[0]
        waiting = self.desk.get_queryset(self.request).filter(
            round=first.round_id, level=first.level, desk=first.desk_id, status=Status.SELECTION
        )
        return list(waiting.exclude(pk__in=[case.pk for case in mine]))

    def why(self, case: Application) -> str:
        """Why the case cannot make the move now; empty when it can."""
        user, verb = self.request.user, self.what.verb
        if self.what is SHARE and _stays(case):
            return ""
        if self.what is HAND and case.status != Status.EXAMINATION:
            return _("It is not under examination.")
        offer = next((offer for offer in case.offers(user) if offer.verb == verb), None)
        if offer is not None:
            return offer.why
        try:
            case.may_try(verb, user)
        except Refused as no:
            return str(no)
        return ""
