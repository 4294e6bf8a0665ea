"""Third-party bodies, and what they found."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.body.models import Body
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now


class EvaluationQuerySet(models.QuerySet["Evaluation"]):
    """Who reads an evaluation."""

    def visible_to(self, user: Any) -> "EvaluationQuerySet":
        """Those who see the case; experts stay blind to earlier scores."""
        if getattr(user, "role", None) == Role.EXPERT:
            return self.none()
        return self.filter(application__in=Application.objects.visible_to(user))


class Evaluation(AppendOnly):
    """A body's report: points with reasons; author, technical reviewer and signatory are three people."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="evaluations")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="evaluations")
    points = models.JSONField(help_text="per indicator: points and reason")
    total = models.DecimalField(max_digits=7, decimal_places=2)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    technical_reviewer = models.CharField(max_length=100)
    signatory = models.CharField(max_length=100)
    conclusion = models.TextField()
    at = models.DateTimeField(default=now)

    objects = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")

    def __str__(self) -> str:
        return f"{self.body}: {self.total}"
