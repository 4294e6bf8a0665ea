"""The supervisor with real, tiny programs."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from greenchain import supervisor as module
from greenchain.supervisor import DoesNotStayUpError, Program, Supervisor

SLEEP = "import time; time.sleep(60)"
DEAF = f"""
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
{SLEEP}
"""
PARENT = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {SLEEP!r}])
print("up", flush=True)
{SLEEP}
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def watch(said: list[str]) -> Iterator[Supervisor]:
    with Supervisor(said.append) as supervisor:
        yield supervisor


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., Program]:
    def make(source: str, name: str = "one", **more: object) -> Program:
        command = [sys.executable, "-c", source]
        return Program(name, command, tmp_path / f"{name}.log", tmp_path, **more)  # type: ignore[arg-type]

    return make


def soon(true: Callable[[], object], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(true())


def group_is_gone(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    return False


def pid_of(program: Program) -> int:
    assert program.process
    return program.process.pid


def test_starts_and_stops(watch: Supervisor, program: Callable[..., Program]) -> None:
    one, two = program(SLEEP), program(SLEEP, "two")
    watch.start(one)
    watch.start(two)
    assert one.alive()
    assert two.alive()
    began = time.monotonic()
    watch.stop()
    assert not one.alive()
    assert not two.alive()
    assert time.monotonic() - began < 3


def test_what_a_program_started_ends_with_it(watch: Supervisor, program: Callable[..., Program]) -> None:
    one = program(PARENT)
    watch.start(one)
    assert soon(lambda: "up" in one.last_words())
    pid = pid_of(one)
    watch.stop()
    assert soon(lambda: group_is_gone(pid))


def test_a_deaf_program_is_ended_by_force(
    watch: Supervisor, program: Callable[..., Program], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.4)
    one = program(DEAF)
    watch.start(one)
    assert soon(lambda: "deaf" in one.last_words())
    pid = pid_of(one)
    watch.stop()
    assert group_is_gone(pid)


def test_a_dead_program_is_started_again(
    watch: Supervisor, program: Callable[..., Program], said: list[str]
) -> None:
    one = program(SLEEP)
    watch.start(one)
    watch.tend()
    assert said == []
    before = pid_of(one)
    os.kill(before, signal.SIGKILL)
    assert soon(lambda: not one.alive())
    watch.tend()
    assert one.alive()
    assert pid_of(one) != before
    assert "one ended with exit code -9 and is started again" in said[0]


def test_a_program_that_dies_again_and_again_is_given_up(
    watch: Supervisor, program: Callable[..., Program], said: list[str]
) -> None:
    one = program("import sys; sys.exit('no such table')")
    watch.start(one)

    def until_given_up() -> None:
        for _ in range(200):
            watch.tend()
            time.sleep(0.05)

    with pytest.raises(DoesNotStayUpError, match=r"(?s)one does not stay up .*exit code 1.*no such table"):
        until_given_up()
    assert len(said) == module.TRIES - 1


def test_its_environment_and_log(watch: Supervisor, program: Callable[..., Program]) -> None:
    one = program("import os; print(os.environ['MARK'], os.getcwd())", environment={"MARK": "xyz"})
    assert one.last_words() == ""
    watch.start(one)
    assert soon(lambda: f"xyz {one.folder}" in one.last_words())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent was killed")
def test_a_killed_supervisor_leaves_nothing(tmp_path: Path) -> None:
    source = f"""
import sys, time
from pathlib import Path
from greenchain.supervisor import Program, Supervisor
program = Program("one", [sys.executable, "-c", {SLEEP!r}], Path("one.log"), Path.cwd())
Supervisor(print).start(program)
print(program.process.pid, flush=True)
time.sleep(60)
"""
    root = Path(module.__file__).parent.parent
    parent = subprocess.Popen(
        [sys.executable, "-c", source],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert parent.stdout
    with parent.stdout:
        pid = int(parent.stdout.readline())
    assert not group_is_gone(pid)
    parent.kill()
    parent.wait()
    assert soon(lambda: group_is_gone(pid))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent is gone")
def test_a_run_that_a_shell_put_in_the_background_ends_its_programs_too(tmp_path: Path) -> None:
    keeps = f"""
import signal, sys, time
from pathlib import Path
from greenchain.supervisor import Program
signal.signal(signal.SIGQUIT, signal.SIG_IGN)
one = Program("one", [sys.executable, "-c", {SLEEP!r}], Path("one.log"), Path(), orphaned=signal.SIGQUIT)
one.start()
print(one.process.pid, flush=True)
time.sleep(60)
"""
    own = {**os.environ, "PYTHONPATH": str(Path(module.__file__).parents[1])}
    command = [sys.executable, "-c", keeps]
    with subprocess.Popen(command, cwd=tmp_path, env=own, stdout=subprocess.PIPE) as shell:
        assert shell.stdout
        pid = int(shell.stdout.readline())
        shell.kill()
    assert soon(lambda: group_is_gone(pid))
