"""Proposals to take titles away, and annual duties, to be read; both are acted on in the title's page."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.surveillance.models import Obligation, Proposal
from greenchain.audit.desk import Desk


def title_link(row: Any) -> SafeString:
    """The title's number, linked to its page."""
    url = reverse("admin:certification_designation_change", args=[row.designation_id])
    return format_html('<a href="{}">{}</a>', url, row.designation.number)


@admin.register(Proposal)
class ProposalDesk(Desk[Proposal]):
    """Why a title may be taken away, and what its holder answers."""

    list_display = ("title", "cause", "at", "reply_by", "replied_at")
    list_display_links = ("at",)
    list_filter = ("cause", ("replied_at", admin.EmptyFieldListFilter), "reply_by")
    list_select_related = ("designation",)
    search_fields = ("designation__number", "designation__name")
    ordering = ("-at", "-pk")
    fields = readonly_fields = ("title", "cause", "reasons", "by", "at", "reply_by", "reply", "replied_at")

    @admin.display(description=_("designation"), ordering="designation__number")
    def title(self, row: Proposal) -> SafeString:
        """Where it is decided."""
        return title_link(row)


@admin.register(Obligation)
class ObligationDesk(Desk[Obligation]):
    """Annual forms: due and filed."""

    list_display = ("title", "name", "year", "due_on", "filed_at")
    list_display_links = ("year",)
    list_filter = ("year", ("filed_at", admin.EmptyFieldListFilter))
    list_select_related = ("designation",)
    search_fields = ("designation__number", "designation__name")
    ordering = ("due_on", "pk")
    fields = readonly_fields = ("title", "name", "year", "due_on", "filed_at", "filed_by")

    @admin.display(description=_("designation"), ordering="designation__number")
    def title(self, row: Obligation) -> SafeString:
        """The title that owes the form."""
        return title_link(row)

    @admin.display(description=_("name"), ordering="designation__name")
    def name(self, row: Obligation) -> str:
        """As announced."""
        return row.designation.name
