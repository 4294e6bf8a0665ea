"""The core enterprise manages its suppliers: grades, audits of two years, findings answered and closed, plans."""

import datetime as dt

from certification.demo.links import CORE
from certification.demo.walks import World
from certification.sourcing.actions.audits import (
    answer_finding,
    ask_supplier,
    close_finding,
    finish_audit,
    plan_audit,
    raise_finding,
)
from certification.sourcing.actions.grades import begin, choose, note_changes, regrade
from certification.sourcing.models import AuditFinding, Grade, Programme, SupplierGrade
from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.enterprise.models import Enterprise, Membership
from suppliers.supply.models import SupplyLink

AUDITOR = "Demo Audit Team 演示审核组"
WEEKS = dt.timedelta(days=14)
EARLY, LATE = 5, 9
"""How many suppliers were audited in the first round and in the second."""
RESULTS = ("conditional", "passed", "passed", "failed", "passed")
FOUND = "Two drums of solvent stand without a tray. 两桶溶剂未放置防泄漏托盘。"
LABELS = "The labels of the waste store are faded. 危废库标识褪色。"
MENDED = "Trays are in place; seen on photos. 已配置托盘，照片核实。"
ANSWER = "Trays were bought and put in place last week. 上周已购置并投用托盘。"


def manage(world: World) -> None:
    """The suppliers are graded for the first time."""
    core = world.firms[CORE]
    begin(core.enterprise, by=core.owner)


def follow() -> None:
    """What the workers do: grades follow what happened."""
    while note_changes():
        pass
    for row in Programme.objects.due():
        regrade(row)


def audit_first(world: World) -> None:
    """The first round: the highest risks, some on site; two findings, one of them major."""
    _audit(world, EARLY, skipped=0)


def audit_more(world: World) -> None:
    """The second round, and a grade that the buyer sets itself."""
    _audit(world, LATE - EARLY, skipped=EARLY)
    core = world.firms[CORE]
    calm = SupplierGrade.objects.current().filter(buyer=core.enterprise, grade=Grade.LOW).order_by("pk")
    for row in calm[:1]:
        choose(
            row, by=core.owner, grade=Grade.MEDIUM, reasons="A new line starts in spring. 明年春季投产新线。"
        )


def settle(world: World) -> None:
    """The first finding is closed, one is shown to its supplier, who answers; audits to come stand in the calendar."""
    core = world.firms[CORE]
    buyer, by = core.enterprise, core.owner
    first, *others = AuditFinding.objects.filter(audit__buyer=buyer).order_by("pk")
    close_finding(first, by=by, closing=MENDED, closed_on=today())
    agreed = SupplyLink.objects.current().filter(buyer=buyer, confirmed_at__isnull=False)
    for row in [one for one in others if agreed.filter(supplier=one.audit.supplier_id).exists()][:2]:
        ask_supplier(row, by=by)
    for row in AuditFinding.objects.filter(audit__buyer=buyer, asked_at__isnull=False).order_by("pk")[:1]:
        answer_finding(row, by=_owner(row.audit.supplier), answer=ANSWER)
    due = SupplierGrade.objects.current().filter(buyer=buyer, audit_due_on__isnull=False)
    for number, grade in enumerate(due.order_by("audit_due_on", "pk")[:2], start=1):
        plan_audit(
            buyer,
            grade.supplier,
            by=by,
            kind=grade.audit_kind,
            planned_on=today() + number * WEEKS,
            auditor=AUDITOR,
        )


def _audit(world: World, count: int, *, skipped: int) -> None:
    core = world.firms[CORE]
    buyer, by = core.enterprise, core.owner
    riskiest = SupplierGrade.objects.current().filter(buyer=buyer).order_by("-points", "pk")
    rows = riskiest.select_related("supplier")[skipped : skipped + count]
    for number, row in enumerate(list(rows)):
        kind = row.audit_kind or "document"
        audit = plan_audit(buyer, row.supplier, by=by, kind=kind, planned_on=today(), auditor=AUDITOR)
        result = RESULTS[number % len(RESULTS)]
        finish_audit(
            audit,
            by=by,
            done_on=today(),
            result=result,
            summary="Tour, meters, waste store. 现场、计量、危废库。",
        )
        if result != "passed":
            severity = "major" if result == "failed" else "minor"
            text = FOUND if result == "failed" else LABELS
            raise_finding(audit, by=by, severity=severity, description=text, due_on=today() + 3 * WEEKS)


def _owner(enterprise: Enterprise) -> User:
    """Who speaks for the supplier."""
    return Membership.objects.filter(enterprise=enterprise, role=Membership.Role.OWNER).earliest("pk").user
