"""Enterprises and what they have: sites, products, parks."""

from collections.abc import Callable, Collection
from typing import Any, ClassVar

import django_filters as filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.views import Reading
from suppliers.enterprise import actions
from suppliers.enterprise.access import must
from suppliers.enterprise.models import Enterprise, Park, Product, Site
from suppliers.place.api import IndustryFilter, NameSearch, RegionFilter
from suppliers.place.models import Authority

BAD_INPUT = ("invalid", "identifier", "no_desk", "another_enterprise")


class EnterpriseTeller(serializers.ModelSerializer[Enterprise]):
    """An enterprise, to its members and to the officials who answer for it."""

    desk = serializers.SlugRelatedField[Authority](
        source="region.desk", slug_field="code", read_only=True, allow_null=True
    )

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = (
            "id",
            "scheme",
            "identifier",
            "country",
            *actions.DETAILS,
            "desk",
            "claimed_at",
        )


class EnterpriseReader(serializers.ModelSerializer[Enterprise]):
    """What an owner or editor may change."""

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = actions.DETAILS
        extra_kwargs = {"name": {"help_text": "only an owner changes it; the old name stays findable"}}


class SiteTeller(serializers.ModelSerializer[Site]):
    """A site."""

    class Meta:
        model = Site
        fields: tuple[str, ...] = ("id", "enterprise", *actions.FIELDS[Site])


class SiteReader(serializers.ModelSerializer[Site]):
    """A site to be."""

    enterprise = Seen(queryset=Enterprise.objects.all())

    class Meta:
        model = Site
        fields: tuple[str, ...] = ("enterprise", *actions.FIELDS[Site])
        validators: tuple[Any, ...] = ()


class SiteChanges(serializers.ModelSerializer[Site]):
    """What may be changed of a site."""

    class Meta:
        model = Site
        fields: tuple[str, ...] = actions.FIELDS[Site]


class ProductTeller(serializers.ModelSerializer[Product]):
    """A product."""

    class Meta:
        model = Product
        fields: tuple[str, ...] = ("id", "enterprise", *actions.FIELDS[Product])


class ProductReader(serializers.ModelSerializer[Product]):
    """A product to be."""

    enterprise = Seen(queryset=Enterprise.objects.all())
    site = Seen(queryset=Site.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Product
        fields: tuple[str, ...] = ("enterprise", *actions.FIELDS[Product])
        validators: tuple[Any, ...] = ()


class ProductChanges(serializers.ModelSerializer[Product]):
    """What may be changed of a product."""

    site = Seen(queryset=Site.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Product
        fields: tuple[str, ...] = actions.FIELDS[Product]


class ParkTeller(serializers.ModelSerializer[Park]):
    """A park."""

    class Meta:
        model = Park
        fields: tuple[str, ...] = ("id", "manager", *actions.FIELDS[Park])


class ParkReader(serializers.ModelSerializer[Park]):
    """A park to be."""

    manager = Seen(queryset=Enterprise.objects.all())

    class Meta:
        model = Park
        fields: tuple[str, ...] = ("manager", *actions.FIELDS[Park])
        validators: tuple[Any, ...] = ()


class ParkChanges(serializers.ModelSerializer[Park]):
    """What may be changed of a park."""

    class Meta:
        model = Park
        fields: tuple[str, ...] = actions.FIELDS[Park]


class EnterpriseFilters(filters.FilterSet):  # type: ignore[misc]
    """Find enterprises."""

    scheme = filters.ChoiceFilter(choices=Enterprise.Scheme.choices)
    identifier = WordFilter()
    region = RegionFilter()
    industry = IndustryFilter()
    search = NameSearch("name", "name_en", "identifier")


class SiteFilters(filters.FilterSet):  # type: ignore[misc]
    """Find sites."""

    enterprise = KeyFilter()
    region = RegionFilter()
    industry = IndustryFilter()
    search = NameSearch("name", "name_en")


class ProductFilters(filters.FilterSet):  # type: ignore[misc]
    """Find products."""

    enterprise = KeyFilter()
    site = KeyFilter()
    search = NameSearch("name", "name_en", "code")


class ParkFilters(filters.FilterSet):  # type: ignore[misc]
    """Find parks."""

    manager = KeyFilter()
    region = RegionFilter()
    kind = filters.ChoiceFilter(choices=Park.Kind.choices)
    search = NameSearch("name", "name_en")


class Enterprises(Reading):
    """The enterprises that the person acts or answers for."""

    queryset = Enterprise.objects.select_related("region__desk")
    serializer_class = EnterpriseTeller
    filterset_class = EnterpriseFilters
    readers = {"partial_update": EnterpriseReader}
    bad_input: ClassVar[Collection[str]] = BAD_INPUT

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what the enterprise says of itself."""
        found = self.get_object()
        must(self.person, found, "edit")
        row = actions.amend(found, by=self.person, **self.given())
        return self.told(self.again(row))


class Belongings(Reading):
    """What an enterprise has: added and changed by its owners and editors."""

    bad_input = BAD_INPUT
    keeper = "enterprise"
    add: ClassVar[Callable[..., Any]]
    amend: ClassVar[Callable[..., Any]]

    @once
    def create(self, request: Request) -> Response:
        """Add one."""
        given = self.given()
        row = type(self).add(given.pop(self.keeper), by=self.person, **given)
        return self.told(self.again(row), 201)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is given, and leave the rest."""
        found = self.get_object()
        must(self.person, getattr(found, self.keeper), "edit")
        row = type(self).amend(found, by=self.person, **self.given())
        return self.told(self.again(row))


class Sites(Belongings):
    """Factories: what green-factory titles are for."""

    queryset = Site.objects.select_related("enterprise")
    serializer_class = SiteTeller
    filterset_class = SiteFilters
    readers = {"create": SiteReader, "partial_update": SiteChanges}
    add = actions.add_site
    amend = actions.amend_site


class Products(Belongings):
    """Products and product classes."""

    queryset = Product.objects.select_related("enterprise")
    serializer_class = ProductTeller
    filterset_class = ProductFilters
    readers = {"create": ProductReader, "partial_update": ProductChanges}
    add = actions.add_product
    amend = actions.amend_product


class Parks(Belongings):
    """Industrial parks and zones."""

    queryset = Park.objects.select_related("manager")
    serializer_class = ParkTeller
    filterset_class = ParkFilters
    readers = {"create": ParkReader, "partial_update": ParkChanges}
    keeper = "manager"
    add = actions.add_park
    amend = actions.amend_park
