"""Follow a public title by mail: ask, confirm, be told, stop."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from certification.designation.life import TOLD
from certification.designation.models import Designation
from certification.following.models import SALT, Follow, digest_of
from certification.letter.actions import asked_enough, post
from certification.letter.models import Post
from greenchain.audit.models import AuditEntry
from greenchain.audit.outbox import follow as follow_record
from greenchain.audit.trail import record
from greenchain.clock import now
from greenchain.languages import LANGUAGES
from greenchain.refusals import Refused

HOLDERS = "followers"


@transaction.atomic
def ask(title: Designation, *, contact: str, language: str) -> None:
    """Whoever reads the address is asked whether they want to follow the title.

    The caller learns nothing: neither whether the address follows already, nor whether it had its share of mails.
    """
    if language not in LANGUAGES:
        raise Refused(_("Choose one of the languages."), code="invalid", field="language")
    contact = contact.strip()
    row, _fresh = Follow.objects.select_for_update().get_or_create(
        designation=title, address=digest_of(contact), defaults={"contact": contact, "language": language}
    )
    if row.confirmed_at is not None or asked_enough(contact):
        return
    row.asked_at, row.nonce, row.language = now(), Follow().nonce, language
    row.digest = digest_of(row.secret)
    row.save()
    entry = record("ask_to_follow", row, by=None, title=title.number)
    post(entry, row, "follow_confirm", secret=row.secret)


@transaction.atomic
def confirm(follow: Follow) -> Follow:
    """The address is confirmed: its reader is told of every public step from now on. The link is void."""
    row = Follow.objects.select_for_update().asked().filter(pk=follow.pk).first()
    if row is None:
        raise Refused(_("This link cannot be used any more."), code="already_done")
    row.confirmed_at, row.digest = now(), ""
    row.save(update_fields=["confirmed_at", "digest"])
    record("confirm_follow", row, by=None, title=row.designation.number)
    return row


def tell_followers() -> int:
    """A mail to each follower for each public step not yet told; safe to run twice."""
    return follow_record(HOLDERS, TOLD, _tell)


def _tell(entry: AuditEntry) -> None:
    model, _colon, key = entry.chain.partition(":")
    if model != "designation":
        return
    rows = Follow.objects.filter(designation__pk=key, confirmed_at__lte=entry.at).select_related(
        "designation"
    )
    for row in rows.order_by("pk"):
        stop_url = settings.SITE_URL + reverse("follow-stop", args=[stop_key(row)])
        post(entry, row, "follow_told", stop_url=stop_url, what=TOLD[entry.verb], title=row.designation)


def stop_key(follow: Follow) -> str:
    """What the mail's last link holds: it never expires, old mails keep their word."""
    return signing.dumps(follow.pk, salt=SALT)


def meant_by(key: str) -> int | None:
    """The key of the row whose mail a stop link stood in; None where it is not ours."""
    try:
        return int(signing.loads(key, salt=SALT))
    except (signing.BadSignature, ValueError):
        return None


@transaction.atomic
def forget(follow: Follow) -> None:
    """The row is deleted, and the address in what was sent to it; what was not sent yet does not leave."""
    sent = Post.objects.filter(about=follow.number)
    sent.filter(sent_at=None).delete()
    sent.update(contact="", text="")
    record("stop_following", follow, by=None, title=follow.designation.number)
    follow.delete()
