"""Compliance records: auditors and approvers enter them with their source, confirm, clear and refute them."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import Desk
from suppliers.record.actions import MAY_ENTER, clear, confirm, enter, refute
from suppliers.record.forms import ClearForm, EnterForm
from suppliers.record.models import ComplianceRecord


def _keeps(_row: ComplianceRecord | None, user: Any) -> bool:
    return user.role in MAY_ENTER


def _standing(row: ComplianceRecord) -> bool:
    return row.refuted_at is None


def _unsure(row: ComplianceRecord) -> bool:
    return _standing(row) and row.match == ComplianceRecord.Match.POSSIBLE


def _uncleared(row: ComplianceRecord) -> bool:
    return _standing(row) and row.cleared_on is None


class EnterHere(EnterForm):
    """The same, with the admin's search for enterprises and sites."""

    class Meta(EnterForm.Meta):
        widgets = {
            **EnterForm.Meta.widgets,
            **{
                name: AutocompleteSelect(ComplianceRecord._meta.get_field(name), admin.site)
                for name in ("enterprise", "site")
            },
        }


@admin.register(ComplianceRecord)
class RecordDesk(Desk[ComplianceRecord]):
    """The facts behind the vetoes."""

    opening = Act("enter", _("Enter a record"), enter, EnterHere, "primary", _keeps)
    acts = (
        Act("confirm", _("Confirm the match"), confirm, ReasonsForm, "primary", _keeps, _unsure),
        Act("clear", _("Clear"), clear, ClearForm, "plain", _keeps, _uncleared),
        Act("refute", _("Refute"), refute, ReasonsForm, "danger", _keeps, _standing),
    )
    list_display = ("title", "enterprise", "site", "kind", "match", "happened_on", "cleared_on", "refuted")
    list_filter = ("kind", "match", ("cleared_on", admin.EmptyFieldListFilter))
    list_select_related = ("enterprise", "site")
    search_fields = ("title", "source", "enterprise__name", "enterprise__identifier")
    ordering = ("-happened_on", "-pk")
    fields = readonly_fields = (
        "enterprise",
        "site",
        "kind",
        "title",
        "details",
        "source",
        "source_url",
        "severity",
        "happened_on",
        "cleared_on",
        "match",
        "refuted_at",
        "authority",
        "entered_by",
        "entered_at",
    )

    def form_of(self, request: HttpRequest, row: ComplianceRecord | None, act: Act) -> Any:
        """Entering offers what the person sees, and nothing else."""
        if act is not self.opening:
            return super().form_of(request, row, act)
        given = {"data": request.POST} if request.method == "POST" else {"initial": request.GET.dict()}
        return EnterHere(**given, user=request.user)

    @admin.display(description=_("refuted"), boolean=True)
    def refuted(self, row: ComplianceRecord) -> bool:
        """Whether it no longer counts."""
        return row.refuted_at is not None
