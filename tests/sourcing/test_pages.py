"""The pages of supplier management: what they say, to whom, with how many questions to the database."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.models import AuditFinding, SupplierAudit
from certification.sourcing.actions.audits import ask_supplier, finish_audit, plan_audit, raise_finding
from certification.sourcing.actions.grades import begin
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.clock import now, today
from suppliers.models import Enterprise
from tests.cast import Cast
from tests.chain.conftest import Chains
from tests.factories_suppliers import EvidenceFactory, MembershipFactory

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
MOST_QUERIES = 12
READERS = ("owner", "editor", "viewer", "auditor_3306", "auditor_33", "reviewer_3306", "auditor_CN")
NOBODY = ("stranger", "auditor_44", "reviewer_44", "evaluator", "expert_a", "administrator")


class Managed:
    """A supplier with a grade, an audit that was done and its finding."""

    def __init__(self, cast: Cast, chains: Chains) -> None:
        self.buyer = cast.enterprise
        self.supplier = chains.supplier("", name="染整样厂")
        self.link = chains.link(self.supplier, spend=Decimal(80), confirmed_at=now())
        begin(self.buyer, by=cast.owner)
        self.audit = plan_audit(
            self.buyer, self.supplier, by=cast.owner, kind="onsite", planned_on=today(), auditor="Ms Zhou"
        )
        finish_audit(self.audit, by=cast.owner, done_on=today(), result="conditional", summary="In order.")
        self.finding = raise_finding(
            self.audit, by=cast.owner, severity="major", description="No lid.", due_on=today()
        )
        self.boss = MembershipFactory.create(enterprise=self.supplier).user
        self.proof = EvidenceFactory.create(enterprise=self.supplier)

    def pages(self) -> dict[str, str]:
        """What people of the buyer and its officials read."""
        year = today().year
        about: dict[str, tuple[Any, ...]] = {
            "sourcing": (self.buyer.pk,),
            "sourcing-supplier": (self.buyer.pk, self.supplier.pk),
            "sourcing-audits": (self.buyer.pk,),
            "sourcing-figures-newest": (self.buyer.pk,),
            "sourcing-figures": (self.buyer.pk, year),
            "sourcing-disclosure-newest": (self.buyer.pk,),
            "sourcing-disclosure": (self.buyer.pk, year),
            "disclosure-pdf": (self.buyer.pk, year),
            "sourcing-push": (self.buyer.pk,),
            "supplier-audit": (self.audit.pk,),
        }
        return {name: reverse(name, args=args) for name, args in about.items()}

    def acts(self) -> dict[str, str]:
        """What owners and editors of the buyer do."""
        about: dict[str, tuple[Any, ...]] = {
            "sourcing-begin": (self.buyer.pk,),
            "sourcing-choose": (self.buyer.pk, self.supplier.pk),
            "sourcing-lift": (self.buyer.pk, self.supplier.pk),
            "sourcing-plan": (self.buyer.pk, self.supplier.pk),
            "sourcing-take-over": (self.buyer.pk, today().year),
            "audit-finish": (self.audit.pk,),
            "audit-move": (self.audit.pk,),
            "audit-cancel": (self.audit.pk,),
            "finding-new": (self.audit.pk,),
            "finding-close": (self.finding.pk,),
            "finding-ask": (self.finding.pk,),
        }
        return {name: reverse(name, args=args) for name, args in about.items()}


@pytest.fixture
def managed(cast: Cast, chains: Chains) -> Managed:
    """One of everything."""
    return Managed(cast, chains)


def test_every_page_answers_each_person_as_told(cast: Cast, managed: Managed, signed_in: Enter):
    wrong = []
    for name in (*READERS, *NOBODY, "boss"):
        browser = signed_in(managed.boss if name == "boss" else cast.people[name])
        for page, address in managed.pages().items():
            got, expected = browser.get(address).status_code, 200 if name in READERS else 404
            wrong += [f"{page} for {name}: {got}"] if got != expected else []
    assert not wrong
    assert {Client().get(address).status_code for address in managed.pages().values()} == {302}


def test_nobody_acts_where_it_is_not_theirs(cast: Cast, managed: Managed, signed_in: Enter):
    """Seen but not theirs: 403. Not seen, the supplier's own people among them: 404. Nothing changes."""
    before, wrong = AuditEntry.objects.count(), []
    for name in ("viewer", "auditor_3306", *NOBODY, "boss"):
        browser = signed_in(managed.boss if name == "boss" else cast.people[name])
        for act, address in managed.acts().items():
            got, expected = browser.post(address, {}).status_code, 403 if name in READERS else 404
            wrong += [f"{act} for {name}: {got}"] if got != expected else []
    assert not wrong
    assert AuditEntry.objects.count() == before


def test_the_supplier_sees_what_it_is_asked_and_nothing_else(cast: Cast, managed: Managed, signed_in: Enter):
    boss, mine = signed_in(managed.boss), reverse("findings-asked")
    answer = reverse("finding-answer", args=[managed.finding.pk])
    assert "No lid." not in boss.get(mine).content.decode()
    assert boss.get(answer).status_code == 404
    ask_supplier(managed.finding, by=cast.owner)
    page = boss.get(mine).content.decode()
    assert "No lid." in page
    assert "In order." not in page, "the summary is the buyer's"
    assert "risk" not in page.partition("<main")[2]
    sent = boss.post(answer, {"answer": "A lid is on.", "proof": managed.proof.pk})
    assert (sent.status_code, sent["Location"]) == (302, mine)
    file = reverse("finding-file", args=[managed.finding.pk, managed.proof.pk])
    told = signed_in(cast.viewer).get(reverse("supplier-audit", args=[managed.audit.pk])).content.decode()
    assert "A lid is on." in told
    assert file in told
    for person, status in ((cast.viewer, 200), (managed.boss, 200), (cast.stranger, 404)):
        found = signed_in(person).get(file)
        assert found.status_code == status
        if found.streaming:
            found.getvalue()  # read to its end, which closes the file
    other = EvidenceFactory.create(enterprise=managed.supplier)
    beside = reverse("finding-file", args=[managed.finding.pk, other.pk])
    assert signed_in(cast.owner).get(beside).status_code == 404
    assert signed_in(cast.stranger).get(answer).status_code == 404


def test_a_refusal_stays_on_the_form(cast: Cast, managed: Managed, signed_in: Enter):
    browser = signed_in(cast.owner)
    address = reverse("finding-close", args=[managed.finding.pk])
    late = browser.post(
        address, {"closing": "Mended.", "closed_on": (today() + dt.timedelta(days=1)).isoformat()}
    )
    assert late.status_code == 409
    assert "between the audit and today" in late.content.decode()
    assert "Mended." in late.content.decode()
    browser.post(address, {"closing": "Mended.", "closed_on": today().isoformat()})
    assert AuditFinding.objects.get().closed_on == today()


def test_the_list_filters_sorts_and_goes_out_as_a_sheet(cast: Cast, chains: Chains, signed_in: Enter):
    names = ("甲", "乙", "丙")
    for name, life, spend in zip(names, ("current", "suspended", ""), (5, 90, 5), strict=True):
        chains.link(chains.supplier(life, name=name), spend=Decimal(spend))
    begin(cast.enterprise, by=cast.owner)
    browser, address = signed_in(cast.viewer), reverse("sourcing", args=[cast.enterprise.pk])

    def order(**asked: str) -> list[str]:
        page = browser.get(address, asked).content.decode()
        table = page[page.index("<tbody>") : page.index("</tbody>")] if "<tbody>" in page else ""
        return sorted((name for name in names if f"English {name}" in table), key=table.index)

    assert order() == ["乙", "丙", "甲"]
    assert order(sort="name") == sorted(names)
    assert order(sort="spend")[0] == "乙"
    assert order(grade="high") == ["乙", "丙"]
    assert order(state="green") == ["甲"]
    assert order(q="丙") == ["丙"]
    assert order(answers="shared") == []
    text = b"".join(browser.get(address, {"format": "csv", "sort": "risk"})).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["supplier"], row["grade"], row["points"], row["spend_10k_cny"]) for row in rows] == [
        ("乙", "high", "85", "90"),
        ("丙", "high", "65", "5"),
        ("甲", "low", "30", "5"),
    ]


def test_pages_cost_the_same_for_one_and_for_many(
    cast: Cast, managed: Managed, chains: Chains, signed_in: Enter
):
    browser = signed_in(cast.owner)

    def costs() -> dict[str, int]:
        found = {}
        for name, address in managed.pages().items():
            with CaptureQueriesContext(connection) as captured:
                assert browser.get(address).status_code == 200
            found[name] = len(captured)
        return found

    few = costs()
    chains.many(20)
    for row in Enterprise.objects.filter(buyer_links__buyer=managed.buyer).exclude(pk=managed.supplier.pk)[
        :10
    ]:
        SupplierAudit.objects.create(
            buyer=managed.buyer,
            supplier=row,
            kind="document",
            planned_on=today(),
            auditor="x",
            created_by=cast.owner,
        )
    from certification.tasks import regrade_suppliers  # noqa: PLC0415 - here alone

    managed.buyer.supplier_programme.graded_at = None
    managed.buyer.supplier_programme.save()
    regrade_suppliers()
    many = costs()
    assert many == few
    assert {name: cost for name, cost in many.items() if cost > MOST_QUERIES} == {}
