"""Incentives, to be read by programs: what is published and in effect; authorities read theirs in every state."""

from typing import Any

import django_filters as filters
from rest_framework import serializers

from certification.incentive.models import Incentive, Kind
from certification.scheme.models import Scheme
from greenchain.resources.fields import Texts
from greenchain.resources.filters import WordFilter
from greenchain.resources.views import PublicReading
from suppliers.place.api import LevelField, LevelFilter, RegionFilter
from suppliers.place.models import Authority


class IncentiveTeller(serializers.ModelSerializer[Incentive]):
    """Something that holders of a title may get; amounts are CNY. ``mark`` says how it is known."""

    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    region = serializers.CharField(source="authority.region_id", read_only=True, allow_null=True)
    scheme = serializers.SlugRelatedField[Scheme](slug_field="key", read_only=True)
    level = LevelField(read_only=True, allow_null=True)
    names = Texts()
    source = Texts()  # type: ignore[assignment]

    class Meta:
        model = Incentive
        fields = (
            "id",
            "authority",
            "region",
            "scheme",
            "level",
            "kind",
            "names",
            "giver",
            "amount_from",
            "amount_to",
            "source",
            "url",
            "mark",
            "from_on",
            "until_on",
            "state",
        )


class IncentiveFilters(filters.FilterSet):  # type: ignore[misc]
    """Find incentives."""

    scheme = WordFilter(field_name="scheme__key")
    level = LevelFilter(field_name="level")
    kind = filters.ChoiceFilter(choices=Kind.choices)
    authority = WordFilter(field_name="authority__code")
    region = RegionFilter(field_name="authority__region")
    reaches = filters.CharFilter(
        method="reaching", max_length=8, help_text="authority code: its own and those above it"
    )
    on = filters.DateFilter(method="holding", help_text="published, and in effect on that day")

    def reaching(self, rows: Any, _name: str, value: str) -> Any:
        """What holders in an authority's territory may get."""
        return rows.reaching(Authority.objects.filter(code=value).first())

    def holding(self, rows: Any, _name: str, value: Any) -> Any:
        """In effect on that day."""
        return rows.holding(value)


class Incentives(PublicReading):
    """Awards, loans, preference in purchasing and programmes of buyers, with their sources."""

    queryset = Incentive.objects.select_related("authority", "scheme").order_by("pk")
    serializer_class = IncentiveTeller
    filterset_class = IncentiveFilters
