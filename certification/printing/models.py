"""A package: an application as one PDF, made for whoever asked for it."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application, Dossier
from greenchain.accounts.models import Role
from greenchain.clock import now
from greenchain.jobs.models import Job
from suppliers.evidence.models import vault_path

KEPT = dt.timedelta(days=7)
"""How long a package can be fetched; it can be made again at any time."""


class State(models.TextChoices):
    """How far it is."""

    WAITING = "waiting", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("broken off")


class PackageQuerySet(models.QuerySet["Package"]):
    """Packages are for who asked for them, as long as they see the case."""

    def visible_to(self, user: Any) -> "PackageQuerySet":
        """One's own; evaluators and experts have the frozen dossier at their seat instead."""
        if getattr(user, "role", "") in {Role.EVALUATOR, Role.EXPERT}:
            return self.none()
        mine = Application.objects.visible_to(user).values("pk")
        return self.filter(by=getattr(user, "pk", None), application__in=mine)

    def old(self) -> "PackageQuerySet":
        """Those that nobody needs any more."""
        return self.filter(at__lt=now() - KEPT)


class Package(models.Model):
    """One PDF of the dossier as it was frozen, or of the draft as it stood; ``number`` is what the paper says."""

    application = models.ForeignKey(
        Application, verbose_name=_("application"), on_delete=models.CASCADE, related_name="packages"
    )
    dossier = models.ForeignKey(
        Dossier, verbose_name=_("dossier"), null=True, on_delete=models.CASCADE, related_name="+"
    )
    language = models.CharField(_("language"), max_length=10)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    file = models.FileField(_("file"), upload_to=vault_path, max_length=100, blank=True)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    sha256 = models.CharField(_("digest"), max_length=64, blank=True)
    left_out = models.PositiveIntegerField(_("files not printed"), default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("asked for by"), on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(_("asked for at"), default=now)

    media_type = "application/pdf"

    objects = PackageQuerySet.as_manager()

    class Meta:
        verbose_name = _("print package")
        verbose_name_plural = _("print packages")
        indexes = [models.Index(fields=["state", "at"])]

    def __str__(self) -> str:
        return f"{self.application.number}.pdf"

    def get_absolute_url(self) -> str:
        """The page that follows how far it is."""
        return reverse("package", args=[self.pk])

    @property
    def filename(self) -> str:
        """What it is called when it is fetched."""
        stage = f"-{self.dossier.number}" if self.dossier else "-draft"
        return f"{self.application.number}{stage}.pdf"
