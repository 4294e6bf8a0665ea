"""The register of complaints, with its clock: read and answered by the officers of the authority concerned."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.complaint import actions, guards
from certification.complaint.forms import AskForm, DecideForm
from certification.complaint.models import Complaint, Outcome
from greenchain.audit.acts import Act
from greenchain.audit.desk import Desk
from greenchain.clock import today, working_days_between


def _is_open(row: Complaint) -> bool:
    return not row.outcome


class StateFilter(admin.SimpleListFilter):
    """How far it is."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, _request: Any, _model_admin: Any) -> list[tuple[str, Any]]:
        """Open ones by what they wait for."""
        return [("new", _("to be taken up")), ("open", _("open")), ("late", _("overdue"))]

    def queryset(self, _request: Any, queryset: Any) -> Any:
        """Open ones have no outcome."""
        match self.value():
            case "new":
                return queryset.open().filter(taken_by=None)
            case "open":
                return queryset.open()
            case "late":
                return queryset.open().filter(due_on__lt=today())
            case _:
                return queryset


class AboutFilter(admin.SimpleListFilter):
    """Titles or bodies."""

    title = _("about")
    parameter_name = "about"

    def lookups(self, _request: Any, _model_admin: Any) -> list[tuple[str, Any]]:
        """Two kinds."""
        return [("title", _("a title")), ("body", _("an evaluation body"))]

    def queryset(self, _request: Any, queryset: Any) -> Any:
        """By what is named."""
        if self.value() in {"title", "body"}:
            return queryset.filter(body__isnull=self.value() == "title")
        return queryset


@admin.register(Complaint)
class ComplaintDesk(Desk[Complaint]):
    """Complaints name people: only auditors and approvers of the authority concerned read them."""

    readers = ("auditor", "approver")
    acts = (
        Act(
            "take",
            _("Take up"),
            actions.take_up,
            tone="primary",
            whose=guards.takes_up,
            when=lambda row: _is_open(row) and not row.taken_by_id,
        ),
        Act(
            "take-over",
            _("Take over"),
            actions.take_up,
            whose=lambda row, user: guards.takes_up(row, user) and row.taken_by_id != user.pk,
            when=lambda row: _is_open(row) and bool(row.taken_by_id),
        ),
        Act(
            "ask",
            _("Ask the holder"),
            actions.ask_holder,
            AskForm,
            whose=guards.has_it,
            when=lambda row: _is_open(row) and not row.told_at,
        ),
        Act(
            "decide",
            _("Decide"),
            actions.decide,
            DecideForm,
            "primary",
            guards.decides,
            lambda row: _is_open(row) and bool(row.taken_by_id) and not row.may_reply,
        ),
    )
    list_display = ("number", "about", "name", "at", "taken_by", "due", "outcome")
    list_filter = (StateFilter, AboutFilter, "outcome")
    list_select_related = ("designation", "body", "taken_by")
    search_fields = ("number", "name", "designation__number", "designation__name", "body__name")
    ordering = ("-at", "-pk")
    fields = readonly_fields = (
        "number",
        "about",
        "name",
        "contact",
        "statement",
        "attached",
        "at",
        "confirmed_at",
        "due",
        "taken_by",
        "substance",
        "answer_by",
        "reply",
        "replied_at",
        "outcome",
        "reasons",
        "decided_by",
        "decided_at",
        "next_step",
    )

    @admin.display(description=_("about"))
    def about(self, row: Complaint) -> SafeString:
        """The title or the body, linked."""
        word = "designation" if row.designation else "body"
        url = reverse(f"admin:certification_{word}_change", args=[row.subject.pk])
        return format_html('<a href="{}">{}</a>', url, row.subject)

    @admin.display(description=_("evidence"))
    def attached(self, row: Complaint) -> SafeString:
        """Files that came with it, as downloads."""
        files = ((reverse("complaint-file", args=[file.pk]), file.filename) for file in row.files.all())
        return format_html_join("", '<a href="{}">{}</a><br>', files)

    @admin.display(description=_("due"), ordering="due_on")
    def due(self, row: Complaint) -> str:
        """The day of the outcome, and the working days until then."""
        if row.due_on is None or row.outcome:
            return "–"
        left = working_days_between(today(), row.due_on)
        words = _("%(day)s, overdue") if left < 0 else _("%(day)s, working days left: %(left)s")
        return str(words) % {"day": row.due_on, "left": left}

    @admin.display(description=_("next"))
    def next_step(self, row: Complaint) -> SafeString | str:
        """What a founded complaint leads to: a decision of its own, with its own hearing and reasons."""
        if row.outcome != Outcome.FOUNDED:
            return "–"
        word, act = ("designation", "propose") if row.designation else ("body", "sanction")
        label = _("Propose to remove the title") if row.designation else _("Sanction the body")
        url = reverse(f"admin:certification_{word}_{act}", args=[row.subject.pk])
        return format_html('<a href="{}">{}</a>', url, label)
