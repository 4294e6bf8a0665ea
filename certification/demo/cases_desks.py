"""Cases in examination, from the county's desk to the nation's."""

import datetime as dt

from certification.application.actions import escalate
from certification.assessment.actions import recheck
from certification.demo.dealings import asked, visited
from certification.demo.stories import (
    HAISHU,
    KEQIAO_COUNTY,
    PANYU,
    SHANGYU,
    XIAOSHAN,
    ZHUJI,
    N,
    P,
    story,
    together,
)
from certification.demo.timeline import Story
from certification.demo.vault import Vault, keep
from certification.demo.walks import REASONS, WORKER, Walk
from greenchain.accounts.models import Role
from greenchain.clock import today
from suppliers.evidence.kinds import KINDS
from suppliers.record.actions import enter


@story(begins=14, where=KEQIAO_COUNTY, trade="dyeing")
def examined_county(walk: Walk) -> Story:
    """At the county's desk."""
    yield from walk.opened()


@story(begins=16, grades=("1.0", "0.85"))
def examined_city(*walks: Walk) -> Story:
    """At the city's desk, one of them below the pass score, the other asked and visited."""
    yield from together(list(walks), "opened")
    yield from asked(walks[0])
    yield from visited(walks[0])


@story(begins=12, where=XIAOSHAN)
def examined_hangzhou(walk: Walk) -> Story:
    """At another city's desk."""
    yield from walk.opened()


@story(begins=32, where=SHANGYU)
def examined_overdue(walk: Walk) -> Story:
    """The desk's working days are over: the clock will pass it on."""
    yield from walk.opened()


@story(begins=52, where=SHANGYU, level=P)
def escalated(walk: Walk) -> Story:
    """The city did not act in time; the province does."""
    yield from walk.opened()
    yield 40
    escalate(walk.case)


@story(begins=10, where=ZHUJI)
def possible_hit(walk: Walk) -> Story:
    """A record that may mean somebody else: a person must confirm or clear it."""
    enter(
        walk.firm.enterprise,
        by=walk.world.people["auditor-zhejiang"],
        kind="inspection_problem",
        title="Problem found in a ministry inspection (demo) 督查发现问题（演示）",
        source="Demo inspection list 演示督查清单",
        happened_on=today() - dt.timedelta(days=200),
        match="possible",
    )
    yield from walk.opened()


@story(begins=14, where=ZHUJI)
def evidence_expired(walk: Walk) -> Story:
    """A permit ran out after submission; the checks ran again and block."""
    _permit(walk, valid_days=6)
    yield from walk.opened()
    yield 3
    recheck(walk.case, trigger="stale", worker=WORKER)


@story(begins=16, level=P, where=SHANGYU)
def waived(walk: Walk) -> Story:
    """The same, but the desk knows that the renewal is under way: a waiver with an end."""
    _permit(walk, valid_days=7)
    yield from walk.opened()
    yield 4
    recheck(walk.case, trigger="stale", worker=WORKER)
    yield 1
    walk.do(
        "waive",
        walk.at(Role.APPROVER),
        check_key="evidence.expired",
        requested_by=walk.at(Role.AUDITOR).pk,
        until_on=walk.world.today + dt.timedelta(days=60),
        reasons="The permit has been renewed; the paper is being printed. 排污许可证已准予延续，正在制证。",
    )
    yield 1
    walk.endorse()


def _permit(walk: Walk, *, valid_days: int) -> None:
    """A discharge permit that ends soon."""
    firm = walk.firm
    vault = Vault(firm.enterprise, firm.owner, walk.world.rounds[walk.call].year)
    keep([vault.paper(KINDS["discharge_permit"], expires_on=today() + dt.timedelta(days=valid_days))])


@story(begins=12, where=KEQIAO_COUNTY, trade="dyeing")
def corrected(walk: Walk) -> Story:
    """An auditor judged the cases, confirmed that an indicator does not apply, and corrected a value."""
    yield from walk.opened()
    yield 2
    auditor = walk.at(Role.AUDITOR)
    for code, field, before, after in (
        ("P3", "not_applicable", "", "yes"),
        ("R1", "judgement", "half", "half"),
        ("R2", "judgement", "half", "none"),
        ("R4", "value", "92.22", "90"),
    ):
        reasons = (
            "The meter readings of December were counted twice. 12月表计读数重复计入。"
            if field == "value"
            else REASONS
        )
        walk.do("correct", auditor, code=code, field=field, before=before, after=after, reasons=reasons)


@story(begins=18, level=P, grades=("1.0", "0.96"))
def examined_province(*walks: Walk) -> Story:
    """At the province's desk."""
    for walk in walks:
        yield from walk.opened()
        yield 2
        walk.endorse()


@story(begins=26, level=N, call="national", grades=("1.02", "1.0"))
def examined_nation(*walks: Walk) -> Story:
    """At the nation's desk."""
    for walk in walks:
        yield from walk.opened()
        yield 2
        walk.endorse()
        yield 3
        walk.endorse()


@story(begins=12, level=P)
def recalled(walk: Walk) -> Story:
    """The endorser saw something after all, before anybody else acted."""
    yield from walk.opened()
    yield 2
    walk.endorse()
    yield 1
    walk.do("recall", walk.world.people["auditor-shaoxing"])


@story(begins=12, call="guangdong", where=PANYU)
def examined_guangzhou(walk: Walk) -> Story:
    """In another province."""
    yield from walk.opened()


@story(begins=14, call="guangdong", where=PANYU, level=P)
def examined_guangdong(walk: Walk) -> Story:
    """At the desk of another province."""
    yield from walk.opened()
    yield 3
    walk.endorse()


@story(begins=12, call="quick", where=HAISHU, level=P)
def examined_ningbo(walk: Walk) -> Story:
    """Ningbo's own desk stands at provincial level; Zhejiang does not see the case."""
    yield from walk.opened()
