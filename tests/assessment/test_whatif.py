"""What if: the score and the way on with other figures, wherever it is asked, and nothing of it is kept."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from certification.assessment.whatif import Verdict, what_if
from certification.models import Application
from certification.verbs import perform
from greenchain.audit.models import AuditEntry
from suppliers.models import Level, SiteYear
from tests.api.caller import Caller
from tests.cast import Cast

HTMX = {"HX-Request": "true"}
WORSE = {"energy_tce": "9000", "co2_t": "9 kt", "water_m3": "400000"}


def browser_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def kept(case: Application) -> tuple[Any, ...]:
    """What must be as it was."""
    fresh = Application.objects.get(pk=case.pk)
    figures = SiteYear.objects.get(site=case.site, year=case.year)
    return AuditEntry.objects.count(), fresh.claims, fresh.status, figures.values, figures.updated_at


def shown(browser: Client, address: str) -> dict[str, Any]:
    """What the page would send without a change."""
    context: Any = browser.get(address).context
    fields = [*context["page"].figures, *context["page"].claims]
    return {field.name: field.value() for field in fields if field.value() not in {None, False, ""}}


def test_the_page_follows_what_is_typed_and_keeps_nothing(cast: Cast) -> None:
    case, browser = cast.draft(), browser_of(cast.viewer)
    address, before = reverse("application-gap", args=[case.pk]), kept(case)
    text = browser.get(address).content.decode()
    assert "The cheapest way" in text
    assert "The confirmed score is there already." in text
    sent = {**shown(browser, address), **WORSE}
    live: Any = browser.post(address, sent, headers=HTMX)
    assert "<!doctype" not in live.content.decode()
    assert 'id="points-E2" class="nowrap" hx-swap-oob="true"' in live.content.decode()
    further = browser.post(f"{address}?further", sent, headers=HTMX)
    assert 'id="ways-E2" hx-swap-oob="true"' in further.content.decode()
    worse: Any = browser.post(address, sent)
    page = worse.context["page"]
    assert page.score.low < page.what.was.low
    assert page.change < 0
    assert 'value="9" ' in worse.content.decode()
    tried: Any = browser.post(address, {**sent, "try": "co2_t=2000"})
    assert tried.context["page"].score.low > page.score.low
    assert browser.post(address, {**sent, "try": "nonsense=1"}).status_code == 200
    faulty = browser.post(address, {"energy_tce": "5 m3"})
    assert "It may be given in" in faulty.content.decode()
    assert kept(case) == before


def test_claims_and_what_does_not_apply_are_tried(cast: Cast) -> None:
    case, browser = cast.draft(), browser_of(cast.owner)
    address = reverse("application-gap", args=[case.pk])
    claimed: Any = browser.post(
        address, {**shown(browser, address), "claim_R1": "none", "claim_R2": "full", "na_C5": "on"}
    )
    score = claimed.context["page"].score
    assert (score.result("R1").awaiting, score.result("R2").awaiting) == (0, 4)
    assert score.result("C5").state == "awaiting"


def test_an_official_starts_from_the_frozen_dossier_and_its_corrections(cast: Cast) -> None:
    case = cast.examined()
    data = {"code": "R1", "field": "judgement", "before": "half", "after": "full", "reasons": "seen"}
    perform(case, "correct", by=cast.auditor_3306, data=data)
    figures = SiteYear.objects.get(site=case.site, year=case.year)
    figures.values = {**figures.values, "energy_tce": "99999"}
    figures.save()
    browser, before = browser_of(cast.auditor_3306), kept(case)
    address = reverse("admin:certification_application_gap", args=[case.pk])
    page: Any = browser.get(address).context["page"]
    assert page.what.after.values["energy_tce"] == "2000"
    assert page.score.result("R1").points == 4
    assert page.figures_url == ""
    assert "hx-swap-oob" in browser.post(address, WORSE, headers=HTMX).content.decode()
    assert kept(case) == before


def test_the_interface_answers_with_score_gap_and_paths(cast: Cast) -> None:
    case, caller = cast.draft(), Caller.of(cast.owner)
    address, before = f"applications/{case.pk}/what-if", kept(case)
    body: dict[str, Any] = {"values": {"co2_t": "9 kt", "floor_area_m2": None, "renewable_tce": 50}}
    told = caller.post(address, {**body, "claims": {"R1": "full"}, "rows": {"functions": []}}).body
    assert (told["verdict"], told["pass_score"]) == ("passes", "60")
    assert float(told["score"]["low"]) < float(told["was"]["low"])
    found = {each["code"]: each for each in told["indicators"]}
    lead = {each["input"]["name"]: each["targets"][-1]["enter"] for each in found["E2"]["ways"]}
    assert (found["E2"]["value"], lead["co2_t"]) == ("180", "2500.00")
    assert found["L3"]["missing"] == ["floor_area_m2"]
    assert (found["R1"]["awaiting"], found["R1"]["claims"][1]) == ("4", {"claim": "half", "points": "2.0"})
    assert found["E4"]["trace"]["op"] == "count"
    upward = told["paths"][-1]
    assert (upward["level"], upward["arrives"]) == ("provincial", True)
    assert kept(case) == before
    wrongs: list[dict[str, Any]] = [
        {"values": {"co2_t": "9 m3"}},
        {"rows": {"nothing": []}},
        {"rows": {"functions": [{"function": "x"}]}},
        {"claims": {"Z": "full"}},
    ]
    assert {caller.post(address, wrong).status for wrong in wrongs} == {400}


def test_seats_judge_blind(cast: Cast) -> None:
    case = cast.examined(cast.draft(round_=cast.round("evaluated", evaluation="required")))
    perform(case, "assign", by=cast.auditor_3306, data={"user": cast.evaluator.pk})
    assert Caller.of(cast.evaluator).post(f"applications/{case.pk}/what-if", {}).status == 403


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, Verdict.PASSES),
        (
            {"energy_tce": "9000", "co2_t": "20000", "water_m3": "900000", "gross_output": "20000"},
            Verdict.SHORT,
        ),
        ({"energy_tce": None, "co2_t": None}, Verdict.POSSIBLE),
    ],
)
def test_verdicts(cast: Cast, values: dict[str, Any], said: Verdict) -> None:
    found = what_if(cast.draft(), values=values)
    assert found.verdict is said, (found.score.low, found.score.high)


def test_the_next_level_may_be_another_version(cast: Cast) -> None:
    cast.granted()
    case = cast.draft(level=Level.PROVINCIAL)
    here, above = what_if(case).paths
    assert (here.level, here.version) == (Level.PROVINCIAL, case.scheme_version)
    assert (above.level, above.version) == (Level.NATIONAL, cast.national)
