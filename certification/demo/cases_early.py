"""Cases with their applicants and evaluators: drafts, returns, evaluation."""

import datetime as dt

from certification.application.actions import lapse
from certification.demo.stories import (
    SHANGYU,
    ZHUJI,
    M,
    story,
)
from certification.demo.timeline import Story
from certification.demo.walks import Walk
from greenchain.accounts.models import Role
from greenchain.clock import today
from suppliers.record.actions import enter
from suppliers.reporting.actions import report


@story(begins=2, where=SHANGYU, grades=("0.6",))
def draft_begun(walk: Walk) -> Story:
    """Just begun: much is missing."""
    walk.start()
    yield 0


@story(begins=9, call="quick")
def draft_ready(walk: Walk) -> Story:
    """Filled in, not yet submitted."""
    walk.start()
    yield 4
    walk.fill()


@story(begins=30, where=ZHUJI)
def draft_barred(walk: Walk) -> Story:
    """A confirmed record bars the enterprise; it sees so before it types anything."""
    enter(
        walk.firm.enterprise,
        by=walk.world.people["auditor-shaoxing"],
        kind="accident_or_violation",
        title="Discharge above the permitted limit (demo) 超标排放（演示）",
        source="Demo record 演示记录",
        happened_on=today() - dt.timedelta(days=40),
        match="confirmed",
    )
    yield 10
    walk.start()


@story(begins=1, call="quick")
def submitted_now(*walks: Walk) -> Story:
    """Left to the workers: they check within seconds of the first start."""
    for walk in walks:
        walk.start()
        walk.fill()
    yield 1
    for walk in walks:
        walk.submit()


@story(begins=18)
def resubmitted(walk: Walk) -> Story:
    """Sent back once; the differences show beside the first submission."""
    yield from walk.opened()
    yield 3
    walk.send_back(
        "figure_unproven", note="Output differs from form B204-1. 总产值与B204-1不一致。", named=("figures",)
    )
    yield 5
    _mend(walk)
    walk.submit()
    walk.check()


def _mend(walk: Walk) -> None:
    firm, year = walk.firm, walk.case.year
    site_year = firm.site.years.get(year=year)
    assert site_year.gross_output is not None  # noqa: S101 - the firm reported it
    report(firm.site, year, by=walk.owner, values={"gross_output": site_year.gross_output - 25})


@story(begins=12)
def returned(walk: Walk) -> Story:
    """The applicant must answer."""
    yield from walk.opened()
    yield 3
    walk.send_back(
        "evidence_unreadable",
        "clarify",
        note="Page 2 of the waste ledger cannot be read. 固废台账第2页无法辨认。",
    )


@story(begins=24, where=SHANGYU)
def returned_extended(walk: Walk) -> Story:
    """The applicant has longer to answer."""
    yield from walk.opened()
    yield 3
    walk.send_back(
        "evidence_scope",
        note="The certificate does not name this site. 证书未覆盖本厂区。",
        named=("evidence",),
    )
    yield 6
    walk.do("extend", walk.at(Role.AUDITOR), due_on=walk.world.today + dt.timedelta(days=20))


@story(begins=10, call="evaluated")
def evaluation_unassigned(walk: Walk) -> Story:
    """A third party's evaluation is wanted, and nobody is assigned."""
    yield from walk.opened()


@story(begins=12, call="evaluated", where=SHANGYU)
def evaluation_assigned(walk: Walk) -> Story:
    """The evaluator has declared independence."""
    yield from walk.opened()
    yield 2
    walk.seat("evaluator")


@story(begins=14, call="evaluated", where=ZHUJI)
def evaluation_declined(walk: Walk) -> Story:
    """The first evaluator declined, a second one has the seat."""
    yield from walk.opened()
    yield 2
    first = walk.seat("evaluator-2", declared=False)
    yield 2
    walk.do("decline", first, reasons="A former colleague works there. 前同事在该企业任职。")
    yield 1
    walk.seat("evaluator", declared=False)


@story(begins=19, call="evaluated", where=SHANGYU)
def evaluated(walk: Walk) -> Story:
    """The body's report is in; the first desk examines."""
    yield from walk.opened()
    yield 2
    person = walk.seat("evaluator")
    yield 8
    walk.evaluate(person)


@story(begins=200, call="spring", grades=("0.9",))
def draft_lapsed(walk: Walk) -> Story:
    """Never submitted before the round closed."""
    walk.start()
    yield 100
    lapse(walk.case)


@story(begins=180, call="spring", level=M, where=ZHUJI)
def returned_lapsed(walk: Walk) -> Story:
    """Never answered."""
    yield from walk.opened()
    yield 3
    walk.send_back("form_incomplete", note="The summary is missing. 缺少概述。")
    yield 30
    lapse(walk.case)
