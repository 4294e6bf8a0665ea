"""Schemes with their versions, read in full."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.scheme.definition import Definition
from certification.scheme.models import Scheme, SchemeVersion
from greenchain.resources.fields import Texts
from greenchain.resources.filters import WordFilter
from greenchain.resources.views import KEY, PublicReading
from suppliers.place.api import LevelField


class VersionTeller(serializers.ModelSerializer[SchemeVersion]):
    """One published text of a scheme."""

    names = Texts()

    class Meta:
        model = SchemeVersion
        fields = ("id", "version", "names", "effective_on", "retired_on", "digest")


class SchemeTeller(serializers.ModelSerializer[Scheme]):
    """A green designation that may be sought."""

    names = Texts()
    versions = VersionTeller(many=True, read_only=True)

    class Meta:
        model = Scheme
        fields = ("id", "key", "subject", "prefix", "names", "versions")


class BlockTeller(serializers.Serializer[Any]):
    """A group of indicators."""

    code = serializers.CharField()
    names = Texts()
    weight = serializers.DecimalField(max_digits=None, decimal_places=None)


class IndicatorTeller(serializers.Serializer[Any]):
    """One indicator: weight, how it is measured, and what proves it."""

    code = serializers.CharField()
    block = serializers.CharField()
    names = Texts()
    kind = serializers.ChoiceField(choices=["quantitative", "qualitative"])
    weight = serializers.DecimalField(max_digits=None, decimal_places=None)
    unit = serializers.CharField()
    base = serializers.DecimalField(max_digits=None, decimal_places=None, allow_null=True)
    lead = serializers.DecimalField(max_digits=None, decimal_places=None, allow_null=True)
    scoring = serializers.ChoiceField(choices=["linear", "ratio", "step", ""])
    less_is_better = serializers.BooleanField()
    must = serializers.BooleanField(help_text="has to be met in full")
    group = serializers.CharField(help_text="optional: of each group one counts, of the groups `pick`")
    bonus = serializers.BooleanField(help_text="comes on top of the score")
    stage = serializers.CharField()
    clause = Texts()
    evidence = serializers.ListField(child=serializers.CharField())
    evidence_if_any = serializers.ListField(child=serializers.CharField())


class ThresholdTeller(serializers.Serializer[Any]):
    """A limit that a formula's value must keep; by size where ``minimum`` and ``maximum`` are both null."""

    formula = serializers.CharField(source="formula.source")
    unit = serializers.CharField()
    minimum = serializers.DecimalField(max_digits=None, decimal_places=None, allow_null=True)
    maximum = serializers.DecimalField(max_digits=None, decimal_places=None, allow_null=True)


class GateTeller(serializers.Serializer[Any]):
    """A one-vote veto or a basic requirement."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=["veto", "basic"])
    names = Texts()
    clause = Texts()
    evidence = serializers.ListField(child=serializers.CharField())
    threshold = ThresholdTeller(allow_null=True)


class FormFieldTeller(serializers.Serializer[Any]):
    """A field of the application form."""

    key = serializers.CharField()
    names = Texts()
    kind = serializers.CharField()
    required = serializers.BooleanField()  # type: ignore[assignment]
    max_length = serializers.IntegerField()


class LevelRulesTeller(serializers.Serializer[Any]):
    """What holds at one level."""

    level = LevelField(read_only=True)
    pass_score = serializers.DecimalField(max_digits=None, decimal_places=None)
    validity_years = serializers.IntegerField(allow_null=True)


class DefinitionTeller(serializers.Serializer[Any]):
    """A version in full: what an application must fill in, cite and reach."""

    key = serializers.CharField()
    version = serializers.CharField()
    names = Texts()
    subject = serializers.CharField()
    effective_on = serializers.DateField()
    max = serializers.DecimalField(max_digits=None, decimal_places=None)
    pick = serializers.IntegerField(help_text="how many optional indicators count")
    bonus_max = serializers.DecimalField(max_digits=None, decimal_places=None)
    levels = serializers.SerializerMethodField()
    blocks = BlockTeller(many=True)
    indicators = IndicatorTeller(many=True)
    gates = GateTeller(many=True)
    form = FormFieldTeller(many=True)
    commitment = Texts()
    digest = serializers.CharField()

    @extend_schema_field(LevelRulesTeller(many=True))
    def get_levels(self, definition: Definition) -> Any:
        """Lowest level first."""
        return LevelRulesTeller(
            [definition.level_rules[level] for level in definition.levels], many=True
        ).data


class SchemeFilters(filters.FilterSet):  # type: ignore[misc]
    """Find schemes."""

    subject = WordFilter()


VERSIONS = SchemeVersion.objects.order_by("-effective_on", "version")


class Schemes(PublicReading):
    """What may be certified, and by which text."""

    queryset = Scheme.objects.prefetch_related(Prefetch("versions", VERSIONS))
    serializer_class = SchemeTeller
    filterset_class = SchemeFilters
    ordering = "key"
    lookup_field = "key"
    lookup_value_regex = "[-a-zA-Z0-9_]{1,50}"

    def get_queryset(self) -> "QuerySet[Any]":
        """Everybody reads every scheme."""
        return Scheme.objects.prefetch_related(Prefetch("versions", VERSIONS))

    @extend_schema(
        responses=DefinitionTeller,
        parameters=[OpenApiParameter("version", {"type": "integer", "minimum": 1}, OpenApiParameter.PATH)],
    )
    @action(detail=True, url_path=f"versions/(?P<version>{KEY})")
    def definition(self, request: Request, key: str, version: str) -> Response:
        """One version: gates, indicators, form, levels."""
        row = get_object_or_404(SchemeVersion.objects.filter(scheme__key=key), pk=version)
        return self.told(row.definition, teller=DefinitionTeller)
