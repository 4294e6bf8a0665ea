"""If one supplier were lost: which buyers it hits, tier by tier, how much spend, which applications and titles."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from django.db.models import Count, Q, Sum, Value

from certification.application.models import Application
from certification.chain.marks import marks
from certification.chain.models import HARD
from certification.chain.tiers import DEEPEST, Depth
from certification.designation.models import Designation
from suppliers.supply import live
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
    return losses_of([key])[key]


def losses_of(keys: Collection[int]) -> dict[int, Loss]:
    """The same for several suppliers, each by itself: the queries are those for one."""
    network = live.network()
    held = marks().on(network)
    sums = _sums(keys)
    touched = _touched()
    found = {}
    for key in keys:
        reach = network.reach(key, tiers=DEEPEST, exposure=True, down=True)
        depth = Depth(key, network, reach, held, down=True)
        spend, links, known = sums.get(key, (None, 0, 0))
        found[key] = Loss(
            depth=depth,
            spend=spend,
            links=links,
            known=known,
            hard=tuple(int(count) for count in depth.at_least(HARD)),
            applications=_reached(depth, touched["case"]),
            titles=_reached(depth, touched["title"]),
        )
    return found


def _sums(keys: Collection[int]) -> dict[int, tuple[Decimal | None, int, int]]:
    """By supplier what direct buyers spend, the links, and those with a declared spend."""
    direct = SupplyLink.objects.current().filter(supplier__in=keys).order_by().values("supplier")
    rows = direct.annotate(
        total=Sum("spend"), links=Count("pk"), known=Count("pk", filter=Q(spend__isnull=False))
    )
    return {row["supplier"]: (row["total"], row["links"], row["known"]) for row in rows}


def _touched() -> dict[str, list[int]]:
    """The owners of open cases and of titles in force, each as often as it has some."""
    cases = Application.objects.open().order_by().values_list(Value("case"), "applicant_id")
    titles = Designation.objects.in_force().filter(site__isnull=False).order_by()
    owners = titles.values_list(Value("title"), "site__enterprise_id")
    touched: dict[str, list[int]] = {"case": [], "title": []}
    for what, owner in cases.union(owners, all=True):
        touched[what].append(owner)
    return touched


def _reached(depth: Depth, keys: list[int]) -> int:
    """How many of ``keys`` (with repeats) stand among what was reached."""
    places = depth.network.places(np.array(keys, dtype=np.int64))
    return int((depth.reach.tier_of[places[places >= 0]] > 0).sum())
