"""Whose chains a person may follow: members their own, officials those of buyers in their territory."""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from certification.chain.models import Alert
from certification.designation.green import green_enterprises
from greenchain.accounts.models import Role, User
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import enterprise_scope
from suppliers.place.models import Authority, Level, Region
from suppliers.supply.models import SupplyLink

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer


def follows_chains(user: "Viewer") -> bool:
    """Whether the role has chains to follow at all."""
    return user.is_authenticated and (user.role == Role.ENTERPRISE or user.is_official)


def followed(user: "Viewer") -> QuerySet[Enterprise]:
    """Enterprises whose suppliers ``user`` may see.

    An official who answers for a site only does not see the chain: that goes by the buyer's own place.
    """
    return Enterprise.objects.visible_to(user).filter(enterprise_scope(user, "pk", "region"))


def buyers(user: "Viewer") -> QuerySet[Enterprise]:
    """Those followed, with the most direct suppliers first; officials see only enterprises that have some."""
    current = SupplyLink.objects.current().filter(buyer=OuterRef("pk"))
    each = current.order_by().values("buyer").annotate(count=Count("supplier", distinct=True)).values("count")
    found = followed(user).order_by(Coalesce(Subquery(each), 0).desc(), "name", "pk")
    return found if user.is_authenticated and user.role == Role.ENTERPRISE else found.filter(Exists(current))


@dataclass(frozen=True, slots=True)
class Territory:
    """Suppliers of all buyers of an official's territory, each counted once, and their spend."""

    suppliers: int
    green: int
    spend: Decimal | None
    green_spend: Decimal | None

    @property
    def green_spend_share(self) -> Decimal | None:
        """0 to 1; None where no spend is known."""
        return (self.green_spend or Decimal(0)) / self.spend if self.spend else None


def territory(user: User) -> Territory:
    """The totals of the buyers whose chains the official follows, in one query."""
    green = Q(supplier__in=green_enterprises())
    links = SupplyLink.objects.current().visible_to(user)
    found = links.aggregate(
        each=Count("supplier", distinct=True),
        each_green=Count("supplier", distinct=True, filter=green),
        total=Sum("spend"),
        total_green=Sum("spend", filter=green),
    )
    return Territory(found["each"], found["each_green"], found["total"], found["total_green"])


def unseen_by_buyer(user: "Viewer", among: list[Enterprise]) -> dict[int, int]:
    """How many alerts each of these buyers has not seen yet."""
    waiting = Alert.objects.visible_to(user).unseen().filter(buyer__in=among)
    return dict(waiting.order_by().values_list("buyer").annotate(Count("pk")))


def parts_of(authority: Authority) -> QuerySet[Region]:
    """The regions to choose from: the nation's provinces, a province's prefectures, a city's counties."""
    regions = Region.objects.filter(desk__in=Authority.objects.under(authority)).order_by("pk")
    if authority.rank == Level.NATIONAL:
        return regions.filter(kind=Region.Kind.PROVINCE)
    if authority.kind == Authority.Kind.PROVINCE:
        direct = Q(kind=Region.Kind.COUNTY, parent__kind=Region.Kind.PROVINCE)
        return regions.filter(Q(kind=Region.Kind.PREFECTURE) | direct)
    return regions.filter(kind=Region.Kind.COUNTY)
