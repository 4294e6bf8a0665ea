"""What sites reported, and the denominators of the regions."""

from typing import Any

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from greenchain.audit.desk import EVERYBODY, Desk
from suppliers.reporting.catalogue import METRICS, TABLES
from suppliers.reporting.models import RegionYear, SiteYear


@admin.register(SiteYear)
class SiteYearDesk(Desk[SiteYear]):
    """One site's figures of one year, by the catalogue's names."""

    list_display = ("site", "enterprise", "year", "gross_output", "export_value", "updated_at")
    list_filter = ("year",)
    list_select_related = ("site__enterprise",)
    search_fields = ("site__name", "site__name_en", "site__enterprise__name", "site__enterprise__identifier")
    ordering = ("-year", "-pk")
    fields = readonly_fields = (
        "site",
        "year",
        "gross_output",
        "export_value",
        "figures",
        "tables",
        "source",
        "reported_at",
        "updated_at",
    )

    def lookup_allowed(self, lookup: str, value: str, request: Any = None) -> bool:
        """A site's page links to its years."""
        return lookup == "site__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(description=_("enterprise"), ordering="site__enterprise__name")
    def enterprise(self, report: SiteYear) -> str:
        """Whose site it is."""
        return report.site.enterprise.shown_name

    @admin.display(description=_("values"))
    def figures(self, report: SiteYear) -> str:
        """Every value with its name and unit."""
        rows = [(METRICS[key], value) for key, value in report.values.items() if key in METRICS]
        return render_to_string("admin/parts/values.html", {"rows": rows})

    @admin.display(description=_("tables"))
    def tables(self, report: SiteYear) -> str:
        """Every table with its columns."""
        tables = [(TABLES[key], rows) for key, rows in report.tables().items() if key in TABLES]
        return render_to_string("admin/parts/tables.html", {"tables": tables})


@admin.register(RegionYear)
class RegionYearDesk(Desk[RegionYear]):
    """What a region's share is measured against, with source and vintage."""

    readers = EVERYBODY
    list_display = ("region", "year", "scope_name", "gross_output", "export_value", "vintage", "estimated")
    list_filter = ("year", "estimated")
    list_select_related = ("region",)
    search_fields = ("region__name_zh", "region__name_en", "=region__code")
    ordering = ("-year", "region")
    fields = readonly_fields = (
        "region",
        "year",
        "scope_name",
        "gross_output",
        "export_value",
        "source",
        "vintage",
        "estimated",
    )

    @admin.display(description=_("scope"), ordering="scope")
    def scope_name(self, row: RegionYear) -> str:
        """Above-scale manufacturing, as a rule."""
        return row.scope.replace("_", " ")
