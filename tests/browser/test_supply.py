"""A supplier's suspension is seen at once by who watches the chain."""

import datetime as dt
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from certification.tasks import alert
from certification.verbs import perform
from greenchain.clock import today
from tests.browser.conftest import Open
from tests.cast import Cast
from tests.factories_suppliers import EnterpriseFactory, SupplyLinkFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reviewer_sees_what_broke_and_whom_it_touches(cast: Cast, visitor: Open) -> None:
    buyer = EnterpriseFactory.create()
    SupplyLinkFactory.create(buyer=buyer, supplier=cast.enterprise, spend=Decimal(800), share=Decimal("0.4"))
    SupplyLinkFactory.create(buyer=buyer, supplier=EnterpriseFactory.create(), spend=Decimal(1200))
    title = cast.granted()
    alert()
    reviewer = visitor()
    reviewer.sign_in(cast.reviewer_3306)
    page = reviewer.go("/supply/")
    row = page.locator("tbody tr", has_text=buyer.name)
    expect(row).to_contain_text("50")
    reviewer.shot("supply-before")

    until = today() + dt.timedelta(days=30)
    perform(title, "suspend", by=cast.approver_3306, data={"reasons": "Accident.", "until_on": until})
    alert()
    page.reload()
    expect(row.locator("td").nth(2)).to_have_text("0")
    expect(row.locator(".badge")).to_be_visible()
    reviewer.shot("supply")
    row.get_by_role("link", name=buyer.name).click()
    broken = page.locator(".breaks .break").first
    expect(broken).to_contain_text(title.number)
    expect(broken).to_contain_text("suspended")
    expect(broken).to_contain_text("40")
    reviewer.shot("chain")
    reviewer.go("/alerts/")
    expect(page.locator("tbody tr").first).to_contain_text(title.number)
    reviewer.shot("alerts")
