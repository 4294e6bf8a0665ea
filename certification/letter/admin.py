"""Mails to people without an account: administrators see how they fare, and have sent again what failed."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from certification.letter.actions import send_again
from certification.letter.models import Post
from greenchain.accounts.models import Role
from greenchain.audit.acts import Act
from greenchain.audit.desk import ADMINISTRATORS, Desk


class SentFilter(admin.SimpleListFilter):
    """How it fares."""

    title = _("sent")
    parameter_name = "sent"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        """Its states."""
        return [("yes", _("sent")), ("waiting", _("waiting")), ("failed", _("failed"))]

    def queryset(self, _request: HttpRequest, queryset: Any) -> Any:
        """After the last attempt a mail counts as failed."""
        match self.value():
            case "yes":
                return queryset.filter(sent_at__isnull=False)
            case "waiting":
                return queryset.waiting()
            case "failed":
                return queryset.failed()
            case _:
                return queryset


@admin.register(Post)
class PostDesk(Desk[Post]):
    """Neither the text nor the whole address is shown: they tell who it is, and the text opens their page."""

    readers = ADMINISTRATORS
    acts = (
        Act(
            "send_again",
            _("Send again"),
            send_again,
            tone="primary",
            whose=lambda _row, user: user.role == Role.ADMINISTRATOR,
            when=lambda row: row.given_up,
        ),
    )
    list_display = ("about", "subject", "address", "written_at", "sent_at", "attempts", "problem")
    list_filter: ClassVar[Any] = (SentFilter,)
    search_fields = ("about", "subject", "letter__number")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "about",
        "subject",
        "address",
        "letter",
        "written_at",
        "sent_at",
        "attempts",
        "problem",
    )

    @admin.display(description=_("address"))
    def address(self, row: Post) -> str:
        """Its first sign and what is behind the @."""
        return row.masked
