"""Batches of decisions: prepared, released, watched."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.application.api import Cases
from certification.release import actions
from certification.release.models import Outcome, Release, ReleasePart, State
from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import Reasons
from greenchain.resources.views import Reading

STATES = [(state.value, state.value) for state in State]
OUTCOMES = [(outcome.value, outcome.value) for outcome in Outcome]


class ReleaseTeller(serializers.ModelSerializer[Release]):
    """A batch, and how far it is."""

    authority = serializers.CharField(source="authority.code", read_only=True)
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    read = serializers.IntegerField(source="job.read", read_only=True, default=0, help_text="cases decided")
    total = serializers.IntegerField(source="job.total", read_only=True, default=0)

    class Meta:
        model = Release
        fields: tuple[str, ...] = (
            "id",
            "number",
            "authority",
            "reasons",
            "state",
            "prepared_at",
            "released_at",
            "read",
            "total",
        )


class PartTeller(serializers.ModelSerializer[ReleasePart]):
    """A case of the batch: waiting, granted with the title's number, or not granted and why."""

    number = serializers.CharField(source="application.number", read_only=True)
    outcome = serializers.ChoiceField(choices=OUTCOMES, read_only=True)
    designation = serializers.CharField(
        source="decision.designation.number", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = ReleasePart
        fields = ("application", "number", "place", "outcome", "code", "why", "designation", "done_at")


class ReleaseInFull(ReleaseTeller):
    """With its cases."""

    parts = PartTeller(many=True, read_only=True)

    class Meta(ReleaseTeller.Meta):
        fields = (*ReleaseTeller.Meta.fields, "parts")


class ReleaseReader(serializers.Serializer[Any]):
    """Which cases, and reasons if any."""

    applications = Cases(most=actions.MOST)
    reasons = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)


class ReleaseFilters(filters.FilterSet):  # type: ignore[misc]
    """Find batches."""

    state = filters.ChoiceFilter(choices=STATES)


class Releases(Reading):
    """Decisions prepared as a batch and released in one go."""

    queryset = Release.objects.select_related("authority", "job").order_by("pk")
    serializer_class = ReleaseTeller
    filterset_class = ReleaseFilters
    readers = {"create": ReleaseReader, "drop": Reasons}
    bad_input = ("cases", "reasons")

    def get_queryset(self) -> Any:
        """One batch is told with its cases."""
        rows = super().get_queryset()
        if self.action == "list":
            return rows
        parts = ReleasePart.objects.select_related("application", "decision__designation").order_by("place")
        return rows.prefetch_related(Prefetch("parts", parts))

    def get_serializer_class(self) -> Any:
        """As above."""
        return ReleaseTeller if self.action == "list" else ReleaseInFull

    @once
    def create(self, request: Request) -> Response:
        """Prepare a batch; nothing is decided by it."""
        given = self.given()
        made = actions.prepare(given.pop("applications"), by=self.person, **given)
        return self.told(self.again(made), 201)

    @extend_schema(request=None, responses=ReleaseInFull)
    @action(detail=True, methods=["post"])
    @once
    def release(self, request: Request, pk: str) -> Response:
        """Release it: workers decide its cases one by one."""
        return self.told(self.again(actions.release(self.get_object(), by=self.person)))

    @extend_schema(request=Reasons, responses=ReleaseInFull)
    @action(detail=True, methods=["post"])
    @once
    def drop(self, request: Request, pk: str) -> Response:
        """Do not release it."""
        return self.told(self.again(actions.drop(self.get_object(), by=self.person, **self.given())))
