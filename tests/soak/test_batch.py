"""A batch as large as a province's list, with its worker killed in the middle; for ``make soak`` only."""

import os
import sys
import time

import pytest

from tests.cast import Cast
from tests.workers import StartWorker, a_batch_survives_its_worker

CASES = int(os.environ.get("SOAK_BATCH", "500"))


@pytest.mark.redis
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("SOAK_STEPS" not in os.environ, reason="takes minutes: make soak")
def test_a_large_batch_of_decisions_survives_its_worker(cast: Cast, worker_on: StartWorker) -> None:
    begun = time.monotonic()
    before, after = a_batch_survives_its_worker(cast, worker_on, CASES)
    whole = time.monotonic() - begun
    sys.stdout.write(
        f"\n{CASES} decisions: {before:.0f} s to the middle, {after:.0f} s from there to the end, "
        f"{whole:.0f} s with the cases\n"
    )
