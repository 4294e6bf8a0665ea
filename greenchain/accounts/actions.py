"""Who may sign in as what: appoint people, set passwords. The record shows who gave whom which power."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import OFFICIALS, Absence, ApiKey, Role, User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused

POWER = ("role", "authority_id", "is_active", "until_on")
"""What nobody changes for themselves."""
SHOWN = (*POWER, "username", "first_name", "last_name", "email", "language")


def is_administrator(user: Any) -> bool:
    """Keeps the platform's people and reference data; has no power over cases by that."""
    return bool(user.is_active and (user.role == Role.ADMINISTRATOR or user.is_superuser))


def grabs_power(person: User, by: Any) -> bool:
    """Whether ``by`` is about to change what they themselves may do."""
    if person.pk != by.pk:
        return False
    kept = User.objects.get(pk=person.pk)
    return any(getattr(kept, key) != getattr(person, key) for key in POWER)


@transaction.atomic
def introduce(person: User, *, language: str) -> None:
    """Somebody signed up by themselves; mails come in ``language``."""
    person.language = language
    person.save(update_fields=["language"])
    record("sign_up", person, by=person, language=language)


@transaction.atomic
def appoint(person: User, *, by: User) -> User:
    """The person is as the unsaved row says; officials and administrators may enter the admin, others not."""
    if not is_administrator(by):
        raise NotYours(_("Only administrators manage people."), code="role")
    if grabs_power(person, by):
        raise Refused(
            _("Nobody changes their own role, authority or access; ask another administrator."),
            code="own_power",
            field="role",
        )
    kept = User.objects.select_for_update().filter(pk=person.pk).first() if person.pk else None
    person.is_staff = person.is_superuser or person.role in {*OFFICIALS, Role.ADMINISTRATOR}
    person.save()
    changes = {
        key: [getattr(kept, key, None), getattr(person, key)]
        for key in SHOWN
        if getattr(kept, key, None) != getattr(person, key)
    }
    if changes:
        verb = "appoint" if kept is None or set(changes) & set(POWER) else "amend_person"
        record(verb, person, by=by, changes=changes)
    if kept is not None and kept.is_active and not person.is_active:
        _release(person, by)
    return person


@transaction.atomic
def leave(person: User) -> User:
    """The last day of service has passed: access ends, and what the person had in hand falls back."""
    row = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if not row.is_active or row.until_on is None or row.until_on >= today():
        raise Refused(_("This person's service has not ended."), code="not_due")
    row.is_active = False
    row.save(update_fields=["is_active"])
    _release(row, None)
    return row


def _release(person: User, by: User | None) -> None:
    """Keys and absences end; who subscribes to ``leave`` takes back what the person had in hand."""
    keys, _models = ApiKey.objects.filter(user=person).delete()
    lasting = Absence.objects.filter(person=person, ended_at__isnull=True, until_on__gte=today())
    lasting.update(ended_at=now())
    record("leave", person, by=by, until_on=person.until_on, keys=keys)


@transaction.atomic
def replaced_password(person: User, *, by: User) -> None:
    """An administrator gave the person a new password: that lets them in, so it stands in the record."""
    record("set_password", person, by=by)


@transaction.atomic
def go_away(
    *,
    by: User,
    person: User,
    until_on: dt.date,
    since_on: dt.date | None = None,
    stand_in: User | None = None,
) -> Absence:
    """The person is away between these days, both included; the stand-in holds their role at their authority."""
    held = User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    _must_keep(held, by)
    row = Absence(person=held, stand_in=stand_in, since_on=since_on or today(), until_on=until_on)
    if not held.is_official:
        words = _("Only auditors, approvers and reviewers have stand-ins.")
        raise (Refused if is_administrator(by) else NotYours)(words, code="role", field="person")
    if row.until_on < row.since_on or row.until_on < today():
        raise Refused(
            _("The last day lies before the first, or has passed."), code="period", field="until_on"
        )
    if _meeting(row).filter(person=held).exists():
        words = _("%(person)s is away on some of these days already; end that absence first.")
        raise Refused(words % {"person": held}, code="already_done", field="since_on")
    if stand_in is not None:
        _must_fit(row, stand_in)
    row.save()
    record(
        "go_away",
        row,
        by=by,
        person=held.get_username(),
        stand_in=stand_in and stand_in.get_username(),
        since_on=row.since_on,
        until_on=row.until_on,
    )
    return row


@transaction.atomic
def come_back(absence: Absence, *, by: User) -> Absence:
    """The absence is over now, or does not begin; the stand-in stands in no longer."""
    row = Absence.objects.select_for_update(of=("self",)).select_related("person").get(pk=absence.pk)
    _must_keep(row.person, by)
    if row.is_over:
        raise Refused(_("This absence is over already."), code="already_done")
    row.ended_at = now()
    row.save(update_fields=["ended_at"])
    record("come_back", row, by=by)
    return row


def keeps_absence(person: User, by: User) -> bool:
    """Whether ``by`` says when the person is away: the person themselves, or an administrator."""
    return person.pk == by.pk or is_administrator(by)


def _must_keep(person: User, by: User) -> None:
    if not keeps_absence(person, by):
        raise NotYours(_("The person themselves or an administrator says when they are away."), code="role")


def _meeting(row: Absence) -> Any:
    """Absences that share a day with this one."""
    lasting = Absence.objects.filter(ended_at__isnull=True)
    return lasting.filter(since_on__lte=row.until_on, until_on__gte=row.since_on)


def _must_fit(row: Absence, stand_in: User) -> None:
    """Of the same role, at the same authority or above, somebody else, and here on these days."""
    wanted = row.person
    near = stand_in.authority is not None and stand_in.authority.covers(wanted.authority)
    if stand_in.pk == wanted.pk or stand_in.role != wanted.role or not stand_in.is_active or not near:
        words = _("The stand-in is another %(role)s of %(authority)s, or of an authority above it.")
        told = {"role": wanted.get_role_display(), "authority": wanted.authority}
        raise Refused(words % told, code="stand_in", field="stand_in")
    if _meeting(row).filter(person=stand_in).exists():
        words = _("%(person)s is away on some of these days; choose somebody else.")
        raise Refused(words % {"person": stand_in}, code="stand_in", field="stand_in")
