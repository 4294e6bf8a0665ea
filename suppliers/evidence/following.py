"""Files follow a merger or a split: the vault of the one that ends, or what is about the sites that go."""

from typing import Any

from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import subscribe
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.evidence.models import Evidence

Kind = EnterpriseChange.Kind


@subscribe("approve_change")
def move_files(_entry: AuditEntry, change: Any) -> None:
    """Each file goes along, unless the other vault has the very same one."""
    files = Evidence.objects.filter(enterprise=change.enterprise_id)
    if change.kind == Kind.SPLIT:
        files = files.filter(site__in=change.moved["owned"]["site"])
    elif change.kind != Kind.MERGER:
        return
    theirs = Evidence.objects.filter(enterprise=change.other_id, retracted_at=None)
    there = set(theirs.values_list("kind", "sha256"))
    rows = [row.pk for row in files if (row.kind, row.sha256) not in there]
    Evidence.objects.filter(pk__in=rows).update(enterprise=change.other_id)
    change.moved["files"] = rows


@subscribe("undo_change")
def bring_files_back(_entry: AuditEntry, change: Any) -> None:
    """The files that went."""
    rows = Evidence.objects.filter(pk__in=change.moved.get("files", []), enterprise=change.other_id)
    rows.update(enterprise=change.enterprise_id)
