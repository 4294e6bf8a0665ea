"""Batches of decisions: prepared in the queue, released here, watched while workers decide case by case."""

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from certification.release.actions import drop, prepares, release, releases, tally
from certification.release.models import Outcome, Release, State
from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import Desk

PER_PAGE = 50


def _releases(row: Release, user: Any) -> bool:
    return releases(user) and row.authority_id == user.authority_id


def _prepares(row: Release, user: Any) -> bool:
    return prepares(user) and row.authority_id == user.authority_id


def _is_prepared(row: Release) -> bool:
    return row.state == State.PREPARED


@admin.register(Release)
class ReleaseDesk(Desk[Release]):
    """Several decisions in one go; what the rules refuse is left where it was, and said why."""

    acts = (
        Act(
            "release", _("Release the decisions"), release, tone="primary", whose=_releases, when=_is_prepared
        ),
        Act("drop", _("Drop the batch"), drop, ReasonsForm, "danger", _prepares, _is_prepared),
    )
    list_display = (
        "number",
        "state",
        "authority",
        "prepared_by",
        "prepared_at",
        "released_by",
        "released_at",
    )
    list_filter = ("state",)
    list_select_related = ("authority", "prepared_by", "released_by")
    search_fields = ("number", "parts__application__number")
    ordering = ("-prepared_at", "-pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        """With who did what."""
        return super().get_queryset(request).select_related("authority", "prepared_by", "released_by", "job")

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """How far it is, what was not granted and why, and every case."""
        row = self.found(request, object_id)
        chosen = next((one for one in Outcome if one.value == request.GET.get("outcome")), None)
        parts = row.parts.select_related(
            "application__applicant", "application__site", "decision__designation"
        ).order_by("place")
        shown = parts.filter(outcome=chosen) if chosen else parts
        context = {
            **self.admin_site.each_context(request),
            "title": row.number,
            "opts": self.opts,
            "row": row,
            "tally": tally(row),
            "outcomes": Outcome,
            "chosen": chosen,
            "page": Paginator(shown, PER_PAGE).get_page(request.GET.get("page")),
            "buttons": self.buttons(request, row),
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/certification/release/batch.html", context)
