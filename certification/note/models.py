"""What officials write down about a case for themselves."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certification.application.models import Application
from greenchain.accounts.models import Role
from greenchain.audit.models import AppendOnly
from greenchain.clock import now
from suppliers.place.models import Authority

READERS: tuple[str, ...] = (Role.AUDITOR, Role.APPROVER)


class InternalNoteQuerySet(models.QuerySet["InternalNote"]):
    """Notes are an authority's own."""

    def visible_to(self, user: Any) -> "InternalNoteQuerySet":
        """Auditors and approvers of the authority that wrote it; where it is shared, of those above it too."""
        if not getattr(user, "is_official", False) or user.role not in READERS:
            return self.none()
        below = Q(shared=True, authority__path__startswith=user.authority.path)
        mine = Q(authority=user.authority_id) | below
        return self.filter(mine, application__in=Application.objects.visible_to(user))


class InternalNote(AppendOnly):
    """A note for colleagues. It stands in no dossier, no record of the case, no export, print or mail."""

    application = models.ForeignKey(
        Application, verbose_name=_("case"), on_delete=models.PROTECT, related_name="internal_notes"
    )
    authority = models.ForeignKey(
        Authority, verbose_name=_("authority"), on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("note"), max_length=4000)
    shared = models.BooleanField(_("the authorities above may read it too"), default=False)
    at = models.DateTimeField(_("written at"), default=now)

    objects = InternalNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        indexes = [models.Index(fields=["application", "authority"])]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.pk}"
