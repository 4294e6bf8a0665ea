"""No page shows the way to where its reader may not go: every link on the main pages answers its reader."""

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests.browser.house import House, full
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NUMBERS = re.compile(r"(?<=[/-])\d+(?=[/-]|$)")
PASSED = ("/accounts/logout/", "/admin/accounts/user/")
"""The end of the visit; and people, whom the admin links for all readers and shows to administrators alone."""


class Page(HTMLParser):
    """The addresses that a page links to, and the names of its own places."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.places.add(told.get("id") or "")
        self.links += [href] if tag == "a" and (href := told.get("href")) else []


@pytest.fixture
def house(cast: Cast) -> House:
    """Rows for every page."""
    return full(cast)


def dead(client: Client, path: str, tried: set[str]) -> list[Any]:
    """Links of the page that do not answer; of addresses that differ by a number only the first is tried."""
    page = Page(client.get(path).content.decode())
    lost: list[Any] = [link for link in page.links if link[0] == "#" and link[1:] not in page.places]
    for link in page.links:
        parts = urlsplit(urljoin(path, link))
        kind = NUMBERS.sub("0", parts.path)
        if parts.netloc or parts.scheme or link[0] == "#" or kind in tried or parts.path.startswith(PASSED):
            continue
        tried.add(kind)
        answer = client.get(f"{parts.path}?{parts.query}")
        lost += [(path, link, answer.status_code)] if answer.status_code >= 400 else []
        if answer.streaming:
            list(answer.streaming_content)  # type: ignore[attr-defined] # to its end, as a browser reads it
    return lost


def test_every_link_answers_who_sees_it(house: House) -> None:
    lost = []
    for name, paths in house.pages().items():
        client, tried = Client(headers={"accept-language": "en"}), set[str]()
        if name in house.cast.people:
            client.force_login(house.cast.people[name])
        for path in paths:
            lost += [(name, *told) for told in map(list, dead(client, path, tried))]
    assert lost == []
