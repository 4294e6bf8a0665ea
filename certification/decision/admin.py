"""Appeals: where they stand; they are answered in the case file, by the authority above."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.application.admin import case_link
from certification.decision.models import Appeal
from certification.notice.admin import OpenFilter
from greenchain.audit.desk import Desk


@admin.register(Appeal)
class AppealDesk(Desk[Appeal]):
    """Who asks to look again at what."""

    list_display = ("number", "about", "against", "by", "at", "due_on", "outcome")
    list_filter = (OpenFilter, "due_on")
    list_select_related = ("application", "designation", "by")
    search_fields = ("number", "application__number", "designation__number")
    ordering = ("-at", "-pk")
    fields = readonly_fields = (
        "about",
        "against",
        "by",
        "at",
        "due_on",
        "reasons",
        "page",
        "outcome",
        "answer",
        "answered_by",
        "answered_at",
    )

    @admin.display(description=_("page"))
    def page(self, row: Appeal) -> SafeString:
        """With its evidence and letters."""
        return format_html('<a href="{}">{}</a>', row.get_absolute_url(), row.number)

    @admin.display(description=_("about"))
    def about(self, row: Appeal) -> SafeString:
        """The case or the title."""
        if row.application is not None:
            return case_link(row.application)
        assert row.designation is not None  # noqa: S101 - a constraint of the table
        url = reverse("admin:certification_designation_change", args=[row.designation.pk])
        return format_html('<a href="{}">{}</a>', url, row.designation.number)
