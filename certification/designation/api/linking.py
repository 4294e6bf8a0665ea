"""Titles that nobody is linked with, each with whom it may belong to; all that are beyond doubt in one go."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.designation.api.register import NUMBER
from certification.designation.linking import MOST, link_sure
from certification.designation.models import Designation
from certification.designation.suggesting import suggest
from certification.scheme.subject import key_of
from greenchain.accounts.idempotency import once
from greenchain.resources.filters import WordFilter
from greenchain.resources.views import Reading
from suppliers.enterprise.likeness import How
from suppliers.place.api import LevelField


class CandidateTeller(serializers.Serializer[Any]):
    """Whom a title may belong to. ``subject`` is what the move ``link`` takes; empty where there is no site yet."""

    subject = serializers.CharField(source="key")
    kind = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField()
    enterprise = serializers.IntegerField(source="enterprise.pk")
    enterprise_name = serializers.CharField(source="enterprise.name")
    identifier = serializers.CharField(source="enterprise.identifier")
    how = serializers.ChoiceField(choices=How.choices)
    score = serializers.IntegerField(
        min_value=0, max_value=100, help_text="how like the names are; our figure"
    )
    sure = serializers.BooleanField()
    why = serializers.ListField(child=serializers.CharField())

    def get_kind(self, one: Any) -> str:
        """A site, an enterprise or a park."""
        return key_of(one.subject) if one.subject else ""

    def get_name(self, one: Any) -> str:
        """The subject's own."""
        return one.subject.name if one.subject else ""


class UnlinkedTeller(serializers.Serializer[Any]):
    """A title of a published list, and its candidates, the likeliest first."""

    number = serializers.CharField(source="title.number")
    name = serializers.CharField(source="title.name", help_text="as published")
    scheme = serializers.CharField(source="title.scheme.key")
    level = LevelField(source="title.level")
    list_year = serializers.IntegerField(source="title.list_year")
    recommended_by = serializers.CharField(source="title.home.code", allow_null=True)
    candidates = CandidateTeller(many=True)


class SureReader(serializers.Serializer[Any]):
    """Which titles. A dry run changes nothing."""

    numbers = serializers.ListField(child=serializers.CharField(max_length=40), min_length=1, max_length=MOST)
    dry_run = serializers.BooleanField(default=False)


class NotLinkedTeller(serializers.Serializer[Any]):
    """A title that was not linked, and why."""

    number = serializers.CharField()
    why = serializers.CharField()


class LinkedTeller(serializers.Serializer[Any]):
    """What was linked, or in a dry run would be."""

    dry_run = serializers.BooleanField()
    linked = UnlinkedTeller(many=True)
    refused = NotLinkedTeller(many=True)


class UnlinkedFilters(filters.FilterSet):  # type: ignore[misc]
    """Find titles to link."""

    scheme = WordFilter(field_name="scheme__key")
    list_year = filters.NumberFilter(min_value=2000, max_value=2100)
    search = filters.CharFilter(field_name="name", lookup_expr="icontains", max_length=100)


class UnlinkedTitles(Reading):
    """For officials: the titles in their territory that nobody is linked with. Others have none."""

    queryset = Designation.objects.select_related("scheme", "home", "region")
    serializer_class = UnlinkedTeller
    filterset_class = UnlinkedFilters
    lookup_field = "number"
    lookup_value_regex = NUMBER
    readers = {"link_sure": SureReader}

    def get_queryset(self) -> Any:
        """In the person's territory."""
        return Designation.objects.to_link_by(self.person).select_related("scheme", "home", "region")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """A page of titles, each with its candidates."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows = UnlinkedTeller(suggest(page or [], self.person), many=True)
        return self.get_paginated_response(rows.data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One title with its candidates."""
        return self.told(suggest([self.get_object()], self.person)[0])

    @extend_schema(responses=LinkedTeller)
    @action(detail=False, methods=["post"], url_path="link-sure")
    @once
    def link_sure(self, request: Request) -> Response:
        """Link those of the named titles that are beyond doubt, each by itself; the others are told with why not."""
        given = self.given()
        done = link_sure(given["numbers"], by=self.person, dry_run=given["dry_run"])
        refused = [{"number": title.number, "why": why} for title, why in done.refused]
        told = {"dry_run": given["dry_run"], "linked": done.linked, "refused": refused}
        return Response(LinkedTeller(told).data)
