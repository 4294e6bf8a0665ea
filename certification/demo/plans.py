"""Which factories the demo has, where, how large, how well they do, and what earlier lists gave them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from certification.demo.luck import between, dice
from certification.demo.outputs import output_of
from certification.demo.trades import TRADES, Trade, firm_names
from suppliers.place.models import Level, Region

M, P, N = Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL
Titles = tuple[tuple[Level, int], ...]
"""Titles by level and list: 1 stands four years back, 4 at the end of last year, 5 in March of this one."""

CAREERS: tuple[tuple[Titles, int], ...] = (
    (((N, 2),), 4),
    (((P, 2), (N, 3)), 3),
    (((M, 2), (P, 3), (N, 4)), 3),
    (((N, 3),), 2),
    (((N, 4),), 2),
    (((P, 2),), 1),
    (((P, 3),), 2),
    (((M, 2), (P, 4)), 2),
    (((M, 3),), 2),
    (((M, 4),), 2),
    (((P, 3), (N, 5)), 3),
    (((N, 5),), 1),
)
"""Titles as the lists gave them, and how often they come in this way."""
HOME, LARGEST = "330000", ("330100", "330200", "330300", "330600")
"""Zhejiang, and its cities that have factories anyway."""
LARGE, VERY_LARGE = Decimal(4), Decimal(9)
GREEN = {"330000": (0.04, 0.05), "320000": (0.46, 0.48)}
"""Zhejiang's cases bring titles of their own besides; Jiangsu has passed the goal."""
TEN_THOUSAND = Decimal(10_000)
SPECIAL = ("659001", "330206", "330212", "440305", "370211", "350203", "210212")
"""The corps and the separately planned cities: their districts recommend past the province."""
WITHOUT_TITLE = ("320506", "330110", "340104", "370102", "440112")


@dataclass(frozen=True)
class Plan:
    """A firm to be: everything that is decided before it exists."""

    key: str
    region: str
    trade: Trade
    output: Decimal
    grade: Decimal = Decimal("0.9")
    titles: Titles = ()
    applies: bool = False
    sites: int = 1

    @property
    def is_national(self) -> bool:
        """Whether a list gave it a national title."""
        return any(level == N for level, _number in self.titles)


@dataclass(frozen=True)
class Place:
    """A county and the city whose name its firms bear."""

    region: str
    city: str
    zh: str
    en: str


class Map:
    """Counties and cities, read once."""

    def __init__(self) -> None:
        self.regions = {region.pk: region for region in Region.objects.select_related("desk")}
        self.children: dict[str, list[Region]] = {}
        for region in sorted(self.regions.values(), key=lambda each: each.pk):
            self.children.setdefault(region.parent_id or "", []).append(region)

    def place(self, code: str) -> Place:
        """The place of a county or city, by its code."""
        region = self.regions[code]
        county = region.kind == Region.Kind.COUNTY
        city = self.regions[region.parent_id] if county and region.parent_id else region
        named = region if city.kind == Region.Kind.PROVINCE else city
        return Place(code, named.pk, named.name_zh, named.name_en)

    def somewhere(self, province: str, number: int) -> str:
        """A county in one of the province's larger cities."""
        cities = [each for each in self.children.get(province, []) if each.name_zh.endswith("市")]
        cities = [each for each in cities if each.kind == Region.Kind.PREFECTURE and not _planned(each)]
        city = cities[number % min(len(cities), 4)]
        counties = self.children.get(city.pk, [])
        return dice(city.pk, number).choice(counties).pk if counties else city.pk


def _planned(city: Region) -> bool:
    return city.desk is not None and city.desk.kind == "planned_city"


def background(where: Map) -> Iterator[Plan]:
    """The factories of the earlier lists: some in every province, larger shares in some than in others."""
    provinces = [region.pk for region in where.children[""] if region.desk is not None]
    whole = sum((output_of(province) for province in provinces), Decimal(0))
    for province in provinces:
        yield from _in_province(where, province, whole)
    for code in SPECIAL:
        output = output_of(code[:2] + "0000") * between(0.02, 0.04, code) * TEN_THOUSAND
        yield _titled(f"place-{code}", code, output)
    for city in where.children[HOME]:
        if city.pk not in LARGEST:
            yield _titled(
                f"city-{city.pk}", where.children[city.pk][0].pk, between(0.4, 3.2, city.pk) * TEN_THOUSAND
            )
    for number, code in enumerate(WITHOUT_TITLE, start=1):
        trade = _trade("plain", number)
        yield Plan(f"plain-{number}", code, trade, _round(between(4_000, 20_000, code)), Decimal("0.4"))


def leading() -> Iterator[Plan]:
    """The firms whose people sign in."""
    yield Plan(
        "star", "330602", TRADES["motors"], Decimal(60_000), Decimal("1.02"), (), applies=True, sites=2
    )
    yield Plan(
        "core", "330109", TRADES["appliances"], Decimal(90_000), Decimal("1.0"), ((N, 3),), applies=True
    )
    yield Plan("other", "330681", TRADES["motors"], Decimal(12_000), Decimal("0.97"), applies=True)


def _in_province(where: Map, province: str, whole: Decimal) -> Iterator[Plan]:
    output = output_of(province)
    share = 100 * output / whole
    count = 1 + (share > LARGE) + (share > VERY_LARGE)
    least, most = GREEN.get(province, (0.14, 0.42))
    green = output * between(least, most, province, "green") * TEN_THOUSAND
    parts = [between(0.5, 1.5, province, number) for number in range(count)]
    for number, part in enumerate(parts):
        key = f"{province[:2]}-{number + 1}"
        yield _titled(key, where.somewhere(province, number), green * part / sum(parts))


def _titled(key: str, region: str, output: Decimal) -> Plan:
    careers, weights = zip(*CAREERS, strict=True)
    titles = dice(key, "career").choices(careers, weights)[0]
    return Plan(key, region, _trade(key), _round(output), between(0.8, 1.0, key), titles)


def _trade(*about: object) -> Trade:
    return dice(*about, "trade").choice(list(TRADES.values()))


def _round(output: Decimal) -> Decimal:
    return output.quantize(Decimal(1))


def named(plans: Iterable[Plan], where: Map) -> Iterator[tuple[Plan, str, str]]:
    """Each plan with its firm's Chinese and English name, counted by city and trade."""
    seen: Counter[tuple[str, str]] = Counter()
    for plan in plans:
        place = where.place(plan.region)
        seen[place.city, plan.trade.key] += 1
        yield plan, *firm_names(place.zh, place.en, plan.trade, seen[place.city, plan.trade.key])
