"""Enter, publish and withdraw incentives; authorities do so for their own territory, nobody for another's."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from certification.incentive.models import Incentive, State
from certification.scheme.deadlines import Mark
from certification.scheme.models import Scheme
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.refusals import NotYours, Refused

WRITERS = (Role.AUDITOR, Role.APPROVER)


def writes(user: Any, row: Incentive | None = None) -> bool:
    """Auditors and approvers of the authority that the row is of."""
    official = bool(getattr(user, "is_official", False)) and user.role in WRITERS
    return official and (row is None or row.authority_id == user.authority_id)


def publishes(user: Any, row: Incentive | None = None) -> bool:
    """Approvers of that authority."""
    return writes(user, row) and user.role == Role.APPROVER


@transaction.atomic
def enter(  # noqa: PLR0913 - what is given, for what, how much, from when, and where it is said
    *,
    by: Any,
    scheme: Scheme,
    level: int | None = None,
    kind: str,
    names: dict[str, str],
    giver: str = "",
    amount_from: Decimal | None = None,
    amount_to: Decimal | None = None,
    source: str,
    url: str = "",
    from_on: dt.date,
    until_on: dt.date | None = None,
) -> Incentive:
    """A draft for the territory of the writer's own authority; an approver publishes it."""
    if not writes(by):
        raise NotYours(
            _("Incentives are entered by the authority that answers for the territory."), code="not_yours"
        )
    row = Incentive(
        authority=by.authority,
        scheme=scheme,
        level=level,
        kind=kind,
        names=names,
        giver=giver,
        amount_from=amount_to if amount_from is None else amount_from,
        amount_to=amount_from if amount_to is None else amount_to,
        source={"en": source},
        url=url,
        mark=Mark.SOURCE,
        from_on=from_on,
        until_on=until_on,
    )
    _must_hold(row)
    row.save()
    told = {
        "kind": kind,
        "level": level,
        "from_on": from_on,
        "until_on": until_on,
        "source": source,
        "names": names,
    }
    record(
        "enter_incentive",
        row,
        by=by,
        scheme=scheme.key,
        amounts=[f"{each:f}" for each in row.amounts],
        **told,
    )
    return row


@transaction.atomic
def publish(incentive: Incentive, *, by: Any) -> Incentive:
    """Everybody reads it from its first day to its last."""
    row = _locked(incentive, State.DRAFT, State.PUBLISHED)
    if not publishes(by, row):
        raise NotYours(_("An approver of the authority publishes it."), code="not_yours")
    row.state = State.PUBLISHED
    row.save(update_fields=["state"])
    record("publish_incentive", row, by=by, amounts=[f"{each:f}" for each in row.amounts])
    return row


@transaction.atomic
def withdraw(incentive: Incentive, *, by: Any, reasons: str) -> Incentive:
    """It is no longer told; it stays on record with the reasons."""
    row = Incentive.objects.select_for_update(of=("self",)).get(pk=incentive.pk)
    if not publishes(by, row):
        raise NotYours(_("An approver of the authority withdraws it."), code="not_yours")
    if row.state == State.WITHDRAWN:
        raise Refused(_("This has been done already."), code="already_done")
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
    row.state, row.withdrawn_because = State.WITHDRAWN, reasons.strip()
    row.save(update_fields=["state", "withdrawn_because"])
    record("withdraw_incentive", row, by=by, reasons=row.withdrawn_because)
    return row


def _locked(incentive: Incentive, wanted: str, done: str) -> Incentive:
    row = Incentive.objects.select_for_update(of=("self",)).get(pk=incentive.pk)
    if row.state == done:
        raise Refused(_("This has been done already."), code="already_done")
    if row.state != wanted:
        raise Refused(_("What was withdrawn is entered anew."), code="wrong_status")
    return row


def _must_hold(row: Incentive) -> None:
    """What was entered holds together; Refused at the field otherwise."""
    if row.amount_from is not None and row.amount_to is not None and row.amount_to < row.amount_from:
        raise Refused(_("“Up to” is below “from”."), code="amounts", field="amount_to")
    if row.until_on and row.until_on < row.from_on:
        raise Refused(_("The last day is before the first."), code="dates", field="until_on")
    if not any(row.names.values()):
        raise Refused(_("Say in a sentence what is given, and to whom."), code="names", field="name_zh")
    try:
        row.full_clean(exclude=["source"])
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], code="invalid", field=None if field == "__all__" else field) from error
