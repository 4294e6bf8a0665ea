"""Incentives: an authority enters those of its own territory, its approver publishes and withdraws them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from certification.incentive import actions
from certification.incentive.forms import IncentiveForm
from certification.incentive.models import Incentive, State
from greenchain.audit.acts import Act, ReasonsForm
from greenchain.audit.desk import EVERYBODY, Desk


def _writes(row: Incentive | None, user: Any) -> bool:
    return actions.writes(user, row)


def _publishes(row: Incentive, user: Any) -> bool:
    return actions.publishes(user, row)


@admin.register(Incentive)
class IncentiveDesk(Desk[Incentive]):
    """Officials read what is published and what their territory prepares; nobody writes for another's."""

    readers = EVERYBODY
    opening = Act("enter", _("Enter an incentive"), actions.enter, IncentiveForm, "primary", _writes)
    acts = (
        Act(
            "publish",
            _("Publish"),
            actions.publish,
            tone="primary",
            whose=_publishes,
            when=lambda row: row.state == State.DRAFT,
        ),
        Act(
            "withdraw",
            _("Withdraw"),
            actions.withdraw,
            ReasonsForm,
            "danger",
            _publishes,
            lambda row: row.state != State.WITHDRAWN,
        ),
    )
    list_display = (
        "__str__",
        "scheme",
        "level",
        "kind",
        "amount",
        "authority",
        "state",
        "from_on",
        "until_on",
    )
    list_filter = ("state", "kind", "scheme", "level")
    list_select_related = ("scheme", "authority")
    search_fields = ("names", "authority__name_zh", "authority__name_en", "authority__code")
    ordering = ("authority__path", "scheme", "pk")
    fields = readonly_fields = (
        "__str__",
        "authority",
        "scheme",
        "level",
        "kind",
        "amount",
        "given_by",
        "from_on",
        "until_on",
        "state",
        "source_text",
        "url",
        "mark",
        "withdrawn_because",
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        """With everything that list and page name."""
        return super().get_queryset(request).select_related("authority", "scheme")

    @admin.display(description=_("amount"))
    def amount(self, row: Incentive) -> str:
        """CNY, from and up to."""
        amounts = [number_format(each, 0, force_grouping=True) for each in row.amounts]
        return f"CNY {' – '.join(amounts)}" if amounts else "–"

    @admin.display(description=_("who gives it"))
    def given_by(self, row: Incentive) -> str:
        """The authority, a bank, a buyer."""
        return str(row.given_by)

    @admin.display(description=_("source"))
    def source_text(self, row: Incentive) -> str:
        """Where it is said."""
        return row.source_text
