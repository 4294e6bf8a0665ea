"""Feeds of the register: what a feed reader is told, and what it is not."""

from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from certification.designation.actions import suspend
from certification.surveillance.actions import propose
from greenchain.clock import today, years_after
from tests.cast import Cast

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def told(client: Client, address: str) -> list[tuple[str, str]]:
    """Title and address of each entry."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/atom+xml")
    entries = ET.fromstring(answer.content).findall(f"{ATOM}entry")  # noqa: S314 - our own
    return [
        (entry.findtext(f"{ATOM}title", ""), entry.find(f"{ATOM}link").attrib["href"]) for entry in entries
    ]


def test_a_title_is_followed_through_its_life(client: Client, cast: Cast) -> None:
    title = cast.granted()
    suspend(title, by=cast.approver_3306, reasons="the river smells", until_on=years_after(today(), 1))
    address = f"/register/{title.number}/feed.atom"
    assert f'href="{address}"' in client.get(f"/register/{title.number}/").content.decode()
    found = told(client, address)
    assert [words for words, _link in found] == [f"{title.name}: suspended", f"{title.name}: issued"]
    assert len({link for _words, link in found}) == 2
    assert b"the river smells" not in client.get(address).content
    assert client.get("/register/GF-M-1999-00001/feed.atom").status_code == 404


def test_a_proposal_is_nobody_elses_business(client: Client, cast: Cast) -> None:
    title = cast.granted()
    propose(title, by=cast.auditor_3306, cause="fault", reasons="x", reply_by=years_after(today(), 1))
    assert len(told(client, f"/register/{title.number}/feed.atom")) == 1


def test_a_search_is_followed(client: Client, cast: Cast) -> None:
    first, second = cast.granted(), cast.granted(cast.draft(cast.another_site()))
    suspend(first, by=cast.approver_3306, reasons="x", until_on=years_after(today(), 1))
    both = told(client, "/register/feed.atom")
    assert [words.rsplit(": ")[-1] for words, _link in both] == ["suspended", "current"]
    assert second.number in told(client, "/register/feed.atom?status=current")[0][1]
    assert told(client, "/register/feed.atom?q=nobody") == []
    assert "/register/feed.atom?status=current" in client.get("/register/?status=current").content.decode()
