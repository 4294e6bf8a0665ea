"""Schemes with their versions, read in full, and the rounds that open them."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.scheme.deadlines import Deadline, Duty
from certification.scheme.definition import Definition
from certification.scheme.local import LocalGate, Proof
from certification.scheme.models import Evaluating, Round, Scheme, SchemeVersion
from certification.scheme.terms import Counting
from greenchain.clock import today
from greenchain.resources.fields import Texts
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.views import KEY, PublicReading
from suppliers.place.api import LevelField
from suppliers.place.models import Authority, Level


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
    clause = serializers.CharField()
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
    clause = serializers.CharField()
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


class TermsTeller(serializers.Serializer[Any]):
    """How many days one level has, and how they are counted."""

    level = LevelField(read_only=True)
    days = serializers.IntegerField(source="term.days")
    counting = serializers.ChoiceField(choices=Counting.choices, source="term.counting")


class LocalGateTeller(serializers.Serializer[LocalGate]):
    """What a round asks beside its scheme, and what proves it."""

    key = serializers.CharField(help_text="the requirement under which evidence is cited")
    names = Texts()
    proof = serializers.ChoiceField(choices=Proof.choices)
    evidence = serializers.ListField(child=serializers.CharField())
    metric = serializers.CharField()
    minimum = serializers.DecimalField(max_digits=None, decimal_places=None, allow_null=True)
    scheme = serializers.CharField()
    at_least = LevelField(read_only=True)
    source = serializers.CharField()  # type: ignore[assignment]


class RoundTeller(serializers.ModelSerializer[Round]):
    """A call for applications."""

    names = Texts()
    scheme = serializers.CharField(source="scheme_version.scheme.key", read_only=True)
    version = serializers.CharField(source="scheme_version.version", read_only=True)
    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    levels = serializers.ListField(child=LevelField(read_only=True), source="level_choices", read_only=True)
    is_open = serializers.BooleanField(read_only=True)
    quota = serializers.SerializerMethodField()
    notice_terms = serializers.SerializerMethodField()
    desk_terms = serializers.SerializerMethodField()
    local_gates = LocalGateTeller(source="local", many=True, read_only=True)

    class Meta:
        model = Round
        fields = (
            "id",
            "code",
            "names",
            "scheme",
            "scheme_version",
            "version",
            "authority",
            "year",
            "levels",
            "opens_on",
            "closes_on",
            "is_open",
            "quota",
            "evaluation",
            "panel",
            "notice_days",
            "notice_counting",
            "notice_terms",
            "desk_days",
            "desk_counting",
            "desk_terms",
            "return_days",
            "max_returns",
            "appeal_days",
            "local_gates",
        )

    @extend_schema_field(TermsTeller(many=True))
    def get_notice_terms(self, call: Round) -> Any:
        """How long the public notice runs at each level offered."""
        terms = [{"level": level, "term": call.notice_term(level)} for level in call.level_choices]
        return TermsTeller(terms, many=True).data

    @extend_schema_field(TermsTeller(many=True))
    def get_desk_terms(self, call: Round) -> Any:
        """How long each desk has for a case, the lowest first."""
        terms = [{"level": level, "term": call.desk_term(level)} for level in Level]
        return TermsTeller(terms, many=True).data

    def get_quota(self, call: Round) -> dict[str, int]:
        """Titles by level; a level that is not there has no limit."""
        return {
            Level(int(level)).word: int(count) for level, count in call.quota.items() if count is not None
        }


class SchemeFilters(filters.FilterSet):  # type: ignore[misc]
    """Find schemes."""

    subject = WordFilter()


class RoundFilters(filters.FilterSet):  # type: ignore[misc]
    """Find rounds."""

    scheme = WordFilter(field_name="scheme_version__scheme__key")
    scheme_version = KeyFilter()
    authority = WordFilter(field_name="authority__code")
    year = filters.NumberFilter(min_value=2000, max_value=2100)
    evaluation = filters.ChoiceFilter(choices=Evaluating.choices)
    open = filters.BooleanFilter(method="taking")

    def taking(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Taking applications today, or not."""
        return rows.open_on(today()) if value else rows.exclude(pk__in=Round.objects.open_on(today()))


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


class Rounds(PublicReading):
    """Calls for applications."""

    queryset = Round.objects.select_related("scheme_version__scheme", "authority")
    serializer_class = RoundTeller
    filterset_class = RoundFilters
    lookup_value_regex = "[-a-zA-Z0-9_]{1,40}"

    @extend_schema(
        parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH, description="number or code")]
    )
    def retrieve(self, request: Request, *_args: Any, **kwargs: Any) -> Response:
        """One round, by its number or its code."""
        found = round_by(kwargs["pk"])
        if found is None:
            raise Http404
        return self.told(found)


class DeadlineTeller(serializers.ModelSerializer[Deadline]):
    """By which day of the year something is due in an authority's territory."""

    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    source = Texts()  # type: ignore[assignment]

    class Meta:
        model = Deadline
        fields = (
            "id",
            "duty",
            "authority",
            "month",
            "day",
            "from_year",
            "until_year",
            "source",
            "url",
            "mark",
        )


class DeadlineFilters(filters.FilterSet):  # type: ignore[misc]
    """Find deadlines."""

    duty = filters.ChoiceFilter(choices=Duty.choices)
    authority = WordFilter(field_name="authority__code")
    year = filters.NumberFilter(method="in_effect", min_value=2000, max_value=2100)

    def in_effect(self, rows: Any, _name: str, value: Any) -> Any:
        """In effect in that year."""
        return rows.holding(int(value))


class Deadlines(PublicReading):
    """The calendar: the nearest authority's day holds, of several the one set last."""

    queryset = Deadline.objects.select_related("authority")
    serializer_class = DeadlineTeller
    filterset_class = DeadlineFilters


def round_by(name: str) -> Round | None:
    """The round of that code, else of that number."""
    rounds = Round.objects.select_related("scheme_version__scheme", "authority")
    by_number = rounds.filter(pk=name) if name.isdecimal() and len(name) < 19 else rounds.none()  # noqa: PLR2004 - 64 bits
    return rounds.filter(code=name).first() or by_number.first()
