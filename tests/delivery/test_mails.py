"""The mails that would have been sent: who reads which, and what they say."""

import datetime as dt
import socket

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.mail import get_connection
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.delivery.actions import send_mails
from certification.delivery.models import MAX_ATTEMPTS, Delivery
from certification.delivery.sending import PATIENCE, WAITS
from certification.delivery.sending import _send as send_one
from certification.tasks import look_after_vault
from greenchain.accounts.models import User
from greenchain.clock import now, today
from tests.cast import Cast
from tests.delivery.conftest import Enter
from tests.factories_suppliers import EvidenceFactory

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def closed_port() -> int:
    """A port of this machine where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def checked(cast: Cast) -> Cast:
    """A case was checked: its applicant's people and the desk's auditors have mail."""
    cast.examined()
    send_mails()
    return cast


def test_each_reads_their_own_and_an_administrator_all(checked: Cast, enter: Enter) -> None:
    theirs = Delivery.objects.filter(addressee=checked.owner).first()
    assert theirs is not None
    everybody = set(Delivery.objects.values_list("addressee__username", flat=True))
    assert {"owner", "editor", "auditor_3306"} <= everybody
    for name, reads in (
        ("owner", {"owner"}),
        ("auditor_3306", {"auditor_3306"}),
        ("administrator", everybody),
    ):
        page = enter(getattr(checked, name)).get("/mails/").content.decode()
        assert {each for each in everybody if f"<div>{each}<small>" in page} == reads, name
    for name, status in (
        ("owner", 200),
        ("administrator", 200),
        ("editor", 404),
        ("approver_CN", 404),
        ("stranger", 404),
    ):
        assert enter(getattr(checked, name)).get(f"/mails/{theirs.pk}/").status_code == status, name
    assert "No mail yet" in enter(checked.stranger).get("/mails/").content.decode()
    assert Client().get("/mails/").headers["Location"] == "/accounts/login/?next=/mails/"


def test_a_mail_is_shown_as_it_was_written(checked: Cast, enter: Enter) -> None:
    row = Delivery.objects.filter(addressee=checked.owner).latest("pk")
    Delivery.objects.filter(pk=row.pk).update(text="<b>5 > 3</b>\nsee http://localhost/x")
    page = enter(checked.owner).get(f"/mails/{row.pk}/").content.decode()
    assert row.subject in page
    assert "&lt;b&gt;5 &gt; 3&lt;/b&gt;" in page
    assert 'href="http://localhost/x"' in page
    assert "owner@owner.example" in page


def test_the_page_says_whether_anything_left_the_house(
    checked: Cast, enter: Enter, settings: LazySettings
) -> None:
    client = enter(checked.administrator)
    page = client.get("/mails/").content.decode()
    assert "would have been sent" in page
    assert "written down" in page
    waiting = Delivery.objects.latest("pk")
    Delivery.objects.filter(pk=waiting.pk).update(sent_at=None, attempts=2)
    User.objects.filter(username="owner").update(email="")
    settings.EMAIL_BACKEND = SMTP
    page = client.get("/mails/").content.decode()
    assert "would have been sent" not in page
    for words in ("</svg>sent</span>", "not delivered", "no address"):
        assert words in page, words
    Delivery.objects.filter(pk=waiting.pk).update(attempts=0)
    assert "waiting" in client.get("/mails/").content.decode()


def test_mails_are_found(checked: Cast, enter: Enter) -> None:
    client = enter(checked.administrator)
    rows = Delivery.objects.all()
    assert client.get("/mails/?q=auditor_3306").content.decode().count("/mails/") < len(rows) * 2
    page = client.get("/mails/?q=auditor_3306@").content.decode()
    assert "<div>auditor_3306<small>" in page
    assert "<div>owner<small>" not in page
    assert "No mail fits" in client.get("/mails/?q=nothing-like-it").content.decode()
    assert client.get("/mails/?q=" + "x" * 200 + "&page=z").status_code == 200


def test_the_list_asks_as_much_for_three_as_for_one(cast: Cast, enter: Enter) -> None:
    client, found = enter(cast.administrator), []
    cast.examined()
    send_mails()
    rows = list(Delivery.objects.order_by("pk")[:3])
    Delivery.objects.all().delete()
    for more in (rows[:1], rows[1:]):
        Delivery.objects.bulk_create(more)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/mails/").status_code == 200
        found.append(len(asked))
    assert Delivery.objects.count() == 3
    assert found == [4, 4]


def test_a_mail_that_fails_is_tried_again_later_each_time(cast: Cast, settings: LazySettings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", closed_port()
    cast.examined()
    start = now()
    assert send_mails() == 0
    tried = Delivery.objects.filter(attempts=1)
    assert 0 < tried.count() <= PATIENCE
    assert set(tried.values_list("problem", flat=True)) == {
        "ConnectionRefusedError: [Errno 111] Connection refused"
    }
    first = tried.earliest("pk")
    for attempt, minutes in enumerate(WAITS[:MAX_ATTEMPTS], start=1):
        first.refresh_from_db()
        assert first.attempts == attempt
        wait = first.next_try_at - start
        assert dt.timedelta(minutes=minutes) <= wait < dt.timedelta(minutes=minutes + 1)
        send_mails()
        first.refresh_from_db()
        assert first.attempts == attempt, "not before its time"
        start = first.next_try_at
        Delivery.objects.exclude(pk=first.pk).update(next_try_at=start + dt.timedelta(days=9))
        with time_machine.travel(start, tick=False):
            send_mails()
    first.refresh_from_db()
    assert first.given_up
    settings.EMAIL_BACKEND = LOCMEM
    with time_machine.travel(start + dt.timedelta(days=10), tick=False):
        rest = Delivery.objects.all().waiting().count()
        assert send_mails() == rest == len(mail.outbox)
        assert send_mails() == 0
    assert not [
        sent for sent in mail.outbox if sent.extra_headers["Message-ID"].startswith(f"<delivery-{first.pk}@")
    ]


def test_two_workers_never_send_the_same_mail(cast: Cast) -> None:
    cast.examined()
    send_mails()
    mail.outbox.clear()
    row = Delivery.objects.select_related("addressee").earliest("pk")
    Delivery.objects.filter(pk=row.pk).update(sent_at=None, attempts=0)
    row.sent_at, row.attempts = None, 0
    connection = get_connection()
    assert (send_one(row, connection), send_one(row, connection)) == (True, None)
    assert len(mail.outbox) == 1


def test_an_address_that_no_mail_can_carry_holds_up_nobody(cast: Cast) -> None:
    cast.examined()
    User.objects.filter(username="owner").update(email="two lines\n@example.org")
    send_mails()
    broken = Delivery.objects.filter(addressee=cast.owner)
    assert {row.attempts for row in broken} == {1}
    assert all("Error" in row.problem for row in broken)
    assert Delivery.objects.filter(addressee=cast.editor, sent_at__isnull=False).exists()


def test_who_left_gets_no_mail(cast: Cast) -> None:
    User.objects.filter(username="editor").update(is_active=False)
    cast.examined()
    send_mails()
    assert not Delivery.objects.filter(addressee=cast.editor).exists()
    assert Delivery.objects.filter(addressee=cast.owner).exists()


def test_who_keeps_the_vault_is_reminded_of_what_expires(cast: Cast) -> None:
    soon = today() + dt.timedelta(days=7)
    proof = EvidenceFactory.create(
        enterprise=cast.enterprise, kind="qms_certificate", title="ISO 9001", expires_on=soon
    )
    look_after_vault()
    send_mails()
    look_after_vault()
    send_mails()
    sent = {(each.to[0].partition("@")[0], each.subject) for each in mail.outbox}
    assert {name for name, _subject in sent} == {"owner", "editor"}
    assert len(mail.outbox) == 2
    assert all("1 file of the vault expires soon" in subject for _name, subject in sent)
    text = str(mail.outbox[0].body)
    assert "ISO 9001 (Quality management certificate" in text
    assert f"/evidence/{proof.pk}/replace/" in text
