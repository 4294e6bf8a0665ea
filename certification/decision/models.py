"""Decisions and appeals."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.designation.models import Designation
from certification.hearing.models import Exhibit
from certification.workflow import Case, Status
from greenchain.audit.models import AppendOnly
from greenchain.clock import now, today, working_days_between
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
        titles = Q(designation__in=Designation.objects.held_by(own))
        if getattr(user, "is_official", False):
            titles = Q(designation__home__path__startswith=user.authority.path)
        return self.filter(Q(application__in=Application.objects.visible_to(user)) | titles)

    def open(self) -> "AppealQuerySet":
        """Not yet decided."""
        return self.filter(outcome="")


class Appeal(models.Model):
    """The applicant or holder asks the level or the one above to look again; meanwhile the outcome stands."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="appeals")
    designation = models.ForeignKey(Designation, null=True, on_delete=models.PROTECT, related_name="appeals")
    against = models.CharField(
        _("against"), max_length=16, choices=Status, help_text="the status appealed against"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    reasons = models.TextField(_("grounds"))
    at = models.DateTimeField(_("received"), default=now)
    due_on = models.DateField(_("answer due"), null=True, blank=True)
    outcome = models.CharField(
        _("outcome"),
        max_length=12,
        blank=True,
        choices=[("confirmed", _("confirmed")), ("overturned", _("overturned"))],
    )
    answer = models.TextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True)

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
        return self.number

    def get_absolute_url(self) -> str:
        """The appeal's page."""
        return reverse("appeal", args=[self.number])

    @property
    def case(self) -> Case:
        """What it is about."""
        found = self.application or self.designation
        assert found is not None  # noqa: S101 - a constraint of the table
        return found

    @property
    def days_left(self) -> int | None:
        """Working days until the answer is due; negative when it is late."""
        return None if self.due_on is None else working_days_between(today(), self.due_on)


class AppealFile(Exhibit):
    """New evidence that came with an appeal."""

    appeal = models.ForeignKey(Appeal, on_delete=models.PROTECT, related_name="files")

    class Meta:
        verbose_name = _("appeal's file")
        verbose_name_plural = _("appeals' files")
