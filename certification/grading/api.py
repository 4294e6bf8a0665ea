"""Green codes: published gradings, and the codes of titles; holders and their desks read theirs in full."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certification.grading.models import Entry, Grading, State
from certification.grading.told import refusals_of, shares_of
from greenchain.resources.filters import WordFilter
from greenchain.resources.views import PublicReading
from suppliers.place.api import RegionFilter


class ShareTeller(serializers.Serializer[Any]):
    """A code, its share of the ranks in per cent, its last place overall, how many titles have it."""

    code = serializers.CharField()
    share = serializers.IntegerField()
    last = serializers.IntegerField()
    count = serializers.IntegerField()

    class Meta:
        ref_name = "CodeShare"


class RefusalTeller(serializers.Serializer[Any]):
    """Why titles have no code, and how many."""

    key = serializers.CharField()
    words = serializers.CharField()
    count = serializers.IntegerField()


class GradingTeller(serializers.ModelSerializer[Grading]):
    """The codes of a reporting year as a whole."""

    state = serializers.ChoiceField(choices=[(one.value, one.value) for one in State], read_only=True)
    codes = serializers.SerializerMethodField()
    refusals = serializers.SerializerMethodField()

    class Meta:
        model = Grading
        fields: tuple[str, ...] = (
            "id",
            "year",
            "number",
            "state",
            "scheme_version",
            "cut_on",
            "published_at",
            "digest",
            "codes",
            "refusals",
        )

    @extend_schema_field(ShareTeller(many=True))
    def get_codes(self, grading: Grading) -> Any:
        """The codes, the best first."""
        return ShareTeller(shares_of(grading), many=True).data

    @extend_schema_field(RefusalTeller(many=True))
    def get_refusals(self, grading: Grading) -> Any:
        """Why titles were not ranked."""
        return RefusalTeller(refusals_of(grading), many=True).data


class GradingFilters(filters.FilterSet):  # type: ignore[misc]
    """Find gradings."""

    year = filters.NumberFilter(min_value=2000, max_value=2100)


class Gradings(PublicReading):
    """The green codes of each year; dry runs are read by the nation's desk alone."""

    queryset = Grading.objects.all()
    serializer_class = GradingTeller
    filterset_class = GradingFilters


class StandingTeller(serializers.Serializer[Any]):
    """What the holder and the authorities of its place read beside the code."""

    score = serializers.CharField(source="entry.score", allow_null=True)
    rank = serializers.IntegerField(source="entry.grade.rank", default=None, allow_null=True)
    of = serializers.IntegerField(source="entry.grade.of", default=None, allow_null=True)
    industry_rank = serializers.IntegerField(
        source="entry.grade.industry_rank", default=None, allow_null=True
    )
    industry_of = serializers.IntegerField(source="entry.grade.industry_of", default=None, allow_null=True)
    refusal = serializers.CharField(source="entry.refusal")
    reason = serializers.DictField(source="entry.reason", child=serializers.CharField())
    digest = serializers.CharField(source="entry.digest")


class CodeTeller(serializers.ModelSerializer[Entry]):
    """A title's code in a year; ``standing`` only for those whose title it is."""

    year = serializers.IntegerField(source="grading.year", read_only=True)
    title = serializers.CharField(source="title.number", read_only=True)
    name = serializers.CharField(source="title.name", read_only=True)
    name_en = serializers.CharField(source="title.name_en", read_only=True)
    region = serializers.CharField(source="title.region_id", read_only=True, allow_null=True)
    code = serializers.SerializerMethodField()
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Entry
        fields: tuple[str, ...] = (
            "id",
            "grading",
            "year",
            "title",
            "name",
            "name_en",
            "region",
            "industry",
            "code",
            "standing",
        )

    def get_code(self, entry: Entry) -> str | None:
        """A+, A or B; null where there is none."""
        return entry.grade.code if hasattr(entry, "grade") else None

    @extend_schema_field(StandingTeller(allow_null=True))
    def get_standing(self, entry: Entry) -> Any:
        """Score, ranks, and why there is no code."""
        return StandingTeller({"entry": entry}).data if entry.mine else None  # type: ignore[attr-defined]


class CodeFilters(filters.FilterSet):  # type: ignore[misc]
    """Find codes."""

    year = filters.NumberFilter(field_name="grading__year", min_value=2000, max_value=2100)
    code = WordFilter(field_name="grade__code")
    title = WordFilter(field_name="title__number")
    industry = WordFilter()
    region = RegionFilter(field_name="title__region")


class Codes(PublicReading):
    """The codes of titles: published ones that may be shown, and one's own."""

    queryset = Entry.objects.select_related("grading", "title", "grade")
    serializer_class = CodeTeller
    filterset_class = CodeFilters

    def get_queryset(self) -> Any:
        """Each row says whether the person reads it in full."""
        own = Entry.objects.filter(pk=OuterRef("pk")).of(self.person)
        return super().get_queryset().annotate(mine=Exists(own))
