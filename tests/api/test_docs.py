"""The description can be read in a browser, and our strict policy refuses nothing of it."""

import pytest
from playwright.sync_api import sync_playwright

from tests.api.caller import Caller
from tests.needs import chromium


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
        page.wait_for_selector("#operations-applications-applications_endorse", timeout=60_000)
        shown = page.locator(".opblock").count()
        page.locator("#operations-token-token_create .opblock-summary-control").click()
        page.wait_for_selector("#operations-token-token_create .opblock-body")
        title = page.title()
        browser.close()
    described = Caller().get("schema").body["paths"]
    assert shown == sum(len(operations) for operations in described.values())
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
