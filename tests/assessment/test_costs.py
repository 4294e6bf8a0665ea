"""What the largest case costs: queries to open it and to check it, time to score it while it is typed."""

import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.assessment.actions import check, run_checks
from certification.models import Application
from tests.assessment.big import big_draft
from tests.cast import Cast

FILES = 200
LARGE, USUAL = 60, 20
A_RUN = 16
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


def test_the_largest_case_opens_in_twelve_queries(cast: Cast) -> None:
    case, browser = big_draft(cast, LARGE, FILES), browser_of(cast.owner)
    address = reverse("application", args=[case.pk])
    gap = reverse("application-gap", args=[case.pk])
    assert (queries(browser, address), queries(browser, gap)) <= (12, 12)
    cast.submitted(case)
    check(case, worker="test")
    assert (queries(browser, address), queries(browser, gap)) <= (12, 12)


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
