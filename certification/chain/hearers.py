"""Which of the buyers' people a change is told by mail, for which of their enterprises, and how."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from certification.chain.heard import Heard, heard_by_each
from certification.chain.models import Alert, Choice, Mute, Watch
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from suppliers.enterprise.access import CAN
from suppliers.enterprise.models import Membership

Pair = tuple[int, int]
"""Keys of a person and a buyer."""


@dataclass
class Hearers:
    """People, the alerts that touch each of them, and how they want to hear."""

    people: dict[int, User] = field(default_factory=dict)
    alerts: dict[int, list[Alert]] = field(default_factory=lambda: defaultdict(list))
    mail: dict[int, str] = field(default_factory=dict)
    """The loudest of what a person chose for the buyers concerned; "" is what they chose for all messages."""

    @cached_property
    def heard(self) -> dict[int, Heard]:
        """What each of them may read."""
        return heard_by_each(self.alerts)


def hearers_of(entry: AuditEntry) -> Hearers:
    """Owners and editors of who is touched enough, and whoever watches; without those who want to hear none of it."""
    by_buyer = {row.buyer_id: row for row in Alert.objects.filter(entry=entry).select_related("designation")}
    found, watching = Hearers(), _watching(by_buyer)
    choices = {(row.user_id, row.buyer_id): row for row in Choice.objects.filter(buyer__in=by_buyer)}
    muted = _muted(by_buyer)
    for person, buyer in _pairs(by_buyer, watching):
        pair, alert = (person.pk, buyer), by_buyer[buyer]
        choice = choices.get(pair) or Choice()
        much = alert.for_mail and (alert.exposure is None or alert.exposure >= choice.least)
        if pair not in muted and choice.wants(alert.change) and (much or pair in watching):
            found.people[person.pk] = person
            found.alerts[person.pk].append(alert)
            found.mail[person.pk] = _louder(found.mail.get(person.pk), choice.mail)
    return found


def _pairs(by_buyer: Mapping[int, Alert], watching: set[Pair]) -> Iterator[tuple[User, int]]:
    """Owners and editors of the buyers, and of their other people those who watch."""
    current = Membership.objects.current().filter(enterprise__in=by_buyer).select_related("user")
    for row in current.order_by("pk"):
        if row.role in CAN["edit"] or (row.user_id, row.enterprise_id) in watching:
            yield row.user, row.enterprise_id


def _watching(by_buyer: Mapping[int, Alert]) -> set[Pair]:
    rows = Watch.objects.filter(buyer__in=by_buyer).values_list("user_id", "buyer_id", "supplier_id")
    told = {buyer: {alert.supplier_id, alert.through_id} for buyer, alert in by_buyer.items()}
    return {(user, buyer) for user, buyer, supplier in rows if supplier in told[buyer]}


def _muted(by_buyer: Mapping[int, Alert]) -> set[Pair]:
    suppliers = {alert.supplier_id for alert in by_buyer.values()}
    rows = Mute.objects.running().filter(buyer__in=by_buyer, supplier__in=suppliers)
    return set(rows.values_list("user_id", "buyer_id"))


def _louder(one: str | None, other: str) -> str:
    if one is None:
        return other
    return min(one, other, key=("now", "", "digest", "in_app").index)
