"""Alerts as one reader may read them: whom they name, by which way, with how much of the purchases.

A step of the way is named where the reader sees every link that leads to it, or where it consents to be named; beyond,
it is "a supplier of X". An exposure is told exactly to officials, and to members where it rests on their own figures
alone, else as a band. What a page, a mail or a program says of an alert stands in ``Heard`` and nowhere else.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from certification.chain.models import Alert
from certification.chain.named import band_of, called
from certification.chain.told import OnAWay, Step, band_words
from certification.designation.models import Designation
from greenchain.accounts.models import Role, User
from suppliers.enterprise.models import Enterprise, Membership
from suppliers.enterprise.scope import enterprise_scope
from suppliers.sharing.models import Consent
from suppliers.supply.models import SupplyLink


@dataclass(frozen=True)
class Heard(OnAWay):
    """One alert as its reader may read it."""

    alert: Alert
    exposure: float | None
    """0 to 1; the lower end of a band where it is not exact, None where no spend is known."""
    exact: bool

    @property
    def title(self) -> Designation | None:
        """The title that changed, where its holder may be known."""
        return self.alert.designation if self.key is not None else None

    @property
    def band(self) -> str:
        """The exposure in words, where it is not told exactly."""
        return band_words(self.exposure or 0)


@dataclass
class Hearer:
    """What one reader knows: the buyers whose links they see, and who consents to be named to which buyer."""

    is_member: bool
    follows: AbstractSet[int]
    consents: Mapping[int, AbstractSet[int | None]] = field(default_factory=dict)
    """By enterprise the buyers that it lets read its name; None stands for all."""
    others: AbstractSet[int] = frozenset()
    """Buyers of whom another party declared a figure of a direct link."""
    consented: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    """By buyer the enterprises that were named by consent alone: those who show them note that they were read."""

    def hear(self, alert: Alert, known: Mapping[int, Enterprise]) -> Heard:
        """The alert as this reader may read it."""
        exact = not self.is_member or (alert.tier == 1 and alert.buyer_id not in self.others)
        exposure = alert.exposure if exact or alert.exposure is None else band_of(alert.exposure)
        return Heard(self._way(alert, known), alert, exposure, exact)

    def _way(self, alert: Alert, known: Mapping[int, Enterprise]) -> list[Step]:
        keys, way, last, seen = alert.keys, [], 0, True
        for place, key in enumerate(keys):
            seen = seen and (place == 0 or keys[place - 1] in self.follows)
            willing = not seen and bool(self.consents.get(key, frozenset()) & {alert.buyer_id, None})
            if willing:
                self.consented[alert.buyer_id].add(key)
            last = place if seen or willing else last
            name = called(known[keys[last]], place - last)
            way.append(Step(name, key if place == last else None))
        return way


def heard(user: User, alerts: Sequence[Alert]) -> tuple[list[Heard], Hearer]:
    """What ``user`` may read of these alerts, which they see; a few queries for all of them."""
    known = _known(alerts)
    hearer = Hearer(user.role == Role.ENTERPRISE, _followed(user, known))
    if hearer.is_member:
        buyers = {alert.buyer_id for alert in alerts}
        hearer.consents = _consents(buyers, known)
        hearer.others = _others(buyers, hearer.follows)
    return [hearer.hear(alert, known) for alert in alerts], hearer


def heard_by_each(alerts: Mapping[int, Sequence[Alert]]) -> dict[int, Heard]:
    """By member (key) the alert, of those given, that touches them most, as a mail may tell it: without consents.

    A mail stays when a consent is withdrawn, so it names by links alone.
    """
    known = _known([alert for rows in alerts.values() for alert in rows])
    mine: dict[int, set[int]] = defaultdict(set)
    current = Membership.objects.current().filter(user__in=alerts, enterprise__in=known).order_by()
    for person, enterprise in current.values_list("user_id", "enterprise_id"):
        mine[person].add(enterprise)
    found = {}
    for person, rows in alerts.items():
        most = min(rows, key=lambda alert: (alert.tier, -(alert.exposure or 0), alert.pk))
        others = {alert.buyer_id for alert in rows}
        found[person] = Hearer(is_member=True, follows=mine[person], others=others).hear(most, known)
    return found


def _known(alerts: Sequence[Alert]) -> dict[int, Enterprise]:
    return Enterprise.objects.in_bulk({key for alert in alerts for key in alert.keys})


def _followed(user: User, known: Iterable[int]) -> set[int]:
    """Of these enterprises those whose links to suppliers the reader sees."""
    seen = Enterprise.objects.filter(enterprise_scope(user, "pk", "region"), pk__in=known)
    return set(seen.order_by().values_list("pk", flat=True))


def _consents(buyers: Iterable[int], known: Iterable[int]) -> dict[int, set[int | None]]:
    found: dict[int, set[int | None]] = defaultdict(set)
    naming = Consent.objects.naming(buyers).filter(enterprise__in=known)
    for enterprise, buyer in naming.values_list("enterprise_id", "buyer_id"):
        found[enterprise].add(buyer)
    return found


def _others(buyers: Iterable[int], mine: AbstractSet[int]) -> set[int]:
    """Buyers with figures of direct links that another party declared, as ``named.Reader`` asks of one."""
    links = SupplyLink.objects.current().filter(buyer__in=buyers).exclude(declared_by__in=mine)
    figures = links.exclude(spend__isnull=True, share__isnull=True)
    return set(figures.order_by().values_list("buyer_id", flat=True).distinct())
