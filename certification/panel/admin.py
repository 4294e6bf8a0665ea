"""The register of experts, with how each scores beside the others on the cases that the reader sees."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certification.panel.calibration import FEW, Calibration, calibrate
from certification.panel.forms import AwayForm, ExpertForm, TieForm
from certification.panel.models import Expert
from certification.panel.register import amend_expert, declare_tie, enter_expert, keeps, set_away
from certification.scheme.models import Scheme
from greenchain.audit.acts import Act
from greenchain.audit.desk import EVERYBODY, Desk
from greenchain.languages import listed


def _keeps(expert: Expert | None, user: Any) -> bool:
    return keeps(user, expert)


def columns(user: Any) -> tuple[Any, ...]:
    """How each expert scores beside the others on the cases that the person sees, as columns of a register."""
    figures = calibrate(user)

    def of(expert: Expert) -> Calibration:
        return figures.get(expert.user_id, Calibration())

    @admin.display(description=_("cases concluded"))
    def cases(expert: Expert) -> int:
        return of(expert).cases

    @admin.display(description=_("mean difference, points"))
    def difference(expert: Expert) -> str:
        told = of(expert)
        if told.mean_difference is None:
            return "–"
        words = f"{told.mean_difference:+.2f}"
        return f"{words} ({_('too few cases')})" if told.few else words

    @admin.display(description=_("standard deviation, points"))
    def spread(expert: Expert) -> str:
        found = of(expert).spread
        return "–" if found is None else f"{found:.2f}"

    @admin.display(description=_("within the threshold"))
    def agreement(expert: Expert) -> str:
        found = of(expert).percent
        return "–" if found is None else f"{found:.0f} %"

    return cases, difference, spread, agreement


def _columns(request: Any) -> tuple[Any, ...]:
    """The same columns all through one request."""
    if not hasattr(request, "expert_columns"):
        request.expert_columns = columns(request.user)
    found: tuple[Any, ...] = request.expert_columns
    return found


@admin.register(Expert)
class ExpertDesk(Desk[Expert]):
    """Administrators keep all experts, approvers the pool of their authority; officials read how they score."""

    readers = EVERYBODY
    opening = Act("enter", gettext_lazy("Enter an expert"), enter_expert, ExpertForm, "primary", _keeps)
    acts = (
        Act("amend", gettext_lazy("Amend"), amend_expert, ExpertForm, "primary", _keeps),
        Act("tie", gettext_lazy("Add a tie"), declare_tie, TieForm, "plain", _keeps),
        Act("away", gettext_lazy("Say when away"), set_away, AwayForm, "plain", _keeps),
    )
    list_display = ("__str__", "employer", "authority", "at_hand")
    list_filter = ("listed",)
    list_select_related = ("user", "authority")
    search_fields = ("user__username", "user__first_name", "user__last_name", "employer")
    ordering = ("user__username",)
    fields = readonly_fields = (
        "user",
        "employer",
        "employer_identifier",
        "title",
        "scheme_names",
        "division_codes",
        "authority",
        "listed",
        "away_from",
        "away_until",
        "tie_list",
        "caution",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With their ties."""
        return super().get_queryset(request).prefetch_related("ties")

    def get_list_display(self, request: HttpRequest) -> Any:
        """Each with their figures, reckoned once for this reader."""
        return (*self.list_display, *_columns(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Expert | None = None) -> Any:  # noqa: ARG002 - Django's
        """The same figures on the row's page."""
        return (*self.readonly_fields[:-1], *_columns(request), "caution")

    def get_fields(self, request: HttpRequest, obj: Expert | None = None) -> Any:
        """All of them are read."""
        return self.get_readonly_fields(request, obj)

    def form_of(self, request: HttpRequest, row: Expert | None, act: Act) -> Any:
        """Forms of the register know their row."""
        data = request.POST if request.method == "POST" else None
        if act.form is ExpertForm:
            return ExpertForm(data, instance=row and Expert.objects.get(pk=row.pk))
        given = {} if row is None else {"away_from": row.away_from, "away_until": row.away_until}
        return act.form(data, initial=given)

    @admin.display(description=gettext_lazy("at hand"), boolean=True)
    def at_hand(self, expert: Expert) -> bool:
        """In the pool and not away."""
        return expert.listed and not expert.is_away

    @admin.display(description=gettext_lazy("how to read this"))
    def caution(self, _expert: Expert) -> str:
        """Honest about small numbers."""
        return _(
            "Over the cases that you see and whose panel is concluded: the expert's points less the mean of the "
            "others'. With fewer than %(few)d cases the figures say nothing (our choice). They are a reason to "
            "talk, not a verdict."
        ) % {"few": FEW}

    @admin.display(description=gettext_lazy("schemes"))
    def scheme_names(self, expert: Expert) -> str:
        """In words."""
        rows = Scheme.objects.filter(key__in=expert.schemes)
        return listed(rows) or _("every scheme")

    @admin.display(description=gettext_lazy("industries"))
    def division_codes(self, expert: Expert) -> str:
        """By division."""
        return listed(expert.divisions) or _("every industry")

    @admin.display(description=gettext_lazy("ties"))
    def tie_list(self, expert: Expert) -> SafeString | str:
        """As declared."""
        rows = [(str(row), row.since_on or "…", row.until_on or "…") for row in expert.ties.all()]
        return format_html_join("", "{} ({} – {})<br>", rows) if rows else _("none declared")
