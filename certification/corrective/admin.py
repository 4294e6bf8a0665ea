"""Nonconformities in the admin: open, overdue, awaiting the desk's ruling."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.application.admin import OnCase, case_link, is_auditor
from certification.corrective.actions import accept, drop, raise_nonconformity, turn_down
from certification.corrective.forms import AcceptForm, RaiseForm, TurnDownForm
from certification.corrective.models import Nonconformity
from certification.inquiry.admin import OverdueFilter
from certification.verbforms import RowReasonsForm
from greenchain.audit.acts import Act
from greenchain.clock import today


class LateFilter(OverdueFilter):
    """Those whose day has passed without a correction."""

    title = _("correction")
    parameter_name = "correction"

    def queryset(self, _request: Any, queryset: Any) -> Any:
        """Open, and the day has passed."""
        late = {"state": Nonconformity.State.OPEN, "due_on__lt": today()}
        return queryset.filter(**late) if self.value() == "overdue" else queryset


def _awaits(row: Nonconformity) -> bool:
    return row.state == Nonconformity.State.ANSWERED


def _unsettled(row: Nonconformity) -> bool:
    return row.is_unsettled


@admin.register(Nonconformity)
class NonconformityDesk(OnCase[Nonconformity]):
    """What does not conform, and what becomes of it."""

    opening = Act("raise", _("Raise a nonconformity"), raise_nonconformity, RaiseForm, "primary", is_auditor)
    acts = (
        Act("accept", _("Accept the correction"), accept, AcceptForm, "primary", is_auditor, _awaits),
        Act(
            "turn_down", _("Turn the correction down"), turn_down, TurnDownForm, "plain", is_auditor, _awaits
        ),
        Act("drop", _("Drop"), drop, RowReasonsForm, "danger", is_auditor, _unsettled),
    )
    list_display = ("case", "about_what", "severity", "state", "due_on", "raised_by", "raised_at")
    list_display_links = ("about_what",)
    list_filter = ("state", "severity", LateFilter)
    list_select_related = ("application__round", "application__scheme_version", "raised_by")
    ordering = ("due_on", "pk")
    fields = readonly_fields = (
        "case",
        "about_what",
        "severity",
        "state",
        "description",
        "due_on",
        "raised_by",
        "desk",
        "raised_at",
    )

    @admin.display(description=_("case"), ordering="application__number")
    def case(self, row: Nonconformity) -> SafeString:
        """Which it is about."""
        return case_link(row.application)

    @admin.display(description=_("about"), ordering="about")
    def about_what(self, row: Nonconformity) -> str:
        """In words."""
        return row.subject_named

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With the corrective actions."""
        row = self.found(request, object_id)
        shown = {"rows": [row], "part": "certification/corrective/list.html", "staff": True}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})
