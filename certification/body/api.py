"""Evaluation bodies: who may evaluate, open to everybody; never who works there."""

import datetime as dt
from typing import Any

import django_filters as filters
from rest_framework import serializers

from certification.body.models import Body
from greenchain.resources.views import PublicReading
from suppliers.place.api import NameSearch


class BodyTeller(serializers.ModelSerializer[Body]):
    """A body as the public knows it: staff are counted, not named."""

    staff_with_title = serializers.IntegerField(source="titled", read_only=True)
    senior_staff = serializers.IntegerField(source="senior", read_only=True)
    scope = serializers.ListField(child=serializers.CharField(), read_only=True)
    sanctioned_until = serializers.SerializerMethodField()

    class Meta:
        model = Body
        fields = (
            "id",
            "identifier",
            "name",
            "name_en",
            "legal_representative",
            "scope",
            "status",
            "registered_on",
            "staff_with_title",
            "senior_staff",
            "sanctioned_until",
        )

    def get_sanctioned_until(self, row: Body) -> dt.date | None:
        """The last day of the sanction in force; null without one."""
        return max((each.until_on for each in row.sanctions.all() if each.holds), default=None)


class BodyFilters(filters.FilterSet):  # type: ignore[misc]
    """Search the bodies."""

    status = filters.ChoiceFilter(choices=Body.Status.choices)
    search = NameSearch("name", "name_en", "identifier")


class Bodies(PublicReading):
    """Evaluation bodies: everybody sees the registered ones."""

    queryset = Body.objects.all()
    serializer_class = BodyTeller
    filterset_class = BodyFilters

    def get_queryset(self) -> Any:
        """Counted on the day of the question."""
        return super().get_queryset().counted().prefetch_related("sanctions")  # type: ignore[attr-defined]
