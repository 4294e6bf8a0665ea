"""What an enterprise has: sites, products, parks that it manages and their tenants."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from greenchain.clock import today
from suppliers.enterprise.identity import Enterprise
from suppliers.enterprise.scope import common_scope, enterprise_scope
from suppliers.place.models import Authority, Industry, Region, desk_of

if TYPE_CHECKING:
    from suppliers.enterprise.scope import Viewer


class Premises(models.Model):
    """Has a name, and an English one for buyers abroad."""

    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name for Chinese readers, else the English one where there is one."""
        return self.name if (get_language() or "").startswith("zh") else self.name_en or self.name


class SiteQuerySet(models.QuerySet["Site"]):
    """Sites by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members; officials who answer for the enterprise's place or for the site's."""
        return self.filter(enterprise_scope(user, "enterprise", "enterprise__region", "region"))


class Site(Premises):
    """A factory. Its output counts in its own region, wherever the enterprise is registered."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="sites")
    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="sites"
    )
    address = models.CharField(_("address"), max_length=300)
    address_en = models.CharField(_("English address"), max_length=300, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    industry = models.ForeignKey(
        Industry, verbose_name=_("industry"), on_delete=models.PROTECT, related_name="sites"
    )
    above_scale = models.BooleanField(_("above-scale manufacturing"), default=True)

    objects = SiteQuerySet.as_manager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name"], name="site_name_once_per_enterprise")
        ]

    @property
    def desk(self) -> Authority:
        """The authority that answers for the site's place."""
        return desk_of(self.region)


class ProductQuerySet(models.QuerySet["Product"]):
    """Products by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members; officials who answer for the enterprise's place or for the site's."""
        return self.filter(common_scope(user))


class Product(Premises):
    """A product or product class; made at one site, or at any of the enterprise's."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="products")
    site = models.ForeignKey(
        Site, verbose_name=_("site"), null=True, blank=True, on_delete=models.PROTECT, related_name="products"
    )
    code = models.CharField(_("product code"), max_length=40, blank=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.UniqueConstraint(fields=["enterprise", "name", "code"], name="product_once_per_enterprise")
        ]


class ParkQuerySet(models.QuerySet["Park"]):
    """Parks by who may see them."""

    def visible_to(self, user: "Viewer") -> Self:
        """Members of the managing enterprise; officials who answer for its place or for the park's."""
        return self.filter(enterprise_scope(user, "manager", "manager__region", "region"))


class Park(Premises):
    """An industrial park or zone, managed by an enterprise."""

    class Kind(models.TextChoices):
        INDUSTRIAL = "industrial", _("industrial park")
        HIGH_TECH = "high_tech", _("high-tech zone")
        ECONOMIC = "economic", _("economic and technological development zone")
        CHEMICAL = "chemical", _("chemical park")
        OTHER = "other", _("other park")

    manager = models.ForeignKey(Enterprise, on_delete=models.PROTECT, related_name="parks")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INDUSTRIAL)
    region = models.ForeignKey(
        Region, verbose_name=_("region"), on_delete=models.PROTECT, related_name="parks"
    )
    address = models.CharField(_("address"), max_length=300, blank=True)

    objects = ParkQuerySet.as_manager()

    class Meta:
        verbose_name = _("park")
        verbose_name_plural = _("parks")
        constraints = [models.UniqueConstraint(fields=["manager", "name"], name="park_name_once_per_manager")]

    @property
    def desk(self) -> Authority:
        """The authority that answers for the park's place."""
        return desk_of(self.region)


Subject = Site | Enterprise | Product | Park
"""What figures are reported for and titles are given to."""


def key_of(subject: Any) -> str:
    """The word for a subject's kind, which is also the key under which it stands in rows about subjects."""
    return type(subject).__name__.lower()


def owner_of(subject: Any) -> Enterprise:
    """The enterprise that answers for a subject."""
    match subject:
        case Enterprise():
            return subject
        case Park():
            return subject.manager
        case _:
            found: Enterprise = subject.enterprise
            return found


class TenancyQuerySet(models.QuerySet["Tenancy"]):
    """Tenancies by date and by who may see them."""

    def current(self) -> Self:
        """In force today."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=today()), since_on__lte=today())

    def visible_to(self, user: "Viewer") -> Self:
        """Members of the managing enterprise; officials who answer for the park's place."""
        return self.filter(enterprise_scope(user, "park__manager", "park__manager__region", "park__region"))


class Tenancy(models.Model):
    """A site stands in a park from one day to another."""

    park = models.ForeignKey(Park, on_delete=models.PROTECT, related_name="tenancies")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="tenancies")
    since_on = models.DateField(_("since"), default=today)
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = TenancyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tenancy")
        verbose_name_plural = _("tenancies")
        constraints = [
            models.UniqueConstraint(fields=["park", "site", "since_on"], name="tenancy_starts_once"),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")),
                name="tenancy_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} · {self.park}"
