"""From the commit of a suspension to the alert's row: with a real broker and a real worker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from certification.application.models import Application
from certification.assessment.models import Assessment
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
def test_every_tier_is_told_within_five_seconds(chains: Chains) -> None:
    """The direct buyer and the one beyond it, in the list and by mail; the open case is checked anew."""
    case = _counting_suppliers(chains)
    steel, supplier = chains.supplier(""), chains.supplier("")
    chains.link(steel, share=Decimal("0.9"))
    chains.link(supplier, steel, share=Decimal("0.9"))
    titles = [chains.title(each.sites.get()) for each in (steel, supplier)]
    until(lambda: Alert.objects.filter(cause="issue", tier=2).exists(), 30)
    until(lambda: Assessment.objects.filter(application=case).count() > 1, 30)
    runs = Assessment.objects.filter(application=case).count()
    for title, tier in zip(titles, (1, 2), strict=True):
        chains.suspend(title)
        mine = Alert.objects.filter(cause="suspend", buyer=chains.buyer, tier=tier)
        assert until(mine.exists, LIMIT) < LIMIT
        entry = mine.get().entry_id
        until(Delivery.objects.filter(entry=entry, addressee=chains.cast.owner).exists, LIMIT)
    until(lambda: Assessment.objects.filter(application=case).count() > runs, LIMIT)
    assert alert_buyers() == 0


def _counting_suppliers(chains: Chains) -> Application:
    """An open case of the buyer itself: its checks count direct suppliers and their titles."""
    case = chains.cast.examined()
    case.site, case.enterprise = None, chains.buyer
    case.save()
    return case
