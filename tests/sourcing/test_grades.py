"""Grades of a buyer's suppliers: made, kept up to date, chosen otherwise, and ended."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.designation.actions import reinstate
from certification.models import Programme, SupplierGrade
from certification.sourcing.actions.grades import begin, choose, lift, note_changes, regrade
from certification.sourcing.facts import known
from certification.tasks import regrade_suppliers
from greenchain.audit.models import AuditEntry
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.models import AnswerSet, Enterprise, SupplyLink
from suppliers.record.actions import enter
from suppliers.sharing.actions import consent, withdraw
from suppliers.sharing.questionnaire import current
from suppliers.supply.actions import confirm, declare, end
from tests.cast import Cast
from tests.chain.conftest import Chains
from tests.factories_suppliers import EnterpriseFactory, EvidenceFactory, MembershipFactory, SupplyLinkFactory
from tests.sourcing.conftest import grade_of

pytestmark = pytest.mark.django_db


def begun(cast: Cast) -> Programme:
    return begin(cast.enterprise, by=cast.owner)


def test_every_direct_supplier_is_graded_with_reasons(cast: Cast, chains: Chains):
    green, bare = chains.supplier("current"), chains.supplier("")
    chains.link(green, spend=Decimal(25))
    chains.link(bare, spend=Decimal(75))
    programme = begun(cast)
    first, second = grade_of(cast.enterprise, green), grade_of(cast.enterprise, bare)
    assert (first.grade, first.points, first.share) == ("medium", 40, Decimal("0.25"))
    assert [row["rule"] for row in first.reasons] == [
        "polluting",
        "large_share",
        "title_green",
        "answers_none",
    ]
    assert (second.grade, second.points, second.spend) == ("high", 75, Decimal(75))
    assert programme.version == second.version == "2026-1"
    assert AuditEntry.objects.filter(verb="grade_supplier").count() == 2


def test_who_is_no_supplier_for_sure_is_not_graded(cast: Cast, chains: Chains):
    """Carriers, ended and disputed links, and links that a supplier declared and nobody confirmed."""
    chains.link(chains.supplier(""), kind=SupplyLink.Kind.CARRIES)
    chains.link(chains.supplier(""), until_on=today() - dt.timedelta(days=1))
    chains.link(chains.supplier(""), disputed_at=now())
    claimed = chains.supplier("")
    link = chains.link(claimed, declared_by=claimed, spend=5)
    begun(cast)
    assert not SupplierGrade.objects.exists()
    confirm(link, by=cast.owner)
    regrade_suppliers()
    row = grade_of(cast.enterprise, claimed)
    assert row.share is None, "what the supplier declared is the supplier's"
    assert "unknown_share" in {reason["rule"] for reason in row.reasons}


def test_a_second_run_changes_nothing(cast: Cast, chains: Chains):
    chains.link(chains.supplier(""))
    programme = begun(cast)
    before = list(SupplierGrade.objects.values())
    entries = AuditEntry.objects.count()
    assert regrade(programme) == 0
    assert begin(cast.enterprise, by=cast.owner).pk == programme.pk
    assert list(SupplierGrade.objects.values()) == before
    assert AuditEntry.objects.count() == entries


def test_a_violation_a_title_and_a_link_regrade_by_themselves(cast: Cast, chains: Chains):
    supplier = chains.supplier("current")
    link = chains.link(supplier, spend=1, confirmed_at=now())
    begun(cast)
    title = supplier.sites.get().designations.get()
    assert grade_of(cast.enterprise, supplier).grade == "medium"
    chains.suspend(title)
    regrade_suppliers()
    assert "title_suspended" in {row["rule"] for row in grade_of(cast.enterprise, supplier).reasons}
    reinstate(title, by=cast.at("approver", title.authority), cured="mended")
    enter(
        supplier,
        by=cast.auditor_3306,
        kind="inspection_problem",
        title="Leak",
        source="list",
        happened_on=today(),
    )
    regrade_suppliers()
    assert grade_of(cast.enterprise, supplier).grade == "high"
    end(link, by=cast.owner)
    SupplyLink.objects.filter(pk=link.pk).update(until_on=today() - dt.timedelta(days=1))
    regrade_suppliers()
    assert not SupplierGrade.objects.current().exists()
    assert [row.grade for row in SupplierGrade.objects.order_by("pk")][-1] == "high"


def test_answers_and_certificates_count_only_while_they_are_open(cast: Cast, chains: Chains):
    supplier = chains.supplier("")
    boss = MembershipFactory.create(enterprise=supplier).user
    chains.link(supplier, spend=1, confirmed_at=now())
    EvidenceFactory.create(enterprise=supplier, kind="ems_certificate")
    AnswerSet.objects.create(
        enterprise=supplier, version=current().version, updated_by=boss, confirmed_at=now()
    )
    begun(cast)
    assert grade_of(cast.enterprise, supplier).answers == "none"
    given = consent(supplier, by=boss, buyer=cast.enterprise, answers=True, kinds=["ems_certificate"])
    regrade_suppliers()
    row = grade_of(cast.enterprise, supplier)
    assert (row.answers, {"ems", "answers_none"} & {each["rule"] for each in row.reasons}) == (
        "shared",
        {"ems"},
    )
    withdraw(given, by=boss)
    regrade_suppliers()
    row = grade_of(cast.enterprise, supplier)
    assert (row.answers, {"ems", "answers_none"} & {each["rule"] for each in row.reasons}) == (
        "none",
        {"answers_none"},
    )


def test_old_answers_are_told_as_old(cast: Cast, chains: Chains):
    supplier = chains.supplier("")
    boss = MembershipFactory.create(enterprise=supplier).user
    chains.link(supplier, confirmed_at=now())
    long_ago = now() - dt.timedelta(days=366)
    AnswerSet.objects.create(
        enterprise=supplier, version=current().version, updated_by=boss, confirmed_at=long_ago
    )
    consent(supplier, by=boss, buyer=cast.enterprise, answers=True)
    assert known(cast.enterprise)[supplier.pk].facts.answers == "stale"


def test_the_buyers_own_grade_holds_until_it_is_lifted(cast: Cast, chains: Chains):
    supplier = chains.supplier("")
    chains.link(supplier, spend=1)
    programme = begun(cast)
    row = grade_of(cast.enterprise, supplier)
    assert row.grade == "high"
    with pytest.raises(Refused, match="Say why"):
        choose(row, by=cast.editor, grade="low", reasons=" ")
    chosen = choose(row, by=cast.editor, grade="low", reasons="Stopped dyeing in spring.")
    assert (chosen.grade, chosen.computed, chosen.audit_due_on) == ("low", "high", None)
    assert chosen.since_at > row.since_at
    regrade(programme)
    assert grade_of(cast.enterprise, supplier).pk == chosen.pk
    back = lift(chosen, by=cast.owner)
    assert (back.grade, back.chosen, back.chosen_because) == ("high", "", "")
    with pytest.raises(Refused, match="changed meanwhile"):
        choose(row, by=cast.editor, grade="medium", reasons="x")
    assert SupplierGrade.objects.filter(supplier=supplier).count() == 3
    assert AuditEntry.objects.filter(verb__in=["choose_grade", "lift_grade"]).count() == 2


def test_only_owners_and_editors_manage(cast: Cast, chains: Chains):
    supplier = chains.supplier("")
    chains.link(supplier)
    for person in (cast.viewer, cast.stranger, cast.auditor_3306, cast.administrator):
        with pytest.raises(NotYours):
            begin(cast.enterprise, by=person)
    begun(cast)
    for person in (cast.viewer, cast.stranger, cast.auditor_3306):
        with pytest.raises(NotYours):
            choose(grade_of(cast.enterprise, supplier), by=person, grade="low", reasons="x")


def test_nobody_who_manages_nothing_is_graded(cast: Cast, chains: Chains):
    supplier = chains.supplier("")
    declare(cast.enterprise, supplier, by=cast.owner, kind="supplies")
    assert note_changes() == 0
    regrade_suppliers()
    assert not SupplierGrade.objects.exists()


def test_two_thousand_suppliers_cost_no_more_queries_than_two(cast: Cast, chains: Chains):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            found = known(cast.enterprise)
        assert len(found) == SupplyLink.objects.count()
        return len(captured)

    for _number in range(2):
        chains.link(chains.supplier("current", ""), spend=3)
    few = cost()

    Enterprise.objects.bulk_create(EnterpriseFactory.build_batch(1998), batch_size=500)
    others = Enterprise.objects.exclude(pk__in=SupplyLink.objects.values("supplier")).exclude(
        pk=cast.enterprise.pk
    )[:1998]
    SupplyLink.objects.bulk_create(
        [
            SupplyLinkFactory.build(
                buyer=cast.enterprise, supplier=one, declared_by=cast.enterprise, spend=Decimal(2)
            )
            for one in others
        ],
        batch_size=500,
    )
    assert cost() == few <= 10
    programme = begun(cast)
    with CaptureQueriesContext(connection) as captured:
        regrade(programme)
    assert len(captured) <= few + 10
    assert SupplierGrade.objects.current().count() == 2000
