"""The register as officials keep it: titles with their moves, proposals and duties."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.admin.cases import CaseDesk, shown_and_more
from certification.admin.columns import badge
from certification.admin.linking import LIST, link_urls
from certification.admin.words import told
from certification.designation.guards import STANDING
from certification.designation.models import Designation
from certification.letter.actions import WRITTEN
from certification.surveillance.models import Obligation, Owed, Proposal
from certification.workflow import Status, table
from greenchain.audit.acts import Act, Button
from greenchain.audit.desk import EVERYBODY, OFFICIALS, reads
from greenchain.audit.trail import history
from greenchain.clock import months_after, today
from greenchain.refusals import Refused

SEEN = (
    "scheme",
    "scheme_version__scheme",
    "authority",
    "home",
    "region",
    "site__enterprise",
    "enterprise",
    "product__enterprise",
    "park__manager",
)

LINKING = frozenset({"link", "unlink"})
MONTHS = 6
"""So long before its end a validity comes up (ours)."""


class TerritoryFilter(admin.SimpleListFilter):
    """Whose titles: the register is public, the work is not."""

    title = _("where")
    parameter_name = "where"

    def lookups(self, request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """For officials only; others serve no authority."""
        if not getattr(request.user, "is_official", False):
            return []
        return [("own", _("granted by my authority")), ("territory", _("in my territory"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """By authority or by place."""
        match self.value():
            case "own":
                return queryset.filter(authority=request.user.authority_id)  # type: ignore[union-attr]
            case "territory":
                return queryset.filter(home__path__startswith=request.user.authority.path)  # type: ignore[union-attr]
            case _:
                return queryset


class StatusFilter(admin.SimpleListFilter):
    """By status; of the words of the table those that titles bear."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """From the table of moves."""
        words = {word for move in table("D") for word in (move.to, *move.source)}
        return [(status.value, status.label) for status in Status if status.value in words]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Titles of one status."""
        return queryset.filter(status=self.value()) if self.value() else queryset


class LinkedFilter(admin.SimpleListFilter):
    """Whether the subject is known; imported titles start without one."""

    title = _("subject")
    parameter_name = "linked"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Two states."""
        return [("yes", _("linked")), ("no", _("not yet linked"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """By any of the four keys."""
        empty = {f"{key}__isnull": True for key in ("site", "enterprise", "product", "park")}
        match self.value():
            case "yes":
                return queryset.exclude(**empty)
            case "no":
                return queryset.filter(**empty)
            case _:
                return queryset


class ReviewFilter(admin.SimpleListFilter):
    """What the desk must look at before long."""

    title = _("comes up for review")
    parameter_name = "review"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Why it does."""
        return [
            ("rules", _("to be measured by newer rules")),
            ("validity", _("validity ends within half a year")),
            ("removal", _("removal or suspension is proposed")),
        ]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """Titles that stand or are suspended, of which something is due."""
        owed = Obligation.objects.filter(kind=Owed.REBENCHMARK, filed_at=None, designation=OuterRef("pk"))
        match self.value():
            case "rules":
                return queryset.filter(STANDING, Exists(owed))
            case "validity":
                return queryset.filter(STANDING, valid_until__range=(today(), months_after(today(), MONTHS)))
            case "removal":
                proposed = Proposal.objects.open().filter(designation=OuterRef("pk"))
                return queryset.filter(STANDING, Exists(proposed))
            case _:
                return queryset


@admin.register(Designation)
class DesignationDesk(CaseDesk[Designation]):
    """Titles: what they are based on, and whether they stand."""

    readers = EVERYBODY
    list_display = ("number", "name", "scheme", "level", "state", "authority", "announced_on", "valid_until")
    list_filter = (TerritoryFilter, StatusFilter, "level", "scheme", LinkedFilter, ReviewFilter, "list_year")
    search_fields = ("number", "name", "name_en", "=site__enterprise__identifier", "=enterprise__identifier")
    search_help_text = _("Number, name or identifier")
    ordering = ("-announced_on", "-pk")

    def get_urls(self) -> list[URLPattern]:
        """The work list of titles that nobody is linked with."""
        return [*link_urls(self), *super().get_urls()]

    def buttons(self, request: HttpRequest, row: Designation) -> list[Button]:
        """Linking stands where nobody is linked, undoing it where somebody linked by hand; nowhere else."""
        offers = row.offers(request.user)
        return self.buttons_from(row, [one for one in offers if one.allowed or one.verb not in LINKING])

    def may(self, request: HttpRequest, row: Designation, act: Act) -> None:
        """Whoever comes to link what is linked already is told so before anything is asked."""
        super().may(request, row, act)
        offers = row.offers(request.user) if act.name in LINKING else []
        if no := next((one for one in offers if one.verb == act.name and not one.allowed), None):
            raise Refused(no.why, code=no.code)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """With the way to the work list, for officials."""
        official = getattr(request.user, "is_official", False)
        more = {"linking_url": reverse(LIST)} if official else {}
        return super().changelist_view(request, {**more, **(extra_context or {})})

    def get_queryset(self, request: HttpRequest) -> Any:
        """With what the list and the page show of each title."""
        return super().get_queryset(request).select_related(*SEEN)

    @admin.display(description=_("status"), ordering="status")
    def state(self, title: Designation) -> SafeString:
        """Colour, shape and word."""
        return badge(title.status)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Everything about the title on one page."""
        title = self.found(request, object_id)
        entries = list(history(title).order_by("-seq"))
        verbs = {entry.verb for entry in entries}
        shown, more = shown_and_more(self.buttons(request, title))
        context = {
            **self.admin_site.each_context(request),
            "title": title.number,
            "opts": self.opts,
            "designation": title,
            "subject": title.subject,
            "shown": shown,
            "more": more,
            "spells": list(title.spells.order_by("-starts_on")),
            "proposals": list(title.proposals.select_related("by").order_by("-pk"))
            if "propose" in verbs
            else [],
            "obligations": list(title.obligations.select_related("filed_by").order_by("-year")),
            "appeals": list(
                title.appeals.select_related("by", "answered_by").prefetch_related("files").order_by("pk")
            )
            if "appeal" in verbs
            else [],
            "letters": list(title.letters.filter(outside=False).order_by("pk")) if verbs & WRITTEN else [],
            "decision": getattr(title, "decision", None),
            "reads_cases": reads(request.user, OFFICIALS),
            "timeline": told(entries),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/designation/title.html", context)
