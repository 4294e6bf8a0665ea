"""A public title followed by mail: double opt-in, one click to stop, nothing told of who follows."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.test import Client

from certification.designation import actions as titles
from certification.following.actions import ask, confirm, forget, tell_followers
from certification.following.models import Follow
from certification.letter.actions import ASKED, send_posts
from certification.models import Designation, Post
from certification.tasks import clock, deliver
from greenchain.audit.models import AuditEntry, Told
from greenchain.clock import now, today
from greenchain.refusals import Refused
from tests.cast import Cast

pytestmark = pytest.mark.django_db
HERE = "reader@example.org"
LINK = re.compile(r"http\S+?(/follow/\S+)")


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Nobody has tried anything yet."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def title(cast: Cast) -> Designation:
    found = cast.granted()
    deliver()
    mail.outbox.clear()
    return found


def give(title: Designation, contact: str = HERE, language: str = "en", client: Client | None = None) -> str:
    """The form is sent; what the page says then."""
    address = f"/register/{title.number}/follow/"
    page = (client or Client()).post(address, {"contact": contact, "language": language}, follow=True)
    return " ".join(str(each) for each in page.context["messages"]) or str(page.status_code)


def link() -> str:
    """The link in the newest mail."""
    found = LINK.search(str(mail.outbox[-1].body))
    assert found
    return found[1]


def followed(title: Designation) -> Follow:
    """Asked for, sent, and confirmed."""
    give(title)
    send_posts()
    Client().post(link())
    mail.outbox.clear()
    return Follow.objects.get()


def lose(cast: Cast, title: Designation) -> None:
    until = today() + dt.timedelta(days=30)
    titles.suspend(title, by=cast.approver_3306, reasons="a secret reason", until_on=until)


def test_nothing_is_sent_before_the_link_is_confirmed(cast: Cast, title: Designation) -> None:
    said = give(title)
    assert "two days" in said
    send_posts()
    assert mail.outbox[-1].to == [HERE]
    assert title.number in mail.outbox[-1].subject
    address = link()
    page = Client().get(address)
    assert (page.status_code, page["Referrer-Policy"]) == (200, "same-origin")
    assert Follow.objects.get().confirmed_at is None  # scanners open links
    lose(cast, title)
    deliver()
    assert len([each for each in mail.outbox if each.to == [HERE]]) == 1
    assert Client().post(address)["Location"] == title.get_absolute_url()
    assert Follow.objects.get().confirmed_at is not None
    assert Client().get(address).status_code == 404


def test_each_public_step_is_mailed_once_in_the_chosen_language(cast: Cast, title: Designation) -> None:
    followed(title)
    Follow.objects.update(language="zh-hans")
    lose(cast, title)
    deliver()
    deliver()
    told = [each for each in mail.outbox if each.to == [HERE]]
    assert len(told) == 1
    assert title.number in told[0].subject
    assert "suspended" not in told[0].body
    assert "secret reason" not in told[0].body
    headers = told[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].strip("<>") in told[0].body


def test_a_worker_that_dies_after_one_step_tells_the_next_only(cast: Cast, title: Designation) -> None:
    followed(title)
    lose(cast, title)
    assert tell_followers() > 0
    Told.objects.filter(follower="mail").delete()
    assert tell_followers() == 0
    assert Post.objects.filter(about=Follow.objects.get().number, entry__verb="suspend").count() == 1


def test_what_happened_before_is_not_told(cast: Cast, title: Designation) -> None:
    lose(cast, title)
    row = followed(title)
    assert row.confirmed_at is not None
    deliver()
    assert [each for each in mail.outbox if each.to == [HERE]] == []


def test_one_click_ends_it_and_the_address_is_gone(cast: Cast, title: Designation) -> None:
    """Without a cookie or a token: that is how mail programs press it."""
    row = followed(title)
    number = row.number
    lose(cast, title)
    deliver()
    stop = link()
    client = Client(enforce_csrf_checks=True)
    assert client.get(stop).status_code == 200
    assert Follow.objects.exists()
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Follow.objects.exists()
    assert set(Post.objects.filter(about=number).values_list("contact", "text")) == {("", "")}
    assert not Post.objects.filter(contact=HERE).exists()
    for entry in AuditEntry.objects.all():
        assert HERE not in entry.body
    assert "deleted" in client.get(stop).content.decode()
    titles.reinstate(title, by=cast.approver_3306, cured="repaired")
    mail.outbox.clear()
    deliver()
    assert [each for each in mail.outbox if each.to == [HERE]] == []
    assert client.post("/follow/stop/nonsense/").status_code == 404


def test_the_form_tells_nobody_who_follows(title: Designation) -> None:
    """The page says the same; who follows already gets no second mail, in whatever capitals."""
    followed(title)
    said = {give(title), give(title, HERE.upper()), give(title, "new@example.org")}
    assert len(said) == 1
    send_posts()
    assert [each.to for each in mail.outbox] == [["new@example.org"]]


def test_an_address_gets_so_many_mails_a_day_and_a_sender_so_many_tries(title: Designation) -> None:
    for _each in range(ASKED + 2):
        give(title)
    send_posts()
    assert len(mail.outbox) == ASKED
    said = [give(title) for _each in range(20)]
    assert said[-1] == "409"
    assert Follow.objects.count() == 1


def test_asking_again_sends_a_new_link_and_the_old_one_is_void(title: Designation) -> None:
    give(title)
    send_posts()
    old = link()
    give(title)
    send_posts()
    assert link() != old
    assert Client().get(old).status_code == 404
    assert Client().get(link()).status_code == 200


def test_who_never_confirms_is_forgotten(title: Designation) -> None:
    give(title)
    send_posts()
    address, row = link(), Follow.objects.get()
    with time_machine.travel(now() + dt.timedelta(days=2, minutes=1)):
        assert Client().post(address).status_code == 404
        with pytest.raises(Refused):
            confirm(row)
        clock()
    assert not Follow.objects.exists()
    assert not Post.objects.filter(contact=HERE).exists()


def test_a_waiting_mail_does_not_leave_after_the_stop(cast: Cast, title: Designation) -> None:
    row = followed(title)
    lose(cast, title)
    tell_followers()
    forget(row)
    deliver()
    assert [each for each in mail.outbox if each.to == [HERE]] == []


def test_what_is_no_address_is_told_and_what_is_no_title_is_not_found(title: Designation) -> None:
    refused = Client().post(f"/register/{title.number}/follow/", {"contact": "x", "language": "en"})
    assert refused.status_code == 422
    assert Client().get("/register/GF-0/follow/").status_code == 404
    assert Client().get(f"/follow/{'0' * 64}/").status_code == 404
    with pytest.raises(Refused):
        ask(title, contact=HERE, language="fr")
    page = Client().get(title.get_absolute_url()).content.decode()
    assert f"/register/{title.number}/follow/" in page
    assert "feed.atom" in page
