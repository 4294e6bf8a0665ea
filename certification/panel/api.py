"""The panel of a case, the register of experts, and how each scores beside the others."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certification.panel.calibration import Calibration, calibrate
from certification.panel.models import Expert, PanelResult, PanelScore
from greenchain.resources.views import Reading
from suppliers.place.models import Authority


class PanelScoreTeller(serializers.ModelSerializer[PanelScore]):
    """An expert's points."""

    expert = serializers.CharField(source="expert.username", read_only=True)
    criteria = serializers.DictField(read_only=True)

    class Meta:
        model = PanelScore
        fields: tuple[str, ...] = ("expert", "points", "criteria", "reasons", "at")


class PanelResultTeller(serializers.ModelSerializer[PanelResult]):
    """What the panel came to."""

    class Meta:
        model = PanelResult
        fields = ("points", "combined", "threshold", "spread", "at")


class PanelTeller(serializers.Serializer[Any]):
    """How far the panel is; points are there once all are in."""

    result = PanelResultTeller(read_only=True, allow_null=True)
    scored = serializers.IntegerField(read_only=True)
    lacking = serializers.IntegerField(read_only=True, help_text="experts still to be drawn")
    apart = serializers.BooleanField(
        read_only=True, help_text="the first two differ by more than the threshold"
    )
    threshold = serializers.DecimalField(max_digits=5, decimal_places=2, read_only=True)
    scores = PanelScoreTeller(source="rows", many=True, read_only=True)


class CalibrationTeller(serializers.Serializer[Calibration]):
    """An expert beside the others who scored the same cases."""

    cases = serializers.IntegerField()
    mean_difference = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    spread = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    agreement = serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, help_text="share of 1"
    )
    few = serializers.BooleanField(help_text="too few cases to say anything")


class ExpertTeller(serializers.ModelSerializer[Expert]):
    """Who may be drawn, and how they score; an expert reads only themselves."""

    username = serializers.CharField(source="user.username", read_only=True)
    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True, allow_null=True)
    schemes = serializers.ListField(child=serializers.CharField(), read_only=True)
    divisions = serializers.ListField(child=serializers.CharField(), read_only=True)
    is_away = serializers.BooleanField(read_only=True)
    calibration = serializers.SerializerMethodField()

    class Meta:
        model = Expert
        fields = (
            "id",
            "username",
            "employer",
            "title",
            "schemes",
            "divisions",
            "authority",
            "listed",
            "is_away",
            "away_from",
            "away_until",
            "calibration",
        )

    @extend_schema_field(CalibrationTeller)
    def get_calibration(self, expert: Expert) -> Any:
        """Over the cases that the reader sees, concluded ones only."""
        known: dict[int, Calibration] = self.context["calibrations"]
        return CalibrationTeller(known.get(expert.user_id, Calibration())).data


class Experts(Reading):
    """The register of experts, to officials and administrators; experts read themselves."""

    queryset = Expert.objects.select_related("user", "authority")
    serializer_class = ExpertTeller

    def get_serializer_context(self) -> dict[str, Any]:
        """The figures of all, reckoned once."""
        return {**super().get_serializer_context(), "calibrations": calibrate(self.person)}
