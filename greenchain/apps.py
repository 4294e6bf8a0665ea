"""The wiring as a Django app: it brings the queue, the checks of the settings and the commands."""

from django.apps import AppConfig


class GreenChainConfig(AppConfig):
    """On top of everything; it has no models."""

    name = "greenchain"

    def ready(self) -> None:
        """Give every process the Celery app, and check the settings with the rest."""
        from greenchain import celery, precautions  # noqa: F401, PLC0415 - apps are not loaded at import
