"""Rounds with their calendar, opened, amended and set by who keeps them."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from certification.scheme.actions import (
    LEAP,
    amend_round,
    drop_requirement,
    keeps_rounds,
    open_round,
    require,
    set_deadline,
)
from certification.scheme.admin.searches import searches
from certification.scheme.deadlines import Deadline
from certification.scheme.departments import named
from certification.scheme.forms.entries import DeadlineForm, DropForm, RequirementForm
from certification.scheme.forms.rounds import RoundForm, proposed
from certification.scheme.models import Round, SchemeVersion
from certification.scheme.terms import Term
from greenchain.audit.acts import Act
from greenchain.audit.desk import EVERYBODY, Desk
from greenchain.clock import today
from greenchain.languages import listed, phrased, pick
from suppliers.place.models import Level

LONG = 19
"""Digits of a key that no database holds."""
NONE = "–"


class RoundHere(RoundForm):
    """The same, with the admin's search."""

    class Meta(RoundForm.Meta):
        widgets: ClassVar[dict[str, Any]] = {
            **RoundForm.Meta.widgets,
            **searches(Round, "scheme_version", "authority"),
        }


class DeadlineHere(DeadlineForm):
    """The same, with the admin's search."""

    class Meta(DeadlineForm.Meta):
        widgets: ClassVar[dict[str, Any]] = searches(Deadline, "authority")


def _keeps(row: Round | None, user: Any) -> bool:
    return keeps_rounds(user, row.authority if row else None)


def _chosen(request: HttpRequest) -> SchemeVersion | None:
    """The scheme version that the address names."""
    key = request.GET.get("scheme_version", "")
    known = SchemeVersion.objects.select_related("scheme")
    return known.filter(pk=key).first() if key.isdecimal() and len(key) < LONG else None


def _per_level(terms: Iterable[tuple[Level, Term]]) -> str:
    return listed(f"{level.label}: {term}" for level, term in terms)


def _unused(row: Round) -> bool:
    return not row.applications.exists()


def _droppable(row: Round) -> bool:
    return bool(row.local_gates) and _unused(row)


@admin.register(Round)
class RoundDesk(Desk[Round]):
    """Calls for applications: administrators keep all, approvers those of their authority."""

    readers = EVERYBODY
    opening = Act("open", _("Open a round"), open_round, RoundHere, "primary", _keeps)
    acts = (
        Act("amend", _("Amend"), amend_round, RoundHere, "primary", _keeps),
        Act("require", _("Ask for something more"), require, RequirementForm, "plain", _keeps, _unused),
        Act("drop", _("Drop a requirement"), drop_requirement, DropForm, "plain", _keeps, _droppable),
    )
    list_display = (
        "__str__",
        "code",
        "scheme_version",
        "authority",
        "year",
        "level_names",
        "opens_on",
        "closes_on",
    )
    list_filter = ("year", "scheme_version__scheme")
    list_select_related = ("scheme_version__scheme", "authority")
    search_fields = ("code", "names", "authority__name_zh", "authority__name_en")
    ordering = ("-opens_on", "-pk")
    fields = readonly_fields = (
        "code",
        "names_shown",
        "scheme_version",
        "authority",
        "year",
        "level_names",
        "quota_shown",
        "opens_on",
        "closes_on",
        "evaluation",
        "panel",
        "departments_shown",
        "panel_threshold",
        "notice_shown",
        "desks_shown",
        "return_days",
        "max_returns",
        "appeal_days",
        "appeal_counting",
        "local_shown",
    )

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """First the scheme's text, then the form with what that text proposes."""
        if request.method != "POST" and self.has_add_permission(request) and not _chosen(request):
            return self._choose(request)
        return super().add_view(request, form_url, extra_context)

    def _choose(self, request: HttpRequest) -> HttpResponse:
        day = today()
        versions = SchemeVersion.objects.select_related("scheme").order_by("scheme__key", "-effective_on")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Open a round"),
            "opts": self.opts,
            "versions": [each for each in versions if each.retired_on is None or each.retired_on > day],
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/round/choose.html", context)

    def form_of(self, request: HttpRequest, row: Round | None, act: Act) -> Any:
        """Approvers open rounds of their own authority only; a new round starts with what the scheme proposes."""
        if act.name == "require":
            return super().form_of(request, row, act)
        if act.name == "drop" and row is not None:
            return DropForm(request.POST if request.method == "POST" else None, row=row)
        version = _chosen(request) if row is None else row.scheme_version
        given: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
        if request.method != "POST" and row is None and version:
            given["initial"] = proposed(version, request.user) | request.GET.dict()
        return RoundHere(**given, instance=row, user=request.user, version=version)

    @admin.display(description=_("names"))
    def names_shown(self, row: Round) -> str:
        """In every language."""
        return " · ".join(row.names.values()) or pick(row.names)

    @admin.display(description=_("levels"))
    def level_names(self, row: Round) -> str:
        """In words, lowest first."""
        return listed(level.label for level in row.level_choices)

    @admin.display(description=_("local requirements"))
    def local_shown(self, row: Round) -> str:
        """In words, with where each is said."""
        return phrased(f"{gate} ({gate.source})" for gate in row.local) or NONE

    @admin.display(description=_("departments to be heard"))
    def departments_shown(self, row: Round) -> str:
        """In words."""
        return listed(named(row.departments)) or NONE

    @admin.display(description=_("days of public notice"))
    def notice_shown(self, row: Round) -> str:
        """Per level, with how the days are counted."""
        return _per_level((level, row.notice_term(level)) for level in row.level_choices)

    @admin.display(description=_("days per desk"))
    def desks_shown(self, row: Round) -> str:
        """Per level of the desk, with how the days are counted."""
        return _per_level((level, row.desk_term(level)) for level in Level)

    @admin.display(description=_("quota"))
    def quota_shown(self, row: Round) -> str:
        """Per level; a level that is not named has no limit."""
        levels = [level for level in row.level_choices if str(level.value) in row.quota]
        return listed(f"{level.label}: {row.quota_at(level)}" for level in levels) or str(_("no limit"))


@admin.register(Deadline)
class DeadlineDesk(Desk[Deadline]):
    """The calendar: what is due by which day in which region; a newer year overrules an older."""

    readers = EVERYBODY
    opening = Act(
        "set", _("Set a day"), set_deadline, DeadlineHere, "primary", lambda _row, user: _keeps(None, user)
    )
    list_display = ("duty", "authority", "when", "from_year", "until_year", "source_text", "mark")
    list_filter = ("duty", "mark")
    list_select_related = ("authority",)
    search_fields = ("authority__name_zh", "authority__name_en", "=authority__code")
    ordering = ("duty", "authority__path", "-from_year")
    fields = readonly_fields = (
        "duty",
        "authority",
        "when",
        "from_year",
        "until_year",
        "source_text",
        "url",
        "mark",
    )

    def form_of(self, request: HttpRequest, row: Deadline | None, act: Act) -> Any:  # noqa: ARG002 - rows have no acts
        """Approvers set the days of their own authority only."""
        given = {"data": request.POST} if request.method == "POST" else {"initial": request.GET.dict()}
        return DeadlineHere(**given, user=request.user)

    @admin.display(description=_("day"), ordering="month")
    def when(self, row: Deadline) -> str:
        """The day and the month."""
        return date_format(row.in_year(LEAP), "MONTH_DAY_FORMAT")

    @admin.display(description=_("source"))
    def source_text(self, row: Deadline) -> str:
        """In the reader's language."""
        return row.source_text()
