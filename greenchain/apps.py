"""The wiring as a Django app: it brings the queue, the checks of the settings and the commands."""

from django.apps import AppConfig, apps

OURS = ("accounts", "audit", "jobs", "suppliers", "certification")


class GreenChainConfig(AppConfig):
    """On top of everything; it has no models."""

    name = "greenchain"

    def ready(self) -> None:
        """Give every process the Celery app, check the settings with the rest, and name the fields."""
        from greenchain import celery, fieldnames, precautions  # noqa: F401, PLC0415 - apps are not loaded at import

        for label in OURS:
            fieldnames.name_fields(apps.get_app_config(label).get_models())
