"""Declare, confirm, dispute and end supply links; take in a whole sheet of them."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from greenchain.accounts.models import User
from greenchain.audit.trail import record
from greenchain.clock import now, today
from greenchain.refusals import NotYours, Refused
from greenchain.sheets import FaultySheet
from suppliers.enterprise.access import may
from suppliers.enterprise.actions import note
from suppliers.enterprise.identity import spelled
from suppliers.enterprise.models import Enterprise
from suppliers.invitation.actions import prepare
from suppliers.invitation.models import Invitation
from suppliers.place.models import Region
from suppliers.supply.matching import Stranger, Unknown, understand
from suppliers.supply.models import SupplyLink
from suppliers.supply.sheet import Line, Sheet, read

GIVEN = ("material", "industry", "vendor_code", "spend", "share", "since_on", "until_on", "contact_email")


@dataclass
class Outcome:
    """What an import did, or in a dry run would do."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    noted: list[str] = field(default_factory=list)
    invited: list[str] = field(default_factory=list)
    """Names that nobody bears here: they wait to be invited."""
    left_aside: list[str] = field(default_factory=list)
    dry_run: bool = False


@transaction.atomic
def declare(
    buyer: Enterprise, supplier: Enterprise, *, by: User, kind: str = "supplies", **given: Any
) -> SupplyLink:
    """``supplier`` serves ``buyer``, says the one of the two that ``by`` edits.

    The other may confirm or dispute it.
    ``given``: any of ``GIVEN``. Spend and share are seen by the declaring party and by officials only.
    """
    party = next((each for each in (buyer, supplier) if may(by, each, "edit")), None)
    if party is None:
        raise NotYours(_("Only the buyer or the supplier declares their link."), code="role")
    unknown = set(given) - set(GIVEN)
    if unknown:
        raise TypeError(f"a link takes no {', '.join(sorted(unknown))}")
    if buyer == supplier:
        raise Refused(_("An enterprise cannot supply itself."), code="invalid", field="supplier")
    link = SupplyLink(buyer=buyer, supplier=supplier, kind=kind, declared_by=party, **given)
    Enterprise.objects.select_for_update().get(pk=buyer.pk)
    _must_be_new(link)
    try:
        link.full_clean()
    except ValidationError as error:
        raise _refused(error) from error
    link.save()
    record("declare", link, by=by, buyer=buyer.pk, supplier=supplier.pk, kind=link.kind, declared_by=party.pk)
    return link


@transaction.atomic
def amend(link: SupplyLink, *, by: User, **given: Any) -> SupplyLink:
    """What is given of ``GIVEN`` is as given; only the party that declared the link says so."""
    row = _for_the_declaring_party(link, by)
    differs = {name: value for name, value in given.items() if getattr(row, name) != value}
    for name, value in differs.items():
        setattr(row, name, value)
    if not differs:
        return row
    try:
        row.full_clean()
    except ValidationError as error:
        raise _refused(error) from error
    row.save(update_fields=list(differs))
    record("amend_link", row, by=by, buyer=row.buyer_id, supplier=row.supplier_id, changed=sorted(differs))
    return row


@transaction.atomic
def confirm(link: SupplyLink, *, by: User) -> SupplyLink:
    """The other party agrees that the link is there."""
    row = _for_the_other_party(link, by)
    if row.confirmed_at is not None:
        raise Refused(_("This link has been confirmed already."), code="already_done")
    row.confirmed_at, row.disputed_at = now(), None
    row.save(update_fields=["confirmed_at", "disputed_at"])
    record("confirm_link", row, by=by, buyer=row.buyer_id, supplier=row.supplier_id)
    return row


@transaction.atomic
def dispute(link: SupplyLink, *, by: User, reasons: str) -> SupplyLink:
    """The other party says there is no such link; it no longer counts until it is confirmed."""
    row = _for_the_other_party(link, by)
    if row.disputed_at is not None:
        raise Refused(_("This link has been disputed already."), code="already_done")
    if not reasons.strip():
        raise Refused(_("Please give the reasons."), code="reasons", field="reasons")
    row.confirmed_at, row.disputed_at = None, now()
    row.save(update_fields=["confirmed_at", "disputed_at"])
    record("dispute", row, by=by, buyer=row.buyer_id, supplier=row.supplier_id, reasons=reasons.strip())
    return row


@transaction.atomic
def end(link: SupplyLink, *, by: User) -> SupplyLink:
    """The link is over: today is its last day."""
    row = _for_the_declaring_party(link, by)
    if row.until_on is not None and row.until_on <= today():
        raise Refused(_("This link has ended already."), code="already_done")
    row.until_on = max(today(), row.since_on)
    row.save(update_fields=["until_on"])
    record("end", row, by=by, buyer=row.buyer_id, supplier=row.supplier_id, until_on=row.until_on)
    return row


def identify(meant: Enterprise | Unknown, *, by: User) -> Enterprise:
    """The enterprise meant; one not known yet is noted, in the region that issued its USCC (GB 32100)."""
    if isinstance(meant, Enterprise):
        return meant
    region = Region.objects.filter(pk=meant.identifier[2:8]).first()
    return note(
        by=by, scheme=meant.scheme, identifier=meant.identifier, country="CN", name=meant.name, region=region
    )


def import_links(buyer: Enterprise, content: bytes, *, by: User, dry_run: bool = False) -> Outcome:
    """All links of a sheet are as the sheet says, or, when one row is faulty, none: raises FaultySheet.

    Running it again changes nothing. A supplier not known yet is noted by its USCC and name. A dry run
    says what would be done, and does nothing.
    """
    if not may(by, buyer, "edit"):
        raise NotYours(_("Only owners and editors of the enterprise declare its suppliers."), code="role")
    sheet = read(content)
    with transaction.atomic():
        Enterprise.objects.select_for_update().get(pk=buyer.pk)
        outcome = _take_in(buyer, sheet, by)
        outcome.dry_run = dry_run
        if dry_run:
            transaction.set_rollback(True)
        elif outcome.created or outcome.updated:
            counts = {"created": outcome.created, "updated": outcome.updated, "unchanged": outcome.unchanged}
            if outcome.invited:
                counts["invited"] = len(outcome.invited)
            record("import_links", buyer, by=by, noted=outcome.noted, **counts)
    return outcome


def _take_in(buyer: Enterprise, sheet: Sheet, by: User) -> Outcome:
    meant, faults = understand(sheet.lines, buyer)
    if sheet.faults or faults:
        raise FaultySheet([*sheet.faults, *faults])
    outcome = Outcome(left_aside=sheet.left_aside)
    there = {(link.supplier_id, link.kind, link.vendor_code): link for link in buyer.supplier_links.all()}
    fresh: list[SupplyLink] = []
    changed: list[SupplyLink] = []
    strangers: dict[Stranger, list[Line]] = {}
    for line in sheet.lines:
        who = meant[line.row]
        if isinstance(who, Stranger):
            strangers.setdefault(who, []).append(line)
            continue
        supplier = _supplier(who, by, outcome)
        link = there.get((supplier.pk, line.kind, line.vendor_code))
        if link is None:
            fresh.append(_new(buyer, supplier, line))
        elif _bring_up_to_date(link, line, sheet.columns):
            changed.append(link)
    SupplyLink.objects.bulk_create(fresh, batch_size=500)
    SupplyLink.objects.bulk_update(
        changed,
        ["material", "spend", "share", "since_on", "until_on", "confirmed_at", "contact_email"],
        batch_size=500,
    )
    outcome.created, outcome.updated = len(fresh), len(changed)
    outcome.unchanged = len(sheet.lines) - len(fresh) - len(changed) - sum(map(len, strangers.values()))
    outcome.invited = _await(buyer, strangers, by)
    return outcome


def _await(buyer: Enterprise, strangers: dict[Stranger, list[Line]], by: User) -> list[str]:
    """Who is not known waits to be invited, with what the sheet says of the links; names that are new to us."""
    running = Invitation.objects.running().filter(buyer=buyer, supplier=None)
    there = dict(running.values_list("name_key", "status"))
    found = []
    for who, lines in strangers.items():
        status = there.get(spelled(who.name))
        if status in {None, Invitation.Status.DRAFT}:
            told = [_told(line) for line in lines]
            prepare(buyer, who.name, told, by=by, contact=lines[0].supplier_email, identifier=who.identifier)
        if status is None:
            found.append(who.name)
    return found


def _told(line: Line) -> dict[str, Any]:
    """What a line says of its link, as it is kept until the supplier has joined."""
    values = {
        name: getattr(line, name)
        for name in ("kind", "vendor_code", "material", "spend", "share", "since_on")
    }
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def _supplier(meant: Enterprise | Unknown, by: User, outcome: Outcome) -> Enterprise:
    if isinstance(meant, Unknown) and meant.identifier not in outcome.noted:
        outcome.noted.append(meant.identifier)
    return identify(meant, by=by)


def _new(buyer: Enterprise, supplier: Enterprise, line: Line) -> SupplyLink:
    return SupplyLink(
        buyer=buyer,
        supplier=supplier,
        declared_by=buyer,
        kind=line.kind,
        vendor_code=line.vendor_code,
        material=line.material,
        spend=line.spend,
        share=line.share,
        since_on=line.since_on or today(),
        contact_email=line.supplier_email,
    )


def _bring_up_to_date(link: SupplyLink, line: Line, columns: list[str]) -> bool:
    """Take the sheet's columns over; answers whether anything changed.

    A link that the supplier declared keeps the supplier's figures: being on the sheet confirms it.
    """
    if link.declared_by_id != link.buyer_id:
        new: dict[str, Any] = {"confirmed_at": link.confirmed_at or now()}
    else:
        new = {name: getattr(line, name) for name in ("material", "spend", "share") if name in columns}
        new["since_on"] = line.since_on or link.since_on
        new["contact_email"] = line.supplier_email or link.contact_email
    if link.until_on is not None and link.until_on < today():
        new["until_on"] = None
    differs = {name: value for name, value in new.items() if getattr(link, name) != value}
    for name, value in differs.items():
        setattr(link, name, value)
    return bool(differs)


def _for_the_declaring_party(link: SupplyLink, by: User) -> SupplyLink:
    row = SupplyLink.objects.select_for_update(of=("self",)).select_related("declared_by").get(pk=link.pk)
    if not may(by, row.declared_by, "edit"):
        raise NotYours(_("Only the party that declared the link changes or ends it."), code="role")
    return row


def _for_the_other_party(link: SupplyLink, by: User) -> SupplyLink:
    row = (
        SupplyLink.objects.select_for_update(of=("self",)).select_related("buyer", "supplier").get(pk=link.pk)
    )
    if not may(by, row.other_party(), "edit"):
        raise NotYours(_("Only the other party of the link confirms or disputes it."), code="role")
    return row


def _must_be_new(link: SupplyLink) -> None:
    same = SupplyLink.objects.filter(
        buyer=link.buyer, supplier=link.supplier, kind=link.kind, vendor_code=link.vendor_code
    )
    if same.exists():
        raise Refused(_("This link has been declared already."), code="already_done", field="supplier")


def _refused(error: ValidationError) -> Refused:
    field, messages = next(iter(error.message_dict.items()))
    return Refused(messages[0], code="invalid", field=None if field == "__all__" else field)
