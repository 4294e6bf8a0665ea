"""Audits and findings: planned, done, answered, closed, and what they do to grades and to the plan."""

import datetime as dt
from typing import Any

import pytest

from certification.delivery.actions import send_mails
from certification.models import AuditFinding, Delivery, SupplierAudit
from certification.sourcing.actions import audits
from certification.sourcing.actions.grades import begin
from greenchain.audit.models import AuditEntry
from greenchain.clock import months_after, now, today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Enterprise
from tests.cast import Cast
from tests.chain.conftest import Chains
from tests.factories_suppliers import EnterpriseFactory, EvidenceFactory, MembershipFactory
from tests.sourcing.conftest import grade_of

pytestmark = pytest.mark.django_db
YESTERDAY = dt.timedelta(days=1)


@pytest.fixture
def supplier(cast: Cast, chains: Chains) -> Enterprise:
    """High risk: textiles, all purchases, no title, no answers."""
    found = chains.supplier("")
    chains.link(found, spend=10)
    begin(cast.enterprise, by=cast.owner)
    return found


def planned(cast: Cast, supplier: Enterprise, **given: Any) -> SupplierAudit:
    told = {"kind": "onsite", "planned_on": today(), "auditor": "Ms Zhou", **given}
    return audits.plan_audit(cast.enterprise, supplier, by=cast.editor, **told)


def done(cast: Cast, supplier: Enterprise, result: str = "passed", **given: Any) -> SupplierAudit:
    row = planned(cast, supplier, **given)
    return audits.finish_audit(row, by=cast.editor, done_on=today(), result=result, summary="Looked.")


def test_an_audit_moves_the_plan_and_a_pass_brings_points_down(cast: Cast, supplier: Enterprise):
    before = grade_of(cast.enterprise, supplier)
    assert (before.grade, before.audit_kind) == ("high", "onsite")
    assert before.audit_due_on == today() + dt.timedelta(days=90)
    done(cast, supplier)
    after = grade_of(cast.enterprise, supplier)
    assert (after.points, after.grade) == (65, "high")
    assert after.audit_due_on == months_after(today(), 12)


def test_documents_do_not_stand_in_for_a_visit(cast: Cast, supplier: Enterprise):
    done(cast, supplier, kind="document")
    assert grade_of(cast.enterprise, supplier).audit_due_on == today() + dt.timedelta(days=90)


def test_only_direct_suppliers_are_audited(cast: Cast, supplier: Enterprise):
    with pytest.raises(Refused, match="declare the link first"):
        planned(cast, EnterpriseFactory.create())
    assert planned(cast, supplier).is_planned


def test_what_is_over_is_over(cast: Cast, supplier: Enterprise):
    row = planned(cast, supplier)
    tomorrow = today() + YESTERDAY
    with pytest.raises(Refused, match="future"):
        audits.finish_audit(row, by=cast.owner, done_on=tomorrow, result="passed", summary="x")
    assert audits.move_audit(row, by=cast.owner, planned_on=tomorrow).planned_on == tomorrow
    audits.cancel_audit(row, by=cast.owner, reasons="The plant is closed.")
    for act, given in (
        (audits.move_audit, {"planned_on": today()}),
        (audits.finish_audit, {"done_on": today(), "result": "passed", "summary": "x"}),
        (audits.cancel_audit, {"reasons": "x"}),
    ):
        with pytest.raises(Refused, match="over already"):
            act(row, by=cast.owner, **given)
    entries = AuditEntry.objects.filter(chain=f"supplieraudit:{row.pk}").order_by("seq")
    assert [entry.verb for entry in entries] == ["plan_audit", "move_audit", "cancel_audit"]


def test_a_major_finding_lifts_the_grade_until_it_is_closed(cast: Cast, chains: Chains):
    supplier = chains.supplier("current")
    chains.link(supplier, spend=1)
    chains.link(chains.supplier("current"), spend=99)
    begin(cast.enterprise, by=cast.owner)
    assert grade_of(cast.enterprise, supplier).grade == "low"
    audit = done(cast, supplier, "conditional")
    found = audits.raise_finding(
        audit, by=cast.editor, severity="major", description="No lid.", due_on=today()
    )
    assert grade_of(cast.enterprise, supplier).grade == "medium"
    proof = EvidenceFactory.create(enterprise=cast.enterprise)
    closed = audits.close_finding(
        found, by=cast.editor, closing="A lid is on.", closed_on=today(), evidence=proof
    )
    assert (closed.state, closed.evidence) == ("closed", proof)
    assert grade_of(cast.enterprise, supplier).grade == "low"
    with pytest.raises(Refused, match="closed already"):
        audits.close_finding(found, by=cast.editor, closing="x", closed_on=today())


def test_findings_follow_an_audit_that_was_done(cast: Cast, supplier: Enterprise):
    row = planned(cast, supplier)
    given: dict[str, Any] = {"severity": "minor", "description": "x", "due_on": today()}
    with pytest.raises(Refused, match="what came of the audit"):
        audits.raise_finding(row, by=cast.editor, **given)
    audits.finish_audit(row, by=cast.editor, done_on=today(), result="failed", summary="x")
    with pytest.raises(Refused, match="after the audit"):
        audits.raise_finding(row, by=cast.editor, **{**given, "due_on": today() - YESTERDAY})
    with pytest.raises(Refused, match="minor or major"):
        audits.raise_finding(row, by=cast.editor, **{**given, "severity": "grave"})
    assert audits.raise_finding(row, by=cast.editor, **given).state == "open"


def test_a_finding_closes_with_words_a_day_and_a_file_of_the_own_vault(cast: Cast, supplier: Enterprise):
    audit = done(cast, supplier, "conditional")
    found = audits.raise_finding(audit, by=cast.editor, severity="minor", description="x", due_on=today())
    alien = EvidenceFactory.create(enterprise=supplier)
    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"closing": " ", "closed_on": today()}, "closing"),
        ({"closing": "x", "closed_on": today() - YESTERDAY}, "closed_on"),
        ({"closing": "x", "closed_on": today() + YESTERDAY}, "closed_on"),
        ({"closing": "x", "closed_on": today(), "evidence": alien}, "evidence"),
    )
    for given, field in wrong:
        with pytest.raises(Refused) as no:
            audits.close_finding(found, by=cast.editor, **given)
        assert no.value.field == field
    assert AuditFinding.objects.get().closed_on is None


def test_a_supplier_is_asked_over_an_agreed_link_only(cast: Cast, supplier: Enterprise):
    boss = MembershipFactory.create(enterprise=supplier).user
    audit = done(cast, supplier, "conditional")
    found = audits.raise_finding(audit, by=cast.editor, severity="minor", description="x", due_on=today())
    with pytest.raises(Refused, match="not confirmed the link"):
        audits.ask_supplier(found, by=cast.editor)
    with pytest.raises(NotYours):
        audits.answer_finding(found, by=boss, answer="x")
    cast.enterprise.supplier_links.update(confirmed_at=now())
    audits.ask_supplier(found, by=cast.editor)
    with pytest.raises(Refused, match="asked already"):
        audits.ask_supplier(found, by=cast.editor)
    alien = EvidenceFactory.create(enterprise=cast.enterprise)
    with pytest.raises(Refused, match="your own vault"):
        audits.answer_finding(found, by=boss, answer="Done.", proof=alien)
    with pytest.raises(NotYours):
        audits.answer_finding(found, by=cast.owner, answer="Done.")
    assert audits.answer_finding(found, by=boss, answer="Done.").state == "answered"
    send_mails()
    told = Delivery.objects.filter(entry__chain=f"supplieraudit:{audit.pk}")
    assert {(each.entry.verb, each.addressee_id) for each in told.select_related("entry")} == {
        ("ask_supplier", boss.pk),
        ("answer_finding", cast.owner.pk),
        ("answer_finding", cast.editor.pk),
    }
    assert list(AuditFinding.objects.asked_of(boss)) == [found]
    assert not AuditFinding.objects.visible_to(boss).exists()
