"""The certification app: registers guards, routes, checks, subscribers and nudges at start-up."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

REGISTERED = (
    "scheme.loading",
    "designation.guards",
    "application.guards",
    "assessment.guards",
    "assessment.checks.vetoes",
    "assessment.checks.evidence",
    "assessment.checks.figures",
    "assessment.checks.plausible",
    "assessment.checks.vault",
    "assessment.checks.chain",
    "assessment.checks.gates",
    "evaluation.guards",
    "examination.guards",
    "panel.guards",
    "notice.guards",
    "decision.guards",
    "surveillance.guards",
    "surveillance.actions",
    "surveillance.calendar",
    "nudges",
    "systemchecks",
)


class CertificationConfig(AppConfig):
    """What is certified, and how."""

    name = "certification"
    verbose_name = _("Certification")

    def ready(self) -> None:
        """Load everything that registers itself by key."""
        for module in REGISTERED:
            import_module(f"certification.{module}")
        import_module("certification.chain.marks").watch()
