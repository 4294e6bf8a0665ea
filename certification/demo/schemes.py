"""One case of every scheme beside the green factory of 2025, walked to its title."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from certification.application import actions as applying
from certification.assessment.actions import recheck
from certification.assessment.guards import is_stale
from certification.demo import otherfigures as figures
from certification.demo.firms import Firm
from certification.demo.plans import Plan
from certification.demo.stories import SHANGYU
from certification.demo.timeline import Story
from certification.demo.trades import TRADES
from certification.demo.vault import NEVER, Vault, keep
from certification.demo.walks import FORM, WORKER, Walk, World
from certification.examination.actions import correct_all
from certification.scheme.actions import open_round
from certification.scheme.models import Round, SchemeVersion
from greenchain.accounts.models import Role, User
from suppliers.evidence.kinds import KINDS
from suppliers.place.models import Authority, Level
from suppliers.reporting.actions import report

SEEN = "Seen in the file and on site. 经查阅资料并现场核实。"
HALF = 3
"""Of every five cases put forward this one is judged at half, unless it is a must item."""
MORE = {
    "main_products": "Demo products. 演示产品。",
    "chain_summary": "Suppliers are graded, audited and trained. 对供应商分级、审核和培训。",
    "level_of_park": "provincial",
    "main_industries": "Appliances and motors. 家电和电机。",
    "practice": "Shared heat network, roof solar power, central sewage works. 集中供热、屋顶光伏、污水集中处理。",
    "problems": "Little room for further roofs. 可用屋顶有限。",
    "abatement_summary": "Electric boilers and heat pumps since the base year. 基准年以来以电锅炉和热泵替代燃煤。",
    "offset_summary": "Demo credits, cancelled. 演示碳信用，已注销。",
    "recommender": "province",
    "design_summary": "Design for repair and recycling. 面向维修和回收的设计。",
    "product_standard": "T/DEMO 1-2025 (demo 演示)",
    "product_summary": "Made for repair; recycled copper. 易维修，使用再生铜。",
}


@dataclass(frozen=True)
class Other:
    """A case to be: the round, the subject, what is reported for it, and when it begins."""

    code: str
    scheme: str
    version: str
    level: Level
    begins: int
    subject: Callable[[Firm], Any]
    reported: figures.Report
    firm: str = "core"


def _site(firm: Firm) -> Any:
    return firm.site


def _enterprise(firm: Firm) -> Any:
    return firm.enterprise


P, N, M = Level.PROVINCIAL, Level.NATIONAL, Level.MUNICIPAL
OTHERS = (
    Other("legacy", "green_factory", "GB/T 36132-2018", M, 190, _site, figures.legacy, "legacy"),
    Other("chain", "green_supply_chain", "MIIT 586/2016", P, 170, _enterprise, figures.suppliers),
    Other("park", "green_park", "2016 requirements", P, 160, figures.park_of, figures.park),
    Other("zero-park", "zero_carbon_park", "910/2025", N, 140, figures.park_of, figures.park),
    Other("zero-factory", "zero_carbon_factory", "2026, Jiangsu example", P, 120, _site, figures.zero_carbon),
    Other("design", "green_design_enterprise", "fourth batch", N, 110, _enterprise, figures.design),
    Other("product", "green_design_product", "GB/T 32161", N, 100, figures.product_of, figures.attributes),
)


def plans() -> Iterator[Plan]:
    """The factory whose city still works by the old standard."""
    yield Plan("legacy", SHANGYU, TRADES["motors"], Decimal(4_000), Decimal("1.0"), (), applies=True)


def asked(version: SchemeVersion) -> list[str]:
    """The kinds of evidence that a version asks for."""
    kinds = set().union(*version.definition.proofs().values()) - NEVER
    return [key for key in KINDS if key in kinds]


def open_others(world: World, by: User) -> Mapping[str, Round]:
    """A round without public notice for each of them."""
    year, nation = world.today.year, Authority.objects.get(code="CN")
    opened = {}
    for other in OTHERS:
        version = SchemeVersion.objects.select_related("scheme").get(
            scheme__key=other.scheme, version=other.version
        )
        names = {
            language: f"{version.scheme.names[language]} ({version.names[language]}), {word}"
            for language, word in {"en": "demo", "zh-hans": "演示", "id": "demo"}.items()
        }
        opened[other.code] = open_round(
            by=by,
            code=f"{other.scheme.replace('_', '-')}-{year}-{other.code}",
            names=names,
            scheme_version=version,
            authority=nation,
            year=year - 1,
            levels=[level.value for level in map(Level, version.definition.levels)],
            opens_on=world.today - dt.timedelta(days=200),
            closes_on=max(world.today + dt.timedelta(days=100), dt.date(year, 12, 31)),
            quota={},
            notice_days=0,
            panel=False,
            evaluation="none",
        )
    return opened


class OtherWalk(Walk):
    """A case whose claims a desk confirms one by one."""

    def __init__(self, world: World, other: Other) -> None:
        super().__init__(world, world.firms[other.firm], other.code, other.level)
        self.other = other

    @property
    def subject(self) -> Any:
        """What the title is for."""
        return self.other.subject(self.firm)

    def start(self, **_how: Any) -> None:
        """A draft about the subject."""
        self.case = applying.start(
            self.world.rounds[self.call], level=self.level, subject=self.subject, by=self.owner
        )

    def prepare(self) -> None:
        """The papers that the scheme asks for lie in the vault, and the figures are reported."""
        call = self.world.rounds[self.call]
        vault = Vault(self.firm.enterprise, self.owner, call.year)
        there = set(self.firm.enterprise.evidence.values_list("kind", flat=True))
        wanted = [kind for kind in asked(call.scheme_version) if kind not in there]
        keep(list(vault.papers(wanted, self.firm.sites)))
        found = self.other.reported(self.firm, call.year)
        report(self.subject, call.year, by=self.owner, values=found.values, rows=found.rows)

    def fill(self) -> None:
        """The form, and every case claimed in full."""
        fields = {item.key for item in self.definition.form}
        form = {key: value for key, value in {**FORM, **MORE}.items() if key in fields}
        claims = {item.code: {"claim": "full"} for item in self.definition.indicators if item.is_qualitative}
        self.case = applying.fill_in(self.case, by=self.owner, form=form, claims=claims)

    def judged(self) -> Iterator[int]:
        """The first desk confirms what was claimed, and what does not apply."""
        yield 3
        run = self.case.assessments.order_by("-number").first()
        assert run is not None  # noqa: S101 - it was checked
        rulings = [
            {"code": row.code, **self._ruling(row.code), "reasons": SEEN}
            for row in run.scores.filter(state="awaiting").order_by("position")
        ]
        correct_all(self.case, by=self.at(Role.AUDITOR), corrections=rulings)
        self.case.refresh_from_db()

    def endorse(self) -> None:
        """The desk finds the case in order, by checks that a worker has run again where something changed."""
        if is_stale(self.case):
            recheck(self.case, trigger="stale", worker=WORKER)
        super().endorse()

    def _ruling(self, code: str) -> dict[str, str]:
        item = self.definition.indicator(code)
        if item and item.is_qualitative:
            word = "half" if not item.must and self.definition.indicators.index(item) % 5 == HALF else "full"
            return {"field": "judgement", "before": "full", "after": word}
        return {"field": "not_applicable", "before": "no", "after": "yes"}

    @cached_property
    def definition(self) -> Any:
        """What the scheme asks."""
        return self.world.rounds[self.call].scheme_version.definition

    def granted(self) -> Story:
        """From nothing to the title."""
        self.prepare()
        yield 1
        yield from self.opened()
        yield from self.judged()
        yield from self.selected()
        yield from self.decided()
        yield 1
        self.do("grant", self.at(Role.APPROVER), reasons=SEEN)


def story(world: World, other: Other) -> Story:
    """One case from nothing to its title."""
    yield from OtherWalk(world, other).granted()
