"""Two at the same instant, and a worker killed in the middle: on real connections, with a real worker."""

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, connections

from certification.application import actions as applying
from certification.models import (
    Application,
    Assessment,
    Body,
    Decision,
    Designation,
    Engagement,
    PublicNotice,
    Round,
    Seat,
    Staff,
)
from certification.notice.selection import compose
from certification.release.actions import prepare, release, waiting
from certification.tasks import check as check_task
from certification.tasks import release_part
from certification.verbs import perform
from certification.workflow import Status
from greenchain.accounts.models import Role, User
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history
from greenchain.jobs.models import Job
from greenchain.jobs.queue import send
from greenchain.refusals import Refused
from suppliers.models import Level
from tests.cast import Cast
from tests.factories_suppliers import SiteFactory, UserFactory
from tests.workers import StartWorker, a_batch_survives_its_worker, until

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run the calls in threads that start together; what each returned or raised."""
    gate = threading.Barrier(len(calls))
    results: list[Any] = [None] * len(calls)

    def run(place: int, call: Callable[[], Any]) -> None:
        gate.wait()
        try:
            results[place] = call()
        except Refused as no:
            results[place] = no
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_two_approvers_granting_at_once_make_one_title(cast: Cast) -> None:
    case = cast.selected()
    results = at_once(
        *(
            lambda person=person: perform(Application.objects.get(pk=case.pk), "grant", by=person, data={})
            for person in (cast.approver_3306, cast.approver_3306_b)
        )
    )
    assert sorted(type(each).__name__ for each in results) == ["Decision", "Refused"]
    assert Designation.objects.count() == Decision.objects.count() == 1
    assert history(case).filter(verb="grant").count() == 1
    assert list(breaks()) == []


def test_the_last_place_of_a_quota_is_given_once(cast: Cast) -> None:
    call = cast.round("few", quota={str(Level.MUNICIPAL.value): 1}, notice_days=15)
    cases = [
        cast.endorsed_up(cast.examined(cast.draft(site, round_=call)))
        for site in (cast.site, cast.another_site())
    ]
    results = at_once(
        *(
            lambda case=case, person=person: perform(
                Application.objects.get(pk=case.pk), "select", by=person, data={"reasons": "by lot"}
            )
            for case, person in zip(cases, (cast.approver_3306, cast.approver_3306_b), strict=True)
        )
    )
    assert [type(each) for each in results].count(Refused) == 1
    assert Application.objects.filter(status=Status.NOTICE).count() == 1


def _forty_like(cast: Cast, case: Application, **changes: Any) -> list[Application]:
    """Forty cases like this one, each of another site."""
    fields = {each.attname: getattr(case, each.attname) for each in Application._meta.concrete_fields}
    sites = SiteFactory.create_batch(40, enterprise=cast.enterprise)
    return Application.objects.bulk_create(
        Application(**fields | changes | {"id": None, "number": f"N{number}", "site_id": site.pk})
        for number, site in enumerate(sites)
    )


def test_forty_selections_at_once_never_exceed_a_quota_of_ten(cast: Cast) -> None:
    """Two approvers' hands, forty cases, ten places: ten are taken, thirty are told why not, nothing is left over."""
    call = cast.round("ten", quota={str(Level.MUNICIPAL.value): 10}, notice_days=15)
    cases = _forty_like(cast, cast.examined(cast.draft(round_=call)), status=Status.SELECTION)
    people = (cast.approver_3306, cast.approver_3306_b)
    results = at_once(
        *(
            lambda one=one, person=people[number % 2]: perform(
                Application.objects.get(pk=one.pk), "select", by=person, data={"reasons": "by lot"}
            )
            for number, one in enumerate(cases)
        )
    )
    assert [each.code for each in results if isinstance(each, Refused)] == ["within_quota"] * 30
    assert Application.objects.filter(status=Status.NOTICE).count() == 10
    assert sum(history(one).filter(verb="select").count() for one in cases) == 10
    assert list(breaks()) == []


def test_two_lists_composed_at_once_never_exceed_the_quota(cast: Cast) -> None:
    """Two places, two approvers with a list of two each: one list stands whole, the other approver is told."""
    call = cast.round("two", quota={str(Level.MUNICIPAL.value): 2}, notice_days=15)
    cases = _forty_like(cast, cast.examined(cast.draft(round_=call)), status=Status.SELECTION)
    lists = ((cases[:2], cast.approver_3306), (cases[2:4], cast.approver_3306_b))
    results = at_once(
        *(
            lambda few=few, person=person: compose(
                Round.objects.get(pk=call.pk),
                Level.MUNICIPAL,
                by=person,
                chosen=[case.pk for case in few],
                reasons={case.pk: "by lot" for case in few},
            )
            for few, person in lists
        )
    )
    assert [each.code for each in results if isinstance(each, Refused)] == ["within_quota"]
    assert PublicNotice.objects.get().applications.count() == 2
    assert Application.objects.filter(status=Status.NOTICE).count() == 2
    assert list(breaks()) == []


def test_two_workers_on_one_batch_decide_each_case_once(cast: Cast) -> None:
    cases = [cast.selected(cast.draft(cast.another_site())) for _number in range(4)]
    batch = prepare(cases, by=cast.auditor_3306)
    release(batch, by=cast.approver_3306)
    keys = waiting(batch)
    at_once(*(lambda key=key: release_part(key) for key in (*keys, *keys)))
    batch.refresh_from_db()
    assert (batch.state, Job.objects.get(kind="release").read) == ("done", 4)
    assert Decision.objects.count() == Designation.objects.count() == 4
    assert all(history(case).filter(verb="grant").count() == 1 for case in cases)
    assert list(breaks()) == []


def test_forty_assignments_at_once_never_exceed_the_years_cap(cast: Cast) -> None:
    """Two bodies of one legal representative, forty national cases, two desks' hands: fifteen are taken."""
    call = cast.round("evaluated", evaluation="required")
    cases = _forty_like(cast, cast.examined(cast.draft(round_=call)), level=Level.NATIONAL)
    evaluators = [cast.evaluator, _of_a_second_body(cast)]
    results = at_once(
        *(
            lambda one=one, person=evaluators[number % 2]: perform(
                Application.objects.get(pk=one.pk), "assign", by=cast.auditor_3306, data={"user": person.pk}
            )
            for number, one in enumerate(cases)
        )
    )
    codes = [each.code for each in results if isinstance(each, Refused)]
    assert codes == ["within_cap"] * 25
    assert Engagement.objects.count() == Seat.objects.filter(part="evaluator").count() == 15
    assert list(breaks()) == []


def test_two_desks_hands_at_once_seat_one_evaluator(cast: Cast) -> None:
    case = cast.examined(cast.draft(round_=cast.round("evaluated", evaluation="required")))
    pairs = ((cast.auditor_3306, cast.evaluator), (cast.auditor_3306_b, _of_a_second_body(cast)))
    results = at_once(
        *(
            lambda by=by, person=person: perform(
                Application.objects.get(pk=case.pk), "assign", by=by, data={"user": person.pk}
            )
            for by, person in pairs
        )
    )
    assert [each.code for each in results if isinstance(each, Refused)] == ["reasons"]
    assert case.seats.current().filter(part="evaluator").count() == 1


def _of_a_second_body(cast: Cast) -> User:
    """An evaluator of another body of the same legal representative."""
    one = cast.evaluator.bodies.get()
    person = UserFactory.create(username="second", role=Role.EVALUATOR, email="second@second.example")
    other = Body.objects.create(
        identifier="T2",
        name="Second body",
        legal_representative=one.legal_representative,
        registered_on=one.registered_on,
        status=Body.Status.REGISTERED,
    )
    other.members.add(person)
    Staff.objects.bulk_create(
        Staff(body=other, name=f"Second {number}", title="senior") for number in range(10)
    )
    return person


def test_two_starts_make_one_application(cast: Cast) -> None:
    call = cast.round()
    results = at_once(
        *(
            lambda person=person: applying.start(call, level=Level.MUNICIPAL, subject=cast.site, by=person)
            for person in (cast.owner, cast.editor)
        )
    )
    assert [type(each) for each in results].count(Refused) == 1
    assert Application.objects.count() == 1


def test_two_checks_at_once_store_one_run(cast: Cast) -> None:
    case = cast.submitted()
    at_once(lambda: check_task(case.pk), lambda: check_task(case.pk))
    case.refresh_from_db()
    assert case.status == Status.EXAMINATION
    assert case.assessments.count() == 1


def is_blocked() -> bool:
    """Whether somebody waits for the table of runs."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_class ON pg_class.oid = relation "
            "WHERE relname = 'certification_assessment' AND NOT granted"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.redis
def test_a_worker_killed_in_the_middle_of_a_check(cast: Cast, worker_on: StartWorker) -> None:
    """Killed between the computing and the storing: nothing half done, run again by the sweep, stored once."""
    place = connection.settings_dict
    first = worker_on()
    with psycopg.connect(
        dbname=place["NAME"], user=place["USER"] or "postgres", host=place["HOST"] or "127.0.0.1"
    ) as holder:
        holder.execute("LOCK TABLE certification_assessment IN EXCLUSIVE MODE")
        case = cast.submitted()
        until(is_blocked, 30)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        holder.rollback()
    case.refresh_from_db()
    assert case.status == Status.SUBMITTED
    assert Assessment.objects.count() == 0
    worker_on()

    def checked() -> bool:
        send("certification.tasks.sweep")
        time.sleep(1)
        case.refresh_from_db()
        return bool(case.status == Status.EXAMINATION)

    assert until(checked, 90) < 90
    assert case.assessments.count() == 1
    assert history(case).filter(verb="check").count() == 1
    assert list(breaks()) == []


@pytest.mark.redis
def test_a_worker_killed_in_the_middle_of_a_batch_of_decisions(cast: Cast, worker_on: StartWorker) -> None:
    """Killed at the third of five: two stand, the next worker makes the other three; no double, no gap."""
    a_batch_survives_its_worker(cast, worker_on, 5)


@pytest.mark.redis
def test_a_real_worker_checks_within_seconds(cast: Cast, worker_on: StartWorker) -> None:
    """Submitted in this process, checked in that one, with its name on the run."""
    worker = worker_on()
    case = cast.submitted()

    def checked() -> bool:
        case.refresh_from_db()
        return bool(case.status == Status.EXAMINATION)

    until(checked, 30)
    assert case.assessments.get().worker.endswith(f":{worker.pid}")
    assert settings.CELERY_TASK_ACKS_LATE
