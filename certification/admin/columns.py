"""What each row of the queue shows."""

from typing import Any

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from certification.admin.steps import left
from certification.application.models import Application
from certification.templatetags.figures import day, number
from certification.templatetags.states import look
from certification.workflow import Status
from greenchain.clock import now
from suppliers.place.models import Level

SOON = 3
"""Working days left from which a case is marked as due soon."""


def badge(key: Any, word: Any = "") -> SafeString:
    """A state as colour, shape and word."""
    return render_to_string("components/badge.html", {"look": look(key), "word": word})


def labelled(label: Any, body: Any) -> SafeString:
    """A cell that names itself where the table is stacked."""
    return format_html('<span class="cell-label">{}</span><span class="cell">{}</span>', label, body)


class Columns:
    """The queue's columns, as callables of the admin."""

    @admin.display(description=_("subject"), ordering="applicant__name")
    def subject(self, case: Application) -> SafeString:
        """What the title is for, and who applies."""
        name = getattr(case.subject, "shown_name", case.subject)
        applicant = case.applicant.shown_name
        if str(name) == applicant:
            return format_html("<strong>{}</strong>", name)
        return format_html('<strong>{}</strong><small class="muted">{}</small>', name, applicant)

    @admin.display(description=_("scheme and level"), ordering="level")
    def what(self, case: Application) -> SafeString:
        """What it asks for."""
        scheme, level = case.scheme_version.scheme, Level(case.level).label
        return labelled(_("Scheme"), format_html('{}<small class="muted">{}</small>', scheme, level))

    @admin.display(description=_("status"), ordering="status")
    def state(self, case: Application) -> SafeString:
        """Colour, shape and word."""
        return labelled(_("Status"), badge(case.status))

    @admin.display(description=_("desk"), ordering="desk__path")
    def at(self, case: Application) -> SafeString:
        """Who must act, and whether it came here because another desk did not act in time."""
        late = case.escalated_from
        if late is None:
            return labelled(_("Desk"), case.desk.name)
        words = _("escalated from %(desk)s") % {"desk": late.name}
        return labelled(
            _("Desk"), format_html("{} <small>{}</small>", case.desk.name, badge("overdue", words))
        )

    @admin.display(description=_("who has it"), ordering="assigned")
    def who(self, case: Any) -> SafeString:
        """The auditor of the desk whom the case was handed to."""
        return labelled(_("Who has it"), case.assigned or "–")

    @admin.display(description=_("due"), ordering="due_on")
    def due(self, case: Application) -> SafeString:
        """The day, and the working days left."""
        days = case.days_left
        if case.status == Status.RETURNED and days is not None:
            stopped = _("the desk's clock stands still")
            body = format_html('{} <small class="muted">{}</small>', day(case.due_on), stopped)
            return labelled(_("Due"), body)
        if days is None:
            return labelled(_("Due"), "–")
        words = left(days)
        mark = badge("overdue", words) if days < 0 else badge("soon", words) if days <= SOON else words
        return labelled(_("Due"), format_html("{} <small>{}</small>", day(case.due_on), mark))

    @admin.display(description=_("waiting since"), ordering="status_since")
    def waiting(self, case: Application) -> SafeString:
        """Since when it stands there."""
        days = (now() - case.status_since).days
        words = ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
        body = format_html('{} <small class="muted">{}</small>', day(case.status_since), words)
        return labelled(_("Waiting since"), body)

    @admin.display(description=_("score"), ordering="low")
    def score(self, case: Any) -> SafeString:
        """The newest run's range."""
        if case.low is None:
            return labelled(_("Score"), "–")
        low, high = number(case.low, 1), number(case.high, 1)
        return labelled(_("Score"), low if low == high else f"{low} – {high}")

    @admin.display(description=_("blocks"), ordering="blocks")
    def blocking(self, case: Any) -> SafeString:
        """How many findings keep the case."""
        if case.run is None:
            return labelled(_("Blocks"), "–")
        if not case.blocks:
            return labelled(_("Blocks"), badge("passed", _("nothing")))
        return labelled(_("Blocks"), badge("blocks", number(case.blocks, 0)))
