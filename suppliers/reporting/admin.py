"""What sites reported, and the denominators of the regions."""

from typing import Any

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from greenchain.audit.desk import EVERYBODY, Desk
from suppliers.enterprise.models import owner_of
from suppliers.reporting.catalogue import METRICS, TABLES
from suppliers.reporting.models import Figures, RegionYear, SiteYear, SubjectYear


class FiguresDesk(Desk[Any]):
    """A year's figures by the catalogue's names."""

    list_filter = ("year",)
    ordering = ("-year", "-pk")

    @admin.display(description=_("values"))
    def figures(self, report: Figures) -> str:
        """Every value with its name and unit."""
        rows = [(METRICS[key], value) for key, value in report.values.items() if key in METRICS]
        return render_to_string("admin/parts/values.html", {"rows": rows})

    @admin.display(description=_("tables"))
    def tables(self, report: Figures) -> str:
        """Every table with its columns."""
        tables = [(TABLES[key], rows) for key, rows in report.tables().items() if key in TABLES]
        return render_to_string("admin/parts/tables.html", {"tables": tables})

    @admin.display(description=_("enterprise"))
    def holder(self, report: Figures) -> str:
        """Whose it is."""
        return owner_of(report.subject).shown_name


@admin.register(SiteYear)
class SiteYearDesk(FiguresDesk):
    """One site's figures of one year."""

    list_display = ("site", "holder", "year", "gross_output", "export_value", "updated_at")
    list_select_related = ("site__enterprise",)
    search_fields = ("site__name", "site__name_en", "site__enterprise__name", "site__enterprise__identifier")
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


@admin.register(SubjectYear)
class SubjectYearDesk(FiguresDesk):
    """The figures of an enterprise, a product or a park of one year."""

    list_display = ("about", "kind", "holder", "year", "updated_at")
    list_select_related = ("enterprise", "product__enterprise", "park__manager")
    search_fields = ("enterprise__name", "enterprise__identifier", "product__name", "park__name")
    fields = readonly_fields = (
        "about",
        "kind",
        "year",
        "figures",
        "tables",
        "source",
        "reported_at",
        "updated_at",
    )

    @admin.display(description=_("subject"))
    def about(self, report: SubjectYear) -> str:
        """What was reported about."""
        return report.subject.shown_name

    @admin.display(description=_("kind"))
    def kind(self, report: SubjectYear) -> Any:
        """Enterprise, product or park."""
        return report.subject._meta.verbose_name


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
