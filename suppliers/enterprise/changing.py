"""Tell of a change, approve, refuse and undo it: the only writers of what an enterprise becomes in law."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import Role, User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from suppliers.enterprise import becoming
from suppliers.enterprise.access import must
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.models import Enterprise, FormerName, Site

Kind, Status = EnterpriseChange.Kind, EnterpriseChange.Status
NEEDED = {
    Kind.RENAME: ("name",),
    Kind.MERGER: ("other",),
    Kind.SPLIT: ("other", "sites"),
    Kind.RELOCATION: ("site", "region", "address"),
    Kind.SCOPE: ("details",),
}
"""What must be said of each kind."""
GIVEN = ("name", "name_en", "other", "site", "sites", "region", "address", "details")


@transaction.atomic
def tell_change(
    enterprise: Enterprise, *, by: User, kind: str, happened_on: dt.date, proof: Any, **given: Any
) -> EnterpriseChange:
    """An owner tells the desk of a change, with its day and proof; nothing changes before it is approved.

    ``given``: any of ``GIVEN``, of which ``NEEDED`` must be there.
    """
    Enterprise.objects.select_for_update(of=("self",)).get(pk=enterprise.pk)
    must(by, enterprise, "own")
    if unknown := set(given) - set(GIVEN):
        raise TypeError(f"a change takes no {', '.join(sorted(unknown))}")
    if kind not in Kind.values:
        raise Refused(_("Choose what changed."), code="invalid", field="kind")
    if happened_on > today():
        raise Refused(_("This day lies in the future."), code="invalid", field="happened_on")
    if proof.enterprise_id != enterprise.pk or proof.retracted_at is not None:
        raise Refused(_("The proof must be a file of the enterprise's vault."), code="proof", field="proof")
    for name in NEEDED[Kind(kind)]:
        if not given.get(name):
            raise Refused(_("This must be filled in."), code="invalid", field=name)
    sites = list(given.pop("sites", None) or ())
    _must_fit(enterprise, kind, sites, given)
    change = EnterpriseChange(
        enterprise=enterprise,
        kind=kind,
        happened_on=happened_on,
        proof=proof,
        before=_before(enterprise, str(given.get("name") or "")) if kind == Kind.RENAME else "",
        desk=(given["site"].desk if kind == Kind.RELOCATION else enterprise.desk),
        told_by=by,
        **{key: value.strip() if isinstance(value, str) else value for key, value in given.items()},
    )
    try:
        with transaction.atomic():
            change.save()
    except IntegrityError as twice:
        raise Refused(_("Such a change waits for the desk already."), code="already_done") from twice
    change.sites.set(sites)
    record("tell_change", change, by=by, enterprise=enterprise.pk, kind=kind, happened_on=happened_on)
    return change


def _must_fit(enterprise: Enterprise, kind: str, sites: list[Site], given: dict[str, Any]) -> None:
    """Sites are the enterprise's own, the other enterprise is another one, the new place has a desk."""
    named = [*sites, *([given["site"]] if given.get("site") else [])]
    if any(site.enterprise_id != enterprise.pk for site in named):
        raise Refused(_("This site belongs to another enterprise."), code="another_enterprise", field="sites")
    other = given.get("other")
    if other is not None and other.pk == enterprise.pk:
        raise Refused(_("Name another enterprise."), code="invalid", field="other")
    if kind == Kind.RELOCATION and given["region"].desk_id is None:
        raise Refused(
            _("No authority on this platform answers for this region."), code="no_desk", field="region"
        )


def _before(enterprise: Enterprise, name: str) -> str:
    """The name that is given up: today's; where the register has the new one already, the last former one."""
    if enterprise.name != name.strip():
        return enterprise.name
    former = FormerName.objects.filter(enterprise=enterprise).order_by("-until_on", "-pk").first()
    if former is None:
        raise Refused(_("The enterprise bears this name already."), code="already_done", field="name")
    return former.name


@transaction.atomic
def approve_change(change: EnterpriseChange, *, by: User, reasons: str = "") -> EnterpriseChange:
    """The change holds: names, sites, people, files, links, applications and titles follow it."""
    row = _locked(change, by)
    if row.status != Status.TOLD:
        raise Refused(_("This has been decided already."), code="already_done")
    becoming.apply(row)
    return _decide(row, Status.APPROVED, "approve_change", by, reasons)


@transaction.atomic
def refuse_change(change: EnterpriseChange, *, by: User, reasons: str) -> EnterpriseChange:
    """The proof does not show it: nothing changes."""
    row = _locked(change, by)
    if row.status != Status.TOLD:
        raise Refused(_("This has been decided already."), code="already_done")
    _must_say_why(reasons)
    return _decide(row, Status.REFUSED, "refuse_change", by, reasons)


@transaction.atomic
def undo_change(change: EnterpriseChange, *, by: User, reasons: str) -> EnterpriseChange:
    """What was approved was wrong: everything that followed goes back. Later changes are undone first."""
    row = _locked(change, by)
    if row.status != Status.APPROVED:
        raise Refused(_("Only what was approved can be undone."), code="already_done")
    _must_say_why(reasons)
    concerned = [key for key in (row.enterprise_id, row.other_id) if key]
    later = EnterpriseChange.objects.filter(status=Status.APPROVED, decided_at__gt=row.decided_at)
    if later.filter(enterprise__in=concerned).exists() or later.filter(other__in=concerned).exists():
        raise Refused(_("Undo the later changes of these enterprises first."), code="later_change")
    becoming.undo(row)
    return _decide(row, Status.UNDONE, "undo_change", by, reasons)


def _decide(row: EnterpriseChange, status: str, verb: str, by: User, reasons: str) -> EnterpriseChange:
    row.status, row.decided_by, row.decided_at, row.reasons = status, by, now(), reasons.strip()
    row.save()
    record(verb, row, by=by, enterprise=row.enterprise_id, kind=row.kind, reasons=row.reasons)
    row.save(update_fields=["moved"])  # what followed by subscription is noted there too
    return row


def _locked(change: EnterpriseChange, by: User) -> EnterpriseChange:
    """The row, for an approver of the desk or of an authority above it."""
    row = EnterpriseChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if by.role != Role.APPROVER or by.authority is None or not by.authority.covers(row.desk):
        raise NotYours(_("Only approvers of the place's authorities decide this."), code="role")
    return row


def _must_say_why(reasons: str) -> None:
    if not reasons.strip():
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
