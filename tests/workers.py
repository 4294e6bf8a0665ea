"""Real workers on the test's database and broker, and what must hold when one is killed in the middle of a batch."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from certification.due import SILENCE
from certification.models import Application, Decision, Designation
from certification.release.actions import prepare, release, waiting
from greenchain.audit.models import AuditEntry
from greenchain.audit.proof import breaks
from greenchain.clock import now
from greenchain.jobs.models import Job
from greenchain.jobs.queue import send
from tests.cast import Cast

ROOT = Path(__file__).resolve().parents[1]
StartWorker = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def worker_on(broker: str) -> Iterator[StartWorker]:
    """Starts a real worker on the test's database and broker."""
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        place = connection.settings_dict
        server = f"{place['HOST'] or '127.0.0.1'}:{place['PORT'] or 5432}"
        url = f"postgres://{place['USER'] or 'postgres'}@{server}/{place['NAME']}"
        command = [sys.executable, "-m", "celery", "-A", "greenchain", "worker"]
        process = subprocess.Popen(
            [*command, "--pool=solo", "--loglevel=warning"],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url, "REDIS_URL": broker},
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def until(said: Callable[[], bool], seconds: float) -> float:
    """Wait until it is so; how long it took."""
    begun = time.monotonic()
    while not said():
        assert time.monotonic() - begun < seconds, f"not so within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - begun


def waits() -> bool:
    """Whether somebody waits for a lock of this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def a_batch_survives_its_worker(cast: Cast, worker_on: StartWorker, count: int) -> tuple[float, float]:
    """So many cases are released, the worker dies at the one in the middle, the next goes on: no double, no gap.

    Gives the seconds until the middle and from there to the end.
    """
    batch = prepare(
        [cast.selected(cast.draft(cast.another_site())) for _number in range(count)], by=cast.auditor_3306
    )
    middle = (count + 1) // 2
    part = batch.parts.get(place=middle)
    place = connection.settings_dict
    first = worker_on()
    with psycopg.connect(
        dbname=place["NAME"], user=place["USER"] or "postgres", host=place["HOST"] or "127.0.0.1"
    ) as holder:
        holder.execute(
            "SELECT 1 FROM certification_application WHERE id = %s FOR UPDATE", [part.application_id]
        )
        release(batch, by=cast.approver_3306)
        before = until(lambda: waits() and Decision.objects.count() == middle - 1, 60 + 3 * count)
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
        holder.rollback()
    batch.refresh_from_db()
    left = count - middle + 1
    read = Job.objects.get(kind="release").read
    assert (batch.state, read, len(waiting(batch))) == ("releasing", middle - 1, left)
    assert batch.parts.get(place=middle).attempts == 1
    worker_on()
    seen = [read]

    def decided() -> bool:
        if not waits() and seen[-1] == Job.objects.get(kind="release").read:
            # As if it had shown no sign of life for long.
            Job.objects.filter(kind="release", state="staging").update(updated_at=now() - 2 * SILENCE)
            send("certification.tasks.sweep")
        time.sleep(1 + count / 100)
        seen.append(Job.objects.get(kind="release").read)
        batch.refresh_from_db()
        return bool(batch.state == "done")

    after = until(decided, 90 + 3 * count)
    assert seen == sorted(seen)
    assert_each_was_granted_once(count)
    return before, after


def assert_each_was_granted_once(count: int) -> None:
    """So many decisions, titles and entries of the record, numbered without a gap; the bar stands at its end."""
    assert Decision.objects.count() == Designation.objects.count() == count
    granted = AuditEntry.objects.filter(verb="grant").values_list("chain", flat=True)
    assert sorted(granted) == sorted(
        f"application:{key}" for key in Application.objects.values_list("pk", flat=True)
    )
    numbers = sorted(int(title.number.rpartition("-")[2]) for title in Designation.objects.all())
    assert numbers == list(range(1, count + 1))
    job = Job.objects.get(kind="release")
    assert job.read == job.total == count
    assert list(breaks()) == []
