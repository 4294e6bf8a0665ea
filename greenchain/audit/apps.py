"""The audit trail's app: protects append-only tables after every migrate."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

__all__ = ["AuditConfig"]


class AuditConfig(AppConfig):
    """Ground layer: the append-only record."""

    name = "greenchain.audit"
    verbose_name = _("Audit trail")
    label = "audit"

    def ready(self) -> None:
        """Make the triggers anew after every migrate."""
        from greenchain.audit.immutable import protect  # noqa: PLC0415 - apps are not loaded at import

        post_migrate.connect(protect, dispatch_uid="greenchain.audit.protect")
