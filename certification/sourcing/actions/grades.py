"""Begin to manage suppliers, grade them by the rules, choose a grade instead."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.chain.causes import VERBS as CHAIN_VERBS
from certification.designation.models import Designation
from certification.sourcing.facts import Known, known
from certification.sourcing.grading import Facts, Graded, grade
from certification.sourcing.models import Grade, Programme, SupplierGrade
from certification.sourcing.plan import due
from certification.sourcing.rules import Rulebook, current
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.audit.outbox import follow
from greenchain.audit.trail import record, record_many
from greenchain.clock import now
from greenchain.refusals import Refused
from suppliers.enterprise.access import must
from suppliers.enterprise.models import Enterprise
from suppliers.sharing.models import AnswerSet, Consent
from suppliers.supply.models import SupplyLink

LINK_VERBS = ("declare", "amend_link", "confirm_link", "dispute", "end", "import_links")
SHARING_VERBS = ("give_consent", "withdraw_consent", "end_consent", "resume_consent", "confirm_answers")
VERBS = tuple(dict.fromkeys((*LINK_VERBS, *SHARING_VERBS, *CHAIN_VERBS)))
"""After these a grade may differ."""
KEPT = ("computed", "points", "reasons", "facts", "version", "state", "answers", "share", "spend")
CHOSEN = ("chosen", "chosen_because", "chosen_by_id", "chosen_at")
PLANNED = ("audit_kind", "audit_due_on")
A_BATCH = 500


@transaction.atomic
def begin(buyer: Enterprise, *, by: User) -> Programme:
    """The buyer's suppliers are graded now, and from now on whenever something changes; a second time does nothing."""
    must(by, buyer, "edit")
    row, fresh = Programme.objects.get_or_create(buyer=buyer, defaults={"begun_by": by})
    if fresh:
        record("begin_supplier_management", row, by=by, buyer=buyer.pk)
        regrade(row)
        row.refresh_from_db()
    return row


@transaction.atomic
def regrade(programme: Programme) -> int:
    """Every supplier's grade is what the rules of today say; how many grades began or ended. Safe to run twice."""
    row = Programme.objects.select_for_update(of=("self",)).select_related("buyer").get(pk=programme.pk)
    book, found = current(), known(row.buyer)
    held = {each.supplier_id: each for each in SupplierGrade.objects.current().filter(buyer=row.buyer)}
    begun = list(_apply(row.buyer, found, held, book))
    gone = [each for key, each in held.items() if key not in found]
    _end([each.pk for each in gone], now())
    changes = [
        (each, {"grade": each.grade, "points": each.points, "version": each.version}) for each in begun
    ]
    record_many("grade_supplier", changes, by=None)
    record_many("ungrade_supplier", [(each, {}) for each in gone], by=None)
    row.version, row.graded_at, row.stale_at = book.version, now(), None
    row.save(update_fields=["version", "graded_at", "stale_at"])
    return len(begun) + len(gone)


def _apply(
    buyer: Enterprise, found: dict[int, Known], held: dict[int, SupplierGrade], book: Rulebook
) -> list[SupplierGrade]:
    """Rows whose grade stays are brought up to date, the others end; answers the new ones."""
    moment, fresh, changed, over = now(), [], [], []
    for supplier, one in found.items():
        before = held.get(supplier)
        after = _row(one.facts, grade(one.facts, book), before)
        after.buyer, after.supplier_id, after.version = buyer, supplier, book.version
        stays = before is not None and before.grade == after.grade
        after.since_at = before.since_at if before and stays else moment
        following = due(after.grade, after.since_on, one.audited, book)
        after.audit_kind, after.audit_due_on = following.kind, following.day
        if before is None or not stays:
            fresh.append(after)
            over += [before.pk] if before else []
        elif any(getattr(before, name) != getattr(after, name) for name in (*KEPT, *PLANNED)):
            after.pk = before.pk
            changed.append(after)
    _end(over, moment)
    SupplierGrade.objects.bulk_update(changed, [*KEPT, *PLANNED], batch_size=A_BATCH)
    return SupplierGrade.objects.bulk_create(fresh, batch_size=A_BATCH)


def _row(facts: Facts, graded: Graded, before: SupplierGrade | None) -> SupplierGrade:
    """As it would be stored; what the buyer chose stays chosen."""
    chosen = {name: getattr(before, name) for name in CHOSEN} if before else {}
    return SupplierGrade(
        grade=(before.chosen if before else "") or graded.grade,
        computed=graded.grade,
        points=graded.points,
        reasons=[reason.kept() for reason in graded.reasons],
        facts=facts.kept(),
        state=facts.state,
        answers=facts.answers,
        share=facts.share,
        spend=facts.spend,
        **chosen,
    )


def _end(keys: list[int], moment: dt.datetime) -> None:
    for start in range(0, len(keys), A_BATCH):
        SupplierGrade.objects.filter(pk__in=keys[start : start + A_BATCH]).update(until_at=moment)


@transaction.atomic
def choose(row: SupplierGrade, *, by: User, grade: str, reasons: str) -> SupplierGrade:
    """The buyer's own grade holds instead of the computed one, until it is lifted."""
    programme, held = _held(row, by)
    if grade not in Grade.values:
        raise Refused(_("Choose high, medium or low."), code="grade", field="grade")
    if not reasons.strip():
        raise Refused(
            _("Say why the grade differs from what the rules say."), code="reasons", field="reasons"
        )
    told = {"chosen": grade, "chosen_because": reasons.strip(), "chosen_by": by, "chosen_at": now()}
    return _chosen(programme, held, by, told)


@transaction.atomic
def lift(row: SupplierGrade, *, by: User) -> SupplierGrade:
    """What the rules say holds again."""
    programme, held = _held(row, by)
    if not held.chosen:
        raise Refused(_("The grade is the one of the rules already."), code="already_done")
    nothing = {"chosen": "", "chosen_because": "", "chosen_by": None, "chosen_at": None}
    return _chosen(programme, held, by, nothing)


def _held(row: SupplierGrade, by: User) -> tuple[Programme, SupplierGrade]:
    """The programme, locked, and the row; refused where the row has ended."""
    must(by, row.buyer, "edit")
    programme = Programme.objects.select_for_update(of=("self",)).get(buyer=row.buyer_id)
    held = SupplierGrade.objects.current().filter(pk=row.pk).select_related("buyer").first()
    if held is None:
        raise Refused(_("This grade has changed meanwhile: look at the supplier again."), code="changed")
    return programme, held


def _chosen(programme: Programme, row: SupplierGrade, by: User, told: dict[str, Any]) -> SupplierGrade:
    """Kept on the row that holds; where the grade becomes another one, the row ends and the next begins."""
    after = told["chosen"] or row.computed
    for name, value in told.items():
        setattr(row, name, value)
    if after != row.grade:
        moment = now()
        _end([row.pk], moment)
        row.pk, row.grade, row.since_at = None, after, moment
    row.save()
    record(
        "choose_grade" if told["chosen"] else "lift_grade",
        row,
        by=by,
        buyer=row.buyer_id,
        supplier=row.supplier_id,
        grade=row.grade,
        computed=row.computed,
        reasons=row.chosen_because,
    )
    regrade(programme)
    return SupplierGrade.objects.current().get(buyer=row.buyer_id, supplier=row.supplier_id)


def note_changes() -> int:
    """Programmes whose suppliers something happened to are graded anew soon; safe to run twice."""
    if not Programme.objects.exists():
        return 0  # whoever begins later is graded then, by what holds then
    return follow("supplier grades", VERBS, _note)


def _note(entry: AuditEntry) -> None:
    Programme.objects.filter(buyer__in=list(_buyers(entry))).update(stale_at=now())


def _buyers(entry: AuditEntry) -> Iterator[int]:
    """Whose suppliers the entry may concern."""
    model, _colon, key = entry.chain.partition(":")
    if model == "supplylink":
        yield int(entry.data.get("buyer") or 0)
        return
    if entry.verb == "import_links":
        yield int(key)
        return
    supplier = entry.data.get("enterprise") or _owner(model, int(key))
    links = SupplyLink.objects.filter(supplier=supplier) if supplier else SupplyLink.objects.none()
    yield from links.values_list("buyer", flat=True).distinct()


def _owner(model: str, key: int) -> int | None:
    """The enterprise that a title, a consent or answers belong to."""
    rows: dict[str, tuple[Any, str]] = {
        "designation": (Designation, "site__enterprise"),
        "consent": (Consent, "enterprise"),
        "answerset": (AnswerSet, "enterprise"),
    }
    if model not in rows:
        return None
    table, lookup = rows[model]
    found: int | None = table.objects.filter(pk=key).values_list(lookup, flat=True).first()
    return found
