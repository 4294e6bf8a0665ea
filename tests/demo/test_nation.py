"""The demo nation, made once for all of this: it shows everything, it holds, and it goes again."""

import io
import json
import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import TestCase, override_settings

from certification.application.actions import start
from certification.application.models import Application
from certification.application.readiness import missing_parts
from certification.assessment.actions import check
from certification.demo.marker import holds_demo, is_empty
from certification.demo.people import PASSWORD
from certification.demo.reset import wipe
from certification.models import (
    Alert,
    Appeal,
    AuditFinding,
    Benchmark,
    Delivery,
    Designation,
    Objection,
    Programme,
    PublicNotice,
    Round,
    Scheme,
    SupplierAudit,
    SupplierGrade,
    Watch,
)
from certification.progress.shares import nation, shares
from certification.sourcing.figures import figures_of
from certification.sourcing.push import push_list
from certification.verbs import perform
from certification.workflow import MOVES, Status
from greenchain.accounts.models import User
from greenchain.audit.models import AuditEntry
from greenchain.audit.proof import breaks
from greenchain.clock import now, today
from suppliers.enterprise.identifiers import fault
from suppliers.evidence.paper import examine
from suppliers.models import (
    Access,
    Authority,
    Claim,
    Consent,
    Enterprise,
    EnterpriseChange,
    Evidence,
    Level,
    Region,
    RegionYear,
    Site,
    SupplyLink,
)
from suppliers.response import board

QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
OFFICES = {Level.MUNICIPAL: "shaoxing", Level.PROVINCIAL: "zhejiang", Level.NATIONAL: "nation"}


def manage(*command: str) -> str:
    """Run a command and give what it says."""
    out = io.StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


class TestDemo(TestCase):
    """One demo nation; what a test changes is undone after it."""

    vault: ClassVar[str]

    @classmethod
    def setUpClass(cls) -> None:
        cls.vault = tempfile.mkdtemp()
        cls.enterClassContext(override_settings(MEDIA_ROOT=cls.vault, PASSWORD_HASHERS=[QUICK]))
        super().setUpClass()

    @classmethod
    def tearDownClass(cls) -> None:
        super().tearDownClass()
        shutil.rmtree(cls.vault)

    @classmethod
    def setUpTestData(cls) -> None:
        manage("load_reference")
        assert is_empty()
        assert not holds_demo()
        assert "Demo nation:" in manage("demo")

    def setUp(self) -> None:
        self.enterContext(override_settings(MEDIA_ROOT=self.vault))

    def test_every_status_of_both_kinds_is_there(self) -> None:
        applications = set(Application.objects.values_list("status", flat=True))
        titles = set(Designation.objects.values_list("status", flat=True))

        reachable = {kind: _statuses(kind) for kind in "AD"}
        assert reachable["A"] <= applications
        assert reachable["D"] <= titles

    def test_every_level_decides_something_and_several_cases_wait_at_each(self) -> None:
        for code in ("3306", "33", "CN"):
            queue = Application.objects.filter(desk__code=code)
            assert queue.filter(status=Status.EXAMINATION).count() >= 2, code
            assert queue.filter(status__in=[Status.SELECTION, Status.NOTICE, Status.DECISION]).count() >= 2, (
                code
            )
        assert Application.objects.filter(desk__code="330603", status=Status.EXAMINATION).exists()

    def test_nothing_is_overdue_that_the_clock_would_take_away_but_one_case(self) -> None:
        late = Application.objects.filter(due_on__lt=today(), desk__parent__isnull=False)
        watched = [Status.EXAMINATION, Status.EVALUATION, Status.RETURNED, Status.PANEL, Status.DECISION]

        assert late.filter(status__in=watched).count() == 1

    def test_notices_run_and_ran_with_objections_and_appeals(self) -> None:
        running = PublicNotice.objects.filter(starts_on__lte=today(), ends_on__gte=today())
        assert running.count() >= 2
        assert PublicNotice.objects.filter(ends_on__lt=today()).exists()
        assert {row.outcome for row in Objection.objects.all()} == {"", "dismissed", "upheld"}
        assert {row.outcome for row in Appeal.objects.all()} == {"", "confirmed", "overturned"}

    def test_every_province_has_output_titles_and_a_plausible_share(self) -> None:
        provinces = Region.objects.filter(kind="province", desk__isnull=False)
        found = {row.region: row for row in shares(today().year, digits=2)}
        assert set(found) == set(provinces.values_list("pk", flat=True))
        assert len(found) == 31
        for row in found.values():
            assert row.titled >= 1, row.region
            assert row.any is not None, row.region
            assert 0 < row.any < 60, row.region
        assert all(
            row.any is not None and row.any < 80 for row in shares(today().year, digits=4, within="33")
        )

    def test_the_share_rises_from_year_to_year_and_by_level(self) -> None:
        line = [nation(year) for year in range(today().year - 3, today().year + 1)]

        for share in line:
            assert share.national is not None
            assert share.provincial is not None
            assert share.any is not None
            assert 0 < share.national < share.provincial < share.any < 40
        assert line[0].any < line[1].any < line[2].any < line[3].any  # type: ignore[operator]

    def test_regional_figures_say_that_they_are_demo_estimates(self) -> None:
        assert set(RegionYear.objects.values_list("estimated", flat=True)) == {True}
        assert all(
            source.startswith("Demo estimate")
            for source in RegionYear.objects.values_list("source", flat=True)
        )
        assert set(Benchmark.objects.values_list("demo", "source")) == {(True, "demo figure")}

    def test_no_name_could_be_a_real_companys(self) -> None:
        for enterprise in Enterprise.objects.all():
            assert "演示" in enterprise.name
            assert " Demo " in enterprise.name_en
            assert fault("uscc", enterprise.identifier) is None
            assert enterprise.identifier[8:11] == "DEM"

    def test_the_record_holds(self) -> None:
        assert list(breaks()) == []
        assert not AuditEntry.objects.filter(at__gt=now()).exists()

    def test_the_papers_are_sound_files(self) -> None:
        for kind in Evidence.objects.values_list("kind", flat=True).distinct():
            proof = Evidence.objects.filter(kind=kind).first()
            assert proof is not None
            with proof.file.open("rb") as file:
                paper = examine(file)
            assert (paper.sha256, paper.size, paper.media_type) == (
                proof.sha256,
                proof.size,
                proof.media_type,
            )

    def test_mails_were_written_and_none_left_the_machine(self) -> None:
        assert Delivery.objects.exists()
        assert not Delivery.objects.filter(sent_at__isnull=True).exists()
        assert mail.outbox == []

    def test_the_core_enterprise_has_thirty_suppliers_and_was_told_of_changes(self) -> None:
        core = Enterprise.objects.get(memberships__user__username="owner-core")
        direct = SupplyLink.objects.suppliers_of(core)
        assert direct.count() == 30
        total = sum((link.share or Decimal(0) for link in direct), Decimal(0))
        assert Decimal("0.85") < total <= 1
        held = Designation.objects.filter(site__enterprise__in=direct.values("supplier"))
        assert {Status.CURRENT, Status.SUSPENDED, Status.REVOKED} <= set(
            held.values_list("status", flat=True)
        )
        assert direct.filter(supplier__sites__designations__isnull=True).exists()
        assert {"suspend", "revoke", "reinstate"} <= set(core.alerts.values_list("cause", flat=True))
        assert Alert.objects.filter(
            buyer=core, cause="suspend", supplier__in=direct.values("supplier")
        ).exists()

    def test_the_core_enterprise_hears_of_tiers_beyond_the_first(self) -> None:
        core = Enterprise.objects.get(memberships__user__username="owner-core")
        assert core.alerts.filter(tier__gt=1, exposure__gt=0).exists()
        assert Watch.objects.filter(buyer=core, user__username="owner-core").count() == 3

    def test_suppliers_were_asked_and_share(self) -> None:
        core = Enterprise.objects.get(memberships__user__username="owner-core")
        stages = {stage.value for stage, _count in board.counts(board.rows_of(core))}
        assert {"shared", "answered", "joined", "invited", "declined", "not_yet"} <= stages
        assert Access.objects.filter(buyer=core).exists()
        assert Consent.objects.naming([core.pk]).count() > 10

    def test_the_core_enterprise_manages_its_suppliers(self) -> None:
        row = Programme.objects.get()
        found = figures_of(row.buyer, today().year - 1)
        assert found.complete
        assert 0 < found.count("suppliers_audited") < found.count("suppliers_high_medium")
        assert {audit.state for audit in SupplierAudit.objects.all()} == {"done", "planned"}
        assert {one.state for one in AuditFinding.objects.all()} >= {"closed", "answered"}
        assert SupplierGrade.objects.current().exclude(chosen="").count() == 1
        assert len(push_list(row.buyer).rows) >= 5

    def test_a_newcomers_claim_waits_for_its_desk(self) -> None:
        assert [claim.desk.code for claim in Claim.objects.pending()] == ["3306"]

    def test_a_new_name_waits_for_its_desk_with_its_proof(self) -> None:
        change = EnterpriseChange.objects.waiting().get()
        assert (change.desk.code, change.kind, change.proof.kind) == ("3306", "rename", "business_licence")
        assert change.enterprise.name == change.before != change.name

    def test_rounds_are_open_running_over_and_ahead(self) -> None:
        year = today().year
        quick = Round.objects.get(code=f"gf-{year}-provincial-quick")
        assert (quick.notice_days, quick.panel, quick.evaluation, quick.quota) == (0, False, "none", {})
        assert quick.is_open()
        assert Round.objects.get(code=f"gf-{year}-national-quick").is_open()
        assert Round.objects.filter(notice_days=15).exclude(quota={}).exists()
        assert Round.objects.filter(evaluation="required", panel=True).exists()
        assert Round.objects.filter(closes_on__lt=today()).exists()
        assert Round.objects.filter(opens_on__gt=today()).exists()
        assert set(Round.objects.open_on().values_list("year", flat=True)) == {year - 1}

    def test_every_scheme_has_a_case_that_was_walked_to_its_title(self) -> None:
        schemes = {
            scheme.key: scheme.subject for scheme in Scheme.objects.exclude(key="standar_industri_hijau")
        }
        granted = Application.objects.filter(status=Status.GRANTED).select_related("scheme_version__scheme")
        assert {case.scheme_version.scheme.key: case.subject_key for case in granted} == schemes
        assert len(schemes) == 7
        assert granted.filter(scheme_version__version="GB/T 36132-2018").exists()
        for case in granted.exclude(scheme_version__scheme__key="green_factory"):
            run = case.assessments.order_by("-number")[0]
            assert run.low == run.high >= case.scheme_version.definition.pass_score_at(case.level)
            assert Designation.objects.get(decision__application=case).subject == case.subject
        assert Round.objects.filter(scheme_version__scheme__subject="park").count() == 2

    def test_the_owners_sites_are_ready_for_all_three_levels(self) -> None:
        people = User.objects.in_bulk(field_name="username")
        owner = people["owner"]
        sites = list(Site.objects.filter(enterprise__memberships__user=owner).order_by("pk"))
        assert len(sites) == 2
        before = nation(today().year).any
        for level, desks in (
            (1, ("shaoxing",)),
            (2, ("shaoxing", "zhejiang")),
            (3, ("shaoxing", "zhejiang", "nation")),
        ):
            case = _draft(sites[0], level, owner)
            assert missing_parts(case) == []
            perform(case, "submit", by=owner, data={"commitment": True, "signed_by": "Ma Chao"})
            check(case)
            for desk in desks:
                perform(case, "endorse", by=people[f"auditor-{desk}"], data={"opinion": "in order"})
            perform(case, "select", by=people[f"approver-{desks[-1]}"], data={})
            perform(case, "grant", by=people[f"approver-{desks[-1]}"], data={})
            case.refresh_from_db()
            assert case.status == Status.GRANTED
        after = nation(today().year).any
        assert before is not None
        assert after is not None
        assert after > before
        assert missing_parts(_draft(sites[1], 1, owner)) == []

    def test_the_sign_ins_serve_every_role_and_level(self) -> None:
        told = json.loads(manage("demo_accounts", "--json"))

        assert {each["role"] for each in told} == {
            "enterprise",
            "evaluator",
            "auditor",
            "expert",
            "approver",
            "reviewer",
            "administrator",
        }
        for level in ("municipal", "provincial", "national"):
            at = [each for each in told if each["level"] == level]
            assert any(each["role"] == "auditor" for each in at)
            assert sum(each["role"] == "approver" for each in at) >= 2
        assert any(each["role"] == "auditor" and each["level"] == "county" for each in told)
        assert sum(each["role"] == "expert" for each in told) == 5
        assert len({each["enterprise"] for each in told if each["role"] == "enterprise"}) >= 3
        for each in told:
            assert set(each) == {"role", "username", "password", "authority", "level", "enterprise"}
            assert len(each["password"]) >= 10
        assert all(User.objects.get(username=each["username"]).check_password(PASSWORD) for each in told[:2])
        staff = {"auditor", "approver", "reviewer", "administrator"}
        assert all(
            User.objects.get(username=each["username"]).is_staff == (each["role"] in staff) for each in told
        )

    def test_the_sign_ins_stand_on_one_line_of_authorities(self) -> None:
        owner = Enterprise.objects.get(memberships__user__username="owner")
        route = [desk.code for desk in owner.desk.route(Level.NATIONAL)]

        assert route == ["3306", "33", "CN"]
        for level, place in OFFICES.items():
            assert User.objects.get(username=f"auditor-{place}").authority.level == level

    def test_the_table_for_people_says_the_password_once(self) -> None:
        shown = manage("demo_accounts")

        assert shown.count(PASSWORD) == 1
        assert "auditor-shaoxing" in shown
        assert "Shaoxing (municipal)" in shown

    def test_a_second_run_changes_nothing(self) -> None:
        before = AuditEntry.objects.count()

        assert "there already" in manage("demo")
        assert "there already" in manage("demo", "--if-empty")

        assert AuditEntry.objects.count() == before

    def test_wiping_leaves_only_reference_data(self) -> None:
        copy = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, copy)
        shutil.copytree(self.vault, copy, dirs_exist_ok=True)
        User.objects.create_user("somebody", password=PASSWORD)
        files = list(Evidence.objects.values_list("file", flat=True))

        with override_settings(MEDIA_ROOT=copy), self.captureOnCommitCallbacks(execute=True):
            wipe()
            assert default_storage.exists(files[0])

        assert is_empty()
        assert not holds_demo()
        assert not any(Path(copy, name).exists() for name in files)
        assert not Authority.objects.filter(kind="county").exists()
        assert Region.objects.get(pk="330603").desk.code == "3306"
        assert Scheme.objects.exists()


def _statuses(kind: str) -> set[str]:
    """What the table of moves knows of this kind."""
    rows = [move for move in MOVES if move.case == kind]
    named = {status for move in rows for status in move.source} | {move.to for move in rows}
    return named & set(Status.values)


def _draft(site: Site, level: int, owner: Any) -> Application:
    call = "national" if level == Level.NATIONAL else "provincial"
    round_ = Round.objects.get(code=f"gf-{today().year}-{call}-quick")
    return start(round_, level=level, subject=site, by=owner)


@pytest.mark.django_db
def test_the_demo_goes_only_where_nothing_else_is() -> None:
    with pytest.raises(CommandError, match="Run load_reference first"):
        manage("demo", "--reset")
    with pytest.raises(CommandError, match="no demo sign-ins"):
        manage("demo_accounts")
    with pytest.raises(CommandError, match="Run load_reference first"):
        manage("demo")
    User.objects.create_user("somebody", password=PASSWORD)
    with pytest.raises(CommandError, match="does not hold the demo"):
        manage("demo", "--reset")
    with pytest.raises(CommandError, match="holds other data"):
        manage("demo")
    assert "holds other data" in manage("demo", "--if-empty")
    assert User.objects.get().username == "somebody"
