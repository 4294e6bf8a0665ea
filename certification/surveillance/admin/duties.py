"""Annual forms and other duties, with the city's opinions, one by one and of many at once."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from certification.surveillance.admin.titles import OF_TITLES, title_link
from certification.surveillance.annual import Filing, FormOpinion
from certification.surveillance.filing import give_opinion, give_opinions, reviews
from certification.surveillance.forms import OpinionForm
from certification.surveillance.formviews import told
from certification.surveillance.models import Obligation
from certification.surveillance.sheet import workbook
from greenchain.audit.acts import Act
from greenchain.audit.desk import Desk
from greenchain.clock import today
from greenchain.refusals import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class OpinionBar(ActionForm):
    """The text of an opinion that is given to many forms."""

    text = forms.CharField(label=_("Text of the opinion"), required=False, max_length=2000)


class StateFilter(admin.SimpleListFilter):
    """How far a duty is."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Open, late, filed, waiting for the city."""
        return [
            ("open", _("open")),
            ("late", _("late")),
            ("filed", _("filed")),
            ("waits", _("waits for an opinion")),
        ]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """By what the word says."""
        match self.value():
            case "open":
                return queryset.open()
            case "late":
                return queryset.open().filter(due_on__lt=today())
            case "filed":
                return queryset.filter(filed_at__isnull=False)
            case "waits":
                return (
                    queryset.filter(filed_at__isnull=False)
                    .exclude(filings=None)
                    .filter(filings__opinions=None)
                )
            case _:
                return queryset


def _given(outcome: str) -> Any:
    def act(obligation: Obligation, *, by: Any, text: str) -> FormOpinion:
        filing = obligation.filings.order_by("-number").first()
        assert filing is not None  # noqa: S101 - offered only where there is one
        return give_opinion(filing, by=by, outcome=outcome, text=text)

    return act


def _reviews(row: Any, user: Any) -> bool:
    return reviews(row, user)


def _waits(row: Obligation) -> bool:
    last: Filing | None = row.filings.order_by("-number").first()
    opinion = last.opinion if last else None
    return last is not None and (opinion is None or opinion.outcome == FormOpinion.Outcome.ON_SITE)


@admin.register(Obligation)
class ObligationDesk(Desk[Obligation]):
    """Annual forms and other duties: due, filed, and what the city says of them."""

    acts = (
        Act("accept", _("Accept"), _given("accepted"), OpinionForm, "primary", _reviews, _waits),
        Act("visit", _("See on site"), _given("on_site"), OpinionForm, "plain", _reviews, _waits),
        Act(
            "query", _("Send back with a question"), _given("queried"), OpinionForm, "plain", _reviews, _waits
        ),
    )
    action_form = OpinionBar
    actions = ("accept_many", "visit_many", "query_many", "export_forms")
    list_display = ("title", "name", "kind", "year", "due_on", "filed_at", "late", "opinion")
    list_display_links = ("kind",)
    list_filter = (StateFilter, "kind", "year")
    list_select_related = OF_TITLES
    search_fields = ("designation__number", "designation__name")
    ordering = ("due_on", "pk")
    fields = readonly_fields = ("title", "name", "kind", "year", "due_on", "filed_at", "filed_by", "forms")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With filings and opinions."""
        return super().get_queryset(request).prefetch_related("filings__opinions")

    @admin.display(description=_("designation"), ordering="designation__number")
    def title(self, row: Obligation) -> SafeString:
        """The title that owes it."""
        return title_link(row)

    @admin.display(description=_("name"), ordering="designation__name")
    def name(self, row: Obligation) -> str:
        """As announced."""
        return row.designation.name

    @admin.display(description=_("late"))
    def late(self, row: Obligation) -> str:
        """Filed late, or open and late."""
        is_late = row.is_late or any(filing.late for filing in row.filings.all())
        return gettext("late") if is_late else ""

    @admin.display(description=_("opinion"))
    def opinion(self, row: Obligation) -> str:
        """The city's word on the last filing."""
        last = max(row.filings.all(), key=lambda one: one.number, default=None)
        return str(last.opinion.get_outcome_display()) if last and last.opinion else "–"

    @admin.display(description=_("what was filed"))
    def forms(self, row: Obligation) -> SafeString | str:
        """Every filing, the last first, with its opinions."""
        parts = []
        for filing in sorted(row.filings.all(), key=lambda one: -one.number):
            rows = format_html_join("", "<tr><th>{}</th><td>{}</td></tr>", told(filing.content))
            said = format_html_join(
                "",
                "<p><strong>{}</strong> · {} · {}</p>",
                ((one.get_outcome_display(), one.at.date(), one.text) for one in filing.opinions.all()),
            )
            parts.append(
                format_html(
                    "<p><strong>{} · {}{}</strong></p><table>{}</table>{}<p><code>{}</code></p>",
                    filing.number,
                    filing.at.date(),
                    f" · {gettext('late')}" if filing.late else "",
                    rows,
                    said,
                    filing.digest,
                )
            )
        return format_html_join("", "{}", ((part,) for part in parts)) if parts else "–"

    @admin.action(description=_("Accept the chosen forms"))
    def accept_many(self, request: HttpRequest, queryset: Any) -> None:
        """All of them, or none."""
        self._many(request, queryset, FormOpinion.Outcome.ACCEPTED)

    @admin.action(description=_("See the chosen forms' sites"))
    def visit_many(self, request: HttpRequest, queryset: Any) -> None:
        """All of them, or none."""
        self._many(request, queryset, FormOpinion.Outcome.ON_SITE)

    @admin.action(description=_("Send the chosen forms back with a question"))
    def query_many(self, request: HttpRequest, queryset: Any) -> None:
        """All of them, or none."""
        self._many(request, queryset, FormOpinion.Outcome.QUERIED)

    def _many(self, request: HttpRequest, queryset: Any, outcome: str) -> None:
        rows = list(queryset)
        last = [max(row.filings.all(), key=lambda one: one.number, default=None) for row in rows]
        if not all(last):
            messages.error(request, gettext("Choose forms that are filed."))
            return
        try:
            count = give_opinions(
                [one for one in last if one],
                by=request.user,
                outcome=outcome,
                text=request.POST.get("text", ""),
            )
        except Refused as no:
            messages.error(request, gettext("Nothing was done: %(why)s") % {"why": no})
            return
        messages.success(request, gettext("Opinions given: %(count)d.") % {"count": count})

    @admin.action(description=_("Export the chosen forms (XLSX)"))
    def export_forms(self, _request: HttpRequest, queryset: Any) -> HttpResponse:
        """In the columns of the national form."""
        return HttpResponse(
            workbook(queryset.annual()),
            content_type=XLSX,
            headers={"Content-Disposition": 'attachment; filename="annual-forms.xlsx"'},
        )
