"""Two runs side by side, and findings set aside for a time."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from certification.assessment import guards
from certification.assessment.actions import recheck
from certification.assessment.comparison import compare
from certification.assessment.models import Waiver
from certification.assessment.views import chosen
from certification.models import Application
from certification.verbs import perform
from greenchain.audit.immutable import lifted
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.models import Evidence
from tests.api.caller import Caller
from tests.cast import Cast

DAY = dt.timedelta(days=1)
KEY = "gate.plan_and_targets"


def corrected(cast: Cast) -> Application:
    """A case with two runs: an auditor corrected E1, and a file was found damaged."""
    case = cast.examined()
    Evidence.objects.filter(enterprise=cast.enterprise, kind="organisation_chart").update(condition="damaged")
    data = {"code": "E1", "field": "value", "after": "50", "reasons": "the form says so"}
    perform(case, "correct", by=cast.auditor_3306, data=data)
    return case


def test_what_became_different(cast: Cast):
    old, new = corrected(cast).assessments.order_by("number")
    found = compare(old, new)
    assert [(each.code, each.after.value) for each in found.points] == [("E1", Decimal(50))]
    assert found.points[0].change < 0
    assert found.change == new.low - old.low < 0
    said = {each.key: (each.before.severity, each.after.severity) for each in found.findings}
    assert said == {"evidence.unreadable": ("passed", "blocks"), KEY: ("passed", "asks")}
    assert found.findings[0].key == "evidence.unreadable"  # the gravest first
    assert found.same_findings == new.findings.count() - 2
    assert found.same_points == new.scores.count() - 1
    assert not found.same_inputs


def test_the_same_facts_give_the_same_run(cast: Cast):
    case = cast.examined()
    found = compare(case.assessments.get(), recheck(case, trigger="asked"))
    assert found.same_inputs
    assert not found.findings
    assert not found.points
    assert found.change == 0


def test_a_check_of_one_run_only_is_told(cast: Cast):
    old, new = corrected(cast).assessments.order_by("number")
    with lifted():  # as under a scheme version without that check and that indicator
        old.findings.filter(check_key=KEY).delete()
        old.scores.filter(code="E2").delete()
    found = compare(new, old)
    gone = next(each for each in found.findings if each.key == KEY)
    assert (gone.after, gone.named.check_key) == (None, KEY)
    assert next(each for each in found.points if each.code == "E2").change < 0


def test_the_runs_asked_for(cast: Cast):
    case = corrected(cast)
    third = recheck(case, trigger="asked")
    runs = list(case.assessments.order_by("-number"))
    for earlier, later, pair in (
        (None, None, (2, 3)),
        ("1", None, (1, 3)),
        ("3", "1", (1, 3)),
        (None, "2", (1, 2)),
        ("9", "x", (2, 3)),
        ("2", "2", (2, 2)),
        (None, "1", (1, 1)),
    ):
        found = chosen(runs, earlier, later)
        assert found is not None
        assert (found[0].number, found[1].number) == pair
    assert chosen([third], None, None) is None


def test_the_page_tells_it_to_both_sides(cast: Cast, client: Client):
    once = cast.examined(cast.draft(cast.another_site()))
    case = corrected(cast)
    client.force_login(cast.owner)
    page = client.get(reverse("application-runs", args=[case.pk])).content.decode()
    assert "Document" in page
    assert "damaged" in page
    assert "E1" in page
    assert "corrected in examination" in page
    assert "have run once" in client.get(reverse("application-runs", args=[once.pk])).content.decode()
    address = reverse("application-runs", args=[case.pk])
    assert address in client.get(reverse("application", args=[case.pk])).content.decode()
    client.force_login(cast.auditor_3306)
    assert client.get(address).status_code == 200
    fold = client.get(reverse("admin:certification_application_change", args=[case.pk]))
    assert address in fold.content.decode()


def test_the_api_names_the_rule_of_a_check_in_three_languages(cast: Cast):
    run = cast.examined().assessments.get()
    told = Caller.of(cast.owner).get(f"assessments/{run.pk}")
    clauses = {row["check"]: row["clause"] for row in told.body["findings"]}
    assert clauses["evidence.unreadable"] == {}
    assert clauses["gate.plan_and_targets"] == {
        "en": "GB/T 36132-2025, basic requirements, row 2",
        "zh-hans": "GB/T 36132-2025 基本要求 第2行",
        "id": "GB/T 36132-2025, persyaratan dasar, baris 2",
    }


def test_the_api_tells_the_changes(cast: Cast):
    old, new = corrected(cast).assessments.order_by("number")
    told = Caller.of(cast.owner).get(f"assessments/{new.pk}/changes")
    assert [row["code"] for row in told.body["points"]] == ["E1"]
    assert {row["check"] for row in told.body["findings"]} == {"evidence.unreadable", KEY}
    owner = Caller.of(cast.owner)
    assert owner.get(f"assessments/{new.pk}/changes?since=1").body["old"]["id"] == old.pk
    for wrong in (f"{old.pk}/changes", f"{new.pk}/changes?since=2", f"{new.pk}/changes?since=x"):
        assert owner.get(f"assessments/{wrong}").status == 404


# ── waivers ───────────────────────────────────────────────────────────────────────────────────────────────


def waived(cast: Cast) -> Application:
    """A blocking finding is set aside for two days."""
    case = cast.draft()
    case.citations.filter(requirement=KEY).delete()
    with pytest.MonkeyPatch.context() as patch:  # it would not be let in as it is
        patch.setattr("certification.application.guards.missing_parts", lambda _case: [])
        cast.examined(case)
    assert [finding.check_key for finding in guards.blocking(case)] == [KEY]
    perform(
        case,
        "waive",
        by=cast.approver_3306_b,
        data={
            "check_key": KEY,
            "requested_by": cast.auditor_3306.pk,
            "reasons": "The plan is being printed.",
            "until_on": today() + 2 * DAY,
        },
    )
    return case


def test_a_waiver_holds_until_its_last_day_and_then_the_finding_blocks_again(cast: Cast):
    case = waived(cast)
    assert guards.blocking(case) == []
    for days, over in ((2, False), (3, True)):
        with time_machine.travel(dt.datetime.now(tz=dt.UTC) + days * DAY, tick=False):
            assert [each.check_key for each in guards.blocking(case)] == ([KEY] if over else [])
            assert Waiver.objects.get().is_over is over


def test_a_waiver_that_ends_before_the_decision_blocks_the_grant_until_it_is_given_anew(cast: Cast):
    case = cast.endorsed_up(waived(cast))
    perform(case, "select", by=cast.approver_3306, data={})
    last = Waiver.objects.get().until_on
    with time_machine.travel(dt.datetime.now(tz=dt.UTC) + 3 * DAY, tick=False):
        offer = next(each for each in case.offers(cast.approver_3306) if each.verb == "grant")
        assert (offer.allowed, offer.code) == (False, "nothing_blocking")
        with pytest.raises(Refused) as refusal:
            perform(case, "grant", by=cast.approver_3306, data={})
        assert refusal.value.code == "nothing_blocking"
        assert date_format(last) in str(refusal.value)
        assert "waived anew" in str(refusal.value)
        case.refresh_from_db()
        assert case.status == "decision"
        anew = {
            "check_key": KEY,
            "requested_by": cast.auditor_3306.pk,
            "reasons": "The plan is bound.",
            "until_on": today() + 9 * DAY,
        }
        with pytest.raises(NotYours):  # who selected took part
            perform(case, "waive", by=cast.approver_3306, data=anew)
        perform(case, "waive", by=cast.approver_3306_b, data=anew)  # who waived before may waive again
        title = perform(case, "grant", by=cast.approver_3306, data={}).designation
    assert title.status == "current"


@pytest.mark.parametrize("public", ["told", "not told"])
def test_waivers_are_told_in_public_where_the_scheme_says_so(cast: Cast, client: Client, public: str):
    case = waived(cast)
    procedure = case.scheme_version.definition.procedure
    assert procedure.public_waivers
    object.__setattr__(procedure, "public_waivers", public == "told")
    try:
        cast.endorsed_up(case)
        perform(case, "select", by=cast.approver_3306, data={})
        title = perform(case, "grant", by=cast.approver_3306, data={}).designation
    finally:
        object.__setattr__(procedure, "public_waivers", True)
    page = client.get(f"/register/{title.number}/").content.decode()
    section = page.partition("Findings set aside")[2]
    assert bool(section) is (public == "told")
    assert ("The plan is being printed." in page) is (public == "told")
    if section:
        assert "Shaoxing" in section[:900]


def test_the_api_cites_what_fits(cast: Cast):
    draft = cast.draft()
    owner, address = Caller.of(cast.owner), f"applications/{draft.pk}/citations/fitting"
    assert owner.post(address).body["code"] == "already_done"
    draft.citations.filter(requirement__in=["E1", KEY]).delete()
    told = owner.post(address)
    assert told.status == 201
    assert {"E1", KEY} <= {row["requirement"] for row in told.body}
