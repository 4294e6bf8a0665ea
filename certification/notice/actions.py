"""Objections: lodge, contest, relay, comment, dismiss, uphold, close. Lists are composed in ``selection``."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.designation.actions import next_number
from certification.hearing.exhibits import take_in
from certification.notice.guards import must_run
from certification.notice.models import Objection, ObjectionFile
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import Refused


@transaction.atomic
def lodge(
    application: Application,
    *,
    name: str,
    contact: str,
    statement: str,
    by: Any = None,
    evidence: Iterable["File[bytes]"] = (),
) -> Objection:
    """An objection has come in; it counts once its sender has confirmed the address.

    Who it is stands in no record of the case.
    """
    application.may_try("contest", None)
    must_run(application)
    objection = Objection.objects.create(
        number=next_number(f"OB-{application.desk.code}-{today().year}"),
        application=application,
        by=by,
        name=name.strip(),
        contact=contact.strip(),
        statement=statement.strip(),
        language=get_language() or "en",
    )
    take_in(ObjectionFile, evidence, objection=objection)
    record("lodge", objection, by=None, application=application.pk)
    return objection


@transaction.atomic
def contest(objection: Objection) -> Objection:
    """The address is confirmed: the objection counts, and only this case waits for its answer."""
    objection.refresh_from_db(from_queryset=Objection.objects.select_for_update(of=("self",)))
    if objection.confirmed_at:
        raise Refused(_("This was confirmed already."), code="already_done")
    same = Objection.objects.open().filter(
        application=objection.application_id, contact__iexact=objection.contact
    )
    if same.exists():
        raise Refused(
            _("An objection of yours against this case waits for its answer already."), code="twice"
        )
    objection.confirmed_at = now()
    objection.save(update_fields=["confirmed_at"])
    objection.application.advance("contest", objection=objection.number)
    return objection


@transaction.atomic
def relay(
    application: Application, *, by: Any, objection: Objection, substance: str, comment_by: dt.date
) -> Objection:
    """The applicant knows what is objected, in the officer's words, and may comment until a day."""
    application.advance(
        "relay", by=by, objection=objection.number, substance=substance.strip(), comment_by=comment_by
    )
    objection.refresh_from_db(from_queryset=Objection.objects.select_for_update(of=("self",)))
    if objection.application_id != application.pk or objection.told_at or objection.outcome:
        raise Refused(_("This has been done already."), code="already_done")
    objection.substance, objection.told_at, objection.comment_by = substance.strip(), now(), comment_by
    objection.save(update_fields=["substance", "told_at", "comment_by"])
    return objection


@transaction.atomic
def comment(application: Application, *, by: Any, objection: Objection, text: str) -> Objection:
    """The applicant was heard about the objection."""
    application.advance("comment", by=by, objection=objection.number, text=text.strip())
    objection.refresh_from_db(from_queryset=Objection.objects.select_for_update(of=("self",)))
    if objection.application_id != application.pk or not objection.may_comment:
        raise Refused(_("Comments are no longer taken."), code="comment_open")
    objection.comment, objection.commented_at = text.strip(), now()
    objection.save(update_fields=["comment", "commented_at"])
    return objection


@transaction.atomic
def dismiss(application: Application, *, by: Any, reasons: str) -> Application:
    """The open objections are answered; the case goes on when the notice is over."""
    application.advance("dismiss", by=by, reasons=reasons)
    _answer(application, by, "dismissed", reasons)
    return application


@transaction.atomic
def uphold(application: Application, *, by: Any, reasons: str) -> Application:
    """The objection holds; the level's desk examines the case again."""
    application.advance("uphold", by=by, reasons=reasons)
    _answer(application, by, "upheld", reasons)
    return application


def _answer(application: Application, by: Any, outcome: str, answer: str) -> None:
    Objection.objects.open().filter(application=application).update(
        outcome=outcome, answer=answer, answered_by=by, answered_at=now()
    )


@transaction.atomic
def close(application: Application) -> Application:
    """The notice is over without an open objection; the decision is due."""
    application.advance("close")
    application.due_on = application.round.desk_term(application.desk.level).end(today())
    application.save(update_fields=["due_on"])
    return application
