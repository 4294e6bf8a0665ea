"""The certification app: registers guards, routes, checks, subscribers and nudges at start-up."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

REGISTERED = (
    "scheme.loading",
    "incentive.loading",
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
    "consultation.guards",
    "corrective.guards",
    "examination.guards",
    "panel.guards",
    "panel.actions",
    "panel.leaving",
    "notice.guards",
    "notice.announcing",
    "decision.guards",
    "surveillance.guards",
    "surveillance.actions",
    "surveillance.calendar",
    "surveillance.duties",
    "surveillance.accidents",
    "surveillance.publishing",
    "letter.actions",
    "surveillance.following",
    "surveillance.unlinking",
    "chain.following",
    "complaint.actions",
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
