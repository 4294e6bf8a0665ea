"""What a person may not do, cannot do, or has done already: said plainly, and nothing changes."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.visit import Visit
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def refused(visit: Visit, path: str, status: int) -> None:
    """The page answers with that status; the browser's own remark on it is no complaint."""
    answer = visit.page.goto(visit.home + path)
    assert answer is not None
    assert answer.status == status
    visit.said = [said for said in visit.said if f"status of {status}" not in said]


def test_nobody_sees_or_moves_what_is_not_theirs(cast: Cast, visitor: Open) -> None:
    case = cast.draft()
    address = f"/applications/{case.pk}/"

    stranger = visitor()
    stranger.sign_in(cast.stranger)
    for path in (
        address,
        f"{address}submit/",
        f"/sites/{cast.site.pk}/",
        f"/enterprises/{cast.enterprise.pk}/",
    ):
        refused(stranger, path, 404)
    stranger.sees("There is nothing here")

    viewer = visitor()
    viewer.sign_in(cast.viewer)
    page = viewer.go(address)
    expect(page.locator("h1")).to_be_visible()
    assert page.locator("#moves a").count() == 0
    assert page.locator("main form:visible:not([action$='/package/'])").count() == 0, "printing is reading"
    token = next(cookie["value"] for cookie in viewer.context.cookies() if cookie["name"] == "csrftoken")
    answer = page.request.post(
        f"{viewer.home}{address}submit/",
        form={"csrfmiddlewaretoken": token, "commitment": "on", "signed_by": "Wang"},
        headers={"Referer": viewer.home},
    )
    assert answer.status == 403
    case.refresh_from_db()
    assert case.status == "draft"


def test_a_second_click_finds_it_done(cast: Cast, visitor: Open) -> None:
    case = cast.draft()
    owner = visitor()
    owner.sign_in(cast.owner)
    here, there = owner.page, owner.context.new_page()
    for page in (here, there):
        page.goto(f"{owner.home}/applications/{case.pk}/submit/")
        page.check("#id_commitment")
        page.fill("#id_signed_by", "Wang Wei")
    owner.button("Submit").dblclick()
    here.locator("#waiting").wait_for()
    there.get_by_role("button", name="Submit").click()
    there.get_by_text("This has been done already.").wait_for()
    there.locator("#waiting").wait_for()
    assert case.dossiers.count() == 1
