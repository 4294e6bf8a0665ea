"""The queue and the case file."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from certification.admin import batch, export
from certification.admin.casefile import context_of
from certification.admin.cases import CaseDesk, shown_and_more
from certification.admin.columns import Columns
from certification.admin.filters import (
    DueFilter,
    HeardFilter,
    LevelFilter,
    RoundFilter,
    SchemeFilter,
    StatusFilter,
    WhoFilter,
    WhoseFilter,
)
from certification.admin.gappage import GapPage, template_of
from certification.admin.kept import kept_views, view_urls
from certification.admin.queue import with_findings
from certification.admin.ranking import ranking_view, rankings_view
from certification.application.models import Application
from certification.assessment.actions import recheck
from certification.assessment.similar import similar_to
from certification.consultation.actions import asks
from certification.tasks import WATCHED
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.jobs.queue import send
from greenchain.refusals import NotYours

WITH_ROUTE = "home__parent__parent__parent"
"""The desks above a place, as deep as the tree of authorities goes."""
SEEN = (
    "scheme_version__scheme",
    "round",
    "desk__parent",
    "escalated_from",
    WITH_ROUTE,
    "region",
    "applicant",
    "site__industry",
    "site__enterprise",
    "enterprise",
    "product__enterprise",
    "park__manager",
    "from_title",
)


@admin.register(Application)
class ApplicationDesk(Columns, CaseDesk[Application]):
    """Cases: at my desk first, by deadline."""

    refusal = gettext_lazy(
        "Cases belong to the auditors and approvers of the authorities they lie with. "
        "Administrators have no power over them."
    )
    change_list_template = "admin/certification/application/change_list.html"
    list_display = ("number", "subject", "what", "state", "at", "who", "due", "waiting", "score", "blocking")
    list_filter = (
        WhoseFilter,
        WhoFilter,
        DueFilter,
        HeardFilter,
        StatusFilter,
        LevelFilter,
        SchemeFilter,
        RoundFilter,
    )
    search_fields = (
        "number",
        "applicant__name",
        "applicant__name_en",
        "=applicant__identifier",
        "site__name",
        "site__name_en",
    )
    search_help_text = gettext_lazy("Number, name or identifier; looks in the whole territory")
    ordering = (F("due_on").asc(nulls_last=True), "status_since", "pk")
    actions = (
        "endorse_batch",
        "consult_batch",
        "recommend_batch",
        "hand_batch",
        "share_batch",
        "select_batch",
        "prepare_batch",
        "grant_batch",
    )
    actions_selection_counter = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        """With what the queue shows of each case."""
        return with_findings(super().get_queryset(request).select_related(*SEEN))

    def get_urls(self) -> list[URLPattern]:
        """The export, and a new run of the checks."""
        wrap = self.admin_site.admin_view
        own = [
            *view_urls(self),
            path("rankings/", wrap(rankings_view), name="certification_round_rankings"),
            path("rankings/<int:key>/<int:level>/", wrap(ranking_view), name="certification_round_ranking"),
            path("export/", wrap(self.export_view), name="certification_application_export"),
            path(
                "<str:key>/recheck/",
                wrap(require_POST(self.recheck_view)),
                name="certification_application_recheck",
            ),
            path("<str:key>/gap/", wrap(self.gap_view), name="certification_application_gap"),
            path("<str:key>/similar/", wrap(self.similar_view), name="certification_application_similar"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """The queue."""
        if not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        views = kept_views(request)
        if first := None if request.GET or request.method == "POST" else views.first:
            return HttpResponseRedirect(first)
        return super().changelist_view(request, {"title": _("Queue"), "kept": views, **(extra_context or {})})

    # ── The case file ─────────────────────────────────────────────────────────────────────────────────────

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Everything about the case on one page."""
        application = self.found(request, object_id)
        context = context_of(request, application)
        shown, more = shown_and_more(self.buttons_from(application, context["page"].offers))
        context |= {
            **self.admin_site.each_context(request),
            "title": application.number,
            "opts": self.opts,
            "shown": shown,
            "more": more,
            "may_recheck": _may_recheck(application, request.user),
            "may_settle": asks(request.user),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/application/case.html", context)

    def recheck_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """The checks run again: at once, or by a worker where the case still waits for its first run."""
        application = self.found(request, key)
        if not _may_recheck(application, request.user):
            raise NotYours(_("Auditors and approvers have the checks run again."), code="role")
        if application.status == Status.SUBMITTED:
            send("certification.tasks.check", application.pk)
            messages.info(request, _("The checks have been asked for; a worker runs them in a moment."))
        else:
            run = recheck(application, trigger="asked", by=request.user)
            messages.success(request, _("The checks ran again: run %(number)d.") % {"number": run.number})
        return HttpResponseRedirect(self.url_of(application))

    def gap_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """The gap, and what would become of the case with other figures; nothing is stored."""
        application = self.found(request, key)
        page = GapPage(application, request.POST if request.method == "POST" else None)
        context = {**self.admin_site.each_context(request), "title": _("The gap"), "opts": self.opts}
        request.current_app = self.admin_site.name
        template = template_of(request, "admin/certification/application/gap.html")
        return TemplateResponse(request, template, context | page.context())

    def similar_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """The case beside similar ones."""
        application = self.found(request, key)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Similar cases"),
            "opts": self.opts,
            "application": application,
            "similar": similar_to(application, request.user),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/application/similar.html", context)

    def export_view(self, request: HttpRequest) -> Any:
        """The queue as it is filtered now, as CSV."""
        if not self.has_view_permission(request):
            return self.changelist_view(request)
        return export.answer(self.get_changelist_instance(request).get_queryset(request))

    # ── Several at once ───────────────────────────────────────────────────────────────────────────────────

    def has_endorse_permission(self, request: HttpRequest) -> bool:
        """Auditors endorse."""
        return getattr(request.user, "role", "") == Role.AUDITOR

    def has_grant_permission(self, request: HttpRequest) -> bool:
        """Approvers select and grant."""
        return getattr(request.user, "role", "") == Role.APPROVER

    @admin.action(description=gettext_lazy("Endorse with a shared opinion"), permissions=["endorse"])
    def endorse_batch(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """All of them, or none."""
        return batch.page(self, request, queryset, batch.ENDORSE)

    @admin.action(description=gettext_lazy("Ask departments about them"), permissions=["endorse"])
    def consult_batch(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """One letter with all their names."""
        return batch.page(self, request, queryset, batch.CONSULT)

    @admin.action(description=gettext_lazy("Recommend them to the level above"), permissions=["endorse"])
    def recommend_batch(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """One package: letter, ranked table, opinions."""
        return batch.page(self, request, queryset, batch.RECOMMEND)

    @admin.action(description=gettext_lazy("Hand over to a colleague"), permissions=["endorse"])
    def hand_batch(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """Who had them has them no longer."""
        return batch.page(self, request, queryset, batch.HAND)

    @admin.action(description=gettext_lazy("Share out evenly"), permissions=["endorse"])
    def share_batch(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """To who has least and may examine the case."""
        return batch.page(self, request, queryset, batch.SHARE)

    @admin.action(description=gettext_lazy("Select for the proposed list"), permissions=["grant"])
    def select_batch(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """By rank, within the quota."""
        return batch.page(self, request, queryset, batch.SELECT)

    def has_prepare_permission(self, request: HttpRequest) -> bool:
        """Both prepare decisions; approvers release them."""
        return self.has_endorse_permission(request) or self.has_grant_permission(request)

    @admin.action(description=gettext_lazy("Prepare their grants for release"), permissions=["prepare"])
    def prepare_batch(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """As a batch that an approver releases in one go."""
        return batch.page(self, request, queryset, batch.PREPARE)

    @admin.action(description=gettext_lazy("Grant"), permissions=["grant"])
    def grant_batch(self, request: HttpRequest, queryset: QuerySet[Application]) -> HttpResponse | None:
        """Decisions released in one go."""
        return batch.page(self, request, queryset, batch.GRANT)


def _may_recheck(application: Application, user: Any) -> bool:
    acts = user.role in {Role.AUDITOR, Role.APPROVER}
    return acts and application.status in {Status.SUBMITTED, *WATCHED}
