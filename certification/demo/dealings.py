"""What a desk does with a case beside its moves: it asks, notes, visits and finds."""

import datetime as dt

from certification.corrective.actions import respond
from certification.corrective.models import Nonconformity
from certification.demo.timeline import Story
from certification.demo.walks import Walk
from certification.inquiry.actions import answer, ask
from certification.note.actions import write_note
from certification.verification.actions import earliest, find, plan, sign
from greenchain.clock import today

CODES = ("E1", "E2", "R1", "R3")


def asked(walk: Walk) -> Story:
    """Two questions, one of them answered, and a note for colleagues."""
    case, auditor = walk.case, walk.world.people["auditor-shaoxing"]
    due_on = today() + dt.timedelta(days=14)
    first = ask(
        case,
        by=auditor,
        about="E1",
        due_on=due_on,
        text="Which meters make up the energy of 2025? Please name them. 请说明能耗由哪些计量表计汇总。",
    )
    write_note(
        case,
        by=auditor,
        text="A line was moved last spring; look at the meters on site. 去年春天有产线搬迁，现场重点看表计。",
        shared=True,
    )
    yield 1
    proof = walk.firm.enterprise.evidence.order_by("pk")[0]
    answer(first, by=walk.owner, evidence=[proof], text="Meters 1 to 7; see the ledger. 1至7号表计，见台账。")
    ask(
        case,
        by=auditor,
        due_on=due_on,
        text="Since when does line 3 stand in the new hall? 三号线何时迁入新车间？",
    )


def visited(walk: Walk) -> Story:
    """A visit that two officials signed, a minor nonconformity that the applicant corrected, and the next visit."""
    case, people = walk.case, walk.world.people
    team = [people["auditor-shaoxing"], people["auditor-shaoxing-2"]]
    where = {"place": "Gate 2 二号门", "purpose": "Meters, tanks and the waste store. 表计、储罐与危废库。"}
    first = earliest()
    visit = plan(case, by=team[0], starts_on=first, ends_on=first, team=team, codes=CODES, **where)
    yield (first - today()).days
    for item in visit.items.order_by("position"):
        bad = item.code == "E2"
        find(
            item,
            by=team[1],
            result="minor" if bad else "conforms",
            remark="Two tanks have no label. 两只储罐无标识。" if bad else "",
            due_on=today() + dt.timedelta(days=30),
        )
    for person in team:
        sign(visit, by=person, conclusion="In order but for the labels of two tanks. 除储罐标识外均符合。")
    yield 1
    respond(
        Nonconformity.objects.get(application=case),
        by=walk.owner,
        root_cause="The labels were taken off for painting. 涂装时取下未复原。",
        correction="Labels are on again; the shift leader checks monthly. 已恢复标识，班长每月检查。",
    )
