"""The score by life-cycle stage: of a case, of places and industries, and nothing that shows one factory."""

from collections.abc import Iterator
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certification.assessment.rehearsal import rehearse
from certification.assessment.stages import NAMES, StagePart, by_stage
from certification.designation.actions import suspend
from certification.lifecycle.shares import _base, picture
from certification.models import Scheme
from certification.templatetags.stages import stage_chart
from greenchain.accounts.models import Role
from greenchain.clock import today, years_after
from suppliers.models import Level
from suppliers.reporting.catalogue import STAGES
from tests.api.caller import Caller
from tests.cast import Cast
from tests.factories_suppliers import UserFactory

pytestmark = pytest.mark.django_db
MODEL = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    _base.cache_clear()
    yield
    _base.cache_clear()


def browser(cast: Cast, who: str) -> Client:
    client = Client()
    if who != "-":
        client.force_login(cast.people[who], backend=MODEL)
    return client


def titled(cast: Cast, count: int, region: str = "330602") -> None:
    """So many sites get a title from the desk of their region."""
    for _number in range(count):
        site = cast.another_site(region)
        for role in (Role.AUDITOR, Role.APPROVER):
            name = f"{role}_{site.desk.code}"
            if name not in cast.people:
                cast.people[name] = UserFactory.create(username=name, role=role, authority=site.desk)
        cast.granted(cast.draft(site))


class TestCase:
    def test_a_stored_run_and_a_live_score_are_told_alike(self, cast: Cast) -> None:
        """By hand: P1 of 8 points of design awaits, R1 of 74 of manufacturing, R2 of 8 of circular use."""
        draft = cast.draft()
        definition = draft.scheme_version.definition
        live = by_stage(definition, rehearse(draft).results)
        run = cast.examined(draft).assessments.get()
        stored = by_stage(definition, run.scores.all())
        assert stored == live
        assert [part.key for part in stored] == list(STAGES)
        shares = {part.key: part.share for part in stored}
        assert shares == {
            "design": 50,
            "manufacturing": Decimal(100) * 70 / 74,
            "use": 100,
            "recycling": 100,
            "circular": 50,
        }
        assert sum(part.points for part in stored) == run.points
        assert sum(part.scorable for part in stored) == run.scorable

    def test_a_bonus_and_an_unknown_code_stay_aside(self, cast: Cast) -> None:
        rows = [
            SimpleNamespace(code="E1", state="computed", points=Decimal(5), weight=Decimal(11)),
            SimpleNamespace(code="X9", state="computed", points=Decimal(5), weight=Decimal(5)),
            SimpleNamespace(code="E2", state="no_benchmark", points=Decimal(0), weight=Decimal(11)),
        ]
        found = {part.key: part for part in by_stage(cast.version.definition, rows)}
        assert found["manufacturing"] == StagePart("manufacturing", Decimal(5), Decimal(0), Decimal(11))
        assert found["use"].share is None

    @pytest.mark.parametrize(
        ("who", "status"),
        [
            ("-", 302),
            ("owner", 200),
            ("viewer", 200),
            ("stranger", 404),
            ("auditor_3306", 200),
            ("auditor_CN", 200),
            ("auditor_44", 404),
            ("evaluator", 404),
            ("expert_a", 404),
            ("administrator", 404),
        ],
    )
    def test_who_reads_a_cases_stages(self, cast: Cast, who: str, status: int) -> None:
        case, client = cast.examined(), browser(cast, who)
        address = reverse("application-stages", args=[case.pk])
        answer = client.get(address)
        assert answer.status_code == status
        if status == 200:
            assert all(str(name) in answer.content.decode() for name in NAMES.values())
            lines = client.get(f"{address}?format=csv").getvalue().decode().strip().splitlines()
            assert len(lines) == 1 + len(case.scheme_version.definition.indicators)

    def test_a_draft_is_its_enterprises_alone_and_scored_as_it_stands(self, cast: Cast) -> None:
        address = reverse("application-stages", args=[cast.draft().pk])
        assert "the draft as it stands" in browser(cast, "owner").get(address).content.decode()
        assert browser(cast, "auditor_3306").get(address).status_code == 404

    def test_before_the_checks_there_is_nothing_to_tell(self, cast: Cast) -> None:
        address = reverse("application-stages", args=[cast.submitted().pk])
        assert "Nothing has been scored yet" in browser(cast, "owner").get(address).content.decode()

    def test_the_api_tells_a_run_by_stage(self, cast: Cast) -> None:
        run = cast.examined().assessments.get()
        told = Caller.of(cast.owner).get(f"assessments/{run.pk}/stages").body
        assert [row["stage"] for row in told] == list(STAGES)
        assert told[2] == {"stage": "use", "points": "6.0000", "awaiting": "0", "scorable": "6.0000"}
        assert Caller.of(cast.stranger).get(f"assessments/{run.pk}/stages").status == 404
        assert Caller.of(cast.evaluator).get(f"assessments/{run.pk}/stages").status == 404

    def test_the_case_page_and_the_desk_lead_there(self, cast: Cast) -> None:
        case = cast.examined()
        address = reverse("application-stages", args=[case.pk])
        for who, page in (
            ("owner", reverse("application", args=[case.pk])),
            ("auditor_3306", reverse("admin:certification_application_change", args=[case.pk])),
        ):
            assert address in browser(cast, who).get(page).content.decode()


class TestPlaces:
    def test_an_area_is_told_from_three_titles_on(self, cast: Cast) -> None:
        scheme = Scheme.objects.get(key="green_factory")
        titled(cast, 2)
        two = picture(scheme, "region")
        assert (two.areas, two.hidden, two.whole.is_told) == ((), 1, False)
        assert "Fewer than three titles count here" in browser(cast, "-").get("/stages/").content.decode()
        assert Caller.of(None).get("stages/").body["whole"] is None
        titled(cast, 1)
        three = picture(scheme, "region")
        assert [(area.key, area.titles) for area in three.areas] == [("33", 3)]
        assert three.whole.shares == three.areas[0].shares
        assert three.whole.shares[0] == 50

    def test_what_is_hidden_stands_nowhere(self, cast: Cast) -> None:
        titled(cast, 3)
        titled(cast, 1, "330203")
        page = browser(cast, "-").get("/stages/?region=330000").content.decode()
        assert "Shaoxing" in page
        assert "Ningbo" not in page
        assert "1 more has fewer than three titles" in page
        csv = browser(cast, "-").get("/stages/?region=330000&format=csv").getvalue().decode()
        assert csv.strip().splitlines()[1:] == ["330600,Shaoxing,3,50.0,94.6,100.0,100.0,50.0,False"]
        told = Caller.of(None).get("stages/", region="330000").body
        assert [row["key"] for row in told["results"]] == ["3306"]
        assert told["hidden"] == 1

    def test_a_subject_counts_once_by_its_highest_title_in_force(self, cast: Cast) -> None:
        scheme = Scheme.objects.get(key="green_factory")
        titled(cast, 2)
        site = cast.another_site()
        cast.granted(cast.draft(site))
        higher = cast.granted(cast.draft(site, level=Level.PROVINCIAL))
        assert picture(scheme, "region").whole.titles == 3
        suspend(higher, by=cast.approver_33, reasons="x", until_on=years_after(today(), 1))
        assert picture(scheme, "region").whole.titles == 3, "the lower title still stands"

    def test_by_industry(self, cast: Cast) -> None:
        titled(cast, 3)
        told = Caller.of(None).get("stages/", by="industry").body
        assert [(row["key"], row["titles"]) for row in told["results"]] == [("17", 3)]
        assert told["results"][0]["stages"]["use"] == "100.0"
        page = browser(cast, "-").get("/stages/?by=industry").content.decode()
        assert "Manufacture of textiles" in page

    def test_it_costs_the_same_at_one_row_and_at_three(self, cast: Cast) -> None:
        def costs() -> list[int]:
            return [
                cost(asked) for asked in ("", "?by=industry", "?region=330000", "?region=330000&by=industry")
            ]

        def cost(asked: str) -> int:
            _base.cache_clear()
            with CaptureQueriesContext(connection) as caught:
                assert browser(cast, "-").get(f"/stages/{asked}").status_code == 200
            return len(caught)

        titled(cast, 3)
        one = costs()
        titled(cast, 3, "330203")
        titled(cast, 3, "440103")
        assert costs() == one
        assert max(one) <= 12

    def test_progress_leads_there(self, cast: Cast) -> None:
        assert reverse("stages") in browser(cast, "-").get("/progress/").content.decode()

    @pytest.mark.parametrize("query", [{"by": "colour"}, {"region": "330600"}, {"scheme": "none"}])
    @pytest.mark.usefixtures("cast")
    def test_a_question_that_is_not_understood_is_bad_input(self, query: dict[str, str]) -> None:
        assert Caller.of(None).get("stages/", **query).status == 400


def test_bars_stop_at_the_whole_and_empty_stages_have_none() -> None:
    parts = [StagePart("design", Decimal(4), Decimal(4), Decimal(8)), StagePart("use")]
    goals = [StagePart("design", Decimal(6), Decimal(0), Decimal(8))]
    full, empty = stage_chart(parts, goals, "others")["bars"]
    assert (full.sure, full.span, full.goal_at) == ("50.00%", "50.00%", "75.00%")
    assert (empty.sure, empty.span, empty.goal_at) == ("", "", "")
