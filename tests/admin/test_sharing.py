"""The desk's queue: cases handed to a colleague or shared out evenly, and views kept under a name."""

import threading

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from certification.models import Application, Seat
from certification.queue.actions import drop_view, hand_to, save_view, share_out
from certification.queue.loads import load_of
from certification.queue.models import SavedView
from greenchain.audit.trail import history, record
from greenchain.refusals import NotYours, Refused
from suppliers.models import Membership
from tests.admin.conftest import text_of
from tests.admin.test_batches import post
from tests.admin.test_queue import numbers
from tests.api.caller import Caller

QUEUE = "/admin/certification/application/"


def cases_of(cast, count):
    return [cast.examined(cast.draft(cast.another_site())) for _number in range(count)]


def holder(case):
    (seat,) = case.seats.current().filter(part="auditor")
    return seat.user


def test_cases_are_handed_to_a_colleague_who_alone_has_them(cast):
    cases = cases_of(cast, 2)
    hand_to(cases[:1], by=cast.auditor_3306, user=cast.auditor_3306)
    assert hand_to(cases, by=cast.auditor_3306, user=cast.auditor_3306_b) == cases
    assert {holder(case) for case in cases} == {cast.auditor_3306_b}
    assert Seat.objects.get(application=cases[0], user=cast.auditor_3306).ended == "handed over"
    (entry,) = history(cases[1]).filter(verb="assign")
    assert (entry.actor, entry.data["user"]) == (cast.auditor_3306, cast.auditor_3306_b.pk)
    assert hand_to(cases, by=cast.auditor_3306, user=cast.auditor_3306_b) == []


def test_sharing_out_evens_the_open_load(cast):
    cases = cases_of(cast, 6)
    hand_to(cases[:2], by=cast.auditor_3306, user=cast.auditor_3306)
    assert share_out(cases, by=cast.auditor_3306_b) == cases[2:]
    assert list(load_of(cast.auditor_3306).values()) == [3, 3]
    assert all(history(case).filter(verb="assign").count() == 1 for case in cases)
    with pytest.raises(Refused) as again:
        share_out(cases, by=cast.auditor_3306)
    assert again.value.code == "already_done"


def test_who_took_part_or_is_tied_gets_none(cast):
    case, other = cases_of(cast, 2)
    Membership.objects.create(user=cast.auditor_3306_b, enterprise=cast.enterprise, role="viewer")
    share_out([case], by=cast.auditor_3306)
    assert holder(case) == cast.auditor_3306
    Membership.objects.create(user=cast.auditor_3306, enterprise=cast.enterprise, role="viewer")
    with pytest.raises(Refused) as nobody:
        share_out([other], by=cast.auditor_3306)
    assert nobody.value.code == "nobody_left"
    assert not other.seats.exists()


def test_who_evaluated_a_case_does_not_examine_it(cast):
    case = cast.examined()
    record("evaluate", case, by=cast.auditor_3306)  # an evaluator then, an official now
    with pytest.raises(Refused) as apart:
        hand_to([case], by=cast.auditor_3306, user=cast.auditor_3306)
    assert apart.value.code == "apart_from"
    assert not case.seats.exists()
    assert share_out([case], by=cast.auditor_3306) == [case]
    assert holder(case) == cast.auditor_3306_b


@pytest.mark.parametrize("name", ["approver_3306", "reviewer_3306", "auditor_44", "owner", "administrator"])
def test_only_auditors_of_the_desk_hand_out_its_cases(cast, name):
    cases = cases_of(cast, 1)
    for act in (lambda by: hand_to(cases, by=by, user=cast.auditor_3306), lambda by: share_out(cases, by=by)):
        with pytest.raises((NotYours, Refused)):
            act(cast.people[name])
    assert not Seat.objects.exists()


def test_a_case_that_is_past_examination_stops_the_batch(cast):
    cases = cases_of(cast, 2)
    cast.endorsed_up(cases[1])
    with pytest.raises(Refused) as late:
        hand_to(cases, by=cast.auditor_3306, user=cast.auditor_3306_b)
    assert late.value.code == "wrong_status"
    assert not Seat.objects.exists()
    assert share_out(cases, by=cast.auditor_3306) == cases[:1]


def test_a_colleague_of_another_desk_is_refused(cast):
    with pytest.raises(Refused, match="must serve this desk"):
        hand_to(cases_of(cast, 1), by=cast.auditor_3306, user=cast.auditor_44)


def test_batches_in_the_admin_and_the_filter_by_who_has_it(cast, auditor):
    cases = cases_of(cast, 3)
    page = post(auditor, "hand_batch", cases[:1], index="0")
    assert "auditor_3306_b (has 0)" in text_of(page)
    answer = post(auditor, "hand_batch", cases[:1], confirmed="1", user=cast.auditor_3306_b.pk)
    assert "Hand over: 1 case." in text_of(answer)
    wrong = post(auditor, "hand_batch", cases[:1], confirmed="1", user=cast.auditor_44.pk)
    assert "Select a valid choice" in text_of(wrong)
    page = text_of(post(auditor, "share_batch", cases, index="0"))
    assert "auditor_3306_b: 1 case now" in page
    assert "stays with auditor_3306_b" in page
    assert numbers(auditor.get(QUEUE + "?who=nobody")) == [case.number for case in cases[1:]]
    assert "Share out: 2 cases." in text_of(post(auditor, "share_batch", cases, confirmed="1"))
    assert numbers(auditor.get(f"{QUEUE}?who={cast.auditor_3306_b.pk}")) == [cases[0].number]
    assert len(numbers(auditor.get(QUEUE + "?who=me"))) == 2
    assert len(numbers(auditor.get(QUEUE + "?who=x"))) == 3
    assert "auditor_3306_b" in text_of(auditor.get(QUEUE))


def test_the_api_assigns_several_cases(cast):
    cases = cases_of(cast, 2)
    ids = [case.pk for case in cases]
    mine = Caller.of(cast.auditor_3306)
    assert Caller.of(cast.auditor_44).post("applications/assign", {"ids": ids}).status == 404
    assert Caller.of(cast.approver_3306).post("applications/assign", {"ids": ids}).status == 403
    assert mine.post("applications/assign", {"ids": ids, "user": "auditor_44"}).code == "user"
    assert mine.post("applications/assign", {"ids": ids[:1], "user": "auditor_3306_b"}).status == 200
    assert mine.post("applications/assign", {"ids": ids}).status == 200
    assert [holder(case) for case in cases] == [cast.auditor_3306_b, cast.auditor_3306]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_share_out_at_once_do_not_give_a_case_twice(cast):
    cases = cases_of(cast, 4)
    people = (cast.auditor_3306, cast.auditor_3306_b)

    def work(by):
        try:
            share_out([Application.objects.get(pk=case.pk) for case in cases], by=by)
        except Refused:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(by,)) for by in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [history(case).filter(verb="assign").count() for case in cases] == [1] * 4


def test_a_view_is_kept_shown_first_and_removed(cast, auditor):
    late, other = cases_of(cast, 2)
    cast.endorsed_up(other)
    given = {"name": "All open", "query": "where=territory&status=selection&page=4", "is_default": "on"}
    assert auditor.post(QUEUE + "views/", given).status_code == 302
    view = SavedView.objects.get()
    assert (view.user, view.query) == (cast.auditor_3306, {"where": "territory", "status": "selection"})
    (entry,) = history(view)
    assert (entry.verb, entry.actor) == ("save_view", cast.auditor_3306)
    page = auditor.get(QUEUE, follow=True)
    assert page.redirect_chain == [(f"{QUEUE}?where=territory&status=selection", 302)]
    assert numbers(page) == [other.number]
    assert 'aria-current="page">All open' in text_of(page)
    assert numbers(auditor.get(QUEUE + "?where=mine")) == [late.number]
    assert auditor.post(f"{QUEUE}views/{view.pk}/drop/").status_code == 302
    assert auditor.get(QUEUE).status_code == 200


def test_of_several_views_the_last_one_said_is_first_and_a_name_stands_once(cast):
    me = cast.reviewer_33
    save_view(by=me, name="A", query={"due": "overdue"}, is_default=True)
    save_view(by=me, name="B", query={"due": "week"}, is_default=True)
    save_view(by=me, name="B", query={"due": "none"}, is_default=True)
    assert list(SavedView.objects.order_by("name").values_list("name", "is_default")) == [
        ("A", False),
        ("B", True),
    ]


def test_views_are_ones_own(cast, auditor, approver):
    view = save_view(by=cast.auditor_3306, name="Mine", query={"where": "all"})
    assert approver.post(f"{QUEUE}views/{view.pk}/drop/").status_code == 404
    assert "Mine</a>" not in text_of(approver.get(QUEUE))
    with pytest.raises(NotYours):
        drop_view(view, by=cast.approver_3306)
    with pytest.raises(NotYours):
        save_view(by=cast.owner, name="x", query={})
    assert auditor.get(QUEUE + "views/").status_code == 405
    assert "Give the view a name." in text_of(
        auditor.post(QUEUE + "views/", {"name": " ", "query": ""}, follow=True)
    )


@pytest.mark.parametrize("name", ["share_batch", "hand_batch"])
def test_the_page_of_a_batch_costs_the_same_for_many_cases(cast, browse, name):
    cases, browser = cases_of(cast, 5), browse(cast.auditor_3306)

    def cost(chosen):
        with CaptureQueriesContext(connection) as queries:
            page = post(browser, name, chosen)
        assert page.status_code == 200
        return len(queries)

    cost(cases)
    assert cost(cases) == cost(cases[:1])
