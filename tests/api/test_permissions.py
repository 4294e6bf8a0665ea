"""Who may do what: 401 not signed in, 404 not seen, 403 seen but not yours, else the input has its turn."""

from typing import Any

import pytest

from certification.chain.choosing import mute, watch
from certification.chain.models import Alert
from certification.models import InternalNote, Nonconformity, Question, SupplierGrade, Verification
from certification.sourcing.actions.audits import finish_audit, plan_audit, raise_finding
from certification.sourcing.actions.grades import begin
from greenchain.audit.models import AuditEntry
from greenchain.clock import today
from suppliers.invitation.actions import invite
from suppliers.models import Access
from suppliers.reporting.actions import report
from suppliers.sharing.actions import answer, consent
from tests.api.caller import Caller
from tests.api.conftest import asked_by_a_customer, open_work, watched
from tests.cast import YEAR, Cast
from tests.factories_suppliers import (
    ComplianceRecordFactory,
    EvidenceFactory,
    MembershipFactory,
    ParkFactory,
    SupplyLinkFactory,
)

pytestmark = pytest.mark.django_db

WHO = (
    "-", "stranger", "viewer", "editor", "owner", "evaluator", "expert_a",
    "auditor_44", "auditor_3306", "auditor_33", "approver_3306", "approver_CN", "reviewer_3306", "administrator",
)  # fmt: skip

# method address | anonymous stranger viewer editor owner evaluator expert | 44 3306 33 ap3306 apCN rev3306 admin
READING = """
regions/330600/               | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
authorities/3306/             | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
industries/1751/              | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
schemes/green_factory/        | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
rounds/quick/                 | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
deadlines/                    | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
announcements/{announcement}/ | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
incentives/                   | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
designations/{title}/         | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
unlinked-titles/              | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
unlinked-titles/{title}/      | 401 404 404 404 404 404 404 | 404 404 404 404 404 404 404
evaluation-bodies/{body}/     | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
enterprises/{enterprise}/     | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
sites/{site}/                 | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
site-years/{report}/          | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
subject-years/{park_report}/  | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
evidence/{evidence}/          | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
evidence/{evidence}/file      | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
compliance-records/{record}/  | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
applications/{draft}/         | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
applications/{case}/          | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
applications/{case}/history   | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
applications/{case}/citations | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
stages/                       | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
questions/{question}/          | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
nonconformities/{nonconformity}/ | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
verifications/{visit}/        | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
internal-notes/{note}/        | 401 404 404 404 404 404 404 | 404 200 200 200 200 404 404
assessments/{run}/stages      | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
assessments/{run}/changes     | 401 404 404 404 404 404 404 | 404 404 404 404 404 404 404
assessments/{run}/            | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
obligations/{duty}/           | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
proposals/{proposal}/         | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
holds/{hold}/                 | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
year-ranks/{rank}/            | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
enterprise-changes/{change}/  | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supply-chains/{enterprise}/   | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supply-flows/history          | 401 404 404 404 404 404 404 | 200 200 200 200 200 200 404
supply-chains/{enterprise}/history | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supply-flows/                 | 401 404 404 404 404 404 404 | 200 200 200 200 200 200 404
supply-chains/{enterprise}/picture | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supply-chains/{enterprise}/loss | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supply-chains/{enterprise}/alert-choices | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
watches/{watch}/              | 401 404 404 404 200 404 404 | 404 404 404 404 404 404 404
mutes/{mute}/                 | 401 404 404 404 200 404 404 | 404 404 404 404 404 404 404
invitations/{invitation}/      | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
supplier-responses/{enterprise}/ | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
shared-profiles/{sharer}/     | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
shared-profiles/{sharer}/files/{shared} | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
answers/{answers}/            | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
consents/{consent}/           | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
accesses/{access}/            | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
objections/                   | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
departments/                  | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
consultations/                | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
recommendations/              | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
releases/                     | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
gradings/                     | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
green-codes/                  | 200 200 200 200 200 200 200 | 200 200 200 200 200 200 200
impact-studies/               | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
supplier-programmes/{programme}/ | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supplier-programmes/{programme}/figures | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supplier-programmes/{programme}/disclosure | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supplier-programmes/{programme}/push | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supplier-grades/{grade}/      | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
supplier-audits/{audit}/      | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
audit-findings/{finding}/     | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
findings-asked/{asked}/       | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
alerts/                       | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
notifications/                | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
absences/                     | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
notifications/settings        | 401 200 200 200 200 200 200 | 200 200 200 200 200 200 200
"""
WRITING = """
POST  applications/{draft}/citations/fitting | 401 404 403 409 409 404 404 | 404 404 404 404 404 404 404
POST  applications/{draft}/submit          | 401 404 403 403 400 404 404 | 404 404 404 404 404 404 404
POST  applications/{case}/submit           | 401 404 403 403 409 404 404 | 404 403 403 403 403 403 404
POST  applications/{case}/endorse          | 401 404 403 403 403 404 404 | 404 400 403 403 403 403 404
POST  applications/{case}/send_back        | 401 404 403 403 403 404 404 | 404 400 403 403 403 403 404
POST  applications/{case}/correct          | 401 404 403 403 403 404 404 | 404 400 403 403 403 403 404
POST  applications/{case}/reject           | 401 404 403 403 403 404 404 | 404 400 403 403 403 403 404
POST  applications/{case}/waive            | 401 404 403 403 403 404 404 | 404 403 403 400 403 403 404
POST  applications/{case}/select           | 401 404 403 403 403 404 404 | 404 403 403 409 403 403 404
POST  applications/{case}/grant            | 401 404 403 403 403 404 404 | 404 403 403 409 403 403 404
POST  applications/{case}/withdraw         | 401 404 403 403 400 404 404 | 404 403 403 403 403 403 404
POST  applications/{case}/evaluate         | 401 404 403 403 403 404 404 | 404 403 403 403 403 403 404
POST  applications/{case}/score            | 401 404 403 403 403 404 404 | 404 403 403 403 403 403 404
POST  applications/{draft}/what-if         | 401 404 200 200 200 404 404 | 404 404 404 404 404 404 404
POST  applications/{case}/what-if          | 401 404 200 200 200 404 404 | 404 200 200 200 200 200 404
POST  designations/{title}/suspend         | 401 403 403 403 403 403 403 | 403 403 403 400 403 403 403
POST  designations/{title}/propose         | 401 403 403 403 403 403 403 | 403 400 403 403 403 403 403
POST  designations/{title}/surrender       | 401 403 403 403 400 403 403 | 403 403 403 403 403 403 403
POST  designations/{title}/link            | 401 403 403 403 403 403 403 | 403 400 400 400 400 403 403
POST  designations/{title}/unlink          | 401 403 403 403 403 403 403 | 403 400 400 400 400 403 403
POST  unlinked-titles/link-sure            | 401 400 400 400 400 400 400 | 400 400 400 400 400 400 400
POST  questions/{question}/answer          | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  questions/{question}/settle          | 401 404 403 403 403 404 404 | 404 200 403 403 403 403 404
POST  nonconformities/{nonconformity}/accept | 401 404 403 403 403 404 404 | 404 409 403 403 403 403 404
POST  verifications/{visit}/sign           | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
PATCH applications/{draft}/                | 401 404 403 200 200 404 404 | 404 404 404 404 404 404 404
PATCH sites/{site}/                        | 401 404 403 200 200 404 404 | 404 403 403 403 403 403 404
PATCH enterprises/{enterprise}/            | 401 404 403 200 200 404 404 | 404 403 403 403 403 403 404
PATCH site-years/{report}/                 | 401 404 403 200 200 404 404 | 404 403 403 403 403 403 404
PATCH subject-years/{park_report}/         | 401 404 403 200 200 404 404 | 404 403 403 403 403 403 404
POST  evidence/{evidence}/retract          | 401 404 403 400 400 404 404 | 404 403 403 403 403 403 404
POST  compliance-records/{record}/refute   | 401 404 403 403 403 404 404 | 404 400 400 400 400 403 404
POST  supply-chains/{enterprise}/what-if   | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
PATCH supply-chains/{enterprise}/alert-choices | 401 404 200 200 200 404 404 | 404 403 403 403 403 403 404
POST  watches/{watch}/end                  | 401 404 404 404 200 404 404 | 404 404 404 404 404 404 404
POST  mutes/{mute}/end                     | 401 404 404 404 200 404 404 | 404 404 404 404 404 404 404
POST  invitations/{invitation}/remind      | 401 404 403 409 409 404 404 | 404 404 404 404 404 404 404
POST  invitations/{invitation}/accept      | 401 404 403 403 403 404 404 | 404 404 404 404 404 404 404
POST  invitations/{invitation}/decline     | 401 404 403 403 403 404 404 | 404 404 404 404 404 404 404
POST  consents/{consent}/withdraw          | 401 404 403 403 200 404 404 | 404 404 404 404 404 404 404
POST  supplier-programmes/{programme}/take-over | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  supplier-grades/{grade}/choose       | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  supplier-grades/{grade}/lift         | 401 404 403 409 409 404 404 | 404 403 403 403 403 403 404
POST  supplier-audits/{audit}/cancel       | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  audit-findings/{finding}/ask         | 401 404 403 409 409 404 404 | 404 403 403 403 403 403 404
POST  audit-findings/{finding}/close       | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  findings-asked/{asked}/answer        | 401 404 400 400 400 404 404 | 404 404 404 404 404 404 404
POST  impact-studies/                      | 401 403 403 403 403 403 403 | 403 403 403 400 400 400 400
POST  obligations/{duty}/keep              | 401 404 403 200 200 404 404 | 404 403 403 403 403 403 404
POST  obligations/{duty}/file              | 401 404 403 409 409 404 404 | 404 403 403 403 403 403 404
POST  obligations/{duty}/opinion           | 401 404 409 409 409 404 404 | 404 409 409 409 409 409 404
POST  proposals/{proposal}/reply           | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  proposals/{proposal}/drop            | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  holds/{hold}/confirm                 | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  enterprise-changes/{change}/refuse   | 401 404 400 400 400 404 404 | 404 400 400 400 400 400 404
POST  enterprise-changes/{change}/approve  | 401 404 403 403 403 404 404 | 404 403 403 200 409 403 404
POST  announcements/{announcement}/correct | 401 403 403 403 403 403 403 | 403 403 403 400 403 403 403
POST  absences/                            | 401 403 403 403 403 403 403 | 400 400 400 400 400 400 400
POST  compliance-records/                  | 401 403 403 403 403 403 403 | 400 400 400 400 400 403 403
"""


def _rows(table):
    for line in table.strip().splitlines():
        address, *answers = (part.strip() for part in line.split("|"))
        yield address, dict(zip(WHO, map(int, " ".join(answers).split()), strict=True))


@pytest.fixture
def named(cast: Cast) -> dict[str, object]:
    title, others = cast.granted(), _watched(cast)
    case = cast.examined(cast.draft(cast.another_site()))
    proof = cast.enterprise.evidence.first()
    park = ParkFactory.create(manager=cast.enterprise)
    record = ComplianceRecordFactory.create(enterprise=cast.enterprise, match="possible")
    return {
        "title": title.number,
        "announcement": title.announced_in.get().announcement.number,
        "case": case.pk,
        "draft": cast.draft(cast.another_site()).pk,
        "enterprise": cast.enterprise.pk,
        "site": cast.site.pk,
        "report": cast.site.years.get().pk,
        "park_report": report(park, YEAR, by=cast.owner, values={"energy_tce": "9"}).pk,
        "evidence": _with_file(proof).pk,
        "record": record.pk,
        "body": cast.evaluator.bodies.get().pk,
        **_open_work(cast),
        **others,
        "run": case.assessments.get().pk,
        **_shared(cast),
        **_graded(cast),
    }


def _shared(cast):
    """An invitation of ours, what we let be read, and a supplier that shares a file with us."""
    link = SupplyLinkFactory.create(buyer=cast.enterprise)
    asked = invite(
        cast.enterprise, by=cast.owner, supplier=link.supplier, contact="a@b.example", language="en"
    )
    given = consent(cast.enterprise, by=cast.owner, answers=True)
    boss = MembershipFactory.create()
    proof = EvidenceFactory.create(enterprise=boss.enterprise, kind="ems_certificate")
    consent(boss.enterprise, by=boss.user, buyer=cast.enterprise, kinds=["ems_certificate"])
    seen = Access.objects.create(
        enterprise=cast.enterprise, buyer=boss.enterprise, person=boss.user, what="name"
    )
    alert = Alert.objects.create(
        buyer=cast.enterprise,
        supplier=link.supplier,
        entry=AuditEntry.objects.earliest("pk"),
        cause="suspend",
    )
    return {
        "watch": watch(cast.enterprise, link.supplier, by=cast.owner).pk,
        "mute": mute(alert, by=cast.owner, until_on=today()).pk,
        "invitation": asked.pk,
        "consent": given.pk,
        "answers": answer(cast.enterprise, {}, by=cast.owner).pk,
        "sharer": boss.enterprise.pk,
        "shared": proof.pk,
        "access": seen.pk,
    }


def _graded(cast):
    """A grade, an audit and a finding of ours, and a finding that a customer asks us to answer."""
    supplier = SupplyLinkFactory.create(buyer=cast.enterprise).supplier
    programme = begin(cast.enterprise, by=cast.owner)
    given: dict[str, Any] = {"kind": "document", "planned_on": today(), "auditor": "x"}
    done = plan_audit(cast.enterprise, supplier, by=cast.owner, **given)
    finish_audit(done, by=cast.owner, done_on=today(), result="conditional", summary="x")
    found = raise_finding(done, by=cast.owner, severity="minor", description="x", due_on=today())
    return {
        "programme": programme.pk,
        "grade": SupplierGrade.objects.get(supplier=supplier).pk,
        "audit": plan_audit(cast.enterprise, supplier, by=cast.owner, **given).pk,
        "finding": found.pk,
        "asked": asked_by_a_customer(cast).pk,
    }


def _open_work(cast):
    open_work(cast)
    return {
        "question": Question.objects.first().pk,
        "nonconformity": Nonconformity.objects.first().pk,
        "visit": Verification.objects.first().pk,
        "note": InternalNote.objects.first().pk,
    }


def _watched(cast):
    other = cast.granted(cast.draft(cast.another_site()))
    watched(cast, other, 1)
    rows = {"proposal": other.proposals, "hold": other.accident_holds, "rank": other.ranks}
    return {
        **{name: found.get().pk for name, found in rows.items()},
        "duty": other.obligations.annual().get().pk,
        "change": cast.enterprise.changes.get().pk,
    }


def _with_file(proof):
    from django.core.files.base import ContentFile  # noqa: PLC0415 - here alone

    proof.file.save("paper", ContentFile(b"%PDF-1.7"))
    return proof


def _all(cast, named, table, ask):
    wrong = []
    callers = {who: Caller.of(None if who == "-" else cast.people[who]) for who in WHO}
    for address, expected in _rows(table):
        for who, status in expected.items():
            got = ask(callers[who], address.format(**named))
            if got.status != status:
                wrong.append((address, who, status, got.status, got.body.get("code")))
    return wrong


def test_reading(cast: Cast, named: dict[str, object]):
    assert _all(cast, named, READING, lambda caller, address: caller.get(address)) == []


def test_writing(cast: Cast, named: dict[str, object]):
    def ask(caller, address):
        method, _blank, path = address.partition(" ")
        return getattr(caller, method.lower())(path.strip(), {})

    assert _all(cast, named, WRITING, ask) == []
