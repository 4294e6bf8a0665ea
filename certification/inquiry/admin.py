"""Questions to applicants in the admin: what is open, overdue and answered, and the threads."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.application.admin import OnCase, case_link, is_auditor
from certification.inquiry.actions import ask, ask_again, settle
from certification.inquiry.forms import AskAgainForm, AskForm, SettleForm
from certification.inquiry.models import Question
from greenchain.audit.acts import Act
from greenchain.clock import today


class OverdueFilter(admin.SimpleListFilter):
    """Open ones by their day."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, _request: Any, _model_admin: Any) -> list[tuple[str, Any]]:
        """One choice."""
        return [("overdue", _("overdue"))]

    def queryset(self, _request: Any, queryset: Any) -> Any:
        """Open, and the last day has passed."""
        return queryset.open().filter(due_on__lt=today()) if self.value() == "overdue" else queryset


def _is_unsettled(question: Question) -> bool:
    return question.state != Question.State.SETTLED


@admin.register(Question)
class QuestionDesk(OnCase[Question]):
    """What applicants are asked."""

    opening = Act("ask", _("Ask the applicant"), ask, AskForm, "primary", is_auditor)
    acts = (
        Act("ask_again", _("Ask again"), ask_again, AskAgainForm, "plain", is_auditor, _is_unsettled),
        Act("settle", _("Settle"), settle, SettleForm, "primary", is_auditor, _is_unsettled),
    )
    list_display = ("case", "about_what", "state", "due_on", "asker", "asked_at")
    list_display_links = ("about_what",)
    list_filter = ("state", OverdueFilter)
    list_select_related = ("application__round", "application__scheme_version", "asker")
    ordering = ("due_on", "pk")
    fields = readonly_fields = ("case", "about_what", "evidence", "state", "due_on", "asker", "desk")

    @admin.display(description=_("case"), ordering="application__number")
    def case(self, row: Question) -> SafeString:
        """Which it is about."""
        return case_link(row.application)

    @admin.display(description=_("about"), ordering="about")
    def about_what(self, row: Question) -> str:
        """In words."""
        return row.subject_named

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With the thread."""
        row = self.found(request, object_id)
        shown = {"threads": [row], "part": "admin/certification/threads.html"}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})
