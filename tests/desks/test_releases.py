import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certification import tasks
from certification.due import SILENCE
from certification.models import Application, Decision, Designation, Release, ReleasePart
from certification.release.actions import drop, finish, prepare, release, waiting
from certification.release.models import State
from certification.verbs import perform
from certification.workflow import Status
from greenchain.audit.proof import breaks
from greenchain.audit.trail import history, record
from greenchain.jobs.models import Job
from greenchain.refusals import NotYours, Refused
from tests.admin.test_batches import post
from tests.cast import Cast

BATCHES = "/admin/certification/release/"


@pytest.fixture
def cases(cast: Cast) -> list[Application]:
    return [cast.selected(cast.draft(cast.another_site())) for _number in range(3)]


@pytest.fixture
def batch(cast, cases):
    return prepare(cases, by=cast.auditor_3306, reasons="As proposed.")


def run(batch):
    """What workers do, in this process."""
    for key in waiting(batch):
        tasks.release_part(key)
    tasks.release(batch.pk)


def test_prepared_nothing_is_decided_released_each_is(cast, cases, batch):
    assert batch.state == State.PREPARED
    run(batch)
    assert not Decision.objects.exists()
    release(batch, by=cast.approver_3306_b)
    run(batch)
    batch.refresh_from_db()
    assert batch.state == State.DONE
    assert {case.status for case in Application.objects.filter(pk__in=[c.pk for c in cases])} == {
        Status.GRANTED
    }
    assert set(Decision.objects.values_list("by", "reasons")) == {(cast.approver_3306_b.pk, "As proposed.")}
    assert (batch.job.read, batch.job.total, batch.job.state) == (3, 3, Job.State.DONE)
    assert [entry.verb for entry in history(batch)] == ["prepare", "release", "sum_up"]
    assert list(breaks()) == []
    run(batch)
    assert Decision.objects.count() == Designation.objects.count() == 3


def test_one_that_the_rules_refuse_does_not_stop_the_others(cast, cases, batch):
    perform(cases[1], "withdraw", by=cast.owner, data={"reasons": "moved away"})
    release(batch, by=cast.approver_3306)
    run(batch)
    parts = list(batch.parts.order_by("application__number"))
    by_case = {part.application_id: part for part in parts}
    assert [by_case[case.pk].outcome for case in cases] == ["granted", "not_granted", "granted"]
    assert by_case[cases[1].pk].code == "wrong_status"
    assert "withdrawn" in by_case[cases[1].pk].why
    assert Job.objects.get(kind="release").outcome == {"waiting": 0, "granted": 2, "not_granted": 1}


def test_why_not_is_told_in_the_language_of_who_released(cast, cases, batch):
    perform(cases[1], "withdraw", by=cast.owner, data={"reasons": "moved away"})
    cast.approver_3306.language = "zh-hans"
    cast.approver_3306.save()
    release(batch, by=cast.approver_3306)
    run(batch)
    assert "办件" in batch.parts.get(application=cases[1]).why


def test_who_took_part_in_a_case_is_refused_at_that_case(cast, cases, batch):
    record("waive", cases[0], by=cast.approver_3306_b, reasons="set aside")
    release(batch, by=cast.approver_3306_b)
    run(batch)
    refused = batch.parts.get(application=cases[0])
    assert (refused.outcome, refused.code) == ("not_granted", "apart_from")
    assert batch.parts.filter(outcome="granted").count() == 2
    assert Application.objects.get(pk=cases[0].pk).status == Status.DECISION


def test_a_crash_in_the_middle_leaves_neither_a_double_nor_a_gap(cast, cases, batch, monkeypatch):
    """The third decision breaks off after the title was issued: nothing of it stands; the next run makes it once."""
    from certification.decision import actions  # noqa: PLC0415 - to break it

    release(batch, by=cast.approver_3306)
    first, second, third = waiting(batch)
    tasks.release_part(first)

    def broken(*_args, **_more):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(actions, "announce", broken)
        tasks.release_part(second)
    part = ReleasePart.objects.get(pk=second)
    assert (part.outcome, part.attempts) == ("waiting", 1)
    assert Decision.objects.count() == Designation.objects.count() == 1
    assert waiting(batch) == [second, third]
    assert not finish(batch)
    run(batch)
    assert Decision.objects.count() == Designation.objects.count() == len(cases)
    assert Release.objects.get().state == State.DONE
    numbers = sorted(int(title.number.rpartition("-")[2]) for title in Designation.objects.all())
    assert numbers == list(range(1, len(cases) + 1))
    assert list(breaks()) == []


def test_what_breaks_off_three_times_is_said_and_the_batch_ends(cast, cases, batch, monkeypatch):
    from certification.release import actions  # noqa: PLC0415 - to break it

    release(batch, by=cast.approver_3306)
    held = waiting(batch)[0]

    def broken(*_args, **_more):
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(actions, "grant", broken)
        for _time in range(3):
            tasks.release_part(held)
            assert ReleasePart.objects.get(pk=held).outcome == "waiting"
    run(batch)
    part = ReleasePart.objects.get(pk=held)
    assert (part.outcome, part.code) == ("not_granted", "broke_off")
    assert Release.objects.get().state == State.DONE
    assert Application.objects.get(pk=part.application_id).status == Status.DECISION
    assert Decision.objects.count() == len(cases) - 1


def test_the_sweep_takes_up_what_fell_silent(cast, batch, monkeypatch):
    sent = []
    monkeypatch.setattr(tasks, "send", lambda task, *args: sent.append((task, *args)))
    release(batch, by=cast.approver_3306)
    tasks.sweep()
    assert ("certification.tasks.release", batch.pk) not in sent
    Job.objects.update(updated_at=batch.prepared_at - 2 * SILENCE)
    tasks.sweep()
    assert ("certification.tasks.release", batch.pk) in sent
    tasks.release(batch.pk)
    assert [args for args in sent if args[0] == "certification.tasks.release_part"] == [
        ("certification.tasks.release_part", key) for key in waiting(batch)
    ]


def test_whose_it_is(cast, cases, batch):
    for person in (cast.owner, cast.reviewer_3306, cast.administrator):
        with pytest.raises(NotYours):
            prepare(cases, by=person)
    with pytest.raises(Refused, match="in the batch"):
        prepare(cases[:1], by=cast.approver_3306)
    with pytest.raises(NotYours, match="Approvers release"):
        release(batch, by=cast.auditor_3306)
    for person in (cast.approver_33, cast.approver_44):
        with pytest.raises(NotYours):
            release(batch, by=person)
    drop(batch, by=cast.auditor_3306, reasons="one is wrong")
    with pytest.raises(Refused, match="already"):
        release(batch, by=cast.approver_3306)
    assert prepare(cases[:1], by=cast.approver_3306).parts.count() == 1
    assert not Decision.objects.exists()
    with pytest.raises(Refused, match="Not waiting for your authority"):
        prepare(cases[1:], by=cast.approver_33)


def test_from_the_queue_to_the_release_in_a_browser(cast, cases, browse):
    auditor, approver = browse(cast.auditor_3306), browse(cast.approver_3306)
    page = post(approver, "prepare_batch", cases, confirmed="1", reasons="ok")
    batch = Release.objects.get()
    address = f"{BATCHES}{batch.pk}/"
    assert page.redirect_chain[-1][0] == f"{address}change/"
    assert "Release the decisions" in page.content.decode()
    assert "Release the decisions" not in auditor.get(f"{address}change/").content.decode()
    assert auditor.post(f"{address}release/").status_code == 403
    approver.post(f"{address}release/")
    page = approver.get(f"{address}change/").content.decode()
    assert 'http-equiv="refresh"' in page
    run(batch)
    page = approver.get(f"{address}change/?outcome=granted").content.decode()
    assert 'http-equiv="refresh"' not in page
    for title in Designation.objects.all():
        assert title.number in page
    assert browse(cast.approver_44).get(f"{address}change/").status_code == 404
    assert browse(cast.administrator).get(f"{address}change/").status_code == 403
    assert browse(cast.owner).get(f"{address}change/", follow=True).status_code == 403


def test_the_pages_cost_does_not_grow_with_the_batch(cast, cases, browse):
    browser = browse(cast.approver_3306)
    small, large = prepare(cases[:1], by=cast.approver_3306), prepare(cases[1:], by=cast.approver_3306)
    for batch in (small, large):
        release(batch, by=cast.approver_3306)
        run(batch)
    found = []
    for batch in (small, large):
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"{BATCHES}{batch.pk}/change/")
        found.append(len(queries))
    assert found[0] == found[1]
    assert found[0] <= 12


def test_the_same_by_the_api(cast, cases, browse):
    browser = browse(cast.approver_3306)

    def send(path, body=None):
        return browser.post(
            f"/api/v1/releases/{path}", json.dumps(body or {}), content_type="application/json"
        )

    keys = [case.pk for case in cases]
    assert send("", {"applications": [*keys, 99999999]}).status_code == 400
    made = send("", {"applications": keys})
    assert made.status_code == 201, made.content
    path = f"{made.json()['id']}/"
    assert [part["outcome"] for part in made.json()["parts"]] == ["waiting"] * 3
    assert send(f"{path}release/").json()["state"] == "releasing"
    run(Release.objects.get())
    told = browser.get(f"/api/v1/releases/{path}").json()
    assert (told["state"], told["read"], told["total"]) == ("done", 3, 3)
    assert {part["designation"] for part in told["parts"]} == set(
        Designation.objects.values_list("number", flat=True)
    )
    assert browse(cast.auditor_44).get(f"/api/v1/releases/{path}").status_code == 404
    assert browse(cast.owner).get("/api/v1/releases/").json()["results"] == []
