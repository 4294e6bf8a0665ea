"""The list of stories, and how one is written: who applies for what, and since when."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from certification.demo.luck import between
from certification.demo.plans import Plan, Titles
from certification.demo.timeline import Story
from certification.demo.trades import TRADES
from certification.demo.walks import Walk
from suppliers.place.models import Level

M, P, N = Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL
YUECHENG, SHANGYU, ZHUJI, KEQIAO_COUNTY, XIAOSHAN = "330602", "330604", "330681", "330603", "330109"
HAISHU, PANYU, XINHUI, WUJIANG = "330203", "440113", "440705", "320509"
Teller = Callable[..., Story]
ROTA = ("motors", "appliances", "transformers")
"""Trades whose products carry an efficiency grade, so that every indicator can be computed."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A story: how many days ago it begins, in which round, for which level, by which firms."""

    name: str
    tell: Teller
    begins: int
    call: str
    level: Level
    where: str
    trade: str
    grades: tuple[str, ...]
    titles: Titles

    def plans(self) -> Iterator[Plan]:
        """The firms of the story."""
        for number, grade in enumerate(self.grades, start=1):
            key = (
                f"{self.name.replace('_', '-')}-{number}"
                if len(self.grades) > 1
                else self.name.replace("_", "-")
            )
            output = between(2_500, 5_500, key).quantize(Decimal(1))
            yield Plan(key, self.where, TRADES[self.trade], output, Decimal(grade), self.titles, applies=True)


STORIES: list[Told] = []


def story(
    *,
    begins: int,
    call: str = "zhejiang",
    level: Level = M,
    where: str = YUECHENG,
    trade: str = "",
    grades: tuple[str, ...] = ("1.0",),
    titles: Titles | None = None,
) -> Callable[[Teller], Teller]:
    """Register a story. Without ``titles`` the firms hold what the level below gave them last year."""

    def register(tell: Teller) -> Teller:
        below: Titles = {M: (), P: ((M, 3),), N: ((M, 2), (P, 3))}[level]
        STORIES.append(
            Told(
                name=tell.__name__,
                tell=tell,
                begins=begins,
                call=call,
                level=level,
                where=where,
                trade=trade or ROTA[len(STORIES) % len(ROTA)],
                grades=grades,
                titles=below if titles is None else titles,
            )
        )
        return tell

    return register


def together(walks: list[Walk], verb: str) -> Story:
    """Several cases take the same part of the way side by side."""
    running = [getattr(walk, verb)() for walk in walks]
    while waits := [wait for each in running if (wait := next(each, None)) is not None]:
        yield max(waits)
