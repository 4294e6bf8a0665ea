"""Sent back with reasons, answered in time, and what changed is shown to the desk."""

import pytest
from playwright.sync_api import expect

from certification.tasks import check
from certification.templatetags.figures import day
from greenchain.clock import today, working_days_after
from tests.browser.conftest import Open
from tests.cast import FORM, Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_return_is_answered_and_the_difference_is_seen(cast: Cast, visitor: Open) -> None:
    case = cast.examined()
    desk = f"/admin/certification/application/{case.pk}/change/"
    auditor = visitor()
    auditor.sign_in(cast.auditor_3306)
    auditor.go(desk)
    auditor.link("Send back").click()
    auditor.page.get_by_label("a figure is implausible").check()
    auditor.page.fill("#id_note", "Say since when the heat is recovered.")
    auditor.shot("send-back")
    auditor.button("Send back").click()
    auditor.page.locator(".messagelist .success").wait_for()
    case.refresh_from_db()
    assert case.due_on == working_days_after(today(), case.round.return_days)

    owner = visitor(width=360)
    owner.sign_in(cast.owner)
    todo = owner.page.locator(".todo tbody tr").first
    expect(todo).to_contain_text(day(case.due_on))
    todo.locator(".row-acts a").click()
    top = owner.page.locator("main .verdict").first
    expect(top).to_contain_text(f"Answer by {day(case.due_on)}")
    expect(top).to_contain_text("a figure is implausible")
    expect(top).to_contain_text("Say since when the heat is recovered.")
    owner.shot("returned-360")
    summary = owner.page.locator("#id_green_summary")
    summary.fill("Heat recovery since March 2021, all dyeing lines.")
    summary.blur()
    owner.page.locator("#kept-green_summary .kept-ok").wait_for()
    owner.page.reload()
    owner.sees("Changed since the submission")
    owner.page.locator("#moves").get_by_role("link", name="Submit").click()
    owner.page.check("#id_commitment")
    owner.page.fill("#id_signed_by", "Wang Wei")
    owner.button("Submit").click()
    owner.page.locator("#waiting").wait_for()
    check(case.pk)
    owner.page.locator("#waiting").wait_for(state="detached")

    auditor.go(desk)
    changed = auditor.page.locator("#differences")
    changed.locator("summary").click()
    expect(changed).to_contain_text(FORM["green_summary"])
    expect(changed).to_contain_text("all dyeing lines")
    auditor.shot("differences")
