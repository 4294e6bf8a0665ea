"""Schemes and versions, to be read; rounds and benchmarks, opened and entered."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.scheme.actions import (
    LEAP,
    amend_round,
    drop_requirement,
    enter_benchmark,
    keeps_rounds,
    open_round,
    require,
    set_deadline,
)
from certification.scheme.deadlines import Deadline
from certification.scheme.forms import (
    BenchmarkForm,
    DeadlineForm,
    DropForm,
    RequirementForm,
    RoundForm,
    proposed,
)
from certification.scheme.models import Benchmark, Round, Scheme, SchemeVersion
from certification.scheme.terms import Term
from greenchain.accounts.actions import is_administrator
from greenchain.audit.acts import Act
from greenchain.audit.desk import EVERYBODY, Desk
from greenchain.clock import today
from greenchain.languages import pick
from suppliers.place.models import Level

LONG = 19
"""Digits of a key that no database holds."""


def _search(model: Any, *names: str) -> dict[str, AutocompleteSelect]:
    return {name: AutocompleteSelect(model._meta.get_field(name), admin.site) for name in names}


class RoundHere(RoundForm):
    """The same, with the admin's search."""

    class Meta(RoundForm.Meta):
        widgets: ClassVar[dict[str, Any]] = {
            **RoundForm.Meta.widgets,
            **_search(Round, "scheme_version", "authority"),
        }


class BenchmarkHere(BenchmarkForm):
    """The same, with the admin's search."""

    class Meta(BenchmarkForm.Meta):
        widgets: ClassVar[dict[str, Any]] = {
            **BenchmarkForm.Meta.widgets,
            **_search(Benchmark, "scheme_version", "industry"),
        }


def _keeps(row: Round | None, user: Any) -> bool:
    return keeps_rounds(user, row.authority if row else None)


def _chosen(request: HttpRequest) -> SchemeVersion | None:
    """The scheme version that the address names."""
    key = request.GET.get("scheme_version", "")
    known = SchemeVersion.objects.select_related("scheme")
    return known.filter(pk=key).first() if key.isdecimal() and len(key) < LONG else None


def _per_level(terms: Iterable[tuple[Level, Term]]) -> str:
    return ", ".join(f"{level.label}: {term}" for level, term in terms)


def _unused(row: Round) -> bool:
    return not row.applications.exists()


def _droppable(row: Round) -> bool:
    return bool(row.local_gates) and _unused(row)


@admin.register(Scheme)
class SchemeDesk(Desk[Scheme]):
    """What may be certified."""

    readers = EVERYBODY
    list_display = ("__str__", "key", "subject", "prefix")
    search_fields = ("key", "names")
    ordering = ("key",)
    fields = readonly_fields = ("__str__", "key", "subject", "prefix")

    def scope(self, rows: Any, _user: Any) -> Any:
        """Schemes are public."""
        return rows


@admin.register(SchemeVersion)
class SchemeVersionDesk(Desk[SchemeVersion]):
    """The published texts; none of them ever changes."""

    readers = EVERYBODY
    list_display = ("scheme", "version", "effective_on", "retired_on", "digest_start")
    list_filter = ("scheme",)
    list_select_related = ("scheme",)
    search_fields = ("scheme__key", "version", "scheme__names")
    ordering = ("scheme", "-effective_on")
    fields = readonly_fields = (
        "scheme",
        "version",
        "named",
        "effective_on",
        "retired_on",
        "public",
        "digest",
        "file",
    )

    def scope(self, rows: Any, _user: Any) -> Any:
        """Versions are public."""
        return rows

    @admin.display(description=_("name"))
    def named(self, version: SchemeVersion) -> str:
        """In the reader's language."""
        return version.text()

    @admin.display(description=_("digest"))
    def digest_start(self, version: SchemeVersion) -> str:
        """Enough to tell two apart."""
        return version.digest[:12]

    @admin.display(description=_("public page"))
    def public(self, version: SchemeVersion) -> SafeString:
        """Everything it says, with the sources of its numbers."""
        url = reverse("scheme", args=[version.scheme.key, version.pk])
        return format_html('<a href="{}">{}</a>', url, url)

    @admin.display(description=_("file"))
    def file(self, version: SchemeVersion) -> SafeString:
        """As loaded."""
        return format_html('<pre class="record">{}</pre>', version.source)


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
        "notice_shown",
        "desks_shown",
        "return_days",
        "max_returns",
        "appeal_days",
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
        return ", ".join(str(level.label) for level in row.level_choices)

    @admin.display(description=_("local requirements"))
    def local_shown(self, row: Round) -> str:
        """In words, with where each is said."""
        return "; ".join(f"{gate} ({gate.source})" for gate in row.local)

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
        return ", ".join(
            f"{level.label}: {row.quota_at(level)}"
            for level in row.level_choices
            if str(level.value) in row.quota
        )


class DeadlineHere(DeadlineForm):
    """The same, with the admin's search."""

    class Meta(DeadlineForm.Meta):
        widgets: ClassVar[dict[str, Any]] = _search(Deadline, "authority")


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


@admin.register(Benchmark)
class BenchmarkDesk(Desk[Benchmark]):
    """Base and lead values that administrators entered, with their source; a newer day overrules an older."""

    readers = EVERYBODY
    opening = Act(
        "enter",
        _("Enter a benchmark"),
        enter_benchmark,
        BenchmarkHere,
        "primary",
        lambda _row, user: is_administrator(user),
    )
    list_display = ("scheme_version", "indicator", "industry", "base", "lead", "valid_from", "source", "demo")
    list_filter = ("scheme_version__scheme", "demo")
    list_select_related = ("scheme_version__scheme", "industry")
    search_fields = ("=indicator", "source", "industry__code", "industry__name_zh", "industry__name_en")
    ordering = ("scheme_version", "indicator", "-valid_from")
    fields = readonly_fields = (
        "scheme_version",
        "indicator",
        "industry",
        "base",
        "lead",
        "source",
        "valid_from",
        "demo",
    )

    def scope(self, rows: Any, _user: Any) -> Any:
        """Benchmarks are public."""
        return rows
