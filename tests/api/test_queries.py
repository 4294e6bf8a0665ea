"""Every list costs the same queries at one row and at three, and never more than twelve."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.delivery.actions import send_mails
from greenchain.accounts.actions import go_away
from greenchain.api import router
from greenchain.clock import today
from tests.api.caller import Caller
from tests.cast import Cast

pytestmark = pytest.mark.django_db

COST = {
    "regions": 2,
    "authorities": 2,
    "industries": 2,
    "enterprises": 2,
    "enterprise-changes": 3,
    "claims": 2,
    "sites": 2,
    "products": 2,
    "parks": 2,
    "site-years": 3,
    "subject-years": 3,
    "evidence": 2,
    "compliance-records": 2,
    "supply-links": 2,
    "invitations": 2,
    "supplier-responses": 2,
    "shared-profiles": 2,
    "answers": 2,
    "consents": 2,
    "accesses": 2,
    "schemes": 3,
    "rounds": 2,
    "deadlines": 2,
    "incentives": 2,
    "applications": 2,
    "assessments": 2,
    "designations": 2,
    "unlinked-titles": 7,
    "obligations": 2,
    "proposals": 2,
    "holds": 2,
    "year-ranks": 2,
    "evaluation-bodies": 3,
    "notices": 3,
    "announcements": 3,
    "letters": 2,
    "experts": 3,
    "complaints": 2,
    "objections": 3,
    "questions": 3,
    "nonconformities": 3,
    "verifications": 5,
    "internal-notes": 2,
    "alerts": 4,
    "watches": 2,
    "mutes": 2,
    "notifications": 2,
    "supply-chains": 2,
    "supplier-programmes": 2,
    "supplier-grades": 2,
    "supplier-audits": 2,
    "audit-findings": 2,
    "findings-asked": 2,
    "departments": 2,
    "consultations": 5,
    "recommendations": 3,
    "releases": 2,
    "packages": 2,
    "gradings": 2,
    "green-codes": 2,
    "impact-studies": 2,
    "absences": 2,
}
READERS = ("owner", "auditor_CN")
FEW = {
    "evaluation-bodies": 1,
    "schemes": 1,
    "deadlines": 2,
    "claims": 3,
    "gradings": 1,
    "announcements": 1,
    "complaints": 0,  # read by the officers of one authority: see tests/complaint
}


def _queries(caller, address, size):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = caller.get(address, page_size=size)
    assert answer.status == 200, answer.body
    return len(captured), len(answer.body["results"])


def test_every_list_has_a_literal_cost(full: Cast):
    assert {prefix for prefix, _view, _name in router.registry} - {
        "progress",
        "stages",
        "supply-flows",
    } == set(COST)
    send_mails()
    for person in (full.auditor_CN, full.approver_CN, full.reviewer_CN):
        go_away(by=person, person=person, until_on=today())
    callers = {name: Caller.of(full.people[name]) for name in READERS}
    for caller in callers.values():
        caller.get("regions/")  # the key's last use is written once
    seen: dict[str, int] = {}
    costs: dict[str, set[int]] = {}
    for address in COST:
        for caller in callers.values():
            (one, rows), (three, more) = (
                _queries(caller, f"{address}/", 1),
                _queries(caller, f"{address}/", 3),
            )
            seen[address] = max(seen.get(address, 0), more)
            costs.setdefault(address, set()).update({one, three} if rows else ())
    assert {address: count for address, count in seen.items() if count < FEW.get(address, 3)} == {}
    assert costs == {address: {cost} if seen[address] else set() for address, cost in COST.items()}
