"""Who may sign in as what: appoint people, set passwords. The record shows who gave whom which power."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import OFFICIALS, Role, User
from greenchain.audit.trail import record
from greenchain.refusals import NotYours, Refused

POWER = ("role", "authority_id", "is_active")
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
    return person


@transaction.atomic
def replaced_password(person: User, *, by: User) -> None:
    """An administrator gave the person a new password: that lets them in, so it stands in the record."""
    record("set_password", person, by=by)
