"""In a real browser: nothing runs over the edge, the policy refuses nothing, keyboard and theme work."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.needs import chromium

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESSES = ("/styleguide/", "/accounts/login/", "/accounts/signup/", "/admin/login/")
RUNS_OVER = """() => [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
    .filter(e => !e.closest(".sr, .tabs, .scroll, pre") && getComputedStyle(e).position !== "absolute")
    .map(e => `${e.tagName} ${e.className.baseVal ?? e.className}`)"""


@contextmanager
def page_of(width: int, theme: Literal["light", "dark"]) -> Iterator[tuple[Page, list[str]]]:
    """A page of this width and theme, and what the console complains about."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        yield page, said
        browser.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_pages_hold_together(live_server, width, theme):
    with page_of(width, theme) as (page, said):
        for address in ADDRESSES:
            page.goto(live_server.url + address)
            assert page.evaluate(RUNS_OVER) == [], address
            assert said == [], address
            ground = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--paper')")
            assert ground == {"light": "#ffffff", "dark": "#101714"}[theme]


def test_keyboard_theme_and_language(live_server):
    with page_of(1440, "light") as (page, said):
        page.goto(live_server.url + "/styleguide/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"

        switch = page.locator("[data-theme-switch]")
        switch.click()
        switch.click()
        page.reload()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"

        page.locator(".top .tongues button[value='id']").first.click()
        assert page.locator("html").get_attribute("lang") == "id"
        assert page.url.endswith("/styleguide/")
        assert said == []


def test_a_menu_opens_and_closes_by_keyboard(live_server):
    with page_of(360, "light") as (page, _said):
        page.goto(live_server.url + "/styleguide/")
        menu = page.locator("details.menu-narrow")
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        assert menu.get_attribute("open") is not None
        page.keyboard.press("Escape")
        assert menu.get_attribute("open") is None
