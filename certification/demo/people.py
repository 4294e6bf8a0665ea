"""Who signs in to the demo, and the officials who act in it without a sign-in of their own."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from django.contrib.auth.hashers import make_password

from certification.body.models import Body, Shareholder, Staff
from certification.panel.models import Expert
from greenchain.accounts.models import OFFICIALS, Role, User
from greenchain.clock import today
from suppliers.place.models import Authority, Level

PASSWORD = "green-chain-demo"  # noqa: S105 - shown to everybody; a demo holds nothing to protect
DOMAIN = "demo.example"

NATION, ZHEJIANG, SHAOXING, HANGZHOU, KEQIAO = "CN", "33", "3306", "3301", "330603"
GUANGDONG, GUANGZHOU, NINGBO = "44", "4401", "3302"


@dataclass(frozen=True)
class Account:
    """A sign-in: what the person does, and for whom. ``firm`` names the enterprise of a member."""

    username: str
    role: Role
    surname: str
    given: str
    authority: str = ""
    firm: str = ""
    part: str = ""
    language: str = "en"


def _officials() -> Iterator[Account]:
    for place, code, people in (
        ("nation", NATION, ("Wang Jing", "Li Min", "Zhang Wei", "Liu Fang")),
        ("zhejiang", ZHEJIANG, ("Chen Jie", "Yang Lei", "Zhao Yan", "Huang Tao")),
        ("shaoxing", SHAOXING, ("Zhou Ning", "Wu Qiang", "Xu Na", "Sun Bo")),
    ):
        seats = (
            (f"auditor-{place}", Role.AUDITOR),
            (f"approver-{place}", Role.APPROVER),
            (f"approver-{place}-2", Role.APPROVER),
            (f"reviewer-{place}", Role.REVIEWER),
        )
        for (username, role), person in zip(seats, people, strict=True):
            surname, given = person.split()
            yield Account(username, role, surname, given, authority=code)


ACCOUNTS = (
    Account("owner", Role.ENTERPRISE, "Ma", "Chao", firm="star", part="owner"),
    Account("editor", Role.ENTERPRISE, "Zhu", "Li", firm="star", part="editor"),
    Account("viewer", Role.ENTERPRISE, "Hu", "Bin", firm="star", part="viewer"),
    Account("consultant", Role.ENTERPRISE, "Guo", "Hong", firm="star", part="consultant"),
    Account("owner-core", Role.ENTERPRISE, "He", "Ping", firm="core", part="owner"),
    Account("owner-other", Role.ENTERPRISE, "Gao", "Yu", firm="other", part="owner", language="zh-hans"),
    Account("newcomer", Role.ENTERPRISE, "Tan", "Yue"),
    Account("evaluator", Role.EVALUATOR, "Lin", "Xue"),
    Account("evaluator-2", Role.EVALUATOR, "Luo", "Gang"),
    *_officials(),
    Account("auditor-zhejiang-2", Role.AUDITOR, "Jiang", "Mei", authority=ZHEJIANG),
    Account("auditor-shaoxing-2", Role.AUDITOR, "Shen", "Kai", authority=SHAOXING),
    Account("auditor-keqiao", Role.AUDITOR, "Zheng", "Yi", authority=KEQIAO, language="zh-hans"),
    Account("auditor-hangzhou", Role.AUDITOR, "Lu", "Jun", authority=HANGZHOU),
    Account("auditor-guangdong", Role.AUDITOR, "Liang", "Hua", authority=GUANGDONG),
    Account("approver-guangdong", Role.APPROVER, "Xie", "Rong", authority=GUANGDONG),
    Account("auditor-guangzhou", Role.AUDITOR, "Tang", "Wen", authority=GUANGZHOU),
    Account("auditor-ningbo", Role.AUDITOR, "Feng", "Lan", authority=NINGBO),
    Account("expert-1", Role.EXPERT, "Deng", "Ying"),
    Account("expert-2", Role.EXPERT, "Cao", "Peng"),
    Account("expert-3", Role.EXPERT, "Peng", "Shan"),
    Account("expert-4", Role.EXPERT, "Ye", "Qing"),
    Account("expert-5", Role.EXPERT, "Jin", "Rui"),
    Account("administrator", Role.ADMINISTRATOR, "Zeng", "Hao"),
)
STAFF = (*OFFICIALS, Role.ADMINISTRATOR)
FOUNDED = dt.date(2019, 3, 1)
SENIOR = 8
BODIES = (
    ("MA0DEM001", "演示绿色评价一号中心", "Demo Green Evaluation Centre No. 1", "Demo Zhao 1", "evaluator"),
    ("MA0DEM002", "演示绿色评价二号中心", "Demo Green Evaluation Centre No. 2", "Demo Zhao 2", "evaluator-2"),
)


def sign_ins() -> dict[str, User]:
    """Make everybody who signs in, by username; all share one password, because it is shown anyway."""
    password = make_password(PASSWORD)
    authorities = Authority.objects.in_bulk([a.authority for a in ACCOUNTS if a.authority], field_name="code")
    User.objects.bulk_create(
        User(
            username=account.username,
            password=password,
            first_name=account.given,
            last_name=account.surname,
            email=f"{account.username}@{account.firm or account.role}.{DOMAIN}",
            role=account.role,
            authority=authorities.get(account.authority),
            language=account.language,
            is_staff=account.role in STAFF,
            is_superuser=account.role == Role.ADMINISTRATOR,
        )
        for account in ACCOUNTS
    )
    return User.objects.select_related("authority").in_bulk(
        [account.username for account in ACCOUNTS], field_name="username"
    )


def bodies(people: Mapping[str, User]) -> None:
    """Register the evaluation bodies with one evaluator each."""
    for identifier, name, name_en, legal_representative, member in BODIES:
        body = Body.objects.create(
            identifier=identifier,
            name=name,
            name_en=name_en,
            legal_representative=legal_representative,
            registered_on=FOUNDED,
            contact_email=f"office@{identifier.lower()}.{DOMAIN}",
            scope=["site", "park", "enterprise"],
            shareholders_on=today(),
            consulting_on=today(),
            status=Body.Status.REGISTERED,
        )
        Shareholder.objects.create(body=body, name=legal_representative, share=100, since_on=FOUNDED)
        Staff.objects.bulk_create(_staff(body))
        body.members.add(people[member])


def _staff(body: Body) -> Iterator[Staff]:
    fields = (Staff.Field.ENERGY, Staff.Field.ENVIRONMENT, Staff.Field.ECOLOGY, Staff.Field.SYSTEMS)
    for number, (surname, given) in enumerate(product(("Demo He", "Demo Shi"), "甲乙丙丁戊己庚")):
        senior = number < SENIOR
        yield Staff(
            body=body,
            name=f"{surname} {given}",
            title=Staff.Title.SENIOR if senior else Staff.Title.INTERMEDIATE,
            field=fields[number % len(fields)],
            since_on=FOUNDED,
            past_on=today() if senior else None,
        )


EXPERTS = (
    ("expert-1", "演示能源研究院", "MA0DEX001"),
    ("expert-2", "演示环境科学院", "MA0DEX002"),
    ("expert-3", "演示理工大学", "MA0DEX003"),
    ("expert-4", "演示能源研究院", "MA0DEX001"),
    ("expert-5", "演示标准化协会", "MA0DEX005"),
)
"""Who may be drawn; the first and the fourth work for the same institute, so they never sit together."""


def experts(people: Mapping[str, User]) -> None:
    """The register of experts."""
    Expert.objects.bulk_create(
        Expert(user=people[username], employer=employer, employer_identifier=code)
        for username, employer, code in EXPERTS
    )


class Offices:
    """Finds an official of a desk; makes one without a sign-in where the demo needs somebody else."""

    def __init__(self, people: Mapping[str, User]) -> None:
        self._found = {
            (person.role, person.authority.code): person
            for person in people.values()
            if person.authority and not person.username.endswith("-2")
        }

    def of(self, role: str, desk: Authority) -> User:
        """The official of that role at the desk."""
        if (role, desk.code) not in self._found:
            person = User(
                username=f"{role}-{desk.code}".lower(),
                role=role,
                authority=desk,
                last_name="Demo",
                first_name=desk.name_en,
                email=f"{role}-{desk.code}@{DOMAIN}".lower(),
                is_staff=True,
            )
            person.set_unusable_password()
            person.save()
            self._found[role, desk.code] = person
        return self._found[role, desk.code]


@dataclass(frozen=True)
class Shown:
    """A sign-in as ``demo_accounts`` shows it."""

    role: str
    username: str
    password: str
    authority: str | None
    level: str | None
    enterprise: str | None


def shown() -> list[Shown]:
    """The sign-ins that this database holds."""
    people = User.objects.select_related("authority").in_bulk(
        [account.username for account in ACCOUNTS], field_name="username"
    )
    return [_shown(account, people[account.username]) for account in ACCOUNTS if account.username in people]


def _shown(account: Account, person: User) -> Shown:
    membership = person.memberships.current().select_related("enterprise").order_by("pk").first()
    return Shown(
        role=account.role.value,
        username=account.username,
        password=PASSWORD,
        authority=person.authority.code if person.authority else None,
        level=Level(person.authority.level).word if person.authority else None,
        enterprise=membership.enterprise.name_en if membership else None,
    )
