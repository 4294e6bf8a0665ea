"""Bodies declare themselves, keep their lists, and are registered or refused."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils.translation import gettext as _

from certification.body.conditions import lacking
from certification.body.models import (
    Body,
    BodyPaper,
    Consulting,
    Employer,
    KeptFile,
    Sanction,
    Shareholder,
    Staff,
)
from greenchain.accounts.actions import is_administrator
from greenchain.accounts.models import Role, User
from greenchain.audit.trail import history, record
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.evidence.paper import Paper, Upload, examine
from suppliers.place.models import Level

F = TypeVar("F", bound=KeptFile)
LISTS: dict[str, type[models.Model]] = {
    "staff": Staff,
    "employers": Employer,
    "shareholders": Shareholder,
    "consulting": Consulting,
}
"""The lists that a body keeps, by their name in addresses and in the record."""
FIXED = ("identifier", "name", "legal_representative")
"""What only administrators change once a body is registered: the cap and the independence hang on it."""


def acts_for(user: Any, body: Body) -> bool:
    """Whether the person keeps the body's own affairs."""
    return user.is_active and user.role == Role.EVALUATOR and body.members.filter(pk=user.pk).exists()


def decides(user: Any) -> bool:
    """Whether the person registers and sanctions bodies: the national desk's approver, or an administrator."""
    return is_administrator(user) or approves_nationally(user)


def approves_nationally(user: Any) -> bool:
    """Whether the person is an approver of the nation."""
    return bool(user.is_active and user.role == Role.APPROVER and user.level == Level.NATIONAL)


@transaction.atomic
def declare_body(*, by: Any, members: Sequence[Any] = (), **given: Any) -> Body:
    """The body has declared itself and awaits registration; the evaluator who did so acts for it."""
    if not (by.role == Role.EVALUATOR or is_administrator(by)):
        raise NotYours(_("Evaluators declare their body, or administrators do."), code="role")
    people = [by] if by.role == Role.EVALUATOR else list(members)
    return _keep(Body(**given), people, by, "declare_body", given)


@transaction.atomic
def amend_body(body: Body, *, by: Any, members: Sequence[Any] | None = None, **given: Any) -> Body:
    """What is given of the body is as given; a refused body awaits registration anew."""
    row = _mine(body, by)
    changes = {key: [getattr(row, key), value] for key, value in given.items() if getattr(row, key) != value}
    if row.status == Body.Status.REGISTERED and set(changes) & set(FIXED) and not is_administrator(by):
        raise Refused(
            _(
                "Credit code, name and legal representative of a registered body are changed by administrators."
            ),
            code="fixed",
            field=next(key for key in FIXED if key in changes),
        )
    for key, value in given.items():
        setattr(row, key, value)
    if row.status == Body.Status.REFUSED and not is_administrator(by):
        row.status = Body.Status.DECLARED
    people = list(row.members.all()) if members is None or not is_administrator(by) else list(members)
    return _keep(row, people, by, "amend_body", changes)


def _keep(row: Body, members: Sequence[Any], by: Any, verb: str, told: dict[str, Any]) -> Body:
    _members_fit(row, members)
    _clean(row)
    row.save()
    row.members.set(members)
    record(verb, row, by=by, members=[person.get_username() for person in members], **told)
    return row


def _members_fit(row: Body, members: Sequence[Any]) -> None:
    if any(person.role != Role.EVALUATOR for person in members):
        raise Refused(_("Only evaluators act for a body."), code="members", field="members")
    elsewhere = User.objects.filter(pk__in=[person.pk for person in members], bodies__isnull=False)
    taken = elsewhere.exclude(bodies=row.pk or 0).first()
    if taken is not None:
        words = _("%(person)s acts for another body already.") % {"person": taken}
        raise Refused(words, code="members", field="members")


def _clean(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=None if field == "__all__" else field) from error


@transaction.atomic
def keep_entry(body: Body, kind: str, *, by: Any, entry: Any = None, **given: Any) -> Any:
    """An entry of one of the body's lists is as given; without ``entry`` it is new. Nothing is ever removed."""
    body = _mine(body, by)
    row: Any = entry or LISTS[kind]()
    if kind != "employers":
        row.body = body
    before = {name: getattr(row, name, None) for name in given} if row.pk else dict.fromkeys(given)
    for name, value in given.items():
        setattr(row, name, value)
    if kind == "employers" and row.staff.body_id != body.pk:
        raise NotYours(_("Only those who act for the body keep its affairs."), code="not_yours")
    _clean(row)
    row.save()
    changed = {name: [before[name], value] for name, value in given.items() if before[name] != value}
    record(f"keep_{kind}", body, by=by, entry=row.pk, changed=changed)
    return row


@transaction.atomic
def add_paper(body: Body, *, by: Any, title: str, upload: Upload) -> BodyPaper:
    """The document is kept with the body; the very same file is kept once."""
    body = _mine(body, by)
    paper = examine(upload)
    if body.papers.filter(sha256=paper.sha256).exists():
        raise Refused(_("This very file is kept already."), code="same_file", field="file")
    row = fill_file(BodyPaper(body=body, title=title.strip()), paper, upload, by)
    row.save()
    record("add_paper", body, by=by, paper=row.pk, title=row.title, sha256=row.sha256)
    return row


def fill_file(row: F, paper: Paper, upload: Upload, by: Any) -> F:
    """The row with the file and what was found in it; not yet saved."""
    row.title = row.title or paper.filename
    row.filename, row.media_type = paper.filename, paper.media_type
    row.size, row.sha256, row.uploaded_by = paper.size, paper.sha256, by
    upload.seek(0)
    row.file.save(paper.filename, ContentFile(upload.read()), save=False)
    return row


@transaction.atomic
def approve_body(body: Body, *, by: Any) -> Body:
    """The body is registered and may evaluate from now on."""
    row = _deciding(body, by)
    missing = lacking(row)
    if missing:
        words = _("The conditions are not met: %(listed)s.") % {"listed": "; ".join(missing)}
        raise Refused(words, code="conditions")
    row.status, row.reasons = Body.Status.REGISTERED, ""
    row.save(update_fields=["status", "reasons"])
    record("approve_body", row, by=by, on=today())
    return row


@transaction.atomic
def refuse_body(body: Body, *, by: Any, reasons: str) -> Body:
    """The body is not registered; it may mend what was found and declare itself anew."""
    row = _deciding(body, by)
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    row.status, row.reasons = Body.Status.REFUSED, reasons.strip()
    row.save(update_fields=["status", "reasons"])
    record("refuse_body", row, by=by, reasons=row.reasons)
    return row


@transaction.atomic
def sanction_body(body: Body, *, by: Any, since_on: dt.date, until_on: dt.date, reasons: str) -> Sanction:
    """From one day to another the body gets no case and its reports are not accepted."""
    _must_sanction(by)
    row = Body.objects.select_for_update().get(pk=body.pk)
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    if until_on < max(since_on, today()):
        raise Refused(_("The last day lies before the first, or is over."), code="period", field="until_on")
    if row.sanctions.running().filter(since_on__lte=until_on, until_on__gte=since_on).exists():
        raise Refused(
            _("A sanction covers a part of these days already."), code="already_done", field="since_on"
        )
    made = Sanction.objects.create(
        body=row, since_on=since_on, until_on=until_on, reasons=reasons.strip(), by=by
    )
    record("sanction_body", row, by=by, since_on=since_on, until_on=until_on, reasons=made.reasons)
    return made


@transaction.atomic
def lift_sanction(body: Body, *, by: Any, reasons: str) -> Sanction:
    """The sanction in force is over: reports are accepted again."""
    _must_sanction(by)
    row = Body.objects.select_for_update().get(pk=body.pk)
    held = row.sanctions.current().first()
    if held is None:
        raise Refused(_("No sanction is in force."), code="already_done")
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    before = held.until_on
    held.until_on = today()
    held.lifted = reasons.strip()
    held.save(update_fields=["until_on", "lifted"])
    record("lift_sanction", row, by=by, until_on=[before, held.until_on], reasons=held.lifted)
    return held


def _must_sanction(by: Any) -> None:
    """Administrators keep registers; barring a body is an act of the nation."""
    if not approves_nationally(by):
        raise NotYours(_("The national desk's approver sanctions bodies."), code="role")


def _mine(body: Body, by: Any) -> Body:
    """The row, locked, for those who keep it."""
    row = Body.objects.select_for_update().get(pk=body.pk)
    if not (acts_for(by, row) or is_administrator(by)):
        raise NotYours(_("Only those who act for the body keep its affairs."), code="not_yours")
    return row


def _deciding(body: Body, by: Any) -> Body:
    """The row, locked, for whoever decides on registration and did not declare it."""
    if not decides(by):
        raise NotYours(_("The national desk's approver or an administrator registers bodies."), code="role")
    row = Body.objects.select_for_update().get(pk=body.pk)
    if history(row).filter(verb="declare_body", actor=by).exists():
        raise NotYours(_("You declared this body; somebody else registers it."), code="apart_from")
    if row.status == Body.Status.REGISTERED:
        raise Refused(_("This body is registered already."), code="already_done")
    return row
