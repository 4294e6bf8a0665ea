"""The ranking of a round at one level, and the list that is composed from it."""

from typing import Any

from django.http import Http404
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from certification.notice.ranking import Ranking, ranking_for
from certification.notice.selection import compose
from certification.scheme.api.rounds import round_by
from greenchain.accounts.idempotency import once
from greenchain.accounts.models import Role
from greenchain.refusals import NotYours
from suppliers.place.api import LevelField
from suppliers.place.models import Level


class RankedTeller(serializers.Serializer[Any]):
    """A case with its place."""

    id = serializers.IntegerField(source="case.pk")
    number = serializers.CharField(source="case.number")
    status = serializers.CharField(source="case.status")
    rank = serializers.IntegerField()
    of = serializers.IntegerField(source="rivals")
    tied = serializers.BooleanField()
    score = serializers.DecimalField(max_digits=9, decimal_places=4)
    panel_score = serializers.DecimalField(source="panel", max_digits=5, decimal_places=2, allow_null=True)
    proposed = serializers.BooleanField(help_text="waits, and stands within the quota by rank")
    at_edge = serializers.BooleanField(help_text="one of equals that cross the quota: a person chooses")


class RankingTeller(serializers.Serializer[Any]):
    """The ranking as it stands now at the reader's authority."""

    round = serializers.CharField(source="round.code")
    level = LevelField()
    authority = serializers.CharField(source="authority.code")
    rank_by = serializers.ListField(child=serializers.CharField())
    quota = serializers.IntegerField(allow_null=True)
    taken = serializers.IntegerField()
    left = serializers.IntegerField(allow_null=True)
    rows = RankedTeller(many=True)


class ListReader(serializers.Serializer[None]):
    """Who is on the proposed list, and why where it differs from the ranking."""

    chosen = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=10**18), min_length=1, max_length=2000
    )
    reasons = serializers.DictField(
        child=serializers.CharField(max_length=1000), required=False, help_text="by the case's id"
    )
    close = serializers.BooleanField(default=False, help_text="pass over the cases that are not on the list")


class RankingOfRound(APIView):
    """The ranking, and the list composed from it."""

    permission_classes = (IsAuthenticated,)
    also = (404, 409)

    @extend_schema(
        operation_id="rounds_ranking",
        tags=["rounds"],
        responses=RankingTeller,
        parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH, description="number or code")],
    )
    def get(self, request: Request, pk: str, level: str) -> Response:
        """Who stands where, best first."""
        return Response(RankingTeller(self._ranking(request, pk, level)).data)

    @extend_schema(
        operation_id="rounds_select",
        tags=["rounds"],
        request=ListReader,
        responses=RankingTeller,
        parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH, description="number or code")],
    )
    @once
    def post(self, request: Request, pk: str, level: str) -> Response:
        """Compose the proposed list: all of it, or nothing."""
        ranking = self._ranking(request, pk, level)
        if self._person.role != Role.APPROVER:
            raise NotYours(_("Approvers of the deciding authority compose the list."), code="role")
        reader = ListReader(data=request.data)
        reader.is_valid(raise_exception=True)
        given = reader.validated_data
        reasons = {int(key): text for key, text in given.get("reasons", {}).items() if key.isdecimal()}
        compose(
            ranking.round,
            ranking.level,
            by=request.user,
            chosen=given["chosen"],
            reasons=reasons,
            close=given["close"],
        )
        return Response(RankingTeller(self._ranking(request, pk, level)).data)

    @property
    def _person(self) -> Any:
        """Who asks."""
        return self.request.user

    def _ranking(self, request: Request, pk: str, level: str) -> Ranking:
        found = round_by(pk)
        if found is None or not self._person.is_official:
            raise Http404
        number = next((each for each in Level if each.word == level), None)
        ranking = None if number is None else ranking_for(self._person, found, int(number))
        if ranking is None:
            raise Http404
        return ranking


ADDRESS = "rounds/(?P<pk>[-a-zA-Z0-9_]{1,40})/ranking/(?P<level>[a-z]{1,12})"
urlpatterns: list[URLPattern] = [
    re_path(f"^{ADDRESS}$", RankingOfRound.as_view()),
    re_path(f"^{ADDRESS}/$", RankingOfRound.as_view(schema=None)),
]
