"""Cases that came to an end, well or not, and what followed."""

from certification.demo.cases_late import evaluated, to_decision
from certification.demo.stories import KEQIAO_COUNTY, SHANGYU, ZHUJI, M, N, P, story, together
from certification.demo.timeline import Story
from certification.demo.walks import REASONS, Walk
from greenchain.accounts.models import Role


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
    yield from evaluated(walk)
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
    yield from to_decision(walk)
    walk.do(
        "refuse", walk.at(Role.APPROVER), reasons="A wastewater case is pending in court. 涉废水案件审理中。"
    )
    yield 12
    walk.do("appeal", walk.owner, reasons="The case was closed in our favour. 案件已审结，我方无责。")


@story(begins=110, call="quick", where=ZHUJI)
def refused_confirmed(walk: Walk) -> Story:
    """Refused; the appeal was lost."""
    yield from to_decision(walk)
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
    walk.do("pass_over", walk.at(Role.APPROVER), reasons=REASONS)


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
