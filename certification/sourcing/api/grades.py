"""Risk grades of suppliers for programs."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.sourcing.actions import grades
from certification.sourcing.models import Grade, SupplierGrade
from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput, Reasons
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.supply.api import PartyTeller


class GradeReasonTeller(serializers.Serializer[Any]):
    """A rule that fitted, and what it gave."""

    rule = serializers.CharField()
    points = serializers.IntegerField()
    at_least = serializers.CharField(allow_blank=True)
    value = serializers.CharField()


class SupplierGradeTeller(serializers.ModelSerializer[SupplierGrade]):
    """A grade; ``until_at`` is null while it holds."""

    buyer = PartyTeller(read_only=True)
    supplier = PartyTeller(read_only=True)
    reasons = GradeReasonTeller(many=True, read_only=True)

    class Meta:
        model = SupplierGrade
        fields = (
            "id",
            "buyer",
            "supplier",
            "grade",
            "computed",
            "points",
            "reasons",
            "version",
            "state",
            "answers",
            "share",
            "spend",
            "chosen",
            "chosen_because",
            "chosen_at",
            "audit_kind",
            "audit_due_on",
            "since_at",
            "until_at",
        )


class GradeChooseReader(Reasons):
    """A grade of one's own, and why."""

    grade = serializers.ChoiceField(choices=Grade.choices)


class GradeFilters(filters.FilterSet):  # type: ignore[misc]
    """Find grades."""

    buyer = KeyFilter()
    supplier = KeyFilter()
    grade = filters.ChoiceFilter(choices=Grade.choices)
    current = filters.BooleanFilter(field_name="until_at", lookup_expr="isnull")
    due_before = filters.DateFilter(field_name="audit_due_on", lookup_expr="lt")


class SupplierGrades(Reading):
    """Risk grades of suppliers: the buyer's own, and those of buyers in an official's territory."""

    queryset = SupplierGrade.objects.select_related("buyer", "supplier").order_by("-pk")
    serializer_class = SupplierGradeTeller
    filterset_class = GradeFilters
    readers = {"choose": GradeChooseReader, "lift": NoInput}

    @extend_schema(responses=SupplierGradeTeller)
    @action(detail=True, methods=["post"])
    @once
    def choose(self, request: Request, pk: str) -> Response:
        """Let another grade hold; the answer is the row that holds then."""
        return self.told(self.again(grades.choose(self.get_object(), by=self.person, **self.given())))

    @extend_schema(responses=SupplierGradeTeller)
    @action(detail=True, methods=["post"])
    @once
    def lift(self, request: Request, pk: str) -> Response:
        """Let the rules decide again."""
        return self.told(self.again(grades.lift(self.get_object(), by=self.person)))
