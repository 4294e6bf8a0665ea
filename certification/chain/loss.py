"""If one supplier were lost: which buyers it hits, tier by tier, how much spend, which applications and titles."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import Count, Q, Sum, Value

from certification.application.models import Application
from certification.chain.models import HARD
from certification.chain.tiers import Depth, depth_of
from certification.designation.models import Designation
from suppliers.supply.models import SupplyLink


@dataclass(frozen=True)
class Loss:
    """What the loss of one supplier touches, at every buyer that depends on it."""

    depth: Depth
    spend: Decimal | None
    """What direct buyers spend with it, 10,000 CNY a year; None where no spend is declared."""
    links: int
    known: int
    """Direct links, and those with a declared spend."""
    hard: tuple[int, ...]
    """Buyers hit hard in each tier."""
    applications: int
    titles: int


def loss_of(key: int) -> Loss:
    """Everything above ``key`` that its loss touches."""
    depth = depth_of(key, down=True)
    direct = SupplyLink.objects.current().filter(supplier=key)
    sums = direct.aggregate(
        total=Sum("spend"), links=Count("pk"), known=Count("pk", filter=Q(spend__isnull=False))
    )
    cases = Application.objects.open().order_by().values_list(Value("case"), "applicant_id")
    titles = Designation.objects.in_force().filter(site__isnull=False).order_by()
    owners = titles.values_list(Value("title"), "site__enterprise_id")
    touched: dict[str, list[int]] = {"case": [], "title": []}
    for what, owner in cases.union(owners, all=True):
        touched[what].append(owner)
    return Loss(
        depth=depth,
        spend=sums["total"],
        links=sums["links"],
        known=sums["known"],
        hard=tuple(int(count) for count in depth.at_least(HARD)),
        applications=_reached(depth, touched["case"]),
        titles=_reached(depth, touched["title"]),
    )


def _reached(depth: Depth, keys: list[int]) -> int:
    """How many of ``keys`` (with repeats) stand among what was reached."""
    places = depth.network.places(np.array(keys, dtype=np.int64))
    return int((depth.reach.tier_of[places[places >= 0]] > 0).sum())
