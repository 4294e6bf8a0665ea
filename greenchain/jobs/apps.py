"""The queue's ground: long work that a person watches, and the door to the workers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Ground layer: jobs."""

    name = "greenchain.jobs"
    verbose_name = _("Jobs")
    label = "jobs"
