"""Mails leave: each is claimed, looked at once more, handed to the server, and tried again later where that fails.

The claim counts the attempt and sets the next one before anything is sent, so two workers never send the same
mail, and one that dies on the way leaves it to the next round.
"""

import datetime as dt
import logging
from collections import defaultdict
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from certification.delivery.kinds import KINDS, Dropped, Rhythm, Way
from certification.delivery.matter import matter_of
from certification.delivery.models import Delivery, Digest, Letter, MailChoice
from certification.delivery.unsubscribing import unsubscribe_url
from greenchain.clock import now, today

log = logging.getLogger(__name__)
A_ROUND = 500
PATIENCE = 5
"""So many refusals in a row: the server is down, the rest waits for the next round."""
WAITS = (1, 5, 30, 120, 720)
"""Minutes from each attempt to the next."""
MORNING = 7
"""Digests are made from this hour on, China time."""


def send_due() -> int:
    """Send what is due, digests too; how many were sent."""
    connection = get_connection()
    with suppress(OSError):  # each mail tries again by itself, and says what was wrong
        connection.open()
    try:
        return _send_each(connection)
    finally:
        connection.close()


def _send_each(connection: Any) -> int:
    sent, refused = 0, 0
    for model in (Digest, Delivery):
        waiting = model.objects.all().waiting().filter(next_try_at__lte=now())
        for letter in waiting.select_related("addressee").order_by("next_try_at", "pk")[:A_ROUND]:
            outcome = _send(letter, connection)
            sent += outcome is True
            refused = refused + 1 if outcome is False else 0
            if refused >= PATIENCE:
                return sent
    return sent


def _send(letter: Letter, connection: Any) -> bool | None:
    """Whether the server took it; None where there was nothing to send."""
    untouched = type(letter).objects.filter(pk=letter.pk, sent_at=None, dropped="", attempts=letter.attempts)
    if reason := _reason_not_to(letter):
        untouched.update(dropped=reason)
        return None
    later = now() + dt.timedelta(minutes=WAITS[letter.attempts])
    if not untouched.update(attempts=F("attempts") + 1, next_try_at=later):
        return None
    claimed = type(letter).objects.filter(pk=letter.pk)
    try:
        _post(letter, connection)
    except (OSError, ValueError) as fault:  # ValueError: an address or subject that no mail can carry
        log.warning("%s %s could not be sent", letter.sort, letter.pk, exc_info=True)
        claimed.update(problem=f"{type(fault).__name__}: {fault}"[:200])
        return False
    claimed.update(sent_at=now(), problem="")
    return True


def _reason_not_to(letter: Letter) -> str:
    """Why the mail need not leave any more; looked at on the way out."""
    if not letter.addressee.is_active:
        return Dropped.LEFT
    if not letter.addressee.email:
        return Dropped.ADDRESS
    return settled(letter) if isinstance(letter, Delivery) and letter.asks else ""


def settled(message: Delivery) -> str:
    """Why what the message asked for is asked no more."""
    matter = matter_of(message.entry)
    return matter.settled(message.asks) if matter else Dropped.ANSWERED


def _post(letter: Letter, connection: Any) -> None:
    """Servers that get one mail twice know it by its Message-ID; RFC 8058 says how one click stops digests."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{letter.sort}-{letter.pk}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    if what := _may_stop(letter):
        headers["List-Unsubscribe"] = f"<{unsubscribe_url(letter.addressee, what)}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail = EmailMessage(
        letter.subject,
        letter.text,
        settings.DEFAULT_FROM_EMAIL,
        [letter.addressee.email],
        headers=headers,
        connection=connection,
    )
    mail.send()


def _may_stop(letter: Letter) -> str:
    if isinstance(letter, Delivery):
        return letter.kind if Way.IN_APP in KINDS[letter.kind].ways else ""
    return "digest"


def make_digests() -> int:
    """The digests of this morning, or of this Monday; how many."""
    if timezone.localtime(now()).hour < MORNING:
        return 0
    people = Delivery.objects.all().for_digest().values_list("addressee", flat=True).distinct()
    return sum(_make_digest(key) for key in people)


@transaction.atomic
def _make_digest(person: int) -> bool:
    choice = MailChoice.objects.select_for_update().select_related("user").filter(user=person).first()
    if choice is None or not _is_due(choice):
        return False
    choice.digested_on = today()
    choice.save(update_fields=["digested_on"])
    waiting = Delivery.objects.filter(addressee=person).for_digest().select_related("entry").order_by("pk")
    waiting.exclude(read_at=None).update(dropped=Dropped.READ)
    kept = []
    for message in waiting.filter(read_at=None):
        if reason := settled(message) if message.asks else "":
            Delivery.objects.filter(pk=message.pk).update(dropped=reason)
        else:
            kept.append(message)
    if kept:
        digest = _written(choice, kept)
        Delivery.objects.filter(pk__in=[message.pk for message in kept]).update(digest=digest)
    return bool(kept)


def _is_due(choice: MailChoice) -> bool:
    day = today()
    last = day - dt.timedelta(days=day.weekday()) if choice.rhythm == Rhythm.WEEKLY else day
    return choice.digested_on is None or choice.digested_on < last


def _written(choice: MailChoice, messages: list[Delivery]) -> Digest:
    by_kind: dict[str, list[Delivery]] = defaultdict(list)
    for message in messages:
        by_kind[message.kind].append(message)
    person = choice.user
    with override(person.language):
        parts = [(KINDS[key].name, by_kind[key]) for key in KINDS if key in by_kind]
        context = {
            "parts": parts,
            "count": len(messages),
            "site": settings.SITE_URL,
            "unsubscribe": unsubscribe_url(person, "digest"),
        }
        text = render_to_string("mail/digest.txt", context)
    subject, _newline, body = text.strip().partition("\n")
    return Digest.objects.create(addressee=person, subject=subject[:200], text=body.strip())
