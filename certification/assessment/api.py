"""Stored runs of the checks: what was found, what each indicator scored, and why."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.assessment.actions import TOTALS
from certification.assessment.comparison import compare
from certification.assessment.models import Assessment, Finding, IndicatorScore
from certification.assessment.stages import by_stage
from greenchain.accounts.models import Role
from greenchain.resources.fields import TEXTS, Texts
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading


class FindingTeller(serializers.ModelSerializer[Finding]):
    """What one check said, in three languages."""

    check = serializers.CharField(source="check_key", read_only=True)
    clause = serializers.SerializerMethodField()
    title = Texts()
    reason = Texts()
    remedy = Texts()
    evidence = serializers.ListField(child=serializers.IntegerField(), read_only=True)
    about = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Finding
        fields: tuple[str, ...] = (
            "check",
            "severity",
            "clause",
            "title",
            "reason",
            "remedy",
            "evidence",
            "about",
        )

    @extend_schema_field(TEXTS)
    def get_clause(self, finding: Finding) -> Mapping[str, str]:
        """Where the rule is said."""
        return finding.clause_in(finding.assessment.scheme_version.definition)


class ScoreTeller(serializers.ModelSerializer[IndicatorScore]):
    """What one indicator scored: the formula as it was evaluated, and the reason in three languages."""

    reason = Texts()
    trace = serializers.DictField(read_only=True, help_text="the evaluated formula, as a tree")

    class Meta:
        model = IndicatorScore
        fields: tuple[str, ...] = (
            "code",
            "state",
            "value",
            "base",
            "lead",
            "points",
            "weight",
            "reason",
            "trace",
        )


class RunTeller(serializers.ModelSerializer[Assessment]):
    """A run and its totals: ``low`` is confirmed, ``high`` what it becomes if all claims are confirmed."""

    class Meta:
        model = Assessment
        fields: tuple[str, ...] = (
            "id",
            "application",
            "number",
            "scheme_version",
            "trigger",
            "worker",
            "duration_ms",
            "ran_at",
            "inputs_digest",
            *TOTALS,
        )


class RunInFull(RunTeller):
    """A run with everything that it found."""

    findings = serializers.SerializerMethodField()
    scores = serializers.SerializerMethodField()

    class Meta(RunTeller.Meta):
        fields = (*RunTeller.Meta.fields, "findings", "scores")

    @extend_schema_field(FindingTeller(many=True))
    def get_findings(self, run: Assessment) -> Any:
        """What each check said, in the scheme's order."""
        return FindingTeller(run.findings.order_by("pk"), many=True).data

    @extend_schema_field(ScoreTeller(many=True))
    def get_scores(self, run: Assessment) -> Any:
        """What each indicator scored, in the scheme's order."""
        return ScoreTeller(run.scores.order_by("position"), many=True).data


class StageTeller(serializers.Serializer[Any]):
    """What a life-cycle stage brings: certain points, weight awaiting judgement, weight that counts."""

    stage = serializers.CharField(source="key")
    points = serializers.CharField()
    awaiting = serializers.CharField()
    scorable = serializers.CharField()


class FindingChangeTeller(serializers.Serializer[Any]):
    """A check that said something else; null where a run did not carry it out."""

    check = serializers.CharField(source="key")
    before = FindingTeller(allow_null=True)
    after = FindingTeller(allow_null=True)


class PointsChangeTeller(serializers.Serializer[Any]):
    """An indicator that scored otherwise; null where a run did not have it."""

    code = serializers.CharField()
    change = serializers.CharField(help_text="confirmed points")
    before = ScoreTeller(allow_null=True)
    after = ScoreTeller(allow_null=True)


class ComparisonTeller(serializers.Serializer[Any]):
    """What differs between two runs of one case; what is the same is left out."""

    old = RunTeller()
    new = RunTeller()
    same_inputs = serializers.BooleanField()
    change = serializers.CharField(help_text="of the confirmed score, of 100")
    findings = FindingChangeTeller(many=True)
    points = PointsChangeTeller(many=True)


class RunFilters(filters.FilterSet):  # type: ignore[misc]
    """Find runs."""

    application = KeyFilter()


class Runs(Reading):
    """Stored runs of the checks."""

    queryset = Assessment.objects.all()
    serializer_class = RunTeller
    filterset_class = RunFilters

    def get_queryset(self) -> Any:
        """Evaluators and experts judge for themselves, by the frozen dossier."""
        rows = super().get_queryset()
        return (
            rows.none() if getattr(self.request.user, "role", "") in {Role.EVALUATOR, Role.EXPERT} else rows
        )

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """In full for one run."""
        return RunInFull if self.action == "retrieve" else RunTeller

    @extend_schema(responses=StageTeller(many=True))
    @action(detail=True, methods=["get"], url_path="stages", pagination_class=None, filter_backends=[])
    def stages(self, request: Request, pk: str) -> Response:
        """The run by life-cycle stage, in their order."""
        run: Assessment = self.get_object()
        parts = by_stage(run.scheme_version.definition, run.scores.all())
        return Response(StageTeller(parts, many=True).data)

    @extend_schema(
        responses=ComparisonTeller,
        parameters=[
            OpenApiParameter("since", int, description="number of an earlier run; else the one before")
        ],
    )
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[])
    def changes(self, request: Request, pk: str) -> Response:
        """What became different since an earlier run of the same case."""
        new: Assessment = self.get_object()
        since = request.query_params.get("since") or str(new.number - 1)
        earlier = self.get_queryset().filter(application=new.application_id, number__lt=new.number)
        old = get_object_or_404(earlier, number=since if since.isascii() and since.isdigit() else 0)
        return Response(ComparisonTeller(compare(old, new)).data)
