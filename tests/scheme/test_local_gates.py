"""What a round asks beside its scheme: set by its authority, seen before the start, in the way of submission."""

import datetime as dt
from typing import Any

import pytest

from certification.application.actions import cite, submit
from certification.application.readiness import missing_in_each, missing_parts
from certification.models import Citation, Round
from certification.scheme.actions import drop_requirement, require
from certification.workflow import Status
from greenchain.audit.trail import history
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Evidence
from tests.admin.conftest import text_of
from tests.api.caller import Caller

NAMES = {"en": "Cleaner-production title", "zh-hans": "清洁生产企业", "id": "Gelar produksi bersih"}
PAPER = {
    "key": "cleaner-production",
    "names": NAMES,
    "proof": "evidence",
    "evidence": ["cleaner_production_title"],
    "source": "Notice 7",
}
KEY = "local.cleaner-production"
FLOOR = {
    "key": "sales",
    "names": {"en": "Sales floor", "zh-hans": "规模", "id": "Batas penjualan"},
    "proof": "figure",
    "metric": "gross_output",
    "minimum": "999999999",
    "source": "Notice 7",
}
HELD = {
    "key": "city",
    "names": {"en": "City title", "zh-hans": "市级", "id": "Gelar kota"},
    "proof": "title",
    "scheme": "green_factory",
    "at_least": 1,
    "source": "Notice 7",
}


@pytest.fixture
def call(cast):
    return cast.round("asking")


def asked(cast, call, *gates):
    for gate in gates:
        require(call, by=cast.administrator, **gate)
    call.refresh_from_db()
    return call


def submitted(cast, case):
    return submit(case, by=cast.owner, commitment=True, signed_by="Wang")


def test_a_paper_that_is_asked_is_cited_from_the_vault_and_must_be_valid_at_submission(cast, call):
    case = cast.draft(round_=asked(cast, call, PAPER))
    cited = Citation.objects.get(application=case, requirement=KEY)
    assert cited.evidence.kind == "cleaner_production_title"
    assert missing_parts(case) == []
    Evidence.objects.filter(pk=cited.evidence_id).update(
        expires_on=today() - dt.timedelta(days=1), issued_on=None
    )
    with pytest.raises(Refused, match="cite valid evidence for “Cleaner-production title”") as refused:
        submitted(cast, case)
    assert refused.value.code == "local_gates"
    assert [(part.part, part.key) for part in missing_parts(case)] == [("local", KEY)]
    assert missing_in_each([case])[case.pk] == missing_parts(case)
    Evidence.objects.filter(pk=cited.evidence_id).update(expires_on=today())
    submitted(cast, case)
    assert KEY in {row["requirement"] for row in case.dossier.content["citations"]}


def test_a_paper_of_another_kind_does_not_do(cast, call):
    case = cast.draft(round_=asked(cast, call, PAPER))
    Citation.objects.filter(application=case, requirement=KEY).delete()
    other = Evidence.objects.filter(enterprise=cast.enterprise, kind="other").get()
    cite(case, by=cast.owner, requirement=KEY, evidence=other)
    with pytest.raises(Refused, match="cite valid evidence"):
        submitted(cast, case)


def test_a_figure_must_reach_the_floor(cast, call):
    case = cast.draft(round_=asked(cast, call, FLOOR))
    with pytest.raises(Refused, match=r"at least 999,999,999 .* reported: "):
        submitted(cast, case)
    cast.site.years.all().delete()
    assert "nothing is reported" in " ".join(part.text["en"] for part in missing_parts(case))
    assert set(missing_parts(case)[-1].text) == {"en", "zh-hans", "id"}


def test_a_title_must_be_in_force(cast, call):
    case = cast.draft(level=2, round_=asked(cast, call, {**HELD, "at_least": 1}))
    assert [part.key for part in missing_parts(case)] == ["local.city"]
    cast.granted(cast.draft(round_=cast.round()))
    assert missing_parts(case) == []


def test_a_round_that_asks_nothing_costs_nothing(cast, django_assert_num_queries):
    case = cast.draft()
    missing_parts(case)
    with django_assert_num_queries(2):
        missing_parts(case)


@pytest.mark.parametrize("name", ["auditor_CN", "approver_33", "owner"])
def test_only_who_keeps_the_round_asks(cast, call, name):
    for act in (require, drop_requirement):
        with pytest.raises(NotYours):
            act(call, by=cast.people[name], **(PAPER if act is require else {"key": KEY}))
    assert not history(call).exists()


def test_what_is_asked_is_recorded_once_and_stays_once_there_are_applications(cast, call):
    asked(cast, call, PAPER)
    for wrong in (PAPER, {**PAPER, "key": "x", "evidence": []}, {**FLOOR, "metric": "nothing"}):
        with pytest.raises(Refused):
            require(call, by=cast.administrator, **dict[str, Any](wrong))
    assert [entry.verb for entry in history(call)] == ["require"]
    cast.draft(round_=call)
    for act, given in ((require, FLOOR), (drop_requirement, {"key": KEY})):
        with pytest.raises(Refused) as refused:
            act(call, by=cast.administrator, **given)
        assert refused.value.code == "round_in_use"


def test_the_administrator_asks_and_drops_in_the_admin_and_everybody_reads_it(cast, call, client):
    url = f"/admin/certification/round/{call.pk}/"
    given = {
        "key": "cleaner-production",
        "name_en": "Cleaner-production title",
        "name_zh": "清洁生产企业",
        "name_id": "Gelar produksi bersih",
        "proof": "evidence",
        "evidence": ["cleaner_production_title"],
        "minimum": "5",
        "source": "Notice 7",
    }
    client.force_login(cast.approver_33)
    assert client.post(url + "require/", given).status_code == 403
    client.force_login(cast.administrator)
    assert client.post(url + "require/", given | {"proof": "title"}).status_code == 409
    assert client.post(url + "require/", given).status_code == 302
    assert "Cleaner-production title (Notice 7)" in text_of(client.get(url + "change/"))
    assert Round.objects.get(pk=call.pk).local_gates[0].get("minimum") is None
    (told,) = Caller.of(None).get("rounds/asking/").body["local_gates"]
    assert (told["key"], told["proof"], told["evidence"]) == (KEY, "evidence", ["cleaner_production_title"])
    assert client.post(url + "drop/", {"key": KEY}).status_code == 302
    assert Round.objects.get(pk=call.pk).local_gates == []


def test_precheck_draft_and_case_file_say_what_is_lacking(cast, call, client):
    asked(cast, call, FLOOR, PAPER)
    client.force_login(cast.owner)
    page = text_of(client.get(f"/applications/new/?subject=site:{cast.site.pk}&call={call.pk}:1"))
    assert "Asked here: Sales floor" in page
    assert "also asked: Sales floor, Cleaner-production title" in page
    assert "Something stands in the way of submitting" in page
    case = cast.draft(round_=call)
    draft = text_of(client.get(f"/applications/{case.pk}/"))
    assert (
        draft.count("this round asks for at least 999,999,999") == 3
    )  # the gate, what is missing, why not yet
    assert "not met" in draft
    assert f"/applications/{case.pk}/cite/{KEY}/" in draft
    assert "Cleaner-production title" in text_of(client.get(f"/applications/{case.pk}/cite/{KEY}/"))
    Round.objects.filter(pk=call.pk).update(local_gates=call.local_gates[1:])
    case.refresh_from_db()
    cast.examined(case)
    Round.objects.filter(pk=call.pk).update(local_gates=call.local_gates)
    client.force_login(cast.auditor_3306)
    file = text_of(client.get(f"/admin/certification/application/{case.pk}/change/"))
    assert "Asked by the round" in file
    assert "this round asks for at least" in file
    assert case.status == Status.EXAMINATION
