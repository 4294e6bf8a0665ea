"""On-site verification in the admin: visits with their checklist, findings one by one."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from certification.application.admin import OnCase, case_link, is_auditor
from certification.verbforms import RowReasonsForm
from certification.verification.actions import cancel, find, move, plan, sign
from certification.verification.forms import FindForm, MoveForm, PlanForm, SignForm
from certification.verification.models import Verification, VerificationItem
from greenchain.audit.acts import Act


def _planned(visit: Verification) -> bool:
    return visit.state == Verification.State.PLANNED


def _under_way(item: VerificationItem) -> bool:
    return _planned(item.verification) and item.verification.has_begun


@admin.register(Verification)
class VerificationDesk(OnCase[Verification]):
    """Visits: planned, under way, signed."""

    opening = Act("plan", _("Plan a visit"), plan, PlanForm, "primary", is_auditor)
    acts = (
        Act(
            "sign",
            _("Sign"),
            sign,
            SignForm,
            "primary",
            is_auditor,
            lambda visit: _planned(visit) and visit.has_begun,
        ),
        Act("move", _("Move the visit"), move, MoveForm, "plain", is_auditor, _planned),
        Act("cancel", _("Cancel the visit"), cancel, RowReasonsForm, "danger", is_auditor, _planned),
    )
    list_display = ("case", "starts_on", "ends_on", "place", "state", "desk")
    list_display_links = ("starts_on",)
    list_filter = ("state", "starts_on")
    list_select_related = ("application", "desk")
    ordering = ("-starts_on", "-pk")
    fields = readonly_fields = (
        "case",
        "starts_on",
        "ends_on",
        "place",
        "purpose",
        "others",
        "state",
        "conclusion",
        "planned_by",
        "signed_at",
    )

    @admin.display(description=_("case"), ordering="application__number")
    def case(self, row: Verification) -> SafeString:
        """Which it is about."""
        return case_link(row.application)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """With the checklist."""
        row = self.found(request, object_id)
        found = row.items.select_related("nonconformity", "found_by").prefetch_related("photos")
        items = list(found.order_by("position"))
        for item in items:
            item.verification = row
        shown = {
            "visit": row,
            "items": items,
            "signers": row.signers(),
            "staff": True,
            "may_find": request.user in row.team.all() and _planned(row) and row.has_begun,
            "part": "certification/verification/visit.html",
        }
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})


@admin.register(VerificationItem)
class FindingDesk(OnCase[VerificationItem]):
    """What was found, line by line."""

    acts = (Act("find", _("Enter what was found"), find, FindForm, "primary", is_auditor, _under_way),)
    list_display = ("case", "about_what", "result", "found_by", "found_at")
    list_display_links = ("about_what",)
    list_filter = ("result",)
    list_select_related = (
        *(f"verification__application__{name}" for name in ("round", "scheme_version")),
        "found_by",
    )
    search_fields = ("verification__application__number",)
    ordering = ("-verification", "position")
    fields = readonly_fields = ("case", "about_what", "result", "remark", "due_on", "found_by", "found_at")

    @admin.display(description=_("case"), ordering="verification__application__number")
    def case(self, row: VerificationItem) -> SafeString:
        """Which it is about."""
        return case_link(row.application)

    @admin.display(description=_("about"), ordering="code")
    def about_what(self, row: VerificationItem) -> str:
        """In words."""
        return row.subject_named

    def done(self, request: HttpRequest, row: VerificationItem, act: Act) -> HttpResponse:
        """Back to the checklist, at the line."""
        super().done(request, row, act)
        url = reverse("admin:certification_verification_change", args=[row.verification_id])
        return HttpResponseRedirect(f"{url}#item-{row.pk}")
