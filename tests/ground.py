"""Ground of the suite: what is missing here is skipped, nothing of a test reaches the next, a real broker."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from django.utils import translation

from greenchain.celery import app
from greenchain.jobs import queue
from tests import broker as brokers
from tests import needs


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what this machine cannot run, or refuse to."""
    for item in items:
        for mark, reason in needs.missing().items():
            if item.get_closest_marker(mark):
                if os.environ.get("NOTHING_SKIPPED"):
                    raise pytest.UsageError(f"{item.nodeid} {reason}")
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None,  # noqa: ARG001 - ours comes after it
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """SQLite in a file, as on a laptop: in memory, all threads of a live server would share one connection."""
    settings = connections["default"].settings_dict
    if settings["ENGINE"].endswith("sqlite3"):
        settings["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True)
def _clean_slate() -> Iterator[None]:
    queue.Patience.until = 0.0
    yield
    cache.clear()
    translation.deactivate()


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    """Give the address of a broker of this run's own."""
    with brokers.running() as url:
        yield url


@pytest.fixture
def broker(settings: Any, broker_url: str) -> Iterator[str]:
    """Make the queue use it; mark the test with ``redis``."""
    settings.REDIS_URL = broker_url
    before = app.conf.broker_url
    app.conf["broker_url"] = broker_url
    _forget()
    yield broker_url
    app.conf["broker_url"] = before
    _forget()


def _forget() -> None:
    queue.connection.cache_clear()
    queue.store.cache_clear()
