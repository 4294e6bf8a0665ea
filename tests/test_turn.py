"""Whose turn it is: the desk's clock stands still while the case is returned, and what is late goes up."""

import datetime as dt

from certification.application.turn import turn_of
from certification.assessment.actions import check
from certification.models import Application
from certification.notice.models import PublicNotice
from certification.scheme.terms import Term
from certification.tasks import clock
from certification.verbs import perform
from certification.workflow import Status
from greenchain.audit.trail import history
from greenchain.clock import today, working_days_after
from tests.api.caller import Caller

ANSWER = {"commitment": "on", "signed_by": "Wang"}


def send_back(cast, case):
    due = working_days_after(today(), 8)
    perform(
        case, "send_back", by=cast.auditor_3306, data={"codes": ["clarify"], "note": "Which?", "due_on": due}
    )
    return due


def test_the_clock_stands_still_while_the_case_is_returned_and_goes_on_with_what_was_left(cast):
    case = cast.examined(cast.draft(round_=cast.round("slow", desk_days=9)))
    Application.objects.filter(pk=case.pk).update(due_on=working_days_after(today(), 4))
    case.refresh_from_db()
    due = send_back(cast, case)
    turn = turn_of(case)
    assert (turn.holder, turn.until, turn.kept) == ("applicant", due, Term(4, "working"))
    perform(case, "submit", by=cast.owner, data=ANSWER)
    check(case, worker="test")
    turn = turn_of(case)
    assert (turn.holder, turn.until, turn.kept) == ("desk", working_days_after(today(), 4), None)
    assert case.kept_days is None


def test_a_desk_that_was_late_when_it_sent_the_case_back_has_its_last_day(cast):
    case = cast.examined()
    Application.objects.filter(pk=case.pk).update(due_on=today() - dt.timedelta(days=9))
    case.refresh_from_db()
    send_back(cast, case)
    perform(case, "submit", by=cast.owner, data=ANSWER)
    check(case, worker="test")
    assert case.due_on == today()


def test_an_overdue_case_goes_to_the_next_desk_and_everybody_reads_so(cast, client):
    case = cast.examined(cast.draft(round_=cast.round("own", desk_terms={"2": 3})))
    Application.objects.filter(pk=case.pk).update(due_on=today() - dt.timedelta(days=1))
    clock()
    clock()
    case.refresh_from_db()
    assert (case.desk.code, case.due_on) == ("33", working_days_after(today(), 3))
    assert history(case).filter(verb="escalate").count() == 1
    late = turn_of(case).late
    assert late is not None
    assert late.code == "3306"
    words = f"{late.name} did not act in time"
    client.force_login(cast.owner)
    assert words in client.get(f"/applications/{case.pk}/").content.decode()
    client.force_login(cast.auditor_33)
    assert words in client.get(f"/admin/certification/application/{case.pk}/change/").content.decode()
    assert "not in time" in client.get(f"/admin/certification/application/{case.pk}/change/").content.decode()
    queue = client.get("/admin/certification/application/").content.decode()
    assert f"escalated from {late.name}" in queue
    told = Caller.of(cast.auditor_33).get(f"applications/{case.pk}/").body["clock"]
    assert (told["holder"], told["escalated_from"]) == ("desk", "3306")
    cast.endorsed_up(case)
    assert turn_of(case).late is None


def test_days_of_the_desk_and_of_the_notice_are_counted_as_the_round_says(cast):
    call = cast.round(
        "counted",
        desk_days=7,
        desk_counting="calendar",
        notice_days=15,
        notice_terms={"1": {"days": 5, "counting": "working"}},
    )
    case = cast.examined(cast.draft(round_=call))
    assert case.due_on == today() + dt.timedelta(days=7)
    cast.endorsed_up(case)
    perform(case, "select", by=cast.approver_3306, data={})
    notice = PublicNotice.objects.get()
    assert case.status == Status.NOTICE
    assert notice.ends_on == working_days_after(today(), 5)
    assert call.notice_term(2).end(today()) == today() + dt.timedelta(days=15)
    assert turn_of(case).until == notice.ends_on


def test_a_level_may_go_without_a_notice(cast):
    call = cast.round("short", notice_days=5, notice_terms={"1": {"days": 0, "counting": "working"}})
    case = cast.selected(cast.draft(round_=call))
    assert (case.status, case.due_on) == (Status.DECISION, working_days_after(today(), call.desk_days))


def test_a_day_in_a_year_without_a_calendar_is_said_to_be_provisional(cast, client):
    case = cast.examined()
    Application.objects.filter(pk=case.pk).update(due_on=dt.date(2999, 3, 1))
    case.refresh_from_db()
    turn = turn_of(case)
    assert turn.provisional
    for person, url in (
        (cast.owner, f"/applications/{case.pk}/"),
        (cast.auditor_3306, f"/admin/certification/application/{case.pk}/change/"),
    ):
        client.force_login(person)
        page = client.get(url).content.decode()
        assert f"The public holidays of {turn.provisional} are not known yet" in page


def test_nobody_has_a_case_that_is_over(cast):
    case = cast.draft()
    perform(case, "withdraw", by=cast.owner, data={})
    assert turn_of(case).holder == "nobody"
