"""``manage.py up`` as a person starts it: ready, kept, stopped, and nothing left behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READY = 400.0  # on a busy machine; on an idle one it takes about a minute
GONE = 60.0

pytestmark = [
    pytest.mark.once,
    pytest.mark.redis,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc to see what is left"),
]


class Run:
    """One run in a folder of its own."""

    def __init__(self, var: Path, mark: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.mark = mark
        self.said = var.parent / f"{mark}.txt"
        own = {"GREENCHAIN_VAR": str(var), "GREENCHAIN_RUN": mark, "PORT": str(self.port)}
        inherited = {
            key: value
            for key, value in os.environ.items()
            if key not in {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"} and not key.startswith("COV_CORE")
        }
        with self.said.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=inherited | own,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_until_ready(self) -> None:
        until(lambda: self.status("/readyz") == 200 or self.process.poll() is not None, READY)
        assert self.process.poll() is None, self.said.read_text()
        until(lambda: "GreenChain is ready" in self.said.read_text(), 20)
        assert self.status("/readyz") == 200, self.said.read_text()

    def left(self) -> dict[int, str]:
        """The commands of all processes that carry the mark."""
        found = {}
        for place in Path("/proc").glob("[0-9]*"):
            try:
                if f"GREENCHAIN_RUN={self.mark}".encode() in (place / "environ").read_bytes().split(b"\0"):
                    found[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def child(self, words: str) -> int:
        """The process that the supervisor itself started with a command like this; 0 without one."""
        for pid, command in self.left().items():
            try:
                parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if parent == self.process.pid and words in command:
                return pid
        return 0


def until(true: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("up") / "var 数据"
    place.mkdir()
    (place / "valkey.sock").touch()  # as a killed run leaves it
    return place


@pytest.fixture
def run(var: Path, request: pytest.FixtureRequest) -> Iterator[Run]:
    one = Run(var, f"test-{os.getpid()}-{request.node.name}")
    yield one
    for pid in one.left():
        os.kill(pid, signal.SIGKILL)
    one.process.wait()


def test_first_run_and_orderly_end(run: Run) -> None:
    run.wait_until_ready()
    assert run.status("/healthz") == 200
    assert run.status("/") == 200
    assert f"http://localhost:{run.port}/" in run.said.read_text()
    commands = " ".join(run.left().values())
    assert all(name in commands for name in ("manage.py up", "valkey-server", "gunicorn", "worker", "beat"))
    run.process.terminate()
    assert run.process.wait(GONE) == 0
    assert run.left() == {}


def test_a_worker_is_replaced_and_a_kill_that_nobody_can_catch_leaves_nothing(run: Run) -> None:
    run.wait_until_ready()
    worker = run.child(" worker ")
    os.kill(worker, signal.SIGKILL)
    until(lambda: run.child(" worker ") not in {worker, 0}, GONE)
    assert "worker ended with exit code -9 and is started again" in run.said.read_text()
    run.process.kill()
    until(lambda: not run.left(), GONE)
    assert run.left() == {}
