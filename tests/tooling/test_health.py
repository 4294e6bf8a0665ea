"""/healthz and /readyz: starting, ready, degraded, unavailable; quick in every case."""

import time
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from greenchain import health
from greenchain.jobs import pulse, queue


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.Seen, "everything", False)
    reverse("healthz")  # reads all addresses once


def ask(client: Client) -> tuple[int, str]:
    for _ in range(3):  # a busy machine may be slow once, not three times in a row
        began = time.monotonic()
        answer = client.get("/readyz")
        if time.monotonic() - began < 0.5:
            return answer.status_code, answer.json()["status"]
    raise AssertionError("more than half a second, three times")


def test_healthz_needs_nothing(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "up"}
    assert "no-store" in answer["Cache-Control"]
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
@pytest.mark.redis
def test_readyz_from_start_to_degraded(
    client: Client, broker: str, settings: Any, django_assert_num_queries: Any
) -> None:
    assert broker
    queue.store().delete(pulse.KEY)
    assert ask(client) == (503, "unavailable")
    pulse.beat()
    with django_assert_num_queries(1):
        assert ask(client) == (200, "ready")
    queue.store().delete(pulse.KEY)
    assert ask(client) == (200, "degraded")
    settings.REDIS_URL = "redis+socket:///nowhere.sock"
    queue.store.cache_clear()
    assert client.get("/readyz").json() == {
        "status": "degraded", "database": True, "broker": False, "worker": False
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.redis
def test_readyz_without_a_database(client: Client, broker: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert broker
    pulse.beat()
    assert ask(client) == (200, "ready")

    def lost() -> None:
        raise OperationalError

    monkeypatch.setattr(connection, "cursor", lost)
    assert ask(client) == (503, "unavailable")
