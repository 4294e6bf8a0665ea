"""A whole case by API alone: municipal, then provincial, then national; the checks are the worker's own."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from certification.tasks import check
from tests.api.caller import Caller
from tests.cast import FORM, YEAR, Cast
from tests.factories_suppliers import UserFactory
from tests.good_figures import ROWS, VALUES
from tests.papers import pdf
from tests.uscc import uscc

pytestmark = pytest.mark.django_db

DESKS = {"municipal": ["3306"], "provincial": ["3306", "33"], "national": ["3306", "33", "CN"]}


def _token(username, password):
    answer = Caller().post("token", {"username": username, "password": password})
    assert answer.status == 200, answer.body
    return Caller(answer.body["token"])


def _walk(cast, owner, site, level):
    """One application from draft to title; answers the title's number."""
    call = cast.round("national" if level == "national" else "quick")
    made = owner.post("applications/", {"round": call.code, "level": level, "site": site})
    assert made.status == 201, made.body
    case = f"applications/{made.body['id']}"
    assert made.body["status"] == "draft"
    assert {part["part"] for part in made.body["missing"]} <= {"form", "evidence", "figures"}
    filled = owner.patch(f"{case}/", {"form": FORM})
    assert filled.status == 200, filled.body
    assert filled.body["missing"] == []
    assert next(move for move in filled.body["moves"] if move["verb"] == "submit")["allowed"]
    sent = owner.post(f"{case}/submit", {"commitment": True, "signed_by": "Wang Wei"})
    assert (sent.status, sent.body["status"]) == (200, "submitted"), sent.body
    check(made.body["id"])
    assert owner.get(f"{case}/").body["status"] == "examination"
    endorsed = sent
    for code in DESKS[level]:
        auditor = Caller.of(cast.people[f"auditor_{code}"])
        endorsed = auditor.post(f"{case}/endorse", {"opinion": "in order"})
        assert endorsed.status == 200, endorsed.body
    assert endorsed.body["status"] == "selection"
    approver = Caller.of(cast.people[f"approver_{DESKS[level][-1]}"])
    assert approver.post(f"{case}/select/", {}).body["status"] == "decision"
    granted = approver.post(f"{case}/grant", {"reasons": "meets the standard"})
    assert (granted.status, granted.body["status"]) == (200, "granted"), granted.body
    return granted.body["designation"]


def test_a_site_goes_to_municipal_provincial_and_national_by_api_alone(cast: Cast):
    owner = Caller.of(cast.owner)
    for level in DESKS:
        number = _walk(cast, owner, cast.site.pk, level)
        title = Caller().get(f"designations/{number}/").body
        assert (title["level"], title["status"], title["in_force"]) == (level, "current", True)
        assert title["subject"]["id"] == cast.site.pk
    assert len(Caller().get("designations/", site=cast.site.pk, in_force=True).body["results"]) == 3


def test_from_sign_in_over_claim_site_figures_and_evidence_to_a_title(cast: Cast):
    cast.round()
    person = UserFactory.create(username="fresh")
    person.set_password("correct horse battery")
    person.save()
    owner = _token("fresh", "correct horse battery")

    claim = owner.post(
        "enterprises/",
        {
            "identifier": uscc(77_001),
            "name": "绍兴新染有限公司",
            "region": "330602",
            "industry": "1752",
            "licence": SimpleUploadedFile("licence.pdf", pdf("licence"), "application/pdf"),
        },
    )
    assert claim.status == 201, claim.body
    auditor = Caller.of(cast.auditor_3306)
    assert auditor.post(f"claims/{claim.body['id']}/confirm/").body["status"] == "confirmed"
    enterprise = owner.get("enterprises/").body["results"][0]["id"]

    site = owner.post(
        "sites/",
        {
            "enterprise": enterprise,
            "name": "一号厂",
            "region": "330602",
            "address": "染厂路1号",
            "industry": "1752",
        },
    )
    assert site.status == 201, site.body
    figures = owner.post(
        "site-years/", {"site": site.body["id"], "year": YEAR, "values": VALUES, "rows": ROWS}
    )
    assert figures.status == 201, figures.body

    draft = owner.post(
        "applications/", {"round": "quick", "level": "municipal", "site": site.body["id"]}
    ).body
    wanted = owner.get(f"schemes/{draft['scheme']}/versions/{draft['scheme_version']}/").body
    kinds = {item["key"]: item["evidence"][0] for item in wanted["gates"] if item["evidence"]}
    for requirement, kind in kinds.items():
        paper = SimpleUploadedFile(f"{kind}.pdf", pdf(kind), "application/pdf")
        sent = {
            "enterprise": enterprise,
            "kind": kind,
            "title": kind,
            "file": paper,
            "expires_on": f"{YEAR + 3}-12-31",
        }
        sent |= {"period_from": f"{YEAR}-01-01", "period_to": f"{YEAR}-12-31"}
        proof = owner.post("evidence/", sent)
        assert proof.status in {200, 201}, proof.body
        cited = owner.post(
            f"applications/{draft['id']}/citations/",
            {"requirement": requirement, "evidence": proof.body["id"]},
        )
        assert cited.status == 201, cited.body
    assert {row["requirement"] for row in owner.get(f"applications/{draft['id']}/citations/").body} == set(
        kinds
    )
    owner.patch(f"applications/{draft['id']}/", {"form": FORM})
    sent = owner.post(f"applications/{draft['id']}/submit", {"commitment": True, "signed_by": "Li"})
    assert sent.status == 200, sent.body
    check(draft["id"])
    runs = owner.get("assessments/", application=draft["id"]).body["results"]
    told = owner.get(f"assessments/{runs[0]['id']}/").body
    assert {"en", "zh-hans", "id"} <= set(told["findings"][0]["reason"])
    assert told["scores"][0]["trace"] is not None
