"""Rows of every resource for the API's tests."""

import datetime as dt
from collections.abc import Callable

import pytest

from certification.chain import choosing
from certification.chain.actions import alert_buyers
from certification.chain.models import Alert, Mute
from certification.corrective.actions import raise_nonconformity
from certification.designation.actions import suspend
from certification.impact.actions import Question, study
from certification.inquiry.actions import ask
from certification.models import (
    Application,
    Asked,
    AuditFinding,
    Consultation,
    DepartmentContact,
    Designation,
    Hold,
    Inquiry,
    Objection,
    Opinion,
    Recommendation,
    Release,
    YearRank,
)
from certification.note.actions import write_note
from certification.printing import actions as printing
from certification.sourcing.actions.audits import ask_supplier, finish_audit, plan_audit, raise_finding
from certification.sourcing.actions.grades import begin
from certification.verbs import perform
from certification.verification.actions import earliest, plan
from greenchain.accounts.models import User
from greenchain.clock import now, today
from suppliers.enterprise.changing import tell_change
from suppliers.invitation.actions import invite
from suppliers.models import Access, AnswerSet, Authority, Level, SupplyLink
from suppliers.place.reference import registered
from suppliers.reporting.actions import report
from suppliers.sharing.actions import consent
from tests.api.caller import Caller
from tests.cast import YEAR, Cast
from tests.codes import national_title, published
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EnterpriseFactory,
    EvidenceFactory,
    MembershipFactory,
    ParkFactory,
    ProductFactory,
    SupplyLinkFactory,
)
from tests.papers import pdf


@pytest.fixture
def call(db: None) -> Callable[[User | None], Caller]:  # noqa: ARG001 - opens the database
    """A program of a person's."""
    return Caller.of


@pytest.fixture
def full(cast: Cast) -> Cast:
    """The cast with at least three rows of every resource: cases in draft, on notice and granted, a broken supplier."""
    owner, mine = cast.owner, cast.enterprise
    registered()["deadlines"]()
    registered()["incentives"]()
    open_work(cast)
    for number in range(3):
        ProductFactory.create(enterprise=mine)
        report(ParkFactory.create(manager=mine), YEAR, by=owner, values={"energy_tce": "9"})
        ComplianceRecordFactory.create(
            enterprise=mine,
            kind="inspection_problem",
            match="possible",
            happened_on=dt.date(2015, 1, 1 + number),
        )
        SupplyLinkFactory.create(buyer=EnterpriseFactory.create(), supplier=mine)
        SupplyLinkFactory.create(buyer=mine, supplier=EnterpriseFactory.create(), spend=10, share="0.1")
        _claimed(cast, number)
        _asked(cast, number)
        cast.granted(cast.draft(cast.another_site()))
        noticed = cast.selected(
            cast.draft(cast.another_site(), round_=cast.round(f"notice{number}", notice_days=10))
        )
        _consulted(cast, noticed, number)
        cast.contested(noticed, statement="smoke")
        for caller in (owner, cast.auditor_CN):
            printing.ask(noticed, by=caller)
    cast.draft(level=Level.MUNICIPAL)
    title = cast.granted(cast.draft(cast.another_site()))
    suspend(title, by=cast.approver_3306, reasons="fire", until_on=today() + dt.timedelta(days=9))
    alert_buyers()
    alert = Alert.objects.earliest("pk")
    for link in SupplyLink.objects.filter(buyer=mine):
        choosing.watch(mine, link.supplier, by=owner)
        Mute.objects.create(user=owner, buyer=mine, supplier=link.supplier, alert=alert, until_on=today())
    for number in range(3):
        watched(cast, cast.granted(cast.draft(cast.another_site())), number)
    published(cast)
    for _number in range(3):
        national_title(cast, linked=False, willing=None, figures=None, name=mine.name)
    for score in ("81", "82", "83"):
        changes = {"national": {"pass_score": score}}
        question = Question(before=cast.national, after=cast.national, year=YEAR, changes=changes)
        study(by=cast.approver_CN, question=question)
        asked_by_a_customer(cast)
    assert Objection.objects.count() == 3
    assert owner.is_active
    return cast


def _asked(cast: Cast, number: int) -> None:
    """A buyer that invites us and that we let read, a supplier that shares with us, and a look at it."""
    buyer = MembershipFactory.create()
    link = SupplyLinkFactory.create(buyer=buyer.enterprise, supplier=cast.enterprise, confirmed_at=now())
    invite(buyer.enterprise, by=buyer.user, supplier=cast.enterprise, contact="a@b.example", language="en")
    consent(cast.enterprise, by=cast.owner, buyer=link.buyer, answers=True)
    AnswerSet.objects.create(enterprise=cast.enterprise, version=f"v{number}", updated_by=cast.owner)
    Access.objects.create(enterprise=cast.enterprise, buyer=link.buyer, person=buyer.user, what="name")
    MembershipFactory.create(user=cast.owner, enterprise=EnterpriseFactory.create())
    other = MembershipFactory.create()
    consent(other.enterprise, by=other.user, buyer=cast.enterprise, answers=True)


def asked_by_a_customer(cast: Cast) -> AuditFinding:
    """A buyer that graded and audited us asks us to answer what it found."""
    boss = MembershipFactory.create()
    buyer, by = boss.enterprise, boss.user
    SupplyLinkFactory.create(buyer=buyer, supplier=cast.enterprise, spend=5, confirmed_at=now())
    begin(buyer, by=by)
    audit = plan_audit(buyer, cast.enterprise, by=by, kind="document", planned_on=today(), auditor="Ms Zhou")
    finish_audit(audit, by=by, done_on=today(), result="conditional", summary="Looked.")
    found = raise_finding(audit, by=by, severity="minor", description="No label.", due_on=today())
    return ask_supplier(found, by=by)


def _consulted(cast: Cast, case: Application, number: int) -> None:
    """A department, and a letter to it whose reply is in."""
    ours = {"authority": cast.auditor_3306.authority}
    bureau = DepartmentContact.objects.create(kind="ecology", name=f"Bureau {number}", **ours)
    letter = Consultation.objects.create(
        number=f"CO-{number}", question="?", reply_by=today(), by=cast.auditor_3306, **ours
    )
    asked = Asked.objects.create(consultation=letter, application=case, place=1, name="x", identifier="x")
    inquiry = Inquiry.objects.create(
        consultation=letter, department=bureau, kind="ecology", name=bureau.name, replied_on=today()
    )
    Opinion.objects.create(inquiry=inquiry, asked=asked, answer="no_objection")
    nation = Authority.objects.get(code="CN")
    Recommendation.objects.create(
        number=f"RC-{number}", to=nation, round=case.round, level=2, by=cast.auditor_3306, **ours
    )
    Release.objects.create(number=f"DB-{number}", prepared_by=cast.approver_3306, **ours)


def open_work(cast: Cast) -> None:
    """Three questions, nonconformities, visits and shared notes on a case of the nation's desk."""
    case = cast.examined(cast.draft(cast.another_site()))
    desk, due = cast.auditor_3306, today() + dt.timedelta(days=20)
    for number in range(3):
        ask(case, by=desk, text=f"Meter {number}?", due_on=due)
        raise_nonconformity(case, by=desk, severity="minor", description="No label.", due_on=due)
        write_note(case, by=desk, text="see the map", shared=True)
        plan(
            case,
            by=desk,
            starts_on=earliest(),
            ends_on=earliest(),
            place="Gate 2",
            purpose="meters",
            team=[desk, cast.auditor_3306_b],
            codes=["E1"],
        )


def watched(cast: Cast, title: Designation, number: int) -> None:
    """A title with a proposal, a hold and a rank, and a change of its holder."""
    data = {"cause": "fault", "reasons": "Seen.", "reply_by": today() + dt.timedelta(days=9)}
    perform(title, "propose", by=cast.auditor_3306, data=data)
    proof = EvidenceFactory.create(enterprise=cast.enterprise)
    record = ComplianceRecordFactory.create(enterprise=cast.enterprise, happened_on=dt.date(2014, 1, 1))
    Hold.objects.create(designation=title, record=record, answer_by=today())
    keeper, score = (
        {"authority": title.authority, "scheme_version": cast.version},
        {"score": 80, "rank": number},
    )
    YearRank.objects.create(designation=title, year=YEAR, of=3, lowest=False, digest="x", **keeper, **score)
    words = f"Change {number}"
    tell_change(cast.enterprise, by=cast.owner, kind="scope", happened_on=today(), details=words, proof=proof)


def _claimed(cast: Cast, number: int) -> None:
    from django.core.files.base import ContentFile  # noqa: PLC0415 - here alone

    from suppliers.claim.actions import claim  # noqa: PLC0415 - here alone
    from tests.uscc import uscc  # noqa: PLC0415 - here alone

    fields = {"scheme": "uscc", "identifier": uscc(66_000 + number), "name": f"新企业{number}"}
    fields["region"] = cast.site.region  # type: ignore[assignment]
    claim(fields, by=cast.stranger, licence=ContentFile(pdf(f"licence {number}"), name="licence.pdf"))
    EvidenceFactory.create(enterprise=cast.enterprise)
