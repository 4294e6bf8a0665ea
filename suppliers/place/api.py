"""Regions, authorities and industries: public facts."""

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from greenchain.resources.filters import WordFilter
from greenchain.resources.views import PublicReading
from suppliers.place.models import Authority, Industry, Level, Region

LEVELS = [level.word for level in Level]


@extend_schema_field({"type": "string", "enum": LEVELS})
class LevelField(serializers.Field[int, str, str, Any]):
    """A level as its word; inside it is a number."""

    default_error_messages = {"invalid": "One of: " + ", ".join(LEVELS) + "."}

    def to_representation(self, value: int) -> str:
        """The word."""
        return Level(value).word

    def to_internal_value(self, data: Any) -> Level:
        """The level that the word names."""
        if not isinstance(data, str) or data not in LEVELS:
            self.fail("invalid")
        return Level.from_word(data)


@extend_schema_field({"type": "string", "enum": LEVELS})
class LevelFilter(filters.ChoiceFilter):  # type: ignore[misc]
    """Rows of the level that the word names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[(word, word) for word in LEVELS], **kwargs)

    def filter(self, qs: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """By the level's number."""
        return super().filter(qs, Level.from_word(value) if value else value)


class RegionFilter(filters.CharFilter):  # type: ignore[misc]
    """Rows in a region or anywhere inside it, by its code: the codes of GB/T 2260 nest by pairs of digits."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=6, min_length=6, **kwargs)

    def filter(self, qs: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """Provinces hold what shares two digits, prefectures what shares four."""
        if not value:
            return qs
        stem = value.removesuffix("00").removesuffix("00") if value.endswith("00") else value
        return qs.filter(**{f"{self.field_name}__code__startswith": stem})


class IndustryFilter(filters.CharFilter):  # type: ignore[misc]
    """Rows of an industry or of a finer one inside it, by its code of GB/T 4754."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, max_length=4, **kwargs)

    def filter(self, qs: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """By the code's beginning."""
        return qs.filter(**{f"{self.field_name}__code__startswith": value}) if value else qs


class NameSearch(filters.CharFilter):  # type: ignore[misc]
    """Rows with this in one of their names."""

    def __init__(self, *names: str, **kwargs: Any) -> None:
        self.names = names
        super().__init__(field_name=names[0], max_length=100, **kwargs)

    def filter(self, qs: "QuerySet[Any]", value: str) -> "QuerySet[Any]":
        """In any of the names."""
        if not value:
            return qs
        condition = Q()
        for name in self.names:
            condition |= Q(**{f"{name}__icontains": value})
        return qs.filter(condition)


class RegionTeller(serializers.ModelSerializer[Region]):
    """A region, and the authority that answers for it."""

    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Region
        fields = ("code", "kind", "parent", "name_zh", "name_en", "desk")


class AuthorityTeller(serializers.ModelSerializer[Authority]):
    """An authority and its place in the tree."""

    level = LevelField(read_only=True)
    parent = serializers.SlugRelatedField[Authority](  # type: ignore[assignment]
        slug_field="code", read_only=True, allow_null=True
    )

    class Meta:
        model = Authority
        fields = ("code", "kind", "level", "parent", "path", "name_zh", "name_en", "region")


class IndustryTeller(serializers.ModelSerializer[Industry]):
    """An industry of GB/T 4754."""

    class Meta:
        model = Industry
        fields = ("code", "kind", "parent", "name_zh", "name_en")


class RegionFilters(filters.FilterSet):  # type: ignore[misc]
    """Find regions."""

    kind = filters.ChoiceFilter(choices=Region.Kind.choices)
    parent = WordFilter(field_name="parent")
    desk = WordFilter(field_name="desk__code")
    search = NameSearch("name_zh", "name_en")


class AuthorityFilters(filters.FilterSet):  # type: ignore[misc]
    """Find authorities."""

    kind = filters.ChoiceFilter(choices=Authority.Kind.choices)
    level = LevelFilter()
    parent = WordFilter(field_name="parent__code")
    search = NameSearch("name_zh", "name_en")


class IndustryFilters(filters.FilterSet):  # type: ignore[misc]
    """Find industries."""

    kind = filters.ChoiceFilter(choices=Industry.Kind.choices)
    parent = WordFilter(field_name="parent")
    search = NameSearch("name_zh", "name_en")


class Regions(PublicReading):
    """Regions of GB/T 2260, down to counties."""

    queryset = Region.objects.select_related("desk")
    serializer_class = RegionTeller
    filterset_class = RegionFilters
    ordering = "code"
    lookup_value_regex = "[0-9]{6}"


class Authorities(PublicReading):
    """The authorities that examine, recommend and grant."""

    queryset = Authority.objects.select_related("parent")
    serializer_class = AuthorityTeller
    filterset_class = AuthorityFilters
    ordering = "code"
    lookup_field = "code"
    lookup_value_regex = "[0-9A-Z]{1,8}"


class Industries(PublicReading):
    """Industries of GB/T 4754-2017, section C."""

    queryset = Industry.objects.all()
    serializer_class = IndustryTeller
    filterset_class = IndustryFilters
    ordering = "code"
    lookup_value_regex = "[0-9A-Z]{1,4}"
