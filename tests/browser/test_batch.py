"""Several cases at once, from the queue."""

import pytest
from playwright.sync_api import expect

from certification.models import Application, Designation
from tests.browser.conftest import Open
from tests.browser.visit import Visit
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def together(approver: Visit, action: str, act: str) -> None:
    """Tick every case of the queue, choose the action, look at the ranked page, confirm."""
    page = approver.go("/admin/certification/application/")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    page.check("#action-toggle")
    page.select_option("select[name=action]", action)
    page.locator("button[name=index]").click()
    expect(page.locator("h1")).to_have_text(act)
    approver.shot(action)
    approver.button(act).click()
    approver.sees(f"{act}: 2 cases.")


def test_two_are_selected_and_granted_together(cast: Cast, visitor: Open) -> None:
    for site in (cast.site, cast.another_site()):
        cast.endorsed_up(cast.examined(cast.draft(site)))
    approver = visitor()
    approver.sign_in(cast.approver_3306)
    together(approver, "select_batch", "Select")
    together(approver, "grant_batch", "Grant")
    assert {case.status for case in Application.objects.all()} == {"granted"}
    assert Designation.objects.in_force().count() == 2
