"""The desks' papers in the demo: departments asked, a reply with a concern, a package, a batch of decisions."""

from collections import defaultdict

from django.core.files.base import ContentFile

from certification.application.models import Application
from certification.consultation.actions import add_department, consult, hear
from certification.consultation.models import Answer, Consultation
from certification.demo.papers import pdf
from certification.demo.walks import World
from certification.examination.models import Endorsement
from certification.recommendation.actions import UNDER_WAY, recommend, seal
from certification.release.actions import prepare
from certification.workflow import Status
from greenchain.accounts.models import User
from greenchain.clock import today

DEPARTMENTS = (
    ("ecology", "绍兴市生态环境局（演示）", "Demo Person 1"),
    ("emergency", "绍兴市应急管理局（演示）", "Demo Person 2"),
    ("market", "绍兴市市场监督管理局（演示）", "Demo Person 3"),
)
QUESTION = (
    "Please tell us of accidents, penalties and offences of the last three years. "
    "请核实近三年安全、环保、市场监管等方面的违法违规情况。"
)
LETTER = "After examination on site and of the files. 经现场核查和材料审核，同意推荐。"
CONCERN = "Noise complaint in March, under review. 三月有噪声投诉，正在核查。"
MOST, DAYS = 6, 3


def _auditor(world: World) -> User:
    return world.people["auditor-shaoxing"]


def ask_departments(world: World) -> None:
    """Shaoxing asks its three departments about what it examines."""
    by = _auditor(world)
    asked = [
        add_department(by=by, kind=kind, name=name, contact_name=person, contact_phone="0575-00000000")
        for kind, name, person in DEPARTMENTS
    ]
    cases = Application.objects.filter(desk=by.authority_id, status=Status.EXAMINATION).order_by("number")
    if found := list(cases[:MOST]):
        consult(found, by=by, departments=asked, question=QUESTION, days=DAYS)


def answer_letters(world: World) -> None:
    """One department has a concern about a case that is still at the desk; another one is late."""
    by = _auditor(world)
    for letter in Consultation.objects.filter(authority=by.authority_id):
        asked = list(letter.asked.select_related("application").order_by("place"))
        here = [one for one in asked if one.application.status == Status.EXAMINATION]
        held = here[-1].pk if here else None
        for number, inquiry in enumerate(letter.inquiries.order_by("pk")[:2]):
            answers = {
                one.application_id: (Answer.CONCERN, CONCERN)
                if number and one.pk == held
                else (Answer.NONE, "")
                for one in asked
            }
            paper = ContentFile(pdf("Reply", [inquiry.name, letter.number]), name="reply.pdf")
            hear(inquiry, by=by, upload=paper, replied_on=today(), answers=answers)


def recommend_upwards(world: World) -> None:
    """What Shaoxing endorsed for the level above goes there as a sealed package."""
    by = _auditor(world)
    rows = Endorsement.objects.filter(desk=by.authority_id, application__status__in=UNDER_WAY)
    groups: dict[tuple[int, int], dict[int, Application]] = defaultdict(dict)
    for row in rows.exclude(application__desk=by.authority_id).select_related("application"):
        groups[row.application.round_id, row.application.level][row.application_id] = row.application
    if not groups:
        return
    cases = max(sorted(groups.items()), key=lambda group: len(group[1]))[1]
    package = recommend(list(cases.values()), by=by, letter=LETTER)
    seal(package, by=by, upload=ContentFile(pdf("Sealed", [package.number]), name="sealed.pdf"))


def prepare_decisions(world: World) -> None:
    """What waits for Shaoxing's decision stands in a batch that its approver may release."""
    by = _auditor(world)
    cases = list(Application.objects.filter(desk=by.authority_id, status=Status.DECISION).order_by("number"))
    if cases:
        prepare(cases, by=by)
