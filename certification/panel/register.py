"""Who keeps the register of experts: enter, amend, ties, absences. Writers, like ``actions``."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from certification.panel.models import Expert, ExpertTie
from greenchain.accounts.actions import is_administrator
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.refusals import NotYours, Refused

KEPT = ("employer", "employer_identifier", "title", "schemes", "divisions", "authority", "listed")


def keeps(user: Any, expert: Expert | None = None) -> bool:
    """Administrators keep every expert; approvers those of their own authority's pool."""
    if is_administrator(user):
        return True
    own = user.role == Role.APPROVER and user.authority_id is not None
    return own and (expert is None or expert.authority_id == user.authority_id)


@transaction.atomic
def enter_expert(*, by: Any, user: Any, **given: Any) -> Expert:
    """The person may be drawn from now on."""
    row = Expert(user=user, **given)
    _must_keep(by, row)
    if user.role != Role.EXPERT:
        raise Refused(_("Only people with the role of an expert are drawn."), code="role", field="user")
    _save(row)
    record("enter_expert", row, by=by, user=user.pk, **{key: _told(given.get(key)) for key in KEPT})
    return row


@transaction.atomic
def amend_expert(expert: Expert, *, by: Any, user: Any = None, **given: Any) -> Expert:  # noqa: ARG001 - stays
    """What is given of the expert is as given."""
    row = _held(expert, by)
    changes = {
        key: [_told(getattr(row, key)), _told(value)]
        for key, value in given.items()
        if getattr(row, key) != value
    }
    for key, value in given.items():
        setattr(row, key, value)
    _must_keep(by, row)
    if changes:
        _save(row)
        record("amend_expert", row, by=by, changes=changes)
    return row


@transaction.atomic
def declare_tie(expert: Expert, *, by: Any, **given: Any) -> ExpertTie:
    """The expert is tied to this enterprise or body: they are not drawn for its cases."""
    row = _held(expert, by, own=True)
    made = ExpertTie(expert=row, **given)
    _save(made)
    record("declare_tie", row, by=by, tie=made.pk, **{key: _told(value) for key, value in given.items()})
    return made


@transaction.atomic
def set_away(
    expert: Expert, *, by: Any, away_from: dt.date | None = None, away_until: dt.date | None = None
) -> Expert:
    """Between these days the expert is not drawn; what was drawn stays until it is declined or late."""
    row = _held(expert, by, own=True)
    if away_until is not None and (away_from is None or away_until < away_from):
        raise Refused(
            _("The last day lies before the first, or there is no first."), code="period", field="away_until"
        )
    row.away_from, row.away_until = away_from, away_until
    row.save(update_fields=["away_from", "away_until"])
    record("set_away", row, by=by, away_from=away_from, away_until=away_until)
    return row


def _held(expert: Expert, by: Any, *, own: bool = False) -> Expert:
    row = Expert.objects.select_for_update(of=("self",)).select_related("user").get(pk=expert.pk)
    if not (own and row.user_id == by.pk and by.role == Role.EXPERT):
        _must_keep(by, row)
    return row


def _must_keep(by: Any, row: Expert) -> None:
    if not keeps(by, row):
        words = _("Administrators keep the register of experts, approvers the pool of their own authority.")
        raise NotYours(words, code="role")


def _save(row: models.Model) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=None if field == "__all__" else field) from error
    row.save()


def _told(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value
