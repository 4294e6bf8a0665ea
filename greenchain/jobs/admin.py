"""Long work, to be watched: how far it is, what it did, what is wrong with its file."""

from typing import Any

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenchain.audit.desk import ADMINISTRATORS, Desk
from greenchain.jobs.models import Job

SHOWN = 50


@admin.register(Job)
class JobDesk(Desk[Job]):
    """A job is never changed here: it goes on when its file comes again."""

    readers = ADMINISTRATORS
    list_display = ("kind", "title", "state", "progress", "fault_count", "by", "started_at", "ended_at")
    list_filter = ("state", "kind")
    list_select_related = ("by",)
    ordering = ("-started_at",)
    fields = readonly_fields = (
        "kind",
        "title",
        "state",
        "progress",
        "outcome",
        "told",
        "digest",
        "by",
        "started_at",
        "updated_at",
        "ended_at",
    )

    @admin.display(description=gettext_lazy("read"))
    def progress(self, job: Job) -> str:
        """How much has been read."""
        return _("%(read)d of %(total)d rows") % {"read": job.read, "total": job.total}

    @admin.display(description=gettext_lazy("faults"))
    def told(self, job: Job) -> str | SafeString:
        """The first faults, by row and column."""
        faults: list[Any] = job.faults[:SHOWN]
        return format_html_join("", "<p>{}, {}: {}</p>", faults) if faults else _("none")
