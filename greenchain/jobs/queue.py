"""The door to the queue: it gives up at once, so that a lost broker never holds up a person.

What is due stands in the database and a sweep finds it; a message only makes it happen sooner.
"""

import logging
import time
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import kombu
import redis
from celery import current_app
from django.conf import settings
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError
from kombu.pools import producers
from redis.backoff import NoBackoff
from redis.retry import Retry

PATIENCE = 0.2
"""Seconds that one exchange with the broker may take."""

PAUSE = 2.0
"""Seconds without another try after the broker was lost, so that a batch does not wait once per row."""

FAST = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "max_retries": 0}

logger = logging.getLogger(__name__)


class Patience:
    """Remembers until when the broker is left alone."""

    until = 0.0


def send(task: str, *args: Any) -> bool:
    """Put ``task`` into the queue; False, logged, within half a second when the broker is lost."""
    if time.monotonic() < Patience.until:
        logger.debug("not sent, the broker was just lost: %s%r", task, args)
        return False
    try:
        with producers[connection()].acquire(block=True, timeout=PATIENCE) as producer:
            current_app.send_task(task, args=args, producer=producer, retry=False, ignore_result=True)
    except (BrokerError, KombuError, redis.RedisError, OSError) as error:
        Patience.until = time.monotonic() + PAUSE
        logger.warning("not sent, the broker is lost: %s%r (%s)", task, args, error)
        return False
    return True


@cache
def connection() -> kombu.Connection:
    """What messages are sent over; it gives up within ``PATIENCE`` and does not try again."""
    return current_app.connection_for_write(transport_options=FAST)


@cache
def store() -> redis.Redis:
    """The broker as a plain Redis client that answers or fails within ``PATIENCE``."""
    return redis.Redis.from_url(
        plain_url(settings.REDIS_URL),
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )


def plain_url(url: str) -> str:
    """``url`` as redis-py writes it: Celery says ``redis+socket:///path?virtual_host=1`` for ``unix:///path?db=1``."""
    if urlsplit(url).scheme != "redis+socket":
        return url
    return url.replace("redis+socket://", "unix://", 1).replace("virtual_host=", "db=", 1)
