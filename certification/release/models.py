"""Decisions prepared as a batch and released in one go, each in a transaction of its own."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from certification.decision.models import Decision
from greenchain.clock import now
from greenchain.jobs.models import Job
from suppliers.place.models import Authority


class State(models.TextChoices):
    """How far a batch is."""

    PREPARED = "prepared", _("prepared")
    RELEASING = "releasing", _("being released")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Batches by authority."""

    def visible_to(self, user: Any) -> "ReleaseQuerySet":
        """Officials of the authority and of those above it."""
        if not getattr(user, "is_official", False):
            return self.none()
        return self.filter(authority__path__startswith=user.authority.path)

    def open(self) -> "ReleaseQuerySet":
        """Those that may still decide something."""
        return self.filter(state__in=[State.PREPARED, State.RELEASING])


class Release(models.Model):
    """Cases at decision whose titles are to be granted together; workers decide them one by one."""

    number = models.CharField(_("number"), max_length=40, unique=True)
    authority = models.ForeignKey(
        Authority, verbose_name=_("authority"), on_delete=models.PROTECT, related_name="+"
    )
    reasons = models.TextField(_("reasons"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("prepared by"), on_delete=models.PROTECT, related_name="+"
    )
    prepared_at = models.DateTimeField(_("prepared at"), default=now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("released by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    job = models.OneToOneField(Job, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of decisions")
        verbose_name_plural = _("batches of decisions")
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["releasing", "done"])
                | Q(released_by__isnull=False, released_at__isnull=False, job__isnull=False),
                name="a_release_has_a_releaser",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_silent(self) -> bool:
        """Whether it is under way and nobody has worked on it for a minute."""
        started = self.state == State.RELEASING and self.job is not None
        return bool(started and self.job and self.job.updated_at < now() - dt.timedelta(minutes=1))


class Outcome(models.TextChoices):
    """What became of a case of the batch."""

    WAITING = "waiting", _("waiting")
    GRANTED = "granted", _("granted")
    REFUSED = "not_granted", _("not granted")


class ReleasePart(models.Model):
    """One case of a batch: waiting, granted with its decision, or not granted with the rule's reason."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="parts")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="release_parts")
    place = models.PositiveSmallIntegerField(_("number on the list"))
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome, default=Outcome.WAITING)
    code = models.CharField(max_length=40, blank=True)
    why = models.TextField(_("why not"), blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    decision = models.OneToOneField(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("case of a batch of decisions")
        verbose_name_plural = _("cases of batches of decisions")
        indexes = [models.Index(fields=["release", "outcome"])]
        constraints = [
            models.UniqueConstraint(fields=["release", "application"], name="one_part_per_case_and_release"),
            models.CheckConstraint(
                condition=Q(outcome="granted", decision__isnull=False)
                | (~Q(outcome="granted") & Q(decision__isnull=True)),
                name="a_granted_part_has_a_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.release_id}/{self.place}"
