"""Internal notes in the admin; in the case file they stand in a fold of their own."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.application.admin import OnCase, case_link
from certification.note.actions import write_note
from certification.note.forms import NoteForm
from certification.note.models import READERS, InternalNote
from greenchain.audit.acts import Act


def _writes(_row: InternalNote | None, user: Any) -> bool:
    return user.role in READERS


@admin.register(InternalNote)
class NoteDesk(OnCase[InternalNote]):
    """What colleagues wrote down."""

    readers = READERS
    opening = Act("write", _("Write a note"), write_note, NoteForm, "primary", _writes)
    list_display = ("case", "words", "authority", "by", "at")
    list_display_links = ("words",)
    list_filter = ("at",)
    list_select_related = ("application", "authority", "by")
    ordering = ("-at", "-pk")
    fields = readonly_fields = ("case", "text", "authority", "by", "at", "shared")

    @admin.display(description=_("case"), ordering="application__number")
    def case(self, row: InternalNote) -> SafeString:
        """Which it is about."""
        return case_link(row.application)

    @admin.display(description=_("note"))
    def words(self, row: InternalNote) -> str:
        """How it begins."""
        return row.text[:120]

    def done(self, request: HttpRequest, row: InternalNote, act: Act) -> HttpResponse:
        """Back to the case file, where the note stands."""
        super().done(request, row, act)
        url = reverse("admin:certification_application_change", args=[row.application_id])
        return HttpResponseRedirect(f"{url}#notes")
