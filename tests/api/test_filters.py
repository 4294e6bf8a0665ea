"""Lists can be searched, filtered and paged."""

import pytest

from tests.api.caller import ROOT, Caller
from tests.cast import YEAR, Cast
from tests.factories_suppliers import SiteFactory

pytestmark = pytest.mark.django_db


def _names(answer, key="name"):
    assert answer.status == 200, answer.body
    return {row[key] for row in answer.body["results"]}


def test_places_nest_by_code(cast: Cast):
    SiteFactory.create(enterprise=cast.enterprise, region_id="330203", name="宁波厂", industry_id="1752")
    nation = Caller.of(cast.reviewer_CN)
    for region, found in (("330000", 2), ("330200", 1), ("330203", 1), ("330600", 1), ("440000", 0)):
        rows = nation.get("sites/", region=region, enterprise=cast.enterprise.pk).body["results"]
        assert len(rows) == found, region
    assert _names(nation.get("sites/", industry="1752")) == {"宁波厂"}
    assert len(nation.get("sites/", industry="175").body["results"]) == 2
    assert _names(nation.get("sites/", search="宁波")) == {"宁波厂"}
    assert _names(Caller().get("regions/", parent="330000"), "code") == {"330200", "330600"}
    assert _names(Caller().get("authorities/", level="provincial"), "code") == {"33", "44", "3302"}
    assert _names(Caller().get("industries/", kind="class"), "code") == {"1751", "1752"}


def test_cases_by_status_level_place_and_desk(cast: Cast):
    cast.granted()
    case = cast.examined(cast.draft(cast.another_site()))
    cast.draft(cast.another_site())
    owner, desk = Caller.of(cast.owner), Caller.of(cast.auditor_3306)
    assert _names(owner.get("applications/", status="draft"), "status") == {"draft"}
    query = f"{ROOT}applications/?status=draft&status=granted"
    both = owner.client.get(query, headers={"Authorization": f"Bearer {owner.key}"}).json()
    assert {row["status"] for row in both["results"]} == {"draft", "granted"}
    assert len(desk.get("applications/").body["results"]) == 2
    assert _names(desk.get("applications/", mine=True), "id") == {case.pk}
    assert _names(desk.get("applications/", number=case.number), "number") == {case.number}
    row = desk.get("applications/", desk="3306", level="municipal", region="330600", mine=True).body[
        "results"
    ][0]
    assert row["score"]["low"] is not None
    assert (row["level"], row["scheme"], row["subject"]["kind"]) == ("municipal", "green_factory", "site")
    assert owner.get("applications/", mine=True).body["results"] == []


def test_the_register_by_holder_and_day(cast: Cast):
    title = cast.granted()
    public = Caller()
    for query in (
        {"scheme": "green_factory", "level": "municipal", "status": "current"},
        {"enterprise": cast.enterprise.pk, "in_force": True},
        {"region": "330000", "list_year": title.list_year, "authority": "3306"},
        {"search": title.number, "announced_after": title.announced_on},
        {"site": cast.site.pk, "basis": "self"},
    ):
        assert _names(public.get("designations/", **query), "number") == {title.number}, query
    nothing: tuple[dict[str, object], ...]
    nothing = ({"in_force": False}, {"level": "national"}, {"announced_before": title.announced_on})
    for other in nothing:
        assert public.get("designations/", **other).body["results"] == [], other


def test_pages_follow_one_another(cast: Cast):
    for _number in range(4):
        cast.another_site()
    owner = Caller.of(cast.owner)
    seen, page, address = [], {}, f"{ROOT}sites/?page_size=2"
    while address:
        page = owner.client.get(address, headers={"Authorization": f"Bearer {owner.key}"}).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 5
    assert page["previous"]


def test_evidence_rounds_notices_and_runs(cast: Cast):
    owner = Caller.of(cast.owner)
    assert _names(owner.get("evidence/", kind="ghg_report"), "kind") == {"ghg_report"}
    assert owner.get("evidence/", current=False).body["results"] == []
    cast.round("notice", notice_days=5)
    case = cast.selected(cast.draft(round_=cast.rounds["notice"]))
    assert _names(Caller().get("rounds/", open=True, scheme="green_factory", year=YEAR), "code") == {"notice"}
    assert Caller().get("rounds/", open=False).body["results"] == []
    notice = Caller().get("notices/", running=True, level="municipal", round="notice").body["results"][0]
    assert notice["applications"][0]["number"] == case.number
    assert Caller().get(f"notices/{notice['number']}/").body["is_running"] is True
    assert Caller().get("rounds/notice/").body == Caller().get(f"rounds/{cast.rounds['notice'].pk}/").body
    assert len(owner.get("assessments/", application=case.pk).body["results"]) == 1
