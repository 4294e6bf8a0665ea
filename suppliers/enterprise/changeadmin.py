"""Changes of enterprises: approvers of the place approve, refuse and undo them."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from greenchain.accounts.models import Role
from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import Desk
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.changing import approve_change, refuse_change, undo_change

Status = EnterpriseChange.Status


def _decides(row: EnterpriseChange | None, user: Any) -> bool:
    may = user.role == Role.APPROVER and user.authority is not None
    return bool(may and row is not None and user.authority.covers(row.desk))


def _waits(row: EnterpriseChange) -> bool:
    return row.status == Status.TOLD


@admin.register(EnterpriseChange)
class ChangeDesk(Desk[EnterpriseChange]):
    """New names, mergers, splits and moves, each with its proof."""

    acts = (
        Act("approve", _("Approve"), approve_change, tone="primary", whose=_decides, when=_waits),
        Act("refuse", _("Refuse"), refuse_change, ReasonsForm, "danger", _decides, _waits),
        Act(
            "undo",
            _("Undo"),
            undo_change,
            ReasonsForm,
            "danger",
            _decides,
            lambda row: row.status == Status.APPROVED,
        ),
    )
    list_display = ("enterprise", "kind", "happened_on", "name", "other", "status", "desk")
    list_filter = ("status", "kind")
    list_select_related = ("enterprise", "other", "desk")
    search_fields = ("enterprise__name", "enterprise__identifier", "name", "before")
    ordering = ("-told_at", "-pk")
    fields = readonly_fields = (
        "enterprise",
        "kind",
        "happened_on",
        "before",
        "name",
        "name_en",
        "other",
        "site",
        "sites",
        "region",
        "address",
        "details",
        "proof",
        "desk",
        "status",
        "told_by",
        "told_at",
        "decided_by",
        "decided_at",
        "reasons",
    )
