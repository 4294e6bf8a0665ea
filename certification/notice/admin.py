"""Public notices, objections and announcements, to be read; objections are answered in the case file."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.application.admin import case_link
from certification.notice.announcing import correct_entry, corrects
from certification.notice.forms import CorrectEntryForm
from certification.notice.models import Announcement, AnnouncementEntry, Objection, PublicNotice
from greenchain.audit.acts import Act
from greenchain.audit.desk import EVERYBODY, Desk


class OpenFilter(admin.SimpleListFilter):
    """Whether an answer is due."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, _request: Any, _model_admin: Any) -> list[tuple[str, Any]]:
        """Two states."""
        return [("due", _("due")), ("given", _("given"))]

    def queryset(self, _request: Any, queryset: Any) -> Any:
        """Open ones have no outcome."""
        match self.value():
            case "due":
                return queryset.filter(outcome="")
            case "given":
                return queryset.exclude(outcome="")
            case _:
                return queryset


@admin.register(PublicNotice)
class NoticeDesk(Desk[PublicNotice]):
    """Proposed lists."""

    readers = EVERYBODY
    list_display = ("number", "round", "authority", "level", "starts_on", "ends_on")
    list_filter = ("level", "starts_on")
    list_select_related = ("round", "authority")
    search_fields = ("number", "round__code", "authority__name_zh", "authority__name_en")
    ordering = ("-starts_on", "-pk")
    fields = readonly_fields = ("number", "round", "authority", "level", "starts_on", "ends_on", "cases")

    @admin.display(description=_("cases"))
    def cases(self, notice: PublicNotice) -> SafeString:
        """What the notice lists."""
        return format_html_join(
            "", "{} {}<br>", ((case_link(case), case.applicant) for case in self._listed(notice))
        )

    def _listed(self, notice: PublicNotice) -> Any:
        return notice.applications.select_related("applicant").order_by("number")


@admin.register(Objection)
class ObjectionDesk(Desk[Objection]):
    """Objections name people: only officials of the territory read them."""

    list_display = ("number", "case", "objector", "at", "told_at", "outcome", "answered_at")
    list_filter = (OpenFilter,)
    list_select_related = ("application",)
    search_fields = ("number", "application__number", "name")
    ordering = ("-at", "-pk")
    fields = readonly_fields = (
        "number",
        "case",
        "objector",
        "contact",
        "statement",
        "attached",
        "at",
        "confirmed_at",
        "substance",
        "comment_by",
        "comment",
        "outcome",
        "answer",
        "answered_by",
        "answered_at",
    )

    @admin.display(description=_("evidence"))
    def attached(self, row: Objection) -> SafeString:
        """Files that came with it, as downloads."""
        files = ((reverse("objection-file", args=[file.pk]), file.filename) for file in row.files.all())
        return format_html_join("", '<a href="{}">{}</a><br>', files)

    @admin.display(description=_("who objects"), ordering="name")
    def objector(self, row: Objection) -> str:
        """The name as given; the field's own label speaks to the sender."""
        return row.name

    @admin.display(description=_("case"), ordering="application__number")
    def case(self, row: Objection) -> SafeString:
        """Where it is answered."""
        return case_link(row.application)


def _correct(_row: Announcement, *, entry: AnnouncementEntry, **said: Any) -> AnnouncementEntry:
    return correct_entry(entry, **said)


@admin.register(Announcement)
class AnnouncementDesk(Desk[Announcement]):
    """Final lists; their annexes stand on the public page."""

    readers = EVERYBODY
    acts = (Act("correct", _("Correct an entry"), _correct, CorrectEntryForm, whose=corrects),)
    list_display = ("number", "authority", "level", "announced_on")
    list_filter = ("level", "announced_on")
    list_select_related = ("authority",)
    search_fields = ("number", "authority__name_zh", "authority__name_en")
    ordering = ("-announced_on", "-pk")
    fields = readonly_fields = ("number", "authority", "level", "announced_on", "public")

    def scope(self, rows: Any, _user: Any) -> Any:
        """Announcements are public."""
        return rows

    def form_of(self, request: HttpRequest, row: Announcement | None, act: Act) -> Any:  # noqa: ARG002 - one act only
        """The form offers the entries of this announcement."""
        assert row is not None  # noqa: S101 - announcements are opened by decisions
        if request.method == "POST":
            return CorrectEntryForm(request.POST, announcement=row)
        return CorrectEntryForm(initial=request.GET.dict(), announcement=row)

    @admin.display(description=_("public page"))
    def public(self, row: Announcement) -> SafeString:
        """With its annexes."""
        url = reverse("announcement", args=[row.number])
        return format_html('<a href="{}">{}</a>', url, url)
