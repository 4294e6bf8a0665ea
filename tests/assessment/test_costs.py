"""What the largest case costs: queries to open it and to check it, time to score it while it is typed."""

import datetime as dt
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.assessment.actions import check, run_checks
from certification.models import Application
from certification.verbs import perform
from greenchain.clock import today
from tests.assessment.big import big_draft
from tests.cast import Cast

FILES = 200
LARGE, USUAL = 60, 20
MOST = 12
A_RUN = 12
"""Queries of a run of the checks, however many indicators there are; 50 are allowed."""


def browser_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def queries(browser: Client, address: str) -> int:
    """Of one page; what is read once per process has been read."""
    browser.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(address).status_code == 200
    return len(asked)


def asked_by(cast: Cast, case: Application) -> dict[str, int]:
    """What it costs each reader to open the case where it stands; drafts are the applicant's alone."""
    page, gap = (reverse(name, args=[case.pk]) for name in ("application", "application-gap"))
    told = reverse("api-applications-detail", args=[case.pk])
    owner, auditor, approver = map(browser_of, (cast.owner, cast.auditor_3306, cast.approver_3306))
    costs = {
        "applicant": queries(owner, page),
        "applicant's gap": queries(owner, gap),
        "applicant by the API": queries(owner, told),
    }
    if case.status != "draft":
        desk = reverse("admin:certification_application_change", args=[case.pk])
        costs |= {
            "auditor": queries(auditor, desk),
            "approver": queries(approver, desk),
            "auditor by the API": queries(auditor, told),
            "approver by the API": queries(approver, told),
        }
    return costs


def test_the_largest_case_opens_in_twelve_queries_for_every_reader(cast: Cast) -> None:
    """The person and the session count too."""
    case = big_draft(cast, LARGE, FILES)
    costs = {"draft": asked_by(cast, case)}
    cast.submitted(case)
    check(case, worker="test")
    case.refresh_from_db()
    costs[case.status] = asked_by(cast, case)
    given = {"codes": ["clarify"], "note": "Which outlet?", "due_on": today() + dt.timedelta(days=9)}
    perform(case, "send_back", by=cast.auditor_3306, data=given)
    costs[case.status] = asked_by(cast, case)
    assert set(costs) == {"draft", "examination", "returned"}
    dear = {(at, who): cost for at, each in costs.items() for who, cost in each.items() if cost > MOST}
    assert dear == {}


def test_a_run_costs_the_same_however_many_indicators(cast: Cast) -> None:
    spent = []
    for indicators, files in ((USUAL, 3), (LARGE, FILES)):
        case = cast.submitted(big_draft(cast, indicators, files))
        case = Application.objects.get(pk=case.pk)
        with CaptureQueriesContext(connection) as asked:
            run_checks(case, trigger="submit")
        spent.append(len(asked))
    assert spent == [A_RUN, A_RUN]


@pytest.mark.parametrize("name", ["application-live", "application-gap"])
def test_the_score_follows_within_300_ms(cast: Cast, name: str) -> None:
    """The processor's time, so that a busy machine does not count; the best of some, as a reader would feel it."""
    case, browser = big_draft(cast, USUAL, 20), browser_of(cast.owner)
    page: Any = browser.get(reverse("application", args=[case.pk])).context["page"]
    fields = [*page.figures, *page.claims]
    sent = {field.name: field.value() for field in fields if field.value() not in {None, False, ""}}
    address, taken = reverse(name, args=[case.pk]), []
    for number in range(5):
        begun = time.process_time()
        answer = browser.post(
            address, {**sent, "energy_tce": str(3000 + number)}, headers={"HX-Request": "true"}
        )
        taken.append(time.process_time() - begun)
        assert 'id="score"' in answer.content.decode()
    assert min(taken) < 0.3
