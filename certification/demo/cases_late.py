"""Cases beyond the desks: panel, selection, public notice, decision, and what came of it."""

from certification.demo.stories import KEQIAO_COUNTY, SHANGYU, XIAOSHAN, ZHUJI, M, N, P, story, together
from certification.demo.timeline import Story
from certification.demo.walks import REASONS, Walk
from certification.notice import actions as noticing
from greenchain.accounts.models import Role


def _to_panel(walk: Walk) -> Story:
    yield from walk.opened()
    yield from walk.endorsed()


def _to_decision(walk: Walk) -> Story:
    yield from walk.opened()
    yield from walk.selected()
    yield from walk.decided()


def _evaluated(walk: Walk) -> Story:
    yield from walk.opened()
    yield 1
    person = walk.seat("evaluator-2")
    yield 5
    walk.evaluate(person)
    yield from walk.endorsed()


@story(begins=22, level=N, call="national")
def panel_unassigned(walk: Walk) -> Story:
    """The panel is due; nobody is assigned."""
    yield from _to_panel(walk)


@story(begins=24, level=N, call="national", where=SHANGYU)
def panel_assigned(walk: Walk) -> Story:
    """Two experts have seats."""
    yield from _to_panel(walk)
    yield 2
    for username in ("expert-1", "expert-2"):
        walk.seat(username, declared=False)


@story(begins=26, level=N, call="national", where=ZHUJI)
def panel_half(walk: Walk) -> Story:
    """One expert has scored; the other still sees nothing of it."""
    yield from _to_panel(walk)
    yield 2
    first = walk.seat("expert-1")
    walk.seat("expert-2", declared=False)
    yield 2
    walk.score(first, 88)


@story(begins=24, call="evaluated")
def panel_disagrees(walk: Walk) -> Story:
    """Two experts differ by more than ten points: a third is asked."""
    yield from _evaluated(walk)
    yield 2
    for username, points in (("expert-1", 90), ("expert-2", 71)):
        walk.score(walk.seat(username), points)
    yield 2
    walk.seat("expert-3", declared=False)


@story(begins=23, call="evaluated", where=SHANGYU)
def panel_agrees(walk: Walk) -> Story:
    """Both have scored; the desk may conclude."""
    yield from _evaluated(walk)
    yield 2
    for username, points in (("expert-2", 84), ("expert-3", 80)):
        walk.score(walk.seat(username), points)


@story(begins=14, grades=("1.0", "1.0", "0.95"))
def selection_city(*walks: Walk) -> Story:
    """Three cases to choose from, two with the same score."""
    yield from together(list(walks), "opened")
    yield from together(list(walks), "endorsed")


@story(begins=18, level=P, grades=("1.0", "0.97"), where=XIAOSHAN)
def selection_province(*walks: Walk) -> Story:
    """Two cases at the province."""
    yield from together(list(walks), "opened")
    yield from together(list(walks), "endorsed")


@story(begins=24, level=N, call="national")
def selection_nation(walk: Walk) -> Story:
    """One case at the nation."""
    yield from _to_panel(walk)
    yield 2
    yield from walk.panelled()


@story(begins=22, level=P, grades=("1.0", "0.97"))
def notice_running(*walks: Walk) -> Story:
    """One proposed list of three; somebody objects to one of them."""
    yield from together(list(walks), "opened")
    yield from together(list(walks), "endorsed")
    yield 3
    noticing.select([walk.case for walk in walks], by=walks[0].at(Role.APPROVER))
    yield 4
    walks[1].object()


@story(begins=16)
def notice_city(walk: Walk) -> Story:
    """In public notice, nobody objects."""
    yield from walk.opened()
    yield from walk.selected()


@story(begins=30, where=ZHUJI)
def notice_contested(walk: Walk) -> Story:
    """The notice is over, but an objection is still unanswered: only this case waits."""
    yield from walk.opened()
    yield from walk.selected()
    yield 3
    walk.object()


@story(begins=27)
def objection_upheld(walk: Walk) -> Story:
    """The objection holds: the level's desk examines again."""
    yield from walk.opened()
    yield from walk.selected()
    yield 3
    walk.object()
    yield 8
    second = walk.world.people["approver-shaoxing-2"]
    walk.do("uphold", second, reasons="The records of September are missing. 9月记录缺失，需重新审核。")


@story(begins=35, grades=("1.0", "0.97"))
def decision_city(*walks: Walk) -> Story:
    """One of them after an objection that was dismissed by somebody who took no part."""
    yield from together(list(walks), "opened")
    yield from together(list(walks), "selected")
    yield 3
    walks[0].object()
    yield 6
    second = walks[0].world.people["approver-shaoxing-2"]
    walks[0].do("dismiss", second, reasons="The records show no excess. 记录未见超标。")
    yield 10
    for walk in walks:
        noticing.close(walk.case)


@story(begins=34, level=P)
def decision_province(walk: Walk) -> Story:
    """The notice is over; the decision is due."""
    yield from _to_decision(walk)


@story(begins=42, level=N, call="national")
def decision_nation(walk: Walk) -> Story:
    """The same at the nation."""
    yield from _to_decision(walk)


@story(begins=190, call="spring", grades=("1.0", "0.94"))
def granted_city(*walks: Walk) -> Story:
    """Granted after public notice."""
    yield from together(list(walks), "granted")


@story(begins=170, call="quick", where=KEQIAO_COUNTY, trade="motors", grades=("1.02",))
def ladder(walk: Walk) -> Story:
    """From the county desk to the city's list, the province's, the nation's: one site, three titles."""
    for call, level in (("quick", M), ("quick", P), ("quick-national", N)):
        walk.call, walk.level = call, level
        yield from walk.granted()
        yield 20


@story(begins=150, call="evaluated")
def granted_evaluated(walk: Walk) -> Story:
    """Granted on a third party's evaluation and a panel's score."""
    yield from _evaluated(walk)
    yield from walk.selected()
    yield from walk.decided()
    walk.do("grant", walk.at(Role.APPROVER), reasons=REASONS)


@story(begins=75, call="guangdong", where="440113")
def granted_guangzhou(walk: Walk) -> Story:
    """Granted in another province."""
    yield from walk.granted()


@story(begins=90, call="quick", titles=((M, 2),))
def renewed(walk: Walk) -> Story:
    """The municipal title of three years ago is about to end: the new one takes its place."""
    walk.start(from_title=walk.firm.site.designations.get())
    walk.fill()
    yield 2
    walk.submit()
    walk.check()
    yield from walk.selected()
    yield 1
    walk.do("grant", walk.at(Role.APPROVER), reasons=REASONS)


@story(begins=80, call="quick", level=P, where=SHANGYU)
def refused_appealed(walk: Walk) -> Story:
    """Refused; the appeal is open."""
    yield from _to_decision(walk)
    walk.do(
        "refuse", walk.at(Role.APPROVER), reasons="A wastewater case is pending in court. 涉废水案件审理中。"
    )
    yield 12
    walk.do("appeal", walk.owner, reasons="The case was closed in our favour. 案件已审结，我方无责。")


@story(begins=110, call="quick", where=ZHUJI)
def refused_confirmed(walk: Walk) -> Story:
    """Refused; the appeal was lost."""
    yield from _to_decision(walk)
    walk.do("refuse", walk.at(Role.APPROVER), reasons="The site was moved meanwhile. 厂区已搬迁。")
    yield 8
    walk.do("appeal", walk.owner, reasons="Only one line was moved. 仅搬迁一条产线。")
    yield 9
    above = walk.world.people["approver-zhejiang-2"]
    walk.do(
        "confirm", above, reasons="The remaining lines do not stand for the site. 剩余产线不能代表该厂区。"
    )


@story(begins=20, grades=("0.7",))
def rejected(walk: Walk) -> Story:
    """Below the pass score."""
    yield from walk.opened()
    yield 4
    walk.do(
        "reject",
        walk.at(Role.AUDITOR),
        reasons="The score does not reach what this level wants. 得分未达到要求。",
    )


@story(begins=33, where=SHANGYU)
def rejected_overturned(walk: Walk) -> Story:
    """The authority above saw it otherwise: back to the desk."""
    yield from walk.opened()
    yield 4
    walk.do(
        "reject", walk.at(Role.AUDITOR), reasons="The energy figures cannot be followed. 能耗数据无法核实。"
    )
    yield 10
    walk.do("appeal", walk.owner, reasons="The meters were replaced in March. 3月更换了计量表具。")
    yield 8
    above = walk.world.people["approver-zhejiang"]
    walk.do("overturn", above, reasons="The replacement is on file. 更换记录已存档。")


@story(begins=75, call="quick", grades=("0.86",))
def not_selected(walk: Walk) -> Story:
    """In order, but others ranked before it."""
    yield from walk.opened()
    yield from walk.endorsed()
    yield 5
    walk.do("pass_over", walk.at(Role.APPROVER))


@story(begins=65, where=SHANGYU)
def withdrawn(walk: Walk) -> Story:
    """The applicant changed its mind."""
    yield from walk.opened()
    yield 4
    walk.do("withdraw", walk.owner, reasons="We shall apply with next year's figures. 拟以下一年度数据申报。")


def ready(walk: Walk) -> Story:
    """The star's drafts of the spring, withdrawn: what was typed then is not typed again."""
    for site in range(len(walk.firm.sites)):
        walk.start(site=site)
        walk.fill()
        yield 2
        walk.do("withdraw", walk.owner, reasons="")


@story(begins=160, call="quick", where="320506", trade="dyeing", grades=("1.0", "0.96", "0.92"))
def granted_suzhou(*walks: Walk) -> Story:
    """Three of one trade in Jiangsu, so that regions and industries can be told by life-cycle stage."""
    yield from together(list(walks), "granted")


@story(begins=155, call="quick", where="370102", trade="dyeing", grades=("0.98", "0.9"))
def granted_jinan(*walks: Walk) -> Story:
    """Two in Shandong: too few to be told."""
    yield from together(list(walks), "granted")


@story(begins=145, call="quick", where="440112", trade="displays", grades=("1.02", "0.97", "0.93"))
def granted_huangpu(*walks: Walk) -> Story:
    """Three in Guangdong, of another trade."""
    yield from together(list(walks), "granted")
