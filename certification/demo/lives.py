"""What became of titles: proposed for removal, suspended, revoked, given up, renamed, ended.

Their holders supply the core enterprise, so that it is told.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from certification.complaint.actions import complain, confirm_complaint
from certification.demo.firms import Firm
from certification.demo.plans import Plan, Titles
from certification.demo.timeline import Story
from certification.demo.trades import TRADES
from certification.demo.walks import REASONS, World
from certification.designation.models import Designation
from certification.surveillance.actions import reply
from certification.verbs import perform
from greenchain.accounts.models import Role, User
from greenchain.clock import today
from suppliers.place.models import Level
from suppliers.record.actions import enter

M, P, N = Level.MUNICIPAL, Level.PROVINCIAL, Level.NATIONAL


@dataclass(frozen=True)
class Life:
    """A title, its holder, and the officials of its authority."""

    world: World
    firm: Firm
    level: Level

    @property
    def title(self) -> Designation:
        """The holder's title of that level."""
        return Designation.objects.get(site=self.firm.site, level=self.level)

    def do(self, verb: str, by: User, **data: Any) -> Any:
        """One move."""
        return perform(self.title, verb, by=by, data=data)

    def at(self, role: str) -> User:
        """The official of that role at the authority that keeps the title."""
        return self.world.offices.of(role, self.title.authority)

    def violation(self) -> None:
        """Something happened, and it is on record."""
        enter(
            self.firm.enterprise,
            by=self.world.people["auditor-nation"],
            kind="accident_or_violation",
            title="Dust explosion without injuries (demo) 粉尘爆燃，无伤亡（演示）",
            source="Demo record 演示记录",
            happened_on=today() - dt.timedelta(days=5),
            match="confirmed",
        )

    def propose(self, cause: str = "fault") -> Any:
        """The holder is heard."""
        reply_by = today() + dt.timedelta(days=14)
        reasons = "An accident was entered; please explain. 已录入事故记录，请说明情况。"
        return self.do("propose", self.at(Role.AUDITOR), cause=cause, reasons=reasons, reply_by=reply_by)

    def answer(self, proposal: Any) -> None:
        """The holder answers."""
        reply(
            proposal, by=self.firm.owner, text="The filter was replaced the same week. 当周已更换除尘滤筒。"
        )

    def suspend(self) -> None:
        """The title does not count for now."""
        until = today() + dt.timedelta(days=180)
        self.do("suspend", self.at(Role.APPROVER), reasons=REASONS, until_on=until)


Lived = Callable[[Life], Story]


def _heard(life: Life, cause: str = "fault") -> Story:
    life.violation()
    yield 3
    proposal = life.propose(cause)
    yield 6
    life.answer(proposal)
    yield 4


def proposed(life: Life) -> Story:
    """Being heard just now."""
    life.violation()
    yield 3
    life.propose()


def suspended(life: Life) -> Story:
    """Heard, then suspended."""
    yield from _heard(life)
    life.suspend()


def suspended_appealed(life: Life) -> Story:
    """Suspended; the appeal is open."""
    yield from suspended(life)
    yield 8
    life.do("appeal", life.firm.owner, reasons="The accident was at a tenant's. 事故发生在承租单位。")


def suspended_overturned(life: Life) -> Story:
    """Suspended; the appeal was won."""
    yield from suspended(life)
    yield 6
    life.do("appeal", life.firm.owner, reasons="The record is about another enterprise. 该记录属于其他企业。")
    yield 9
    life.do(
        "overturn",
        life.world.people["approver-nation-2"],
        reasons="Confirmed with the source. 已与来源核实。",
    )


def reinstated(life: Life) -> Story:
    """Suspended, and cured."""
    yield from suspended(life)
    yield 40
    life.do(
        "reinstate",
        life.at(Role.APPROVER),
        cured="New dust collectors, accepted by the fire service. 除尘系统改造验收合格。",
    )


def revoked(life: Life) -> Story:
    """For fault: barred for years, and the title that rests on this one is proposed for the same."""
    yield from _heard(life)
    life.do("revoke", life.at(Role.APPROVER), cause="fault", reasons=REASONS)


def revoked_closed(life: Life) -> Story:
    """The site closed: no fault, no bar."""
    proposal = life.propose("closed")
    yield 5
    life.answer(proposal)
    yield 3
    life.do("revoke", life.at(Role.APPROVER), cause="closed", reasons="The site was closed. 厂区已关停。")


def surrendered(life: Life) -> Story:
    """Given back by the holder."""
    life.do("surrender", life.firm.owner, reasons="Production moves to our new site. 产能转移至新厂区。")
    yield 0


def expired(_life: Life) -> Story:
    """Three years were over; the clock ended it, and the holder says that it will come again."""
    yield 0


def renamed(life: Life) -> Story:
    """The same title under a new name."""
    title = life.title
    name, name_en = (
        title.name.replace("有限公司", "股份有限公司"),
        title.name_en.replace("Co., Ltd.", "Corp."),
    )
    reasons = "The registration changed. 工商登记变更。"
    life.do("amend", life.at(Role.APPROVER), name=name, name_en=name_en, reasons=reasons)
    yield 45
    complaint = complain(
        title,
        name="Lin Demo 林示范",
        contact="lin@complaint.example",
        statement="The waste water line runs at night, past the meter (demo). 夜间废水绕过计量表排放（演示）。",
    )
    confirm_complaint(complaint)


LIVES: Mapping[str, tuple[Lived, int, Level, str, Titles]] = {
    "proposed": (proposed, 6, P, "440305", ((P, 3),)),
    "suspended": (suspended, 16, N, "320509", ((P, 2), (N, 3))),
    "suspended-city": (suspended, 60, M, "330604", ((M, 3),)),
    "suspended-appealed": (suspended_appealed, 32, N, "440705", ((P, 2), (N, 3))),
    "suspended-overturned": (suspended_overturned, 70, P, "330681", ((P, 3),)),
    "reinstated": (reinstated, 130, P, "330109", ((M, 2), (P, 3))),
    "revoked": (revoked, 45, P, "340104", ((P, 2), (N, 3))),
    "revoked-closed": (revoked_closed, 90, N, "420106", ((N, 3),)),
    "surrendered": (surrendered, 25, P, "370211", ((P, 3),)),
    "expired": (expired, 20, M, "330624", ((M, 1),)),
    "renamed": (renamed, 50, N, "510104", ((N, 3),)),
}
"""How it went, how many days ago it began, which title, where, and what the lists gave."""


def plans() -> list[Plan]:
    """The holders."""
    trades = list(TRADES.values())
    return [
        Plan(f"life-{name}", where, trades[number], Decimal(4_000 + 500 * number), Decimal("0.9"), titles)
        for number, (name, (_lived, _begins, _level, where, titles)) in enumerate(LIVES.items())
    ]
