"""Long work that a person watches: how far it is, what is wrong, and where to go on after a break."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from greenchain.clock import now

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from greenchain.accounts.models import User


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs by who may see them."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """One's own; administrators see all, to help."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.role == "administrator" else self.filter(by=user)


class Job(models.Model):
    """One piece of long work. What it has gathered so far is staged; nothing else has changed yet."""

    class State(models.TextChoices):
        STAGING = "staging", _("reading")
        FAULTY = "faulty", _("faulty")
        DONE = "done", _("done")
        CHECKED = "checked", _("checked only")

    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("title"), max_length=200)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the input, by which a broken run goes on")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.STAGING)
    read = models.PositiveIntegerField(_("rows read"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    outcome = models.JSONField(_("outcome"), default=dict)
    faults = models.JSONField(
        _("faults"), default=list, help_text="row, column and words; the first thousand"
    )
    fault_count = models.PositiveIntegerField(_("number of faults"), default=0)
    started_at = models.DateTimeField(_("started at"), default=now)
    updated_at = models.DateTimeField(_("updated at"), default=now)
    ended_at = models.DateTimeField(_("ended at"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "digest"], condition=models.Q(state="staging"), name="one_open_job_per_input"
            ),
            models.CheckConstraint(condition=models.Q(read__lte=models.F("total")), name="read_within_total"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.title}"

    @property
    def percent(self) -> int:
        """How much has been read, in whole percent."""
        return 100 * self.read // self.total if self.total else 100


class Staged(models.Model):
    """One row, read and found sound, that waits for all the others."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField(help_text="the row in the file, header = 1")
    key = models.CharField(max_length=300, help_text="what the row is about: no file says it twice")
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("staged row")
        verbose_name_plural = _("staged rows")
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="staged_row_once"),
            models.UniqueConstraint(fields=["job", "key"], name="staged_key_once"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.number}"
