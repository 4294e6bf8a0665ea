"""How far each supplier of a buyer is: invited, opened, claimed, answered, shared, declined, or not yet asked.

A few queries, however many suppliers there are. A supplier of many links stands once; an invited name that is not
known here stands too.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from suppliers.enterprise.models import Enterprise
from suppliers.invitation.actions import Whom
from suppliers.invitation.models import Invitation
from suppliers.sharing.models import AnswerSet, Consent
from suppliers.sharing.shared import Shared
from suppliers.supply.models import SupplyLink

Status = Invitation.Status


class Stage(models.TextChoices):
    """Where a supplier stands, the furthest first."""

    SHARED = "shared", _("shares with you")
    ANSWERED = "answered", _("has answered")
    JOINED = "joined", _("has joined")
    CLAIMED = "claimed", _("claim at the desk")
    OPENED = "opened", _("opened the invitation")
    INVITED = "invited", _("invited")
    EXPIRED = "expired", _("invitation expired")
    DECLINED = "declined", _("declined")
    NOT_YET = "not_yet", _("not yet invited")


OF_STATUS = {
    Status.CLAIMED: Stage.CLAIMED,
    Status.ACCEPTED: Stage.JOINED,
    Status.DECLINED: Stage.DECLINED,
}


@dataclass(frozen=True)
class Row:
    """One supplier, or one invited name."""

    supplier: Enterprise | None
    name: str
    stage: Stage
    last: dt.datetime | None
    invitation: Invitation | None

    @property
    def may_be_reminded(self) -> bool:
        """Something is still asked of it; the action says whether it is too soon."""
        return (
            self.invitation is not None
            and self.invitation.settled_at is None
            and self.stage
            in {
                Stage.INVITED,
                Stage.OPENED,
                Stage.JOINED,
            }
        )


HEAD = (
    "supplier",
    "name_en",
    "identifier",
    "country",
    "stage",
    "last",
    "invited_at",
    "expires_on",
    "reminded_at",
)


def rows_of(buyer: Enterprise) -> list[Row]:
    """Every current supplier, and every name that was invited; by name."""
    suppliers = Enterprise.objects.filter(
        pk__in=SupplyLink.objects.current().filter(buyer=buyer).values("supplier")
    )
    asked = _last_of(Invitation.objects.filter(buyer=buyer).exclude(status=Status.CANCELLED))
    known = _known(buyer)
    rows = [_row(one, asked.pop(one.pk, None), known) for one in suppliers]
    rows += [_row(None, each, known) for each in asked.values() if each.supplier_id is None]
    return sorted(rows, key=lambda row: (row.name, row.supplier.pk if row.supplier else 0))


def invitable(buyer: Enterprise) -> list[Whom]:
    """Suppliers that have not been invited: those that nobody acts for first, with the address that is known."""
    links = SupplyLink.objects.current().filter(buyer=buyer)
    running = Invitation.objects.running().filter(buyer=buyer)
    told = dict(
        links.filter(declared_by=buyer).exclude(contact_email="").values_list("supplier", "contact_email")
    )
    sent = running.exclude(status=Status.DRAFT).exclude(supplier=None).values("supplier")
    declined = Invitation.objects.in_peace().filter(buyer=buyer).exclude(supplier=None).values("supplier")
    found = Enterprise.objects.filter(pk__in=links.values("supplier"))
    found = found.exclude(pk__in=sent).exclude(pk__in=declined)
    suppliers = [
        Whom(supplier=one, contact="" if one.claimed_at else told.get(one.pk, ""))
        for one in found.order_by(models.F("claimed_at").asc(nulls_first=True), "name")
    ]
    names = running.filter(supplier=None, status=Status.DRAFT).order_by("name")
    return [Whom(name=one.name, contact=one.contact) for one in names] + suppliers


def counts(rows: Iterable[Row]) -> list[tuple[Stage, int]]:
    """How many stand at each stage; stages that nobody stands at are left out."""
    found = Counter(row.stage for row in rows)
    return [(stage, found[stage]) for stage in Stage if stage in found]


def cells(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    """The board as a sheet."""
    for row in rows:
        who, asked = row.supplier, row.invitation
        yield (
            row.name,
            who.name_en if who else "",
            who.identifier if who else asked.identifier if asked else "",
            who.country if who else "",
            row.stage.value,
            _day(row.last),
            _day(asked.sent_at) if asked else "",
            (asked.expires_on if asked else None) or "",
            _day(asked.reminded_at) if asked else "",
        )


def _day(moment: dt.datetime | None) -> object:
    return moment.date() if moment else ""


def _last_of(invitations: Any) -> dict[Any, Invitation]:
    """The newest invitation of each supplier; names without one by their own key."""
    return {(each.supplier_id or each.name_key): each for each in invitations.order_by("pk")}


@dataclass(frozen=True)
class Known:
    """Of all suppliers of a buyer: who agreed to the link, who answered when, who shares answers or files."""

    agreed: frozenset[int]
    answered: dict[int, dt.datetime | None]
    sharing: dict[int, dt.datetime]


def _known(buyer: Enterprise, supplier: int | None = None) -> Known:
    links = SupplyLink.objects.current().filter(buyer=buyer)
    answers = AnswerSet.objects.confirmed()
    given = Consent.objects.reaching([buyer.pk])
    if supplier is not None:
        links, answers, given = (
            links.filter(supplier=supplier),
            answers.filter(enterprise=supplier),
            given.filter(enterprise=supplier),
        )
    agreed = links.filter(Q(confirmed_at__isnull=False) | Q(declared_by=F("supplier")))
    answered = dict(
        answers.filter(enterprise__in=links.values("supplier"))
        .order_by("confirmed_at")
        .values_list("enterprise", "confirmed_at")
    )
    sharing = {
        each.enterprise_id: each.given_at
        for each in given.order_by("given_at")
        if each.kinds or (each.answers and each.enterprise_id in answered)
    }
    return Known(frozenset(agreed.values_list("supplier", flat=True)), answered, sharing)


def row_of(buyer: Enterprise, shared: Shared, asked: Invitation | None) -> Row:
    """One supplier of the board."""
    return _row(shared.supplier, asked, _known(buyer, shared.supplier.pk))


def _row(supplier: Enterprise | None, asked: Invitation | None, known: Known) -> Row:
    name = supplier.shown_name if supplier else asked.name if asked else ""
    stage, last = _stage(asked)
    if supplier is not None:
        stage, last = _further(supplier, stage, last, known)
    return Row(supplier, name, stage, last, asked)


def _further(
    supplier: Enterprise, stage: Stage, last: dt.datetime | None, known: Known
) -> tuple[Stage, dt.datetime | None]:
    """What a supplier that has come did since; that it answered is told to buyers it has agreed to."""
    key = supplier.pk
    if key in known.sharing:
        return Stage.SHARED, known.sharing[key]
    if key not in known.agreed:
        return stage, last
    if key in known.answered:
        return Stage.ANSWERED, known.answered[key]
    return (Stage.JOINED, last or supplier.claimed_at) if stage == Stage.NOT_YET else (stage, last)


def _stage(asked: Invitation | None) -> tuple[Stage, dt.datetime | None]:
    if asked is None or asked.status == Status.DRAFT:
        return Stage.NOT_YET, None
    if asked.status in OF_STATUS:
        return OF_STATUS[Status(asked.status)], asked.answered_at or asked.opened_at
    if asked.is_expired:
        return Stage.EXPIRED, asked.sent_at
    if asked.status == Status.OPENED:
        return Stage.OPENED, asked.opened_at
    return Stage.INVITED, asked.sent_at
