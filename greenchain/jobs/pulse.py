"""The sign of life of the workers, kept in the broker: one key that any worker renews and that runs out."""

import logging
from enum import Enum

import redis

from greenchain.jobs.queue import store

KEY = "greenchain:worker-alive"
EVERY = 4.0
VALID = 15

logger = logging.getLogger(__name__)


class Pulse(Enum):
    """What one look at the broker says."""

    NO_BROKER = "no broker"
    NO_WORKER = "no worker"
    ALIVE = "alive"


def beat() -> None:
    """Renew the sign of life; a broker that is away just now is no reason for the worker to stop."""
    try:
        store().set(KEY, "1", ex=VALID)
    except redis.RedisError as error:
        logger.warning("no sign of life given: %s", error)


def look() -> Pulse:
    """Ask the broker once, in milliseconds, or within half a second when it is lost."""
    try:
        return Pulse.ALIVE if store().exists(KEY) else Pulse.NO_WORKER
    except redis.RedisError:
        return Pulse.NO_BROKER
