"""Supply links whose buyer stands in the official's territory, to be read."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from greenchain.audit.desk import Desk
from suppliers.supply.models import SupplyLink


@admin.register(SupplyLink)
class SupplyLinkDesk(Desk[SupplyLink]):
    """Who supplies, carries for, or recovers for whom, with what; spend and share as the scope allows."""

    list_display = (
        "supplier",
        "kind",
        "buyer",
        "material",
        "spend_shown",
        "share_shown",
        "since_on",
        "until_on",
    )
    list_filter = (
        "kind",
        ("confirmed_at", admin.EmptyFieldListFilter),
        ("disputed_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("buyer", "supplier")
    search_fields = ("buyer__name", "buyer__identifier", "supplier__name", "supplier__identifier", "material")
    ordering = ("-pk",)
    fields = readonly_fields = (
        "buyer",
        "supplier",
        "kind",
        "material",
        "industry",
        "vendor_code",
        "spend_shown",
        "share_shown",
        "since_on",
        "until_on",
        "declared_by",
        "confirmed_at",
        "disputed_at",
    )

    def scope(self, rows: Any, user: Any) -> Any:
        """With the figures that this person may see."""
        return rows.visible_to(user).with_figures_for(user)

    @admin.display(description=_("spend, 10,000 CNY a year"), ordering="spend")
    def spend_shown(self, link: SupplyLink) -> Any:
        """Empty for those it is not for."""
        return link.shown_spend

    @admin.display(description=_("share of purchases, 0 to 1"), ordering="share")
    def share_shown(self, link: SupplyLink) -> Any:
        """As above."""
        return link.shown_share
