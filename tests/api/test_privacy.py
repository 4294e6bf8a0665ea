"""The same address tells each reader what they may know, and no more."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile

from certification.evaluation.actions import declare
from certification.models import Objection
from certification.notice.actions import contest
from certification.verbs import perform
from greenchain.clock import today
from suppliers.supply.actions import declare as link
from tests.api.caller import Caller
from tests.cast import Cast
from tests.factories_suppliers import EvidenceFactory

pytestmark = pytest.mark.django_db

INTERNAL = {"endorsements", "seats", "panel", "evaluations", "waivers", "stale", "blocking"}


@pytest.fixture
def panel(cast: Cast):
    """A case before the panel, with two experts and a corrected value."""
    case = cast.examined(cast.draft(round_=cast.round("panel", panel=True)))
    auditor = cast.auditor_3306
    sent = {"code": "R1", "field": "judgement", "before": "", "after": "full", "reasons": "seen on site"}
    perform(case, "correct", by=auditor, data=sent)
    cast.endorsed_up(case)
    for name in ("expert_a", "expert_b"):
        perform(case, "assign", by=auditor, data={"user": cast.people[name].pk})
    return case


def test_a_link_is_declared_by_identifiers(cast: Cast):
    other = cast.stranger.memberships.get().enterprise
    sent = {"buyer": cast.enterprise.identifier, "supplier": f"uscc:{other.identifier}", "kind": "supplies"}
    answer = Caller.of(cast.owner).post("supply-links/", sent)
    assert (answer.status, answer.body["supplier"]["id"]) == (201, other.pk)
    assert Caller.of(cast.owner).post("supply-links/", {**sent, "supplier": "lei:X"}).status == 400


def test_spend_and_share_are_the_declaring_partys_and_the_officials(cast: Cast):
    supplier = cast.stranger.memberships.get().enterprise
    row = link(cast.enterprise, supplier, by=cast.owner, spend="120.5", share="0.25")
    seen = {}
    for name in ("owner", "viewer", "stranger", "reviewer_3306", "auditor_33", "auditor_44", "administrator"):
        answer = Caller.of(cast.people[name]).get(f"supply-links/{row.pk}/")
        seen[name] = (answer.body["spend"], answer.body["share"]) if answer.status == 200 else answer.status
    full, none = ("120.5000", "0.250000"), (None, None)
    assert seen == {
        "owner": full, "viewer": full, "stranger": none, "reviewer_3306": full, "auditor_33": full,
        "auditor_44": 404, "administrator": 404,
    }  # fmt: skip
    assert Caller.of(cast.stranger).post(f"supply-links/{row.pk}/confirm/").body["confirmed_at"]
    assert Caller.of(cast.owner).post(f"supply-links/{row.pk}/confirm/").status == 403
    assert (
        Caller.of(cast.stranger)
        .post(f"supply-links/{row.pk}/dispute/", {"reasons": "no"})
        .body["disputed_at"]
    )
    assert Caller.of(cast.owner).post(f"supply-links/{row.pk}/end/").body["until_on"] == str(today())


def test_applicants_do_not_read_opinions_seats_and_names(cast: Cast, panel):
    mine = Caller.of(cast.owner).get(f"applications/{panel.pk}/").body
    assert not INTERNAL & mine.keys()
    assert mine["corrections"][0]["reasons"] == "seen on site"
    assert "by" not in mine["corrections"][0]
    staff = Caller.of(cast.auditor_3306).get(f"applications/{panel.pk}/").body
    assert staff.keys() >= INTERNAL
    assert staff["endorsements"][0]["opinion"] == "in order"
    assert staff["corrections"][0]["by"] == "auditor_3306"
    assert {seat["user"] for seat in staff["seats"]} == {"expert_a", "expert_b"}


def test_the_record_tells_applicants_what_when_and_why(cast: Cast):
    case = cast.examined()
    sent = {"codes": ["clarify"], "note": "page 3?", "due_on": today() + dt.timedelta(days=9)}
    perform(case, "send_back", by=cast.auditor_3306, data=sent)
    address = f"applications/{case.pk}/history"
    mine, staff = (Caller.of(each).get(address).body for each in (cast.owner, cast.auditor_3306))
    assert [row["verb"] for row in mine] == [row["verb"] for row in staff]
    last = mine[-1]
    assert (last["verb"], last["before"], last["after"], last["name"]) == (
        "send_back",
        "examination",
        "returned",
        "",
    )
    assert (last["role"], last["authority"]) == ("auditor", "3306")
    assert (last["data"]["note"], last["data"]["codes"]) == ("page 3?", ["clarify"])
    assert staff[-1]["name"] == "auditor_3306"
    perform(case, "submit", by=cast.owner, data={"commitment": True, "signed_by": "Wang"})
    assert Caller.of(cast.owner).get(address).body[-1]["name"] == "owner"


def test_the_opinion_of_an_endorsement_stays_inside(cast: Cast, panel):
    rows = Caller.of(cast.owner).get(f"applications/{panel.pk}/history").body
    said = next(row["data"] for row in rows if row["verb"] == "endorse")
    assert "opinion" not in said
    assert "score" not in said
    assert next(row["data"] for row in rows if row["verb"] == "assign") == {}


def test_experts_read_the_frozen_dossier_and_nothing_of_what_others_found(cast: Cast, panel):
    expert = Caller.of(cast.expert_a)
    told = expert.get(f"applications/{panel.pk}/").body
    assert told["dossier"]["content"]["number"] == panel.number
    assert not {"score", "corrections", "decisions", *INTERNAL} & told.keys()
    assert {move["verb"] for move in told["moves"]} == {"score", "decline"}
    assert expert.get("applications/").body["results"][0]["score"] is None
    assert expert.get("assessments/").body["results"] == []
    assert expert.get(f"applications/{panel.pk}/history").code == "blind"
    assert expert.get(f"assessments/{panel.assessments.first().pk}/").status == 404
    assert Caller.of(cast.expert_c).get(f"applications/{panel.pk}/").status == 404
    scored = expert.post(
        f"applications/{panel.pk}/score",
        {"points": "81.5", "reasons": "sound", "declared": "No ties to the applicant."},
    )
    assert (scored.status, scored.body["status"]) == (200, "panel"), scored.body
    other = Caller.of(cast.expert_b).get(f"applications/{panel.pk}/").body
    assert "81.5" not in str(other)


def test_the_files_of_a_case_are_read_by_those_who_work_on_it(cast: Cast, panel):
    cited = panel.citations.order_by("pk").first().evidence
    cited.file.save("paper", ContentFile(b"%PDF-1.7 cited"))
    other = EvidenceFactory.create(enterprise=cast.enterprise)
    expert = Caller.of(cast.expert_a)
    assert expert.get(f"applications/{panel.pk}/evidence/{cited.pk}").body == b"%PDF-1.7 cited"
    assert expert.get(f"applications/{panel.pk}/evidence/{other.pk}").status == 404
    assert expert.get(f"evidence/{cited.pk}/").status == 404
    assert Caller.of(cast.auditor_CN).get(f"applications/{panel.pk}/evidence/{cited.pk}").status == 200
    assert Caller.of(cast.stranger).get(f"applications/{panel.pk}/evidence/{cited.pk}").status == 404
    assert (
        Caller.of(cast.owner)
        .get(f"evidence/{cited.pk}/file")
        .headers["Content-Disposition"]
        .startswith("attachment")
    )


def test_an_evaluator_works_by_api(cast: Cast):
    case = cast.examined(cast.draft(round_=cast.round("third", evaluation="required")))
    owner, evaluator = Caller.of(cast.owner), Caller.of(cast.evaluator)
    assert evaluator.get(f"applications/{case.pk}/").status == 404
    answer = owner.post(f"applications/{case.pk}/assign", {"user": cast.evaluator.pk, "part": "whatever"})
    assert answer.status == 200, answer.body
    told = evaluator.get(f"applications/{case.pk}/").body
    assert (told["status"], told["dossier"]["number"]) == ("evaluation", 1)
    declare(case.seats.get(), by=cast.evaluator, declared="No ties.")
    points = {
        item.code: {"points": str(item.weight), "reason": "seen"}
        for item in cast.version.definition.indicators
    }
    report = {"technical_reviewer": "Staff 0", "signatory": "Staff 1", "conclusion": "good"}
    for odd in (
        {**points, "ZZ": {"points": "abc", "reason": "x"}},
        {**points, "E1": {"points": "²", "reason": "x"}},
        {},
    ):
        answer = evaluator.post(f"applications/{case.pk}/evaluate", {**report, "points": odd})
        assert answer.status in {400, 409}, answer.body
    done = evaluator.post(f"applications/{case.pk}/evaluate", {**report, "points": points})
    assert (done.status, done.body["status"]) == (200, "examination"), done.body
    assert evaluator.get(f"applications/{case.pk}/").status == 404
    staff = Caller.of(cast.auditor_3306).get(f"applications/{case.pk}/").body
    assert staff["evaluations"][0]["body"] == "Test body"


def test_anybody_identified_objects_and_only_officials_read_who(cast: Cast):
    case = cast.selected(cast.draft(round_=cast.round("notice", notice_days=10)))
    sent = {"application": case.pk, "name": "Zhao", "contact": "z@example.org", "statement": "smoke at night"}
    made = Caller().post("objections/", sent)
    assert made.status == 201, made.body
    assert set(made.body) == {"number", "application", "at", "confirmed"}
    assert not made.body["confirmed"]
    assert Caller().post("objections/", {**sent, "name": " "}).status == 400
    assert list(Caller().post("objections/", {**sent, "contact": "0575-1"}).body["errors"]) == ["contact"]
    assert Caller().get("objections/").status == 401
    assert Caller.of(cast.approver_3306).get("objections/").body["results"] == []
    contest(Objection.objects.get())
    assert Caller.of(cast.owner).get("objections/").body["results"] == []
    assert Caller.of(cast.auditor_44).get("objections/").body["results"] == []
    desk = Caller.of(cast.approver_3306).get("objections/", open=True, application=case.pk).body["results"]
    assert {row["contact"] for row in desk} == {"z@example.org"}
    assert Caller.of(cast.owner).get(f"applications/{case.pk}/history").body[-1]["data"] == {}
    mine = Caller.of(cast.stranger)
    assert mine.post("objections/", sent).status == 201
    assert len(mine.get("objections/").body["results"]) == 1
    draft = cast.draft(cast.another_site())
    assert list(Caller().post("objections/", {**sent, "application": draft.pk}).body["errors"]) == [
        "application"
    ]
    answers = [Caller().post("objections/", sent).status for _time in range(25)]
    assert answers[-1] == 429


def test_a_buyer_marks_its_own_alerts(full: Cast):
    buyer = full.enterprise.supplier_links.none()
    assert not buyer
    reviewer = Caller.of(full.reviewer_3306)
    alert = reviewer.get("alerts/").body["results"][0]
    assert alert["cause"] in {"issue", "suspend"}
    assert reviewer.post(f"alerts/{alert['id']}/seen/").status == 403
    assert Caller.of(full.stranger).post(f"alerts/{alert['id']}/seen/").status == 404
