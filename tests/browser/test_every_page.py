"""Every main page, as those who read it see it: languages, widths, themes, names, headings, keyboard."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from greenchain.accounts.models import User
from tests.browser.conftest import Open
from tests.browser.house import House, full
from tests.browser.visit import LOCALES, Visit
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = (Path(__file__).parent / "looks.js").read_text(encoding="utf-8")
WIDTHS = (1440, 360)
THEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


@pytest.fixture
def house(cast: Cast) -> House:
    """Rows for every page."""
    return full(cast)


def remarks(visit: Visit, path: str) -> Iterator[str]:
    """What is wrong with a page in its language, at each width and in each theme; it is loaded once."""
    page = visit.page
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    page.emulate_media(color_scheme=THEMES[0], reduced_motion="reduce")
    answer = page.goto(visit.home + path)
    if answer is None or answer.status != 200:
        yield f"answers {answer and answer.status}"
        return
    page.evaluate(f"window.looks = {LOOKS}")
    if (language := page.locator("html").get_attribute("lang")) != visit.language:
        yield f"speaks {language}"
    yield from page.evaluate("looks.once()")
    for theme in THEMES if visit.language == "en" else ():  # colours do not change with the language
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        yield from (f"{theme}: {said}" for said in page.evaluate("looks.theme()"))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        yield from page.evaluate("looks.width()")
        visit.shot(f"{path.strip('/').partition('?')[0].replace('/', '-') or 'home'}-{width}")


@pytest.mark.parametrize("language", LOCALES)
def test_every_page_holds_in(house: House, visitor: Open, language: str) -> None:
    found, visit = [], visitor(language)
    for name, paths in house.pages().items():
        person: User | None = house.cast.people.get(name)
        if person:
            visit.enter(person)
        for path in paths:
            found += [f"{name} {path}: {remark}" for remark in remarks(visit, path)]
    assert not found, "\n".join(found)


FOCUS = """() => {
  const style = getComputedStyle(document.activeElement);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== "none";
  const box = document.activeElement.getBoundingClientRect();
  return {
    what: document.activeElement.outerHTML.slice(0, 80),
    body: document.activeElement === document.body,
    seen: seen && box.width > 0 && box.height > 0,
  };
}"""
TABS = 30


def test_the_keyboard_gets_everywhere_and_is_seen(house: House, visitor: Open) -> None:
    for name, path in (
        ("public", "/register/"),
        ("owner", f"/applications/{house.draft.pk}/"),
        ("auditor_3306", "/admin/certification/application/"),
        ("auditor_3306", f"/admin/certification/application/{house.examined.pk}/change/"),
    ):
        visit = visitor()
        if name in house.cast.people:
            visit.enter(house.cast.people[name])
        page = visit.go(path)
        page.keyboard.press("Tab")
        target = page.evaluate("document.activeElement.getAttribute('href')")
        assert page.evaluate(FOCUS)["seen"], "the way past the header is seen when it is reached"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == target.removeprefix("#"), path
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        for _press in range(TABS):
            page.keyboard.press("Tab")
            at = page.evaluate(FOCUS)
            if at["body"]:
                break
            assert at["seen"], f"{path}: {at['what']}"
