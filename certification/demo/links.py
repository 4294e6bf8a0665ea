"""Who supplies whom: a core enterprise with thirty direct suppliers, and theirs."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from certification.chain.choosing import watch
from certification.demo.firms import Firm
from certification.demo.luck import between, dice
from suppliers.supply.actions import confirm, declare, dispute

CORE, DIRECT = "core", 30
MATERIALS = (
    "Compressor housings 压缩机壳体",
    "Copper tube 铜管",
    "Insulating foam 发泡料",
    "Printed cartons 彩箱",
    "Control boards 控制板",
    "Cold-rolled sheet 冷轧板",
    "Fan motors 风扇电机",
    "Cables 线缆",
    "Glass shelves 玻璃搁板",
    "Plastic granules 塑料粒子",
)
ALWAYS = ("life-", "plain-")
INCLUDED = ("selection-city-1", "examined-city-1", "notice-running-2", "ladder", "granted-city-1", "star")
PURCHASES = Decimal(120_000)
"""What the core enterprise buys in a year, in 10,000 CNY."""
EVERY_FIFTH = 5
SECOND = Decimal("0.4")
"""What each supplier buys of either of its own: enough that losing one is told to the core enterprise."""
WATCHED = 3
"""So many suppliers the core enterprise watches, with whoever stands behind them."""


def direct_suppliers(firms: Mapping[str, Firm]) -> list[Firm]:
    """Those with a story, some without a title, and firms of the lists to make thirty."""
    chosen = [firm for key, firm in firms.items() if key.startswith(ALWAYS) or key in INCLUDED]
    others = [firm for key, firm in sorted(firms.items()) if key[:2].isdigit()]
    return [*chosen, *dice("suppliers").sample(others, DIRECT - len(chosen))]


def declare_links(firms: Mapping[str, Firm], since_on: dt.date) -> None:
    """The core enterprise declares its suppliers; some of these declare theirs; most agree."""
    core = firms[CORE]
    suppliers = direct_suppliers(firms)
    weights = [between(0.2, 3.0, firm.plan.key, "spend") for firm in suppliers]
    for number, (firm, weight) in enumerate(zip(suppliers, weights, strict=True)):
        share = (weight / sum(weights) * Decimal("0.92")).quantize(Decimal("0.0001"))
        _declare(core, firm, number, share, since_on)
    for number, buyer in enumerate(suppliers[::2]):
        for firm in dice("second tier", buyer.plan.key).sample(list(firms.values()), 2):
            if firm is not buyer and firm is not core:
                _declare(buyer, firm, number, SECOND, since_on)
    for firm in suppliers[: 2 * WATCHED : 2]:
        watch(core.enterprise, firm.enterprise, by=core.owner)


def _declare(buyer: Firm, supplier: Firm, number: int, share: Decimal, since_on: dt.date) -> None:
    link = declare(
        buyer.enterprise,
        supplier.enterprise,
        by=buyer.owner,
        kind="supplies",
        material=MATERIALS[number % len(MATERIALS)],
        vendor_code=f"V{number:03d}",
        spend=(PURCHASES * share).quantize(Decimal(1)),
        share=share,
        since_on=since_on,
    )
    if number % EVERY_FIFTH == 1:
        return
    if number == EVERY_FIFTH * 4 + 3:
        dispute(link, by=supplier.owner, reasons="We stopped delivering in spring. 今春起已停止供货。")
    else:
        confirm(link, by=supplier.owner)
