"""Cases beyond the desks: panel, selection, public notice, decision."""

from certification.demo.stories import SHANGYU, XIAOSHAN, ZHUJI, N, P, story, together
from certification.demo.timeline import Story
from certification.demo.walks import Walk
from certification.notice import actions as noticing
from certification.notice import selection as selecting
from certification.panel import actions as drawing
from greenchain.accounts.models import Role


def _to_panel(walk: Walk) -> Story:
    yield from walk.opened()
    yield from walk.endorsed()


def to_decision(walk: Walk) -> Story:
    """From nothing to the decision."""
    yield from walk.opened()
    yield from walk.selected()
    yield from walk.decided()


def evaluated(walk: Walk) -> Story:
    """From nothing through the evaluator's report."""
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
    yield from evaluated(walk)
    yield 2
    for username, points in (("expert-1", 90), ("expert-2", 71)):
        walk.score(walk.seat(username), points)
    yield 1
    drawing.draw(walk.case)


@story(begins=23, call="evaluated", where=SHANGYU)
def panel_agrees(walk: Walk) -> Story:
    """Both have scored; the desk may conclude."""
    yield from evaluated(walk)
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
    selecting.select([walk.case for walk in walks], by=walks[0].at(Role.APPROVER))
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
    yield from to_decision(walk)


@story(begins=42, level=N, call="national")
def decision_nation(walk: Walk) -> Story:
    """The same at the nation."""
    yield from to_decision(walk)
