"""How green direct suppliers were over the years, for programs."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.chain.history.years import of_buyer
from greenchain.resources.views import Reading


class PointTeller(serializers.Serializer[Any]):
    """Direct suppliers at the end of a year, or today."""

    day = serializers.DateField()
    suppliers = serializers.IntegerField()
    green = serializers.IntegerField()
    green_by_number = serializers.FloatField(source="green_share", allow_null=True, help_text="0 to 1")
    green_by_spend = serializers.FloatField(
        source="spend_share", allow_null=True, help_text="0 to 1; null where none is declared or may be told"
    )


class Remembered(Reading):
    """A chain that can be asked for over the years."""

    @extend_schema(responses=PointTeller(many=True), filters=False)
    @action(detail=True, pagination_class=None)
    def history(self, request: Request, pk: str) -> Response:
        """The green shares of direct suppliers at the end of each year, the last one today."""
        points = of_buyer(self.person, self.get_object())
        return Response(PointTeller(points, many=True).data)
