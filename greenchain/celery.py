"""The Celery app, its timetable, and the pulse by which others see that a worker lives."""

import os
from typing import Any

from celery import Celery, bootsteps
from celery.schedules import crontab

from greenchain.jobs.queue import send

__all__ = ["app", "send"]

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenchain.settings")
app = Celery("greenchain")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def every(seconds: int, task: str) -> dict[str, Any]:
    """Run ``task`` each ``seconds``; a message that nobody took by the next one is void."""
    return {"task": task, "schedule": float(seconds), "options": {"expires": seconds}}


app.conf.beat_schedule = {
    "re-run what is overdue": every(20, "certification.tasks.sweep"),
    "deliver what is not yet delivered": every(30, "certification.tasks.deliver"),
    "remind of what comes due": every(600, "certification.tasks.remind_of_days"),
    "close notices, lapse, expire, escalate": every(600, "certification.tasks.clock"),
    "keep titles true": every(600, "certification.tasks.watch"),
    "survey what sites are compared with": every(3600, "certification.tasks.survey_peers"),
    "look after the vault": every(600, "certification.tasks.look_after_vault"),
    "fold what changed in the supply network": every(60, "certification.tasks.fold"),
    "anchor the audit heads": {
        "task": "certification.tasks.anchor",
        "schedule": crontab(hour="2", minute="30"),
    },
}


class Pulse(bootsteps.StartStopStep):
    """While a worker is connected it says so every few seconds."""

    requires = ("celery.worker.consumer.tasks:Tasks",)
    timer: Any = None

    def start(self, parent: Any) -> None:
        """Say so now and from now on; called again after each reconnection."""
        from greenchain.jobs import pulse  # noqa: PLC0415 - Django is set up by the worker, after this module

        pulse.beat()
        self.timer = parent.timer.call_repeatedly(pulse.EVERY, pulse.beat)

    def stop(self, parent: Any) -> None:  # noqa: ARG002 - Celery calls it so
        """Fall silent; the last sign is void after ``pulse.VALID`` seconds."""
        if self.timer:
            self.timer.cancel()


app.steps["consumer"].add(Pulse)
