import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification.admin import batch
from certification.assessment.actions import recheck
from certification.assessment.guards import latest_run
from certification.models import Application, Endorsement
from certification.workflow import Status
from greenchain.audit.trail import chain_of, history
from greenchain.clock import today
from suppliers.record.actions import enter
from tests.admin.conftest import text_of
from tests.desks.test_scale import like

QUEUE = "/admin/certification/application/"
FEW, MANY = 4, 40


def post(browser, action, cases, **inputs):
    keys = [case.pk for case in cases]
    return browser.post(QUEUE, {"action": action, "_selected_action": keys, **inputs}, follow=True)


def whys(page, cases):
    """What the page says keeps each case; empty where nothing does."""
    rows = {row.case.pk: row.why for group in page.context["groups"] for row in group.rows}
    return [rows[case.pk] for case in cases]


def again(row, **other):
    """The row once more, with other values."""
    made = type(row).objects.get(pk=row.pk)
    made.pk, made._state.adding = None, True
    for name, value in other.items():
        setattr(made, name, value)
    made.save()
    return made


def statuses(cases):
    return [Application.objects.get(pk=case.pk).status for case in cases]


@pytest.fixture
def two(cast):
    return [cast.examined(), cast.examined(cast.draft(cast.another_site()))]


def test_a_shared_opinion_endorses_them_all(cast, auditor, two):  # noqa: ARG001 - the cast is there
    page = post(auditor, "endorse_batch", two, index="0")
    assert "Shared opinion" in text_of(page)
    assert statuses(two) == [Status.EXAMINATION] * 2
    answer = post(auditor, "endorse_batch", two, confirmed="1", opinion="all in order")
    assert "Endorse: 2 cases." in text_of(answer)
    assert statuses(two) == [Status.SELECTION] * 2
    assert {row.opinion for row in Endorsement.objects.all()} == {"all in order"}


def test_a_case_that_moved_on_meanwhile_stops_the_batch(cast, auditor, two):
    cast.endorsed_up(two[1])
    answer = post(auditor, "endorse_batch", two, confirmed="1", opinion="x")
    assert "Some of the chosen cases have moved on meanwhile." in text_of(answer)
    assert statuses(two) == [Status.EXAMINATION, Status.SELECTION]


def test_more_than_a_person_can_read_is_not_taken(cast, auditor, two, monkeypatch):  # noqa: ARG001 - as above
    monkeypatch.setattr(batch, "MOST", 1)
    assert "At most 1 cases in one go." in text_of(post(auditor, "endorse_batch", two, index="0"))


def test_a_refusal_names_what_keeps_it_and_changes_nothing(cast, auditor, two):
    fact = {"kind": "dishonest_debtor", "title": "Listed", "source": "list", "happened_on": today()}
    enter(cast.enterprise, site=two[1].site, by=cast.auditor_3306, match="possible", **fact)
    refused = post(auditor, "endorse_batch", two, confirmed="1", opinion="kept")
    assert refused.status_code == 409
    assert "Nothing was done." in text_of(refused)
    assert "kept" in text_of(refused)
    assert [why[:17] for why in whys(refused, two)] == ["", "Something changed"]
    assert statuses(two) == [Status.EXAMINATION] * 2
    assert not Endorsement.objects.exists()


def test_the_page_says_what_blocks_and_leaves_to_the_act_whether_the_checks_are_fresh(cast, auditor, two):
    fact = {"kind": "dishonest_debtor", "title": "Listed", "source": "list", "happened_on": today()}
    enter(cast.enterprise, site=two[1].site, by=cast.auditor_3306, match="possible", **fact)
    assert post(auditor, "endorse_batch", two, index="0").context["ready"]
    recheck(two[1], trigger="stale")
    page = post(auditor, "endorse_batch", two, index="0")
    assert [why[:8] for why in whys(page, two)] == ["", "Findings"]
    assert not page.context["ready"]


def test_the_page_costs_as_much_for_forty_cases_as_for_four(cast, auditor):
    case = cast.examined()
    run, entries = latest_run(case), list(history(case))
    findings = list(run.findings.all())
    cases = [case, *like(case, 0, MANY)]
    for row in cases[1:]:
        mine = again(run, application=row)
        for finding in findings:
            again(finding, assessment=mine)
        for entry in entries:
            again(entry, chain=chain_of(row))

    def cost(chosen):
        with CaptureQueriesContext(connection) as queries:
            page = post(auditor, "endorse_batch", chosen, index="0")
        assert page.context["ready"]
        return len(queries)

    cost(cases[:FEW])  # the first page of a process reads what stays
    assert cost(cases) == cost(cases[:FEW]) <= 20


def test_the_opinion_is_wanted(cast, auditor, two):  # noqa: ARG001 - the cast is there
    assert "This field is required." in text_of(
        post(auditor, "endorse_batch", two, confirmed="1", opinion="")
    )
    assert statuses(two) == [Status.EXAMINATION] * 2


@pytest.fixture
def selectable(cast):
    cast.round("few", quota={"1": 1})
    return [
        cast.endorsed_up(cast.examined(cast.draft(cast.another_site(), round_=cast.rounds["few"])))
        for _number in range(2)
    ]


def test_the_proposed_list_is_ranked_with_ties_and_quota(cast, approver, selectable):
    page = post(approver, "select_batch", selectable[:1], index="0")
    (group,) = page.context["groups"]
    assert [(row.rank, row.tied, row.chosen) for row in group.rows] == [(1, True, True), (1, True, False)]
    assert (group.quota, group.left, group.too_many, group.jumps) == (1, 1, False, False)
    silent = post(approver, "select_batch", selectable[:1], confirmed="1")
    assert "decides among equals: give your reasons" in text_of(silent)
    answer = post(approver, "select_batch", selectable[:1], confirmed="1", reasons="the first of its kind")
    assert "Select: 1 case." in text_of(answer)
    assert statuses(selectable) == [Status.DECISION, Status.SELECTION]
    assert history(selectable[0]).last().verb == "select"
    assert history(selectable[0]).last().actor == cast.approver_3306


def test_more_than_the_quota_is_refused_as_a_whole(cast, approver, selectable):  # noqa: ARG001 - as above
    page = post(approver, "select_batch", selectable, index="0")
    assert page.context["groups"][0].too_many
    refused = post(approver, "select_batch", selectable, confirmed="1", reasons="both")
    assert "The quota of 1 is used up." in text_of(refused)
    assert statuses(selectable) == [Status.SELECTION] * 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_case_to_select_opens_where_nothing_holds_a_transaction(cast, approver, selectable):  # noqa: ARG001
    assert approver.get(f"{QUEUE}{selectable[0].pk}/change/").status_code == 200
    assert post(approver, "select_batch", selectable[:1], index="0").status_code == 200


def test_decisions_are_released_in_one_go(cast, approver):
    cases = [cast.selected(), cast.selected(cast.draft(cast.another_site()))]
    answer = post(approver, "grant_batch", cases, confirmed="1", reasons="")
    assert "Grant: 2 cases." in text_of(answer)
    assert statuses(cases) == [Status.GRANTED] * 2


def test_actions_are_offered_by_role(cast, auditor, approver, two):  # noqa: ARG001 - as above
    mine = text_of(auditor.get(QUEUE + "?where=all"))
    theirs = text_of(approver.get(QUEUE + "?where=all"))
    assert 'value="endorse_batch"' in mine
    assert 'value="grant_batch"' not in mine
    assert 'value="select_batch"' in theirs
    assert 'value="delete_selected"' not in mine + theirs
    post(approver, "endorse_batch", two, confirmed="1", opinion="x")
    assert statuses(two) == [Status.EXAMINATION] * 2
