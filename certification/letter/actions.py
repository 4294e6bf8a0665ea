"""Write letters as things are decided, and mails to people without an account; send the mails, once each."""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from certification.application.models import Application
from certification.designation.actions import next_number
from certification.designation.models import Designation
from certification.letter.models import Kind, Letter, Post
from certification.letter.pdf import pdf_of
from certification.letter.wording import Draft, content_of
from certification.notice.models import Objection
from certification.scheme.subject import owner_of
from certification.workflow import Case
from greenchain.accounts.models import Role
from greenchain.audit.canonical import canonical, digest
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import history, record, subscribe
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise.models import Membership
from suppliers.invitation.answering import stop_key
from suppliers.place.models import Authority

log = logging.getLogger(__name__)
ASKED = 3
UNASKED = ("lodge", "complain", "ask_to_follow")
"""Verbs after which a mail goes to an address that anybody may have typed."""
GAP = "[…]"
"""Stands in a stored text for the secret of a link, which goes in as the mail leaves."""
DECISIONS = ("refuse", "reject", "pass_over", "appeal", "confirm", "overturn", "propose", "suspend", "revoke")

WRITTEN = {*DECISIONS, "grant", "dismiss", "uphold"}
"""Verbs of a case after which there is a letter."""


def write(draft: Draft, entry: AuditEntry, *, authority: Authority, language: str, **about: Any) -> Letter:
    """A letter, frozen."""
    with override(language):
        body = canonical(content_of(draft, authority))
    return Letter.objects.create(
        number=next_number(f"LT-{authority.code}-{today().year}", 5),
        kind=draft.kind,
        entry=entry,
        authority=authority,
        language=language,
        body=body,
        digest=digest("", body),
        **about,
    )


@subscribe(*DECISIONS)
def write_outcome(entry: AuditEntry, case: Any) -> None:
    """Whoever asked or holds is told in writing, in the same transaction as the decision."""
    if not isinstance(case, Case):
        return
    authority = _acting(entry, case)
    draft = Draft(entry.verb, case, str(entry.data.get("reasons") or ""), entry.data)
    write(draft, entry, authority=authority, language=_language(case), **_about(case))


@subscribe("issue")
def write_grant(entry: AuditEntry, title: Any) -> None:
    """The letter of a grant names the title, so it waits for the title's number."""
    case = Application.objects.filter(number=title.basis_detail.get("application", "")).first()
    granted = history(case).filter(verb="grant").order_by("-seq").first() if case else None
    if case is None or granted is None:
        return
    valid = title.valid_until.isoformat() if title.valid_until else ""
    with override(_language(case)):
        extra = _titled(title, valid)
    draft = Draft(Kind.GRANT, case, str(granted.data.get("reasons") or ""), extra=extra)
    write(draft, entry, authority=title.authority, language=_language(case), application=case)


def _titled(title: Designation, valid: str) -> tuple[tuple[str, str], ...]:
    address = settings.SITE_URL + title.get_absolute_url()
    return ((_("Title"), title.number), (_("Valid until"), valid), (_("Public page"), address))


@subscribe("dismiss", "uphold")
def answer_objectors(entry: AuditEntry, case: Any) -> None:
    """Each objector gets the answer as a letter; their names stand in no letter to the applicant."""
    if not isinstance(case, Application):
        return
    authority = _acting(entry, case)
    for objection in Objection.objects.open().filter(application=case).order_by("pk"):
        draft = Draft(
            entry.verb,
            case,
            str(entry.data.get("reasons") or ""),
            addressee=(objection.name, objection.number),
        )
        letter = write(
            draft,
            entry,
            authority=authority,
            language=objection.language,
            application=case,
            objection=objection,
            outside=True,
        )
        post(entry, objection, "objection_answered", letter=letter)


@subscribe("lodge")
def ask_to_confirm(entry: AuditEntry, objection: Any) -> None:
    """Whoever objects is asked whether it was they; one address gets no more than ``ASKED`` such mails a day."""
    if not asked_enough(objection.contact):
        post(entry, objection, "objection_confirm")


def asked_enough(contact: str) -> bool:
    """Whether the address had its share of unasked mails within a day: nobody fills the box of another."""
    since = now() - dt.timedelta(days=1)
    unasked = Post.objects.filter(contact__iexact=contact, entry__verb__in=UNASKED)
    return unasked.filter(written_at__gte=since).count() >= ASKED


@subscribe("contest")
def acknowledge(entry: AuditEntry, case: Any) -> None:
    """The objection counts; its sender gets the number and the address of its state."""
    for objection in Objection.objects.filter(application=case, number=entry.data.get("objection")):
        post(entry, objection, "objection_received")


@subscribe("send_invitation", "remind_supplier")
def write_to_supplier(entry: AuditEntry, invitation: Any) -> None:
    """A supplier that is not here yet gets its invitation by mail; one that is gets a message."""
    if invitation.contact and invitation.is_waiting:
        post(entry, invitation, entry.verb, secret=invitation.secret, stop=stop_key(invitation))


def post(
    entry: AuditEntry,
    about: Any,
    name: str,
    *,
    letter: Letter | None = None,
    secret: str = "",
    stop_url: str = "",
    **more: Any,
) -> Post:
    """A mail is written to somebody who is heard, in their language, with the address of their own page.

    ``secret`` goes in only as the mail leaves; ``stop_url`` is where one click ends such mails (RFC 8058).
    """
    with override(about.language):
        context = {
            "about": about,
            "site": settings.SITE_URL,
            "page": about.get_absolute_url(),
            "letter": letter,
            "stop_url": stop_url,
            **more,
        }
        text = render_to_string(f"post/{name}.txt", context)
    subject, _rest, body = text.strip().partition("\n")
    return Post.objects.create(
        entry=entry,
        about=about.number,
        contact=about.contact,
        subject=subject[:200],
        text=body.strip().replace(secret, GAP) if secret else body.strip(),
        secret=secret,
        stop_url=stop_url,
        letter=letter,
    )


def _acting(entry: AuditEntry, case: Case) -> Authority:
    """The authority of whoever acted, else the one that must act."""
    own: Authority = (entry.actor.authority if entry.actor else None) or case.acting()
    return own


def _about(case: Case) -> dict[str, Any]:
    return {"application": case} if isinstance(case, Application) else {"designation": case}


def _language(case: Any) -> str:
    """The language of the applicant's or holder's owner."""
    owner = case.applicant if isinstance(case, Application) else case.subject and owner_of(case.subject)
    people: Iterable[Membership] = (
        Membership.objects.current()
        .filter(enterprise=owner, role="owner")
        .select_related("user")
        .order_by("pk")
        if owner
        else ()
    )
    return next((each.user.language for each in people), "zh-hans")


def send_posts() -> int:
    """Send what is not yet sent; how many were."""
    waiting = Post.objects.waiting().order_by("pk")[:500]
    return sum(_send(each.pk) for each in waiting)


def _send(key: int) -> bool:
    """One mail; a failing server is tried again, five times at most."""
    with transaction.atomic():
        row = Post.objects.select_for_update(of=("self",)).select_related("letter").get(pk=key)
        if row.sent_at is not None:
            return False
        row.attempts += 1
        try:
            text = row.text.replace(GAP, row.secret) if row.secret else row.text
            sender = settings.DEFAULT_FROM_EMAIL
            mail = EmailMessage(row.subject, text, sender, [row.contact], headers=_headers(row))
            if row.letter is not None:
                mail.attach(f"{row.letter.number}.pdf", pdf_of(row.letter), "application/pdf")
            mail.send()
            row.sent_at, row.problem, row.secret = now(), "", ""
        except OSError as fault:
            log.warning("post %s could not be sent", key, exc_info=True)
            row.problem = f"{type(fault).__name__}: {fault}"[:200]
        row.save(update_fields=["attempts", "sent_at", "problem", "secret"])
    return row.sent_at is not None


def _headers(row: Post) -> dict[str, str]:
    """How one click ends such mails, where it does."""
    if not row.stop_url:
        return {}
    return {
        "List-Unsubscribe": f"<{row.stop_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@transaction.atomic
def send_again(row: Post, *, by: Any) -> Post:
    """A mail that the server refused too often goes out with the next round; an administrator's help."""
    if by.role != Role.ADMINISTRATOR:
        raise NotYours(_("Only administrators have mails sent again."), code="role")
    fresh = Post.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if not fresh.given_up:
        raise Refused(_("This mail has been sent, or is tried again by itself."), code="already_done")
    fresh.attempts = 0
    fresh.save(update_fields=["attempts"])
    record("send_again", fresh, by=by, number=fresh.about)
    return fresh
