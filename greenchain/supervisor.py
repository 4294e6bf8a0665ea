"""Keeps a few programs running together: starts them, restarts what dies, and stops them all.

Each program leads a process group of its own, so that nothing it started outlives it.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

GRACE = 8.0
"""Seconds that the programs get to end in good order."""

TRIES, WINDOW = 4, 60.0
"""A program that dies so often within so many seconds is not restarted any more."""

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

Say = Callable[[str], None]


class DoesNotStayUpError(Exception):
    """A program dies again and again; the message says which, and what it last said."""


def end_with_parent(number: signal.Signals) -> None:
    """Have ``number`` sent to this process when its parent is gone, even by SIGKILL (Linux only)."""
    if LIBC:
        signal.signal(number, signal.SIG_DFL)  # a shell has what it runs in the background ignore SIGQUIT
        LIBC.prctl(PR_SET_PDEATHSIG, int(number))


@dataclass
class Program:
    """One program: its command, its log and folder, and the signal it gets when this process is killed."""

    name: str
    command: Sequence[str]
    log: Path
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    orphaned: signal.Signals = signal.SIGTERM
    process: "subprocess.Popen[bytes] | None" = None
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=TRIES))

    def start(self) -> None:
        """Start it in a process group of its own; it ends with this process, even when that is killed."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=lambda: end_with_parent(self.orphaned),  # noqa: PLW1509 - one C call, loaded before
            )

    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def signal_all(self, number: signal.Signals) -> None:
        """Send ``number`` to it and to all that it started."""
        if self.process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)

    def last_words(self, lines: int = 12) -> str:
        """The end of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])


@dataclass
class Supervisor:
    """Runs programs in the order given and stops them in the reverse order."""

    say: Say
    programs: list[Program] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()

    def start(self, program: Program) -> None:
        """Start ``program`` and look after it from now on."""
        self.programs.append(program)
        program.start()

    def tend(self) -> None:
        """Restart what has died; raise ``DoesNotStayUpError`` for what dies again and again."""
        for program in self.programs:
            if not program.alive():
                self._restart(program)

    def _restart(self, program: Program) -> None:
        program.signal_all(signal.SIGKILL)
        code = program.process.returncode if program.process else None
        now = time.monotonic()
        program.deaths.append(now)
        if len(program.deaths) == TRIES and now - program.deaths[0] < WINDOW:
            message = f"{program.name} does not stay up (last exit code {code}). It last said:\n"
            raise DoesNotStayUpError(message + program.last_words())
        self.say(f"{program.name} ended with exit code {code} and is started again ({program.log}).")
        program.start()

    def stop(self) -> None:
        """End all programs; the first is what the others stand on and ends last."""
        _end(self.programs[1:], GRACE)
        _end(self.programs[:1], GRACE / 4)
        self.programs.clear()


def _end(programs: Sequence[Program], grace: float) -> None:
    """Ask ``programs`` to end, and after ``grace`` seconds end them, and what they started, by force."""
    for program in programs:
        if program.alive() and program.process:
            program.process.terminate()
    deadline = time.monotonic() + grace
    while time.monotonic() < deadline and any(program.alive() for program in programs):
        time.sleep(0.05)
    for program in programs:
        program.signal_all(signal.SIGKILL)
        if program.process:
            program.process.wait()
