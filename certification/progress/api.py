"""Progress to 40 %: a place's share in a year, and those of the places inside it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from certification.progress.outlook import years
from certification.progress.shares import TARGET, TARGET_YEAR, Share, nation, shares
from greenchain.clock import today
from suppliers.place.models import Level, Region

LINES: Mapping[str, str] = {
    Level.MUNICIPAL.word: "any",
    Level.PROVINCIAL.word: "provincial",
    Level.NATIONAL.word: "national",
}
"""Which line a level asks for: titles of that level or a higher one."""
DIGITS = {Region.Kind.PROVINCE: 2, Region.Kind.PREFECTURE: 4}


class ShareTeller(serializers.Serializer[Any]):
    """A place's share; outputs in 100 million CNY, shares in percent, null where no figure is known."""

    region = serializers.CharField(allow_null=True, help_text="null is the nation")
    year = serializers.IntegerField()
    share = serializers.SerializerMethodField(help_text="the line of the level asked for")
    national = serializers.SerializerMethodField(help_text="from sites titled nationally")
    provincial = serializers.SerializerMethodField(help_text="from sites titled provincially or nationally")
    any = serializers.SerializerMethodField(help_text="from sites titled at any level")
    output = serializers.DecimalField(max_digits=None, decimal_places=4, allow_null=True)
    estimated = serializers.BooleanField()
    source = serializers.CharField()  # type: ignore[assignment]
    titled = serializers.IntegerField(help_text="sites with a title in force")
    reported = serializers.IntegerField(help_text="of these, sites that reported the year")
    coverage = serializers.SerializerMethodField()
    export_share = serializers.SerializerMethodField(help_text="of the green output, what was exported")

    def get_share(self, share: Share) -> str | None:
        """Percent, two decimals."""
        return _percent(getattr(share, self.context["line"]))

    def get_national(self, share: Share) -> str | None:
        """Percent, two decimals."""
        return _percent(share.national)

    def get_provincial(self, share: Share) -> str | None:
        """Percent, two decimals."""
        return _percent(share.provincial)

    def get_any(self, share: Share) -> str | None:
        """Percent, two decimals."""
        return _percent(share.any)

    def get_coverage(self, share: Share) -> str | None:
        """Percent of titled sites that reported the year."""
        return _percent(share.coverage)

    def get_export_share(self, share: Share) -> str | None:
        """Percent, two decimals."""
        return _percent(share.export_share)


def _percent(value: Any) -> str | None:
    return None if value is None else f"{value:.2f}"


@extend_schema_serializer(many=False)
class ProgressTeller(serializers.Serializer[None]):
    """The place asked for first, then the places inside it that have a figure."""

    target = serializers.CharField(help_text="percent")
    target_year = serializers.IntegerField()
    year = serializers.IntegerField()
    years = serializers.ListField(child=serializers.IntegerField(), help_text="for which figures are known")
    results = ShareTeller(many=True)


QUESTION = [
    OpenApiParameter(
        "year", {"type": "integer", "minimum": 2000, "maximum": 2100}, description="the newest known"
    ),
    OpenApiParameter(
        "region",
        {"type": "string", "pattern": "^[0-9]{6}$"},
        description="a province or a city; else the nation",
    ),
    OpenApiParameter(
        "level", {"type": "string", "enum": list(LINES)}, description="titles of this level or higher"
    ),
]


class Question(serializers.Serializer[None]):
    """Which place, year and line."""

    year = serializers.IntegerField(min_value=2000, max_value=2100, required=False)
    region = serializers.CharField(min_length=6, max_length=6, required=False)
    level = serializers.ChoiceField(choices=list(LINES), default=Level.MUNICIPAL.word)

    def validate_region(self, code: str) -> Region:
        """A province or a prefecture."""
        found = Region.objects.filter(pk=code, kind__in=DIGITS).first()
        if found is None:
            raise ValidationError(_("A province or a city is needed."))
        return found


class Progress(ViewSet):
    """The share of output from green factories, by place and year."""

    permission_classes = (AllowAny,)

    @extend_schema(parameters=QUESTION, responses=ProgressTeller, operation_id="progress_list")
    def list(self, request: Request) -> Response:
        """One year: the place asked for, and what lies inside it."""
        question = Question(data=request.query_params)
        question.is_valid(raise_exception=True)
        asked, known = question.validated_data, years()
        year = asked.get("year") or (known[0] if known else today().year)
        found = _inside(asked.get("region"), year)
        told = ShareTeller(found, many=True, context={"line": LINES[asked["level"]]}).data
        head = {"target": str(TARGET), "target_year": TARGET_YEAR, "year": year, "years": known}
        return Response({**head, "results": told})


def _inside(region: Region | None, year: int) -> "list[Share]":
    if region is None:
        return [nation(year), *shares(year, digits=2)]
    if region.kind == Region.Kind.PREFECTURE:
        return shares(year, digits=4, within=region.code[:4])
    place = shares(year, digits=2, within=region.code[:2])
    return [*place, *shares(year, digits=4, within=region.code[:2])]
