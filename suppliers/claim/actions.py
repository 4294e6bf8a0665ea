"""Claim an enterprise with its licence; the desk confirms or refuses."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import Role, User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.claim.models import Claim
from suppliers.enterprise.actions import DETAILS, note, sound_identifier
from suppliers.enterprise.models import Enterprise, FormerName, Membership
from suppliers.evidence.actions import deposit
from suppliers.evidence.paper import Upload
from suppliers.place.models import Industry, Region

LICENCE = "business_licence"
MAY_DECIDE = (Role.AUDITOR, Role.APPROVER)


@transaction.atomic
def claim(fields: dict[str, Any], *, by: User, licence: Upload, message: str = "") -> Claim:
    """``by`` says that they act for the enterprise and shows its licence; its desk has to decide.

    One that was claimed before is taken over in the same way once no owner is left (a hand-over); its own desk decides.

    ``fields``: scheme, identifier, country, name, and any of ``DETAILS``. An enterprise not known yet is
    noted, unclaimed; what the claimant says of a known one is kept with the claim until it is confirmed.
    """
    if by.role != Role.ENTERPRISE:
        raise NotYours(_("Only people of an enterprise claim one."), code="role")
    given = {key: fields[key] for key in fields if key in DETAILS}
    country = fields.get("country") or "CN"
    identifier = sound_identifier(fields["scheme"], fields["identifier"], country)
    known = (
        Enterprise.objects.identified(fields["scheme"], identifier).select_for_update(of=("self",)).first()
    )
    if known is not None:
        _must_be_free(known, by)
    enterprise = known or note(
        by=by, scheme=fields["scheme"], identifier=identifier, country=country, **given
    )
    title = _("Business licence of %(name)s") % {"name": enterprise.name}
    evidence = deposit(enterprise, by=by, kind=LICENCE, title=title, upload=licence)
    over = enterprise.claimed_at is not None
    region = enterprise.region if over else given.get("region") or enterprise.region
    row = Claim.objects.create(
        enterprise=enterprise,
        user=by,
        licence=evidence,
        desk=Enterprise(region=region).desk,
        details={key: getattr(value, "pk", value) for key, value in given.items()},
        note=message.strip(),
    )
    record("claim", row, by=by, enterprise=enterprise.pk, desk=row.desk.code, hand_over=over)
    if over:
        record("ask_hand_over", enterprise, by=by, claim=row.pk, name=by.get_username())
    return row


@transaction.atomic
def confirm(claim: Claim, *, by: User) -> Membership:
    """The claimant owns the enterprise from today on, and it is described as they said.

    In a hand-over it stays as it is described, and the owners who are not left own it no longer.
    """
    row = _pending(claim, by)
    enterprise = Enterprise.objects.select_for_update(of=("self",)).get(pk=row.enterprise_id)
    over = enterprise.claimed_at is not None
    if Membership.objects.owners().filter(enterprise=enterprise).exists():
        raise Refused(_("Another person owns this enterprise by now."), code="claimed")
    if over:
        _hand_over(enterprise, row, by)
    else:
        _describe(enterprise, row.details)
        enterprise.claimed_at = now()
        enterprise.save()
    membership = Membership.objects.create(user=row.user, enterprise=enterprise, role=Membership.Role.OWNER)
    _decide(row, Claim.Status.CONFIRMED, by)
    record("confirm_claim", row, by=by, enterprise=enterprise.pk, owner=row.user_id, hand_over=over)
    return membership


def _hand_over(enterprise: Enterprise, row: Claim, by: User) -> None:
    """What the claimant was here, and the owners who are gone, ends; the enterprise's record says who took it over."""
    ending = Membership.objects.running().filter(enterprise=enterprise)
    owners = ending.filter(role=Membership.Role.OWNER)
    former = sorted(owners.values_list("user__username", flat=True))
    yesterday = today() - dt.timedelta(days=1)
    (owners | ending.filter(user=row.user_id)).update(until_on=yesterday)
    record("hand_over", enterprise, by=by, claim=row.pk, owner=row.user.get_username(), former=former)


@transaction.atomic
def refuse(claim: Claim, *, by: User, reasons: str) -> Claim:
    """The claim is refused; the claimant reads why and may claim again."""
    row = _pending(claim, by)
    if not reasons.strip():
        raise Refused(_("Please give the reasons."), code="reasons", field="reasons")
    row.reasons = reasons.strip()
    _decide(row, Claim.Status.REFUSED, by)
    record("refuse_claim", row, by=by, enterprise=row.enterprise_id, reasons=row.reasons)
    return row


def _must_be_free(enterprise: Enterprise, by: User) -> None:
    if Membership.objects.owners().filter(enterprise=enterprise).exists():
        message = _("This enterprise has been claimed. Ask one of its owners to admit you.")
        raise Refused(message, code="claimed", field="identifier")
    if Claim.objects.pending().filter(enterprise=enterprise, user=by).exists():
        message = _("Your claim on this enterprise is waiting for its desk.")
        raise Refused(message, code="already_done", field="identifier")


def _pending(claim: Claim, by: User) -> Claim:
    row = Claim.objects.select_for_update(of=("self",)).select_related("desk", "user").get(pk=claim.pk)
    if by.role not in MAY_DECIDE or by.authority is None or not by.authority.covers(row.desk):
        message = _("An auditor or approver of %(desk)s, or of an authority above it, decides this claim.")
        raise NotYours(message % {"desk": row.desk}, code="role")
    if row.status != Claim.Status.PENDING:
        raise Refused(_("This claim has been decided."), code="already_done")
    return row


def _decide(row: Claim, status: Claim.Status, by: User) -> None:
    row.status, row.decided_by, row.decided_at = status, by, now()
    row.save(update_fields=["status", "decided_by", "decided_at", "reasons"])


def _describe(enterprise: Enterprise, details: dict[str, Any]) -> None:
    if details.get("name") and details["name"] != enterprise.name:
        FormerName.objects.get_or_create(enterprise=enterprise, name=enterprise.name)
    for key, value in details.items():
        match key:
            case "region":
                enterprise.region = Region.objects.filter(pk=value).first()
            case "industry":
                enterprise.industry = Industry.objects.filter(pk=value).first()
            case _:
                setattr(enterprise, key, value)
