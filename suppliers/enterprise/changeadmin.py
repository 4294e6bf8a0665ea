"""Changes of enterprises: approvers of the place approve, refuse and undo them."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from greenchain.accounts.models import Role
from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import Desk
from suppliers.enterprise.changeforms import PARTS
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
        Act(
            "refuse",
            pgettext_lazy("a told change", "Refuse"),
            refuse_change,
            ReasonsForm,
            "danger",
            _decides,
            _waits,
        ),
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
    readonly_fields = (
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

    def get_fields(self, _request: Any, row: EnterpriseChange | None = None) -> list[Any]:
        """What the kind of change asks for, and what was decided once it is."""
        asked = {name for names in PARTS.values() for name in names} - {*PARTS[row.kind]} if row else set()
        asked |= set() if row is None or row.kind == EnterpriseChange.Kind.RENAME else {"before"}
        undecided = {"decided_by", "decided_at", "reasons"} if row and _waits(row) else set()
        return [name for name in self.readonly_fields if name not in asked | undecided]
