"""Scores by life-cycle stage, of regions and industries."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from certification.lifecycle.forms import StagesForm
from certification.lifecycle.shares import BY, FEWEST, REGION, Area
from certification.scheme.models import Scheme
from suppliers.place.models import Region


class AreaTeller(serializers.Serializer[Any]):
    """A region (two or four digits of its code), an industry's division, or null for the whole."""

    key = serializers.SerializerMethodField()
    titles = serializers.IntegerField()
    stages = serializers.SerializerMethodField()

    def get_key(self, area: Area) -> str | None:
        """The beginning of the region's code, or the division."""
        return area.key or None

    def get_stages(self, area: Area) -> dict[str, str | None]:
        """Per cent of the points that can be had, by stage."""
        shares = zip(area.parts, area.shares, strict=True)
        return {part.key: None if share is None else str(share) for part, share in shares}


@extend_schema_serializer(many=False)
class PictureTeller(serializers.Serializer[None]):
    """The place asked for, then what lies inside it; areas of fewer titles than ``fewest`` are only counted."""

    scheme = serializers.CharField()
    by = serializers.ChoiceField(choices=list(BY))
    fewest = serializers.IntegerField()
    demo = serializers.BooleanField(help_text="some benchmarks are demo figures")
    hidden = serializers.IntegerField()
    whole = AreaTeller(allow_null=True)
    results = AreaTeller(many=True)


QUESTION = [
    OpenApiParameter("scheme", {"type": "string"}, description="a scheme's key; the green factory else"),
    OpenApiParameter("by", {"type": "string", "enum": list(BY)}, description="region or industry"),
    OpenApiParameter(
        "region", {"type": "string", "pattern": "^[0-9]{6}$"}, description="a province; else the nation"
    ),
]


class Question(serializers.Serializer[None]):
    """Which scheme, place and table."""

    scheme = serializers.SlugRelatedField(slug_field="key", queryset=Scheme.objects.all(), required=False)
    by = serializers.ChoiceField(choices=list(BY), default=REGION)
    region = serializers.PrimaryKeyRelatedField(
        queryset=Region.objects.filter(kind=Region.Kind.PROVINCE, desk__isnull=False), required=False
    )


class Stages(ViewSet):
    """The score by life-cycle stage, from the run behind each title in force."""

    permission_classes = (AllowAny,)

    @extend_schema(parameters=QUESTION, responses=PictureTeller, operation_id="stages_list")
    def list(self, request: Request) -> Response:
        """The place asked for, and its regions or industries."""
        Question(data=request.query_params).is_valid(raise_exception=True)
        form = StagesForm(request.query_params.dict())
        found = form.found()
        head = {"scheme": form.about.key if form.about else "", "by": form.kind, "fewest": FEWEST}
        if found is None:
            return Response({**head, "demo": False, "hidden": 0, "whole": None, "results": []})
        whole = AreaTeller(found.whole).data if found.whole.is_told else None
        told = AreaTeller(found.areas, many=True).data
        return Response({**head, "demo": found.demo, "hidden": found.hidden, "whole": whole, "results": told})
