"""Third-party bodies, and what they found."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now


class BodyQuerySet(models.QuerySet["Body"]):
    """Bodies declare themselves publicly."""

    def visible_to(self, user: Any) -> "BodyQuerySet":  # noqa: ARG002 - the one scope, same signature everywhere
        """Everybody sees the registered bodies."""
        return self.all()


class Body(models.Model):
    """A third-party evaluation body, with the legal representative whose yearly cap counts."""

    identifier = models.CharField(_("credit code"), max_length=30, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    legal_representative = models.CharField(_("legal representative"), max_length=100)
    address = models.CharField(_("address"), max_length=200, blank=True)
    intermediate_staff = models.PositiveSmallIntegerField(_("full-time staff of intermediate title or above"))
    senior_staff = models.PositiveSmallIntegerField(_("of these with senior titles"))
    registered_on = models.DateField(_("registered on"))
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="bodies", blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation body")
        verbose_name_plural = _("evaluation bodies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(senior_staff__lte=models.F("intermediate_staff")),
                name="senior_staff_are_staff",
            )
        ]

    def __str__(self) -> str:
        return self.name


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
