"""What people chose to be told of follows a merger: of the supplier that ends they are told through the other."""

from typing import Any

from django.db.models import Q

from certification.chain.models import Choice, Mute, Watch
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import subscribe
from suppliers.enterprise.changes import EnterpriseChange

SIDES: dict[type[Any], tuple[str, ...]] = {
    Watch: ("buyer", "supplier"),
    Mute: ("buyer",),
    Choice: ("buyer",),
}
"""Which keys go along. Who silenced one supplier did not silence the one that it is now part of."""


@subscribe("approve_change")
def move_choices(_entry: AuditEntry, change: Any) -> None:
    """Each goes along; where the person has the same for the other already, it stays behind and tells nothing."""
    if change.kind != EnterpriseChange.Kind.MERGER:
        return
    one, other = change.enterprise_id, change.other_id
    moved: dict[str, list[list[Any]]] = {}
    for model, sides in SIDES.items():
        concerned = Q()
        for side in sides:
            concerned |= Q(**{side: one})
        for row in model._default_manager.filter(concerned).order_by("pk"):
            were = {side: getattr(row, f"{side}_id") for side in sides}
            become = {side: other if key == one else key for side, key in were.items()}
            if _is_free(row, become):
                model._default_manager.filter(pk=row.pk).update(**become)
                moved.setdefault(model.__name__.lower(), []).append([row.pk, were])
    change.moved["choices"] = moved


def _is_free(row: Any, become: dict[str, int]) -> bool:
    keys = {
        name: getattr(row, f"{name}_id")
        for name in ("user", "buyer", "supplier")
        if hasattr(row, f"{name}_id")
    }
    keys |= become
    same = type(row)._default_manager.filter(**keys).exclude(pk=row.pk)
    return keys.get("supplier") != keys["buyer"] and not same.exists()


@subscribe("undo_change")
def bring_choices_back(_entry: AuditEntry, change: Any) -> None:
    """Those that went."""
    names = {model.__name__.lower(): model for model in SIDES}
    for name, rows in change.moved.get("choices", {}).items():
        for key, were in rows:
            row = names[name]._default_manager.filter(pk=key).first()
            if row is not None and _is_free(row, were):
                names[name]._default_manager.filter(pk=key).update(**were)
