"""Rounds: calls for applications, with their terms and what they ask beside the scheme."""

from typing import Any

import django_filters as filters
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from certification.scheme.departments import Department
from certification.scheme.local import LocalGate, Proof
from certification.scheme.models import Evaluating, Round
from certification.scheme.terms import Counting
from greenchain.clock import today
from greenchain.resources.fields import Texts
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.views import PublicReading
from suppliers.place.api import LevelField
from suppliers.place.models import Authority, Level


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
    departments = serializers.ListField(
        child=serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in Department]),
        read_only=True,
        help_text="kinds of departments that must be heard before a desk endorses",
    )

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
            "departments",
            "panel_threshold",
            "notice_days",
            "notice_counting",
            "notice_terms",
            "desk_days",
            "desk_counting",
            "desk_terms",
            "return_days",
            "max_returns",
            "appeal_days",
            "appeal_counting",
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


def round_by(name: str) -> Round | None:
    """The round of that code, else of that number."""
    rounds = Round.objects.select_related("scheme_version__scheme", "authority")
    by_number = rounds.filter(pk=name) if name.isdecimal() and len(name) < 19 else rounds.none()  # noqa: PLR2004 - 64 bits
    return rounds.filter(code=name).first() or by_number.first()
