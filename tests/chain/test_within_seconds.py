"""From the commit of a suspension to the alert's row: with a real broker and a real worker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from certification.chain.actions import alert_buyers
from certification.chain.models import Alert
from certification.delivery.models import Delivery
from greenchain.jobs import pulse, queue
from greenchain.jobs.pulse import Pulse
from tests.chain.conftest import Chains

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 5.0
pytestmark = [pytest.mark.postgres, pytest.mark.redis, pytest.mark.django_db(transaction=True)]


def until(true: Callable[[], object], seconds: float) -> float:
    """Wait until it is so; how long that took."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < seconds, f"not so within {seconds} s"
        time.sleep(0.02)
    return time.monotonic() - begun


@pytest.fixture
def idle_worker(broker: str, tmp_path: Path) -> Iterator[None]:
    """A worker on the test's database and broker that waits for work."""
    queue.store().delete(pulse.KEY)
    place = connection.settings_dict
    host = f"{place['HOST'] or '127.0.0.1'}:{place['PORT'] or 5432}"
    own = {
        "DATABASE_URL": f"postgres://{place['USER'] or 'postgres'}@{host}/{place['NAME']}",
        "REDIS_URL": broker,
        "GREENCHAIN_VAR": str(tmp_path / "var"),
        "EMAIL_URL": "memorymail://",
    }
    words = "-m celery -A greenchain worker --pool solo --loglevel warning"
    with (tmp_path / "log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, *words.split()], cwd=ROOT, env=os.environ | own, stdout=log, stderr=log
        )
    try:
        until(lambda: worker.poll() is None and pulse.look() is Pulse.ALIVE, 60)
        yield
    finally:
        worker.terminate()
        worker.wait(20)


@pytest.mark.usefixtures("idle_worker")
def test_the_alert_is_there_within_five_seconds(chains: Chains) -> None:
    supplier = chains.supplier("")
    chains.link(supplier)
    title = chains.title(supplier.sites.get())
    until(Alert.objects.filter(cause="issue").exists, 30)
    chains.suspend(title)
    took = until(Alert.objects.filter(cause="suspend", buyer=chains.buyer).exists, LIMIT)
    assert took < LIMIT
    until(
        Delivery.objects.filter(subject__startswith="Your supplier", addressee=chains.cast.owner).exists,
        LIMIT,
    )
    assert alert_buyers() == 0
