"""The calendar of regions."""

from typing import Any

import django_filters as filters
from rest_framework import serializers

from certification.scheme.deadlines import Deadline, Duty
from greenchain.resources.fields import Texts
from greenchain.resources.filters import WordFilter
from greenchain.resources.views import PublicReading
from suppliers.place.models import Authority


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
