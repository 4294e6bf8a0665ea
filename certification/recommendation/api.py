"""Packages of recommended cases: made, worded, sealed, and read by the level above."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.application.api import Cases
from certification.recommendation import actions
from certification.recommendation.models import Recommendation, Recommended
from certification.recommendation.papers import PAPERS
from greenchain.accounts.idempotency import once
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import Reading
from suppliers.evidence.handover import hand_over
from suppliers.place.api import LevelField


class RecommendedTeller(serializers.ModelSerializer[Recommended]):
    """A line of the summary table."""

    number = serializers.CharField(source="application.number", read_only=True)

    class Meta:
        model = Recommended
        fields = (
            "application",
            "number",
            "rank",
            "score",
            "name",
            "identifier",
            "industry",
            "address",
            "contact",
            "evaluated_by",
            "opinion",
        )


class RecommendationTeller(serializers.ModelSerializer[Recommendation]):
    """A package with its table, the best first; ``sealed`` is the file's SHA-256 once it is there."""

    authority = serializers.CharField(source="authority.code", read_only=True)
    to = serializers.CharField(source="to.code", read_only=True)
    round = serializers.CharField(source="round.code", read_only=True)
    level = LevelField(read_only=True)
    sealed = serializers.CharField(source="copy.sha256", read_only=True, default=None, allow_null=True)
    recommended = RecommendedTeller(many=True, read_only=True)

    class Meta:
        model = Recommendation
        fields = (
            "id",
            "number",
            "authority",
            "to",
            "round",
            "level",
            "letter",
            "at",
            "sealed",
            "recommended",
        )


class OpinionReader(serializers.Serializer[Any]):
    """The opinion on one case."""

    application = serializers.IntegerField(min_value=1)
    opinion = serializers.CharField(max_length=4000)


class OpinionsReader(serializers.Serializer[Any]):
    """The opinions on cases of the package."""

    opinions = OpinionReader(many=True)

    def validate_opinions(self, given: Any) -> dict[int, str]:
        """By case."""
        return {row["application"]: row["opinion"] for row in given}


class RecommendationReader(serializers.Serializer[Any]):
    """Which cases, the letter, and opinions: for all, for some, or those of the endorsements."""

    applications = Cases(most=actions.MOST)
    letter = serializers.CharField(max_length=8000)
    opinion = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)
    opinions = OpinionReader(many=True, required=False)

    def validate_opinions(self, given: Any) -> dict[int, str]:
        """By case."""
        return {row["application"]: row["opinion"] for row in given}


class SealReader(serializers.Serializer[Any]):
    """The signed and sealed copy."""

    file = serializers.FileField()


class RecommendationFilters(filters.FilterSet):  # type: ignore[misc]
    """Find packages."""

    application = KeyFilter(field_name="recommended__application")
    round = WordFilter(field_name="round__code")
    authority = WordFilter(field_name="authority__code")


LINES = Recommended.objects.select_related("application").order_by("rank", "application__number")


class Recommendations(Reading):
    """What desks recommend to the level above."""

    queryset = (
        Recommendation.objects.select_related("authority", "to", "round", "copy")
        .prefetch_related(Prefetch("recommended", LINES))
        .order_by("pk")
    )
    serializer_class = RecommendationTeller
    filterset_class = RecommendationFilters
    parser_classes = (JSONParser, MultiPartParser)
    readers = {"create": RecommendationReader, "opinions": OpinionsReader, "seal": SealReader}
    bad_input = ("cases", "opinions", "file")

    @once
    def create(self, request: Request) -> Response:
        """Recommend endorsed cases of one round and level."""
        given = self.given()
        made = actions.recommend(given.pop("applications"), by=self.person, **given)
        return self.told(self.again(made), 201)

    @extend_schema(request=OpinionsReader, responses=RecommendationTeller)
    @action(detail=True, methods=["post"])
    @once
    def opinions(self, request: Request, pk: str) -> Response:
        """Word opinions, until the sealed copy is there."""
        row = self.get_object()
        return self.told(self.again(actions.word_opinions(row, by=self.person, **self.given())))

    @extend_schema(request={"multipart/form-data": SealReader}, responses=RecommendationTeller)
    @action(detail=True, methods=["post"])
    def seal(self, request: Request, pk: str) -> Response:
        """Attach the sealed copy to all of its cases."""
        row = self.get_object()
        actions.seal(row, by=self.person, upload=self.given()["file"])
        return self.told(self.again(row))

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AsIs], url_path=r"papers/(?P<name>[a-z.]{1,20})")
    def paper(self, request: Request, pk: str, name: str) -> HttpResponse:
        """The table (table.xlsx), the letter (letter.docx, letter.pdf) or the opinions (opinions.docx)."""
        row = self.get_object()
        if name not in PAPERS:
            raise Http404
        make, media = PAPERS[name]
        return HttpResponse(
            make(row),
            content_type=media,
            headers={"Content-Disposition": f'attachment; filename="{row.number}-{name}"'},
        )

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AsIs])
    def sealed(self, request: Request, pk: str) -> FileResponse:
        """The sealed copy as it came."""
        copy = self.get_object().sealed
        if copy is None:
            raise Http404
        return hand_over(copy)
