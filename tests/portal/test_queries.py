"""Lists cost as many queries with three rows as with one."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from certification.verbs import perform
from greenchain.clock import today
from suppliers.models import Evidence
from tests.cast import Cast
from tests.factories_suppliers import EnterpriseFactory, EvidenceFactory, MembershipFactory
from tests.portal.conftest import As

EXPECTED = {
    "application-list": 5,
    "site-list": 4,
    "evidence-list": 5,
    "enterprise-list": 3,
    "work": 15,
    "work-gaps": 7,
}


def _more(cast: Cast, count: int) -> None:
    for _number in range(count):
        site = cast.another_site()
        cast.draft(site)
        returned = cast.examined(cast.draft(cast.another_site()))
        due = today() + dt.timedelta(days=9)
        perform(
            returned,
            "send_back",
            by=cast.auditor_3306,
            data={"codes": ["clarify"], "note": "?", "due_on": due},
        )
        cast.granted(cast.draft(cast.another_site()))
        EvidenceFactory.create(enterprise=cast.enterprise, expires_on=today() + dt.timedelta(days=9))
        other = EnterpriseFactory.create()
        MembershipFactory.create(user=cast.owner, enterprise=other)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_same_number_of_queries(
    cast: Cast, signed_in: As, name: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(cast.owner)
    for extra in (1, 2):
        _more(cast, extra)
        browser.get(reverse(name))  # what is read once per process is read
        with django_assert_num_queries(EXPECTED[name]):
            assert browser.get(reverse(name)).status_code == 200


def test_seats(cast: Cast, signed_in: As, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    browser: Client = signed_in(cast.evaluator)
    call = cast.round("evaluated", evaluation="required")
    for extra in (1, 2):
        for _number in range(extra):
            case = cast.examined(cast.draft(cast.another_site(), round_=call))
            perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
        browser.get(reverse("seats"))
        with django_assert_num_queries(5):
            assert browser.get(reverse("seats")).status_code == 200


def test_the_vault_is_filtered(cast: Cast, signed_in: As) -> None:
    browser = signed_in(cast.owner)
    soon = EvidenceFactory.create(
        enterprise=cast.enterprise, title="Soon over", expires_on=today() + dt.timedelta(days=9)
    )
    late = EvidenceFactory.create(
        enterprise=cast.enterprise, title="Long over", expires_on=today() - dt.timedelta(days=9)
    )
    address = reverse("evidence-list")
    assert soon.title in browser.get(address, {"state": "expiring"}).content.decode()
    text = browser.get(address, {"state": "expired"}).content.decode()
    assert late.title in text
    assert soon.title not in text
    assert "Soon over" not in browser.get(address, {"state": "old"}).content.decode()
    assert soon.title in browser.get(address, {"q": "soon", "kind": "business_licence"}).content.decode()
    assert Evidence.objects.filter(enterprise=cast.enterprise).count() > 3
