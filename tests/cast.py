"""The fixed cast: who stands where, and cases walked to a status by the real actions.

Shaoxing (3306) examines, Zhejiang (33) above it, the nation (CN) on top; Guangdong (44) has no business here.
"""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from certification.application import actions as applying
from certification.assessment.actions import check
from certification.models import (
    Application,
    Benchmark,
    Body,
    Designation,
    Expert,
    Objection,
    Round,
    SchemeVersion,
    Staff,
)
from certification.notice.actions import contest, lodge
from certification.verbs import perform
from certification.workflow import Status
from greenchain.accounts.models import Role, User
from greenchain.clock import today
from suppliers.evidence.kinds import KINDS
from suppliers.models import Authority, Enterprise, Evidence, Level, Site
from suppliers.place.reference import registered
from suppliers.reporting.actions import report
from tests.factories_suppliers import (
    EnterpriseFactory,
    EvidenceFactory,
    MembershipFactory,
    SiteFactory,
    UserFactory,
    few_places,
)
from tests.good_figures import ROWS, VALUES
from tests.standing import Kept, standing

YEAR = today().year - 1


@dataclass
class Cast:
    """Everybody, by name; ``site`` is ready to apply."""

    people: dict[str, User]
    enterprise: Enterprise
    site: Site
    version: SchemeVersion
    national: SchemeVersion
    rounds: dict[str, Round] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        people: dict[str, User] = self.__dict__.get("people", {})
        if name in people:
            return people[name]
        raise AttributeError(name)

    def another_site(self, region: str = "330602") -> Site:
        """A further site of the same enterprise, ready to apply."""
        return ready_site(self.enterprise, self.owner, region)

    def round(self, code: str = "quick", **changes: Any) -> Round:
        """A round that is open today; "quick" has no notice, no panel and no evaluation."""
        if code in self.rounds:
            return self.rounds[code]
        settings = {
            "code": code,
            "names": {"en": f"Round {code}"},
            "scheme_version": self.version,
            "authority": Authority.objects.get(code="CN"),
            "year": YEAR,
            "levels": list(self.version.definition.levels),
            "opens_on": today() - dt.timedelta(days=30),
            "closes_on": today() + dt.timedelta(days=60),
            "notice_days": 0,
            "evaluation": "none",
        }
        if code == "national":
            settings |= {"scheme_version": self.national, "levels": [3]}
        self.rounds[code] = Round.objects.create(**{**settings, **changes})
        return self.rounds[code]

    def draft(
        self, site: Site | None = None, *, level: int = Level.MUNICIPAL, round_: Round | None = None
    ) -> Application:
        """A complete draft."""
        application = applying.start(
            round_ or self.round(), level=level, subject=site or self.site, by=self.owner
        )
        return applying.fill_in(application, by=self.owner, form=FORM)

    def submitted(self, application: Application | None = None) -> Application:
        """Submitted, not yet checked."""
        application = application or self.draft()
        applying.submit(application, by=self.owner, commitment=True, signed_by="Wang")
        return application

    def examined(self, application: Application | None = None) -> Application:
        """Checked, and at the first desk (or with the evaluator)."""
        application = self.submitted(application)
        check(application, worker="test")
        return application

    def endorsed_up(self, application: Application) -> Application:
        """Endorsed by every desk: at selection, or with the panel."""
        while application.status == Status.EXAMINATION:
            perform(
                application, "endorse", by=self.at("auditor", application.desk), data={"opinion": "in order"}
            )
        return application

    def selected(self, application: Application | None = None) -> Application:
        """On the proposed list: in notice or at decision."""
        application = self.endorsed_up(self.examined(application))
        perform(application, "select", by=self.at("approver", application.desk), data={})
        return application

    def contested(self, application: Application, **said: Any) -> Objection:
        """Somebody objects and confirms the address; the case is on notice."""
        given = {"name": "Zhou", "contact": "zhou@example.org", "statement": "The river smells."}
        return contest(lodge(application, **{**given, **said}))

    def granted(self, application: Application | None = None) -> Designation:
        """A title in force."""
        application = self.selected(application)
        decision = perform(application, "grant", by=self.at("approver", application.desk), data={})
        title: Designation = decision.designation
        return title

    def at(self, role: str, desk: Authority) -> User:
        """The first official of that role at a desk."""
        return next(
            person for person in self.people.values() if person.role == role and person.authority == desk
        )


FORM = {
    "contact_department": "Energy office",
    "contact_name": "Li Lei",
    "contact_phone": "0575-1234567",
    "contact_email": "energy@example.org",
    "ownership": "private",
    "process_summary": "Dyeing and finishing of cotton.",
    "green_summary": "Heat recovery since 2021.",
}


def ready_site(enterprise: Enterprise, owner: User, region: str = "330602") -> Site:
    """A site with good figures for the reporting year."""
    site = SiteFactory.create(enterprise=enterprise, region_id=region)
    report(site, YEAR, by=owner, values=VALUES, rows=ROWS)
    return site


def people() -> dict[str, User]:
    """One person per part; officials carry their authority's code in the name."""
    made = {
        f"{role}_{desk.code}{suffix}": UserFactory.build(
            username=f"{role}_{desk.code}{suffix}", role=role, authority=desk, is_staff=True
        )
        for role in (Role.AUDITOR, Role.APPROVER, Role.REVIEWER)
        for desk in Authority.objects.filter(code__in=("3306", "33", "CN", "44")).order_by("-code")
        for suffix in ("", "_b")
    }
    for name, role in (
        ("owner", Role.ENTERPRISE),
        ("editor", Role.ENTERPRISE),
        ("viewer", Role.ENTERPRISE),
        ("stranger", Role.ENTERPRISE),
        ("evaluator", Role.EVALUATOR),
        ("expert_a", Role.EXPERT),
        ("expert_b", Role.EXPERT),
        ("expert_c", Role.EXPERT),
        ("administrator", Role.ADMINISTRATOR),
    ):
        made[name] = UserFactory.build(
            username=name, role=role, email=f"{name}@{name}.example", is_staff=role == Role.ADMINISTRATOR
        )
    User.objects.bulk_create(made.values())
    return made


def fill_vault(enterprise: Enterprise, owner: User) -> None:
    """One paper of each kind, fresh where it must be."""
    Evidence.objects.bulk_create(
        EvidenceFactory.build(
            enterprise=enterprise,
            kind=kind.key,
            uploaded_by=owner,
            issued_on=today() if kind.max_age_days else None,
        )
        for kind in KINDS.values()
    )


KEPT: dict[dt.date, Kept] = {}
"""The cast as it was built on a day."""


@pytest.fixture
def cast(db: None) -> Cast:  # noqa: ARG001 - opens the database
    """The cast on a small map, with a site that is ready to apply."""
    return standing(KEPT, today(), build)


def build() -> Cast:
    """Everybody and everything."""
    few_places()
    registered()["schemes"]()
    made = people()
    enterprise = EnterpriseFactory.create(
        contact_email="energy@applicant.example", legal_representative="Wang Wei"
    )
    for name in ("owner", "editor", "viewer"):
        MembershipFactory.create(user=made[name], enterprise=enterprise, role=name)
    MembershipFactory.create(user=made["stranger"], enterprise=EnterpriseFactory.create())
    fill_vault(enterprise, made["owner"])
    version, national = (
        SchemeVersion.objects.get(scheme__key="green_factory", version__endswith=end)
        for end in ("provincial", "national")
    )
    for code, base, lead in (("E1", 60, 40), ("E2", 200, 50), ("R3", 10, 2)):
        Benchmark.objects.bulk_create(
            Benchmark(
                scheme_version=each,
                indicator=code,
                base=Decimal(base),
                lead=Decimal(lead),
                source="test",
                valid_from=dt.date(2025, 1, 1),
            )
            for each in (version, national)
        )
    body = Body.objects.create(
        identifier="T1",
        name="Test body",
        legal_representative="Zhao",
        registered_on=dt.date(2020, 1, 1),
        status=Body.Status.REGISTERED,
    )
    Staff.objects.bulk_create(
        Staff(body=body, name=f"Staff {number}", title="senior" if number < 5 else "intermediate")
        for number in range(10)
    )
    body.members.add(made["evaluator"])
    Expert.objects.bulk_create(
        Expert(user=made[f"expert_{letter}"], employer=f"Institute {letter.upper()}") for letter in "abc"
    )
    return Cast(made, enterprise, ready_site(enterprise, made["owner"]), version, national)
