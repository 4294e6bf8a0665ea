"""Consents and answers in a merger: nobody consents in the name of another, and what was written is not typed again.

Consents that the enterprise gave, or that name it as buyer, end: their givers meant this enterprise and no other. What
it answered stands at the other as a draft, where that has answered nothing of the same version; its people confirm it.
"""

from typing import Any

from django.db.models import Q

from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe
from greenchain.clock import now, today
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.sharing.models import AnswerSet, Consent


@subscribe("approve_change")
def end_consents(_entry: AuditEntry, change: Any) -> None:
    """From the approval on; givers and named buyers are told why."""
    if change.kind != EnterpriseChange.Kind.MERGER:
        return
    one = change.enterprise_id
    not_over = Q(until_on=None) | Q(until_on__gte=today())
    rows = Consent.objects.filter(Q(enterprise=one) | Q(buyer=one), not_over, withdrawn_at=None)
    ended = list(rows.order_by("pk"))
    for row in ended:
        row.withdrawn_at = now()
        row.save(update_fields=["withdrawn_at"])
        record("end_consent", row, by=None, buyer=row.buyer_id, because="merger", change=change.pk)
    change.moved["consents"] = [row.pk for row in ended]
    change.moved["answers"] = _carried_over(change)


def _carried_over(change: Any) -> list[int]:
    """The drafts that are new."""
    there = AnswerSet.objects.filter(enterprise=change.other_id).values("version")
    return [
        AnswerSet.objects.create(
            enterprise_id=change.other_id, version=row.version, values=row.values, updated_by=row.updated_by
        ).pk
        for row in AnswerSet.objects.filter(enterprise=change.enterprise_id).exclude(version__in=there)
    ]


@subscribe("undo_change")
def bring_consents_back(_entry: AuditEntry, change: Any) -> None:
    """Consents hold again; drafts that nobody has touched go."""
    for row in Consent.objects.filter(pk__in=change.moved.get("consents", []), withdrawn_by=None):
        row.withdrawn_at = None
        row.save(update_fields=["withdrawn_at"])
        record("resume_consent", row, by=None, buyer=row.buyer_id, change=change.pk)
    before = dict(AnswerSet.objects.filter(enterprise=change.enterprise_id).values_list("version", "values"))
    for draft in AnswerSet.objects.filter(pk__in=change.moved.get("answers", []), confirmed_at=None):
        if draft.values == before.get(draft.version):
            draft.delete()
