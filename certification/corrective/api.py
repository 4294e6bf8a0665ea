"""Nonconformities and corrective actions."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.application.models import Application
from certification.corrective import actions
from certification.corrective.models import CorrectiveAction, Nonconformity, Ruling, Severity
from certification.inquiry.api import NUMBER, AttachedTeller
from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import Reasons
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import KEY, Reading
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence
from suppliers.place.models import Authority


class RulingTeller(serializers.ModelSerializer[Ruling]):
    """What the desk said of it."""

    class Meta:
        model = Ruling
        fields = ("accepted", "reasons", "at")


class ActionTeller(serializers.ModelSerializer[CorrectiveAction]):
    """What the applicant did."""

    files = AttachedTeller(many=True, read_only=True)
    ruling = RulingTeller(read_only=True, allow_null=True)

    class Meta:
        model = CorrectiveAction
        fields = ("id", "root_cause", "correction", "files", "at", "ruling")


class NonconformityTeller(serializers.ModelSerializer[Nonconformity]):
    """What does not conform, and what became of it."""

    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True, allow_null=True)
    is_overdue = serializers.BooleanField(read_only=True)
    actions = ActionTeller(many=True, read_only=True)

    class Meta:
        model = Nonconformity
        fields = (
            "id",
            "application",
            "desk",
            "about",
            "severity",
            "description",
            "due_on",
            "state",
            "is_overdue",
            "raised_at",
            "actions",
        )


class RaiseReader(serializers.Serializer[None]):
    """What does not conform, in which case."""

    application = Seen(queryset=Application.objects.all())
    about = serializers.CharField(
        max_length=60,
        required=False,
        default="",
        allow_blank=True,
        help_text="an indicator's code or a gate's key",
    )
    severity = serializers.ChoiceField(choices=Severity.choices)
    description = serializers.CharField(max_length=4000)
    due_on = serializers.DateField()


class RespondReader(serializers.Serializer[None]):
    """Cause and correction, with files of the vault."""

    root_cause = serializers.CharField(max_length=4000)
    correction = serializers.CharField(max_length=4000)
    evidence = Seen(queryset=Evidence.objects.all(), many=True, required=False, default=list)


class AcceptReader(serializers.Serializer[None]):
    """A remark, if there is one."""

    reasons = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)


class TurnDownReader(Reasons):
    """Why the correction does not do, and until when."""

    due_on = serializers.DateField()


class NonconformityFilters(filters.FilterSet):  # type: ignore[misc]
    """Find nonconformities."""

    application = KeyFilter()
    state = filters.ChoiceFilter(choices=Nonconformity.State.choices)
    severity = filters.ChoiceFilter(choices=Severity.choices)
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt")


class Nonconformities(Reading):
    """What does not conform, and its correction; a major one that is open keeps a case from being endorsed."""

    queryset = (
        Nonconformity.objects.select_related("desk")
        .prefetch_related(
            Prefetch("actions", CorrectiveAction.objects.select_related("ruling").order_by("pk"))
        )
        .order_by("-pk")
    )
    serializer_class = NonconformityTeller
    filterset_class = NonconformityFilters
    readers = {
        "create": RaiseReader,
        "respond": RespondReader,
        "accept": AcceptReader,
        "turn_down": TurnDownReader,
        "drop": Reasons,
    }

    @extend_schema(responses={201: NonconformityTeller})
    @once
    def create(self, request: Request) -> Response:
        """Raise a nonconformity: auditors of the desk, and the evaluator who has the case."""
        given = self.given()
        made = actions.raise_nonconformity(given.pop("application"), by=self.person, **given)
        return self.told(self.again(made), 201)

    def _done(self, act: Any) -> Response:
        found = self.get_object()
        act(found, by=self.person, **self.given())
        return self.told(self.again(found))

    @extend_schema(responses={200: NonconformityTeller})
    @action(detail=True, methods=["post"])
    @once
    def respond(self, request: Request, pk: str) -> Response:
        """Say what the cause was and what was done: owners and editors of the applicant."""
        return self._done(actions.respond)

    @extend_schema(responses={200: NonconformityTeller})
    @action(detail=True, methods=["post"])
    @once
    def accept(self, request: Request, pk: str) -> Response:
        """The correction does."""
        return self._done(actions.accept)

    @extend_schema(responses={200: NonconformityTeller})
    @action(detail=True, methods=["post"], url_path="turn-down")
    @once
    def turn_down(self, request: Request, pk: str) -> Response:
        """The correction does not do; the applicant has until a new day."""
        return self._done(actions.turn_down)

    @extend_schema(responses={200: NonconformityTeller})
    @action(detail=True, methods=["post"])
    @once
    def drop(self, request: Request, pk: str) -> Response:
        """It was none, or need not be corrected."""
        return self._done(actions.drop)

    @extend_schema(
        parameters=[OpenApiParameter("evidence", NUMBER, OpenApiParameter.PATH)],
        responses={(200, "*/*"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=f"evidence/(?P<evidence>{KEY})", renderer_classes=[AsIs])
    def evidence(self, request: Request, pk: str, evidence: str) -> FileResponse:
        """A file that came with a correction, for everybody who reads it."""
        keys = self.get_object().file_keys()
        return hand_over(get_object_or_404(Evidence.objects.filter(pk__in=keys), pk=evidence))
