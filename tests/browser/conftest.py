"""One browser for all journeys; each visitor has a window of their own."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from greenchain.accounts.models import User
from tests.browser.visit import PASSWORD, Visit
from tests.cast import Cast
from tests.needs import chromium

Open = Callable[..., Visit]


@pytest.fixture(scope="session")
def kept(live_server) -> None:
    """A window asks once for each style sheet and picture, not once a page."""
    httpd = live_server.thread.httpd
    answers = httpd.get_app()

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *wrong: Any) -> Any:
            if environ["PATH_INFO"].startswith("/static/"):
                headers.append(("Cache-Control", "max-age=3600"))
            return start_response(status, headers, *wrong)

        return answers(environ, start)

    httpd.set_app(answer)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, started once. Playwright keeps a loop in this thread, and Django asks to be told that this is meant."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser, live_server, kept: None) -> Iterator[Open]:  # noqa: ARG001 - as told there
    """Opens windows; afterwards nothing may have gone wrong in any of them."""
    opened: list[Visit] = []

    def open_window(language: str = "en", width: int = 1440) -> Visit:
        opened.append(Visit(browser, live_server.url, language, width))
        return opened[-1]

    yield open_window
    for visit in opened:
        visit.context.close()
    assert [said for visit in opened for said in visit.said] == []


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Everybody has a password."""
    for person in cast.people.values():
        person.set_password(PASSWORD)
    User.objects.bulk_update(cast.people.values(), ["password"])
    return cast
