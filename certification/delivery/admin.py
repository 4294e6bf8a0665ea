"""Mails: administrators see which did not leave, and have them sent again."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from certification.delivery.actions import MAX_ATTEMPTS, try_again
from certification.delivery.models import Delivery
from greenchain.accounts.models import Role
from greenchain.audit.acts import Act
from greenchain.audit.desk import ADMINISTRATORS, Desk


def _helps(_mail: Delivery, user: Any) -> bool:
    return user.role == Role.ADMINISTRATOR


def _given_up(mail: Delivery) -> bool:
    return mail.sent_at is None and mail.attempts >= MAX_ATTEMPTS


class SentFilter(admin.SimpleListFilter):
    """Whether it left."""

    title = _("sent")
    parameter_name = "sent"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Three states."""
        return [("yes", _("sent")), ("waiting", _("waiting")), ("failed", _("failed"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """After the last attempt a mail counts as failed."""
        match self.value():
            case "yes":
                return queryset.filter(sent_at__isnull=False)
            case "waiting":
                return queryset.filter(sent_at__isnull=True, attempts__lt=MAX_ATTEMPTS)
            case "failed":
                return queryset.filter(sent_at__isnull=True, attempts__gte=MAX_ATTEMPTS)
            case _:
                return queryset


@admin.register(Delivery)
class DeliveryDesk(Desk[Delivery]):
    """One row per entry of the record and addressee."""

    readers = ADMINISTRATORS
    acts = (Act("try_again", _("Send again"), try_again, tone="primary", whose=_helps, when=_given_up),)
    list_display = ("subject", "addressee", "sent_at", "attempts")
    list_filter = (SentFilter,)
    list_select_related = ("addressee",)
    search_fields = ("subject", "addressee__username", "addressee__email")
    ordering = ("-pk",)
    fields = readonly_fields = ("subject", "addressee", "text", "sent_at", "attempts", "entry")

    def scope(self, rows: Any, _user: Any) -> Any:
        """Administrators help with all of them."""
        return rows
