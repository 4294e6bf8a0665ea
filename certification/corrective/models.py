"""Nonconformities, the corrective actions of the applicant, and what the desk said of them."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.inquiry.models import named
from certification.workflow import OPEN, Status
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now, today
from suppliers.place.models import Authority

ALIVE = frozenset(OPEN.split()) | {Status.GRANTED}
"""Statuses of a case in which corrections go on; after the grant they concern the title."""


class Severity(models.TextChoices):
    """How grave it is."""

    MINOR = "minor", _("minor")
    MAJOR = "major", _("major")


class NonconformityQuerySet(models.QuerySet["Nonconformity"]):
    """Nonconformities by who reads them and by state."""

    def visible_to(self, user: Any) -> "NonconformityQuerySet":
        """The applicant's members and the case's officials all; an evaluator those they raised, while seated."""
        if getattr(user, "role", "") == Role.EXPERT:
            return self.none()
        seen = self.filter(application__in=Application.objects.visible_to(user))
        return seen.filter(raised_by=user) if getattr(user, "role", "") == Role.EVALUATOR else seen

    def unsettled(self) -> "NonconformityQuerySet":
        """Neither corrected to the desk's content nor dropped."""
        return self.filter(state__in=[Nonconformity.State.OPEN, Nonconformity.State.ANSWERED])


class Nonconformity(models.Model):
    """What does not conform, to which clause, how gravely, and until when it is to be corrected."""

    class State(models.TextChoices):
        OPEN = "open", _("awaits correction")
        ANSWERED = "answered", _("correction awaits the desk")
        CLOSED = "closed", _("corrected")
        DROPPED = "dropped", _("dropped")

    application = models.ForeignKey(
        Application, verbose_name=_("case"), on_delete=models.PROTECT, related_name="nonconformities"
    )
    desk = models.ForeignKey(
        Authority,
        verbose_name=_("desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("none where the evaluator raised it"),
    )
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("raised by"), on_delete=models.PROTECT, related_name="+"
    )
    about = models.CharField(
        _("about"), max_length=60, blank=True, help_text="an indicator's code or a gate's key"
    )
    severity = models.CharField(_("severity"), max_length=5, choices=Severity)
    description = models.TextField(_("description"), max_length=4000)
    due_on = models.DateField(_("to be corrected by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField(_("raised at"), default=now)

    objects = NonconformityQuerySet.as_manager()

    class Meta:
        verbose_name = _("nonconformity")
        verbose_name_plural = _("nonconformities")
        indexes = [models.Index(fields=["state", "due_on"])]

    def __str__(self) -> str:
        return f"{self.application}: {self.subject_named}"

    @property
    def subject_named(self) -> str:
        """What it is about, in words."""
        return named(self.application, self.about)

    @property
    def is_overdue(self) -> bool:
        """Whether the day has passed without a correction."""
        return self.state == self.State.OPEN and self.due_on < today()

    @property
    def is_unsettled(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in {self.State.OPEN, self.State.ANSWERED}

    def file_keys(self) -> set[int]:
        """The keys of the files that its corrective actions name."""
        return {file["evidence"] for action in self.actions.all() for file in action.files}


class CorrectiveAction(AppendOnly):
    """What the applicant found to be the cause, and what was done."""

    nonconformity = models.ForeignKey(Nonconformity, on_delete=models.PROTECT, related_name="actions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    root_cause = models.TextField(_("root cause"))
    correction = models.TextField(_("correction"))
    files = models.JSONField(default=list, help_text="evidence: key, title and SHA-256 as it was attached")
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("corrective action")
        verbose_name_plural = _("corrective actions")

    def __str__(self) -> str:
        return f"{self.nonconformity_id}/{self.pk}"


class Ruling(AppendOnly):
    """What the desk said of a corrective action."""

    action = models.OneToOneField(CorrectiveAction, on_delete=models.PROTECT, related_name="ruling")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted = models.BooleanField(_("accepted"))
    reasons = models.TextField(_("reasons"), blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        verbose_name = _("ruling on a corrective action")
        verbose_name_plural = _("rulings on corrective actions")

    def __str__(self) -> str:
        return f"{self.action_id}: {self.accepted}"
