"""Mistakes in the settings, said with a hint by ``manage.py check`` before they do harm."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's name
from django.db import connection

BROKERS = {"redis", "rediss", "redis+socket"}
LOCAL = {"localhost", "127.0.0.1", "[::1]"}


@register(Tags.security)
def server(**_kwargs: Any) -> Iterable[CheckMessage]:
    """What is fine on a laptop and wrong behind HTTPS."""
    if not settings.HTTPS:
        return
    if settings.EMBEDDED:
        yield Error(
            "HTTPS is on, but the secret is the one that this folder made for a laptop.",
            hint="Set SECRET_KEY to a random text of 50 characters or more, the same for all processes.",
            id="greenchain.E001",
        )
    if set(settings.ALLOWED_HOSTS) <= LOCAL:
        yield Error(
            "HTTPS is on, but only local host names are served.",
            hint="Set ALLOWED_HOSTS to the public host name, for example ALLOWED_HOSTS=green.example.org.",
            id="greenchain.E002",
        )
    if urlsplit(settings.SITE_URL).scheme != "https":
        yield Error(
            f"HTTPS is on, but certificates, QR codes and mails would name {settings.SITE_URL}.",
            hint="Set SITE_URL to the public address, for example SITE_URL=https://green.example.org.",
            id="greenchain.E003",
        )


@register(Tags.security, deploy=True)
def scale(**_kwargs: Any) -> Iterable[CheckMessage]:
    """What a server should not do without, asked with ``check --deploy``."""
    if connection.vendor == "sqlite":
        yield Warning(
            "The database is SQLite: one machine, one writer at a time.",
            hint="Set DATABASE_URL, for example postgres://greenchain:…@db.example.org/greenchain.",
            id="greenchain.W001",
        )
    if settings.EMAIL_BACKEND.endswith("console.EmailBackend"):
        yield Warning(
            "Mails are printed to the log and reach nobody.",
            hint="Set EMAIL_URL, for example smtp+tls://user:password@mail.example.org:587.",
            id="greenchain.W002",
        )


@register
def broker(**_kwargs: Any) -> Iterable[CheckMessage]:
    """The queue speaks to Redis and Valkey only, and its address must be written as Celery reads it."""
    scheme = urlsplit(settings.REDIS_URL).scheme
    if scheme not in BROKERS:
        yield Error(
            f"REDIS_URL starts with {scheme or 'nothing'}://, which the queue does not understand.",
            hint="Write redis://host:6379/0, rediss://host:6379/0 or redis+socket:///path/to/socket.",
            id="greenchain.E004",
        )
