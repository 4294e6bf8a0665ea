"""Invitations of buyers in the official's territory, to be read: how suppliers come, without secrets."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from greenchain.audit.desk import Desk
from greenchain.clock import today
from suppliers.invitation.models import Invitation


class AnswerFilter(admin.SimpleListFilter):
    """Whether it can still be answered."""

    title = _("answer")
    parameter_name = "answer"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """What the status alone does not say."""
        return [("waiting", _("waited for")), ("expired", _("not answered in time"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """By the day on which the link ends."""
        asked = [Invitation.Status.SENT, Invitation.Status.OPENED]
        match self.value():
            case "waiting":
                return queryset.waiting()
            case "expired":
                return queryset.filter(status__in=asked, expires_on__lt=today())
            case _:
                return queryset


@admin.register(Invitation)
class InvitationDesk(Desk[Invitation]):
    """Who was asked by whom, and what became of it. Link, nonce and digest are for nobody, addresses stay veiled."""

    list_display = ("number", "buyer", "invited", "status", "sent_at", "expires_on", "answered_at")
    list_filter = ("status", AnswerFilter, "language", "sent_at")
    list_select_related = ("buyer", "supplier")
    search_fields = ("buyer__name", "buyer__identifier", "supplier__name", "supplier__identifier", "name")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "number",
        "buyer",
        "supplier",
        "name",
        "identifier",
        "address",
        "language",
        "status",
        "sent_at",
        "expires_on",
        "opened_at",
        "answered_at",
        "reminded_at",
        "settled_at",
        "claim",
    )

    def scope(self, rows: Any, user: Any) -> Any:
        """Those of buyers in the territory, as with supply links; what a buyer only prepares is its own."""
        return rows.in_territory_of(user)

    @admin.display(description=_("invited"), ordering="name")
    def invited(self, row: Invitation) -> str:
        """As known here, else as the buyer wrote it."""
        return row.supplier.shown_name if row.supplier else row.name

    @admin.display(description=_("e-mail"))
    def address(self, row: Invitation) -> str:
        """Enough to recognise it, not enough to write to it."""
        name, _at, domain = row.contact.partition("@")
        return f"{name[:1]}…@{domain}" if domain else "–"
