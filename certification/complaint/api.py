"""Complaints, for the officers who answer them."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.complaint import actions
from certification.complaint.models import Complaint, ComplaintFile, Outcome
from certification.designation.models import Designation
from greenchain.accounts.idempotency import once
from greenchain.clock import today
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.views import Reading
from suppliers.place.models import Authority


class ComplaintFileTeller(serializers.ModelSerializer[ComplaintFile]):
    """A file that came with it."""

    class Meta:
        model = ComplaintFile
        fields = ("id", "filename", "media_type", "size", "sha256")


class ComplaintTeller(serializers.ModelSerializer[Complaint]):
    """A complaint by real name; who complains is for the officers of this authority only."""

    designation = serializers.SlugRelatedField[Designation](
        slug_field="number", read_only=True, allow_null=True
    )
    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    is_late = serializers.BooleanField(read_only=True)
    files = ComplaintFileTeller(many=True, read_only=True)

    class Meta:
        model = Complaint
        fields = (
            "id",
            "number",
            "designation",
            "body",
            "authority",
            "name",
            "contact",
            "statement",
            "files",
            "at",
            "confirmed_at",
            "due_on",
            "is_late",
            "taken_by",
            "taken_at",
            "substance",
            "told_at",
            "answer_by",
            "reply",
            "replied_at",
            "outcome",
            "reasons",
            "decided_at",
        )


class AskReader(serializers.Serializer[None]):
    """What holder or body are told, and until when to answer."""

    substance = serializers.CharField(max_length=4000)
    answer_by = serializers.DateField()


class DecideReader(serializers.Serializer[None]):
    """Founded or not, and why."""

    outcome = serializers.ChoiceField(choices=[Outcome.FOUNDED.value, Outcome.UNFOUNDED.value])
    reasons = serializers.CharField(max_length=4000)


class ComplaintFilters(filters.FilterSet):  # type: ignore[misc]
    """Find complaints."""

    designation = WordFilter(field_name="designation__number")
    body = KeyFilter()
    outcome = filters.ChoiceFilter(choices=Outcome.choices)
    open = filters.BooleanFilter(method="waiting")
    late = filters.BooleanFilter(method="overdue")

    def waiting(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Without outcome, or with one."""
        return rows.open() if value else rows.exclude(outcome="")

    def overdue(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Past the day of the outcome, or not."""
        late = {"outcome": "", "due_on__lt": today()}
        return rows.filter(**late) if value else rows.exclude(**late)


class Complaints(Reading):
    """Complaints about titles and evaluation bodies."""

    queryset = (
        Complaint.objects.select_related("designation", "authority").prefetch_related("files").order_by("-pk")
    )
    serializer_class = ComplaintTeller
    filterset_class = ComplaintFilters
    readers = {"ask": AskReader, "decide": DecideReader}

    @extend_schema(request=None, responses={200: ComplaintTeller})
    @action(detail=True, methods=["post"], url_path="take-up")
    @once
    def take_up(self, request: Request, pk: str) -> Response:
        """Take it up, or over from a colleague: officers who took no part."""
        return self.told(self.again(actions.take_up(self.get_object(), by=self.person)))

    @extend_schema(request=AskReader, responses={200: ComplaintTeller})
    @action(detail=True, methods=["post"])
    @once
    def ask(self, request: Request, pk: str) -> Response:
        """Ask holder or body, in your own words: nothing that tells who complains."""
        row = self.get_object()
        return self.told(self.again(actions.ask_holder(row, by=self.person, **self.given())))

    @extend_schema(request=DecideReader, responses={200: ComplaintTeller})
    @action(detail=True, methods=["post"])
    @once
    def decide(self, request: Request, pk: str) -> Response:
        """Founded or not, with reasons: approvers who took no part."""
        row = self.get_object()
        return self.told(self.again(actions.decide(row, by=self.person, **self.given())))
