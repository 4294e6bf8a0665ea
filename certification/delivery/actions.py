"""Tell people what happened and what comes due; read, choose, try again."""

import datetime as dt
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from certification.chain.actions import alert_buyers
from certification.chain.hearers import Hearers, hearers_of
from certification.delivery.audience import people_of
from certification.delivery.dues import SOURCES
from certification.delivery.kinds import KINDS, Rhythm, Way
from certification.delivery.matter import Matter, matter_of, told_to
from certification.delivery.models import Delivery, Digest, Letter, MailChoice, Reminder
from certification.delivery.sending import make_digests, send_due
from certification.delivery.table import VERBS, Telling
from certification.designation.models import Designation
from certification.scheme.subject import owner_of
from greenchain.accounts.models import Role, User
from greenchain.audit.models import AuditEntry
from greenchain.audit.outbox import follow
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.kinds import KINDS as PAPERS

REMINDERS_A_ROUND = 1000
LONGEST_SUBJECT = 200


def send_mails() -> int:
    """Write what is not yet written, send what is due; how many were sent.

    Alerts first: who is a buyer above a lost title is read from them.
    """
    alert_buyers()
    follow("mail", VERBS, write)
    make_digests()
    return send_due()


def write(entry: AuditEntry) -> None:
    """One message per addressee, in their language, to come as they chose."""
    matter = matter_of(entry)
    if matter is None:
        return
    told = list(told_to(matter, people_of))
    keys = [person.pk for person, _telling in told]
    hearers = hearers_of(entry) if any(telling.to == "buyers" for _person, telling in told) else Hearers()
    chosen = {choice.user_id: choice for choice in MailChoice.objects.filter(user__in=keys)}
    rows = [
        _message(matter, person, telling, chosen.get(person.pk) or MailChoice(user=person), hearers)
        for person, telling in told
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)


def _message(
    matter: Matter, person: User, telling: Telling, choice: MailChoice, hearers: Hearers
) -> Delivery:
    row, entry = matter.row, matter.entry
    url = matter.url(telling, person)
    with override(person.language):
        context = {
            "entry": entry,
            "case": row,
            "data": entry.data,
            "reminder": matter.reminder,
            "person": person,
            "holder": owner_of(row.subject) if isinstance(row, Designation) and row.subject else None,
            "heard": hearers.heard.get(person.pk),
            "files": list(_files(entry)),
            "site": settings.SITE_URL,
            "url": settings.SITE_URL + url,
        }
        text = render_to_string(matter.texts(telling.to), context)
    subject, _newline, body = text.strip().partition("\n")
    return Delivery(
        entry=entry,
        addressee=person,
        subject=" ".join(subject.split())[:LONGEST_SUBJECT],
        text=body.strip(),
        kind=telling.kind,
        way=choice.way(telling.kind, hearers.mail.get(person.pk, "") if telling.to == "buyers" else ""),
        asks=telling.asks,
        url=url,
    )


def _files(entry: AuditEntry) -> Iterator[dict[str, Any]]:
    """The files of a reminder, the first to expire first."""
    for row in entry.data.get("files", ()) if entry.verb == "remind" else ():
        expires_on = dt.date.fromisoformat(row["expires_on"])
        yield {**row, "kind": PAPERS.get(row["kind"], ""), "expires_on": expires_on}


def remind_due() -> int:
    """Put on record what comes due and whose people were not told yet; the mails follow from the record."""
    made = 0
    for key, source in SOURCES.items():
        for row, due_on, days in islice(source.coming(), REMINDERS_A_ROUND):
            made += _remind(key, row, due_on, days)
    return made


def _remind(source: str, key: int, due_on: dt.date, days: int) -> int:
    try:
        with transaction.atomic():
            row = Reminder.objects.create(source=source, key=key, due_on=due_on, days=days)
            record("remind_due", row, by=None, source=source, row=key, due_on=due_on, days=days)
    except IntegrityError:  # another worker was quicker
        return 0
    return 1


def read(messages: Any, *, by: User) -> int:
    """The addressee has read these; how many were new."""
    return int(messages.of(by).unread().update(read_at=now()))


@transaction.atomic
def choose(*, by: User, rhythm: str | None = None, ways: Mapping[str, str] | None = None) -> MailChoice:
    """How the person wants to be told from now on; what waits for a digest follows."""
    choice, _new = MailChoice.objects.select_for_update().get_or_create(
        user=by, defaults={"digested_on": today()}
    )
    for key, way in (ways or {}).items():
        kind = KINDS.get(key)
        if kind is None:
            raise Refused(_("There is no such kind of message."), code="unknown_kind", field=key)
        if way not in kind.ways:
            raise Refused(
                _("Messages of this kind cannot be turned down so far."), code="too_quiet", field=key
            )
        choice.ways[key] = str(way)
    choice.rhythm = Rhythm(rhythm) if rhythm else choice.rhythm
    choice.save()
    for key in KINDS:
        waiting = Delivery.objects.of(by).for_digest().filter(kind=key)
        if choice.way(key) != Way.DIGEST:
            waiting.update(way=choice.way(key))
    record("choose_mails", by, by=by, rhythm=choice.rhythm, ways=choice.ways)
    return choice


def unsubscribe(person: User, what: str) -> MailChoice:
    """One click: no digest any more, or no mail of this kind, where that may be turned off."""
    if what == "digest":
        return choose(by=person, rhythm=Rhythm.NEVER)
    return choose(by=person, ways={what: Way.IN_APP})


@transaction.atomic
def try_again(letter: Letter, *, by: User) -> Letter:
    """A mail that the server refused too often is sent again with the next round."""
    _must_help(by)
    fresh: Letter = type(letter).objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if fresh.sent_at is not None:
        raise Refused(_("This mail has been sent."), code="already_done")
    record("try_again", fresh, by=by, attempts=fresh.attempts)
    fresh.attempts, fresh.next_try_at = 0, now()
    fresh.save(update_fields=["attempts", "next_try_at"])
    return fresh


@transaction.atomic
def try_all_again(*, by: User) -> int:
    """All that failed is sent again with the next rounds; how many."""
    _must_help(by)
    count = sum(
        model.objects.all().failed().update(attempts=0, next_try_at=now()) for model in (Delivery, Digest)
    )
    if count:
        record("try_all_again", by, by=by, count=count)
    return count


def _must_help(by: User) -> None:
    if by.role != Role.ADMINISTRATOR:
        raise NotYours(_("Only administrators have mails sent again."), code="role")
