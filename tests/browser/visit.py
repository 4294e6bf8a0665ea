"""A person at a browser: goes to pages, presses what is written there, and hears what the console complains of."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.translation import gettext, override
from playwright.sync_api import Browser, Locator, Page

from greenchain.accounts.models import User

PASSWORD = "a long enough password"
LOCALES = {"en": "en-GB", "zh-hans": "zh-CN", "id": "id-ID"}
OVERTAKEN = ("htmx:afterRequest", "htmx:sendAbort")
"""What htmx says when a newer request takes the place of one under way: as it should be."""


class Visit:
    """One browser window in one language; ``said`` collects errors of scripts, refusals of the policy and HTTP 500."""

    def __init__(self, browser: Browser, home: str, language: str = "en", width: int = 1440) -> None:
        self.home = home
        self.language = language
        self.context = browser.new_context(
            locale=LOCALES[language],
            viewport={"width": width, "height": 900},
            reduced_motion="reduce",
            color_scheme="light",
        )
        self.context.set_default_timeout(20_000)
        self.page: Page = self.context.new_page()
        self.said: list[str] = []
        self.page.on("console", lambda message: self.hear(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.hear(str(error)))
        self.page.on("response", lambda answer: self.hear(answer.url) if answer.status >= 500 else None)

    def hear(self, text: str) -> None:
        """Keep a complaint with the page where it was made."""
        if text.startswith(OVERTAKEN):
            return
        self.said.append(f"{self.page.url.removeprefix(self.home)}: {text}")

    def words(self, english: str, **params: Any) -> str:
        """The words of the interface in the visitor's language."""
        with override(self.language):
            said = gettext(english)
            return said % params if params else said

    def go(self, path: str) -> Page:
        """Open an address."""
        self.page.goto(f"{self.home}{path}")
        return self.page

    def sign_in(self, user: User) -> None:
        """As people do, by name and password."""
        self.go("/accounts/login/")
        self.page.fill("#id_login", user.username)
        self.page.fill("#id_password", PASSWORD)
        self.button("Sign in").last.click()
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def enter(self, user: User) -> None:
        """Signed in at once."""
        store = SessionStore()
        store[SESSION_KEY] = str(user.pk)
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        store.save()
        self.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": str(store.session_key), "url": self.home}]
        )

    def button(self, english: str) -> Locator:
        """The button with these words."""
        return self.page.locator("main, #main").get_by_role("button", name=self.words(english), exact=True)

    def link(self, english: str) -> Locator:
        """The link with these words."""
        return self.page.locator("main, #main").get_by_role("link", name=self.words(english), exact=True)

    def sees(self, text: str) -> None:
        """Wait until the text is there to be read."""
        self.page.get_by_text(text).filter(visible=True).first.wait_for()

    def shot(self, name: str) -> None:
        """Keep a picture, where somebody wants them."""
        if folder := os.environ.get("SCREENSHOTS"):
            place = Path(folder) / f"{name}-{self.language}.png"
            self.page.evaluate("scrollTo(0, 0)")
            self.page.screenshot(path=place, full_page=True)
