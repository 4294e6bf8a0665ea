"""Places, authorities and industries are as their published files say; a county may open a desk."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from greenchain.audit.acts import Act
from greenchain.audit.desk import EVERYBODY, Desk
from suppliers.place.actions import open_desk
from suppliers.place.models import Authority, Industry, Region


def _opens(_region: Region, user: Any) -> bool:
    return user.role == "administrator"


def _without_desk(region: Region) -> bool:
    if region.kind != Region.Kind.COUNTY or region.desk is None:
        return False
    return region.desk.region_id != region.pk


@admin.register(Region)
class RegionDesk(Desk[Region]):
    """GB/T 2260, and who answers for each place."""

    readers = EVERYBODY
    acts = (Act("open_desk", _("Open a desk"), open_desk, tone="primary", whose=_opens, when=_without_desk),)
    list_display = ("code", "name_zh", "name_en", "kind", "desk")
    list_filter = ("kind",)
    list_select_related = ("desk", "parent")
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    fields = readonly_fields = ("code", "kind", "name_zh", "name_en", "parent", "desk")


@admin.register(Authority)
class AuthorityDesk(Desk[Authority]):
    """The tree of authorities: who recommends to whom."""

    readers = EVERYBODY
    list_display = ("code", "name_zh", "name_en", "kind", "level", "parent")
    list_filter = ("kind", "level")
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("path",)
    fields = readonly_fields = ("code", "kind", "level", "name_zh", "name_en", "parent", "path", "region")


@admin.register(Industry)
class IndustryDesk(Desk[Industry]):
    """GB/T 4754-2017, section C."""

    readers = EVERYBODY
    list_display = ("code", "name_zh", "name_en", "kind")
    list_filter = ("kind",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    fields = readonly_fields = ("code", "kind", "name_zh", "name_en", "parent")
