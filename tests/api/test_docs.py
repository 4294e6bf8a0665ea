"""The description can be read in a browser, and our strict policy refuses nothing of it."""

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.api.caller import Caller
from tests.needs import chromium


def read_through(page: Page) -> set[str]:
    """Every operation that comes into view: of a long page only that part is drawn."""
    shown: set[str] = set()
    while True:
        shown |= set(page.eval_on_selector_all(".opblock", "all => all.map(one => one.id)"))
        if page.evaluate("scrollY + innerHeight >= document.documentElement.scrollHeight - 1"):
            return shown
        page.evaluate("scrollBy(0, 500)")
        page.wait_for_timeout(150)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_operation_is_shown_and_nothing_is_refused(live_server):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        said: list[str] = []
        page.on(
            "console",
            lambda message: said.append(message.text) if message.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("requestfailed", lambda request: said.append(request.url))
        page.goto(live_server.url + "/api/v1/docs")
        page.locator("#operations-alerts-alerts_list .opblock-summary-control").click(timeout=60_000)
        page.wait_for_selector("#operations-alerts-alerts_list .opblock-body")
        shown = read_through(page)
        title = page.title()
        browser.close()
    described = Caller().get("schema").body["paths"]
    assert len(shown) == sum(len(operations) for operations in described.values())
    assert title == "GreenChain API"
    assert said == []


@pytest.mark.django_db
def test_the_page_itself_has_no_inline_code(client):
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert b"<style" not in page.content
    assert page.content.count(b"<script") == page.content.count(b"<script src=")
    assert (
        "script-src" not in page.headers["Content-Security-Policy"]
        or "unsafe" not in page.headers["Content-Security-Policy"]
    )
