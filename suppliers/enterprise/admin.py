"""Enterprises, sites, products and parks of the official's territory; their owners keep them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from greenchain.audit.desk import Desk
from suppliers.enterprise.models import Enterprise, FormerName, Park, Product, Site


class Listed(admin.TabularInline[Any, Any]):
    """Rows that belong to the one on the page, to be read."""

    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - Django's signature
        """Whoever reads the row reads what belongs to it."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as above
        """Not here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as above
        """Not here."""
        return False


class FormerNames(Listed):
    """Names that older lists still carry."""

    model = FormerName
    fields = readonly_fields = ("name", "until_on")
    verbose_name_plural = _("former names")
    show_change_link = False


class Sites(Listed):
    """Sites that the official sees."""

    model = Site
    fields = readonly_fields = ("name", "name_en", "region", "industry", "above_scale")

    def get_queryset(self, request: HttpRequest) -> Any:
        """Sites elsewhere stay out of sight."""
        return Site.objects.visible_to(request.user).select_related("region", "industry")


@admin.register(Enterprise)
class EnterpriseDesk(Desk[Enterprise]):
    """Who they are, under which identifier, and where."""

    list_display = ("name", "name_en", "identifier", "region", "industry", "claimed_at")
    list_filter = ("scheme", ("claimed_at", admin.EmptyFieldListFilter))
    list_select_related = ("region", "industry")
    search_fields = ("name", "name_en", "identifier", "former_names__name")
    ordering = ("name", "pk")
    inlines = (Sites, FormerNames)
    fields = readonly_fields = (
        "name",
        "name_en",
        "scheme",
        "identifier",
        "country",
        "region",
        "industry",
        "address",
        "legal_representative",
        "contact_name",
        "contact_phone",
        "contact_email",
        "claimed_at",
        "cases",
        "chain",
    )

    @admin.display(description=_("supply chain"))
    def chain(self, enterprise: Enterprise) -> SafeString:
        """Whom it buys from, where it has declared suppliers."""
        return format_html(
            '<a href="{}?q={}">{}</a>', reverse("supply"), enterprise.identifier, _("its suppliers")
        )

    @admin.display(description=_("cases"))
    def cases(self, enterprise: Enterprise) -> SafeString:
        """Where its cases stand."""
        url = reverse("admin:certification_application_changelist")
        return format_html('<a href="{}?q={}">{}</a>', url, enterprise.identifier, _("in the queue"))


@admin.register(Site)
class SiteDesk(Desk[Site]):
    """Factories; output counts where the site stands."""

    list_display = ("name", "name_en", "enterprise", "region", "industry", "above_scale")
    list_filter = ("above_scale",)
    list_select_related = ("enterprise", "region", "industry")
    search_fields = ("name", "name_en", "enterprise__name", "enterprise__name_en", "enterprise__identifier")
    ordering = ("name", "pk")
    fields = readonly_fields = (
        "name",
        "name_en",
        "enterprise",
        "region",
        "address",
        "address_en",
        "postal_code",
        "industry",
        "above_scale",
        "figures",
    )

    @admin.display(description=_("figures"))
    def figures(self, site: Site) -> SafeString:
        """What was reported, year by year."""
        url = reverse("admin:suppliers_siteyear_changelist")
        return format_html('<a href="{}?site__id__exact={}">{}</a>', url, site.pk, _("year by year"))


@admin.register(Product)
class ProductDesk(Desk[Product]):
    """What they make."""

    list_display = ("name", "name_en", "enterprise", "site", "code")
    list_select_related = ("enterprise", "site")
    search_fields = ("name", "name_en", "code", "enterprise__name")
    ordering = ("name", "pk")
    fields = readonly_fields = ("name", "name_en", "enterprise", "site", "code")


@admin.register(Park)
class ParkDesk(Desk[Park]):
    """Parks and who manages them."""

    list_display = ("name", "name_en", "kind", "manager", "region")
    list_filter = ("kind",)
    list_select_related = ("manager", "region")
    search_fields = ("name", "name_en", "manager__name")
    ordering = ("name", "pk")
    fields = readonly_fields = ("name", "name_en", "kind", "manager", "region", "address")
