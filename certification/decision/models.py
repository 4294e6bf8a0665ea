"""Decisions and appeals."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.designation.models import Designation
from greenchain.audit.models import AppendOnly
from greenchain.clock import now
from suppliers.enterprise.models import Membership


class Outcome(models.TextChoices):
    """What was decided."""

    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class Decision(AppendOnly):
    """An approver's decision, with reasons; a grant points to the title it issued."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=8, choices=Outcome)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField()
    designation = models.OneToOneField(
        Designation, null=True, blank=True, on_delete=models.PROTECT, related_name="decision"
    )
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="granted", designation__isnull=False)
                | Q(outcome="refused", designation__isnull=True),
                name="a_grant_has_a_title",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.outcome}"


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Appeals are between the applicant and the authorities."""

    def visible_to(self, user: Any) -> "AppealQuerySet":
        """Those who see the case; holders see the appeals of their titles."""
        own = Membership.objects.current().filter(user=user).values("enterprise")
        titles = Q(designation__site__enterprise__in=own) | Q(designation__enterprise__in=own)
        if getattr(user, "is_official", False):
            titles = Q(designation__home__path__startswith=user.authority.path)
        return self.filter(Q(application__in=Application.objects.visible_to(user)) | titles)

    def open(self) -> "AppealQuerySet":
        """Not yet decided."""
        return self.filter(outcome="")


class Appeal(models.Model):
    """The applicant or holder asks the level or the one above to look again."""

    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="appeals")
    designation = models.ForeignKey(Designation, null=True, on_delete=models.PROTECT, related_name="appeals")
    against = models.CharField(max_length=16, help_text="the status appealed against")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reasons = models.TextField()
    at = models.DateTimeField(default=now)
    outcome = models.CharField(
        max_length=12, blank=True, choices=[("confirmed", _("confirmed")), ("overturned", _("overturned"))]
    )
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=Q(application__isnull=True) ^ Q(designation__isnull=True),
                name="appeal_about_one_case",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id or self.designation_id}: {self.outcome or 'open'}"
