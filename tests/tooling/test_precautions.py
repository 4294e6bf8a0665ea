"""Mistakes in the settings are told with a hint."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.checks import run_checks

from greenchain import precautions

GOOD = {
    "HTTPS": True,
    "EMBEDDED": False,
    "ALLOWED_HOSTS": ["green.example.org"],
    "SITE_URL": "https://green.example.org",
    "REDIS_URL": "rediss://redis.example.org:6379/0",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
}


@pytest.fixture(autouse=True)
def server_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precautions, "connection", SimpleNamespace(vendor="postgresql"))


def complaints(settings: Any, **changes: Any) -> list[str]:
    for name, value in (GOOD | changes).items():
        setattr(settings, name, value)
    found = run_checks(tags=["security"], include_deployment_checks=True) + run_checks()
    ours = [message for message in found if str(message.id).startswith("greenchain.")]
    assert all(message.hint for message in ours)
    return sorted({str(message.id) for message in ours})


def test_a_server_as_it_should_be(settings: Any) -> None:
    assert complaints(settings) == []


@pytest.mark.parametrize(
    ("changes", "mark"),
    [
        ({"EMBEDDED": True}, "greenchain.E001"),
        ({"ALLOWED_HOSTS": ["localhost"]}, "greenchain.E002"),
        ({"SITE_URL": "http://green.example.org"}, "greenchain.E003"),
        ({"REDIS_URL": "amqp://rabbit"}, "greenchain.E004"),
        ({"REDIS_URL": "unix:///run/redis.sock"}, "greenchain.E004"),
        ({"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}, "greenchain.W002"),
    ],
)
def test_each_mistake_is_told(settings: Any, changes: dict[str, Any], mark: str) -> None:
    assert complaints(settings, **changes) == [mark]


def test_sqlite_on_a_server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precautions, "connection", SimpleNamespace(vendor="sqlite"))
    assert complaints(settings) == ["greenchain.W001"]


def test_a_laptop_may_be_a_laptop(settings: Any) -> None:
    local = {"EMBEDDED": True, "ALLOWED_HOSTS": ["localhost"], "SITE_URL": "http://localhost:8000"}
    assert complaints(settings, HTTPS=False, **local) == []
