"""What would become of a case with other figures, rows or claims, and the way on from there; nothing is stored."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certification.application.api import ClaimsField
from certification.assessment.gap import IndicatorGap, Target, Way
from certification.assessment.levers import Lever
from certification.assessment.results import Scored
from certification.assessment.whatif import Upward, Verdict, WhatIf
from greenchain.resources.fields import Texts
from suppliers.place.api import LevelField
from suppliers.reporting.api import Rows, Values
from suppliers.reporting.catalogue import TABLES
from suppliers.reporting.entry import read_rows, read_values

NUMBER = {"type": "string", "format": "decimal"}
STATES = [(one.value, one.value) for one in Scored]
VERDICTS = [(one.value, one.value) for one in Verdict]


@extend_schema_field({**NUMBER, "nullable": True})
class Exact(serializers.Field[Any, Any, Any, Any]):
    """A number as text, as exact as it is; null where there is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        """Plain digits."""
        return f"{value:f}"


class WhatIfReader(serializers.Serializer[None]):
    """What to change; what is not named stays as it is. An empty body asks for the gap as it stands."""

    values = Values(required=False)
    rows = Rows(required=False)
    claims = ClaimsField(required=False)

    def validate_values(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        """In the catalogue's units."""
        return read_values(given)

    def validate_rows(self, given: Mapping[str, Sequence[Mapping[str, Any]]]) -> Mapping[str, Any]:
        """As they would be stored; faults by table."""
        rows, faults = {}, {}
        for key, table in given.items():
            try:
                rows[key] = read_rows(TABLES[key], table, year=self.context["application"].year)
            except KeyError:
                faults[key] = ["There is no such table."]
            except ValidationError as error:
                faults[key] = list(error.messages)
        if faults:
            raise serializers.ValidationError(faults)
        return rows


class ScoreTotalsTeller(serializers.Serializer[Any]):
    """A score's totals: low is confirmed, high what it becomes if all claims are confirmed, both of 100."""

    low = Exact()
    high = Exact()
    points = Exact()
    awaiting = Exact()
    scorable = Exact()
    no_benchmark = Exact()
    not_applicable = Exact()
    missing = Exact()
    bonus = Exact()


class GapTargetTeller(serializers.Serializer[Target]):
    """A mark of the scale and what to enter to reach it by this input alone; null where that never does."""

    mark = serializers.CharField(help_text="base, half or lead")
    reached = serializers.BooleanField()
    points = Exact()
    at = Exact()
    enter = Exact()


class GapInputTeller(serializers.Serializer[Lever]):
    """One input: a metric, how many rows a table has (or their sum), or a number of one row."""

    kind = serializers.CharField(help_text="metric, rows or cell")
    name = serializers.CharField(
        help_text="a metric's key, a row function as the formula has it, or table.column"
    )
    table = serializers.CharField()
    row = serializers.IntegerField(source="position", help_text="counted from 1; 0 where it is no row's")
    unit = serializers.CharField()
    now = Exact()
    size = serializers.SerializerMethodField(help_text="it says how large the unit is: no path changes it")

    def get_size(self, lever: Lever) -> bool:
        """Whether it is left alone."""
        return lever.role == "size"


class GapWayTeller(serializers.Serializer[Way]):
    """What changing one input alone can do."""

    input = GapInputTeller(source="lever")
    targets = GapTargetTeller(many=True)
    gain = Exact(help_text="points won at the farthest mark that can be reached")
    points_per_unit = Exact(source="per_unit")


class GapClaimTeller(serializers.Serializer[Any]):
    """What a claim would bring if it is confirmed."""

    claim = serializers.CharField(help_text="none, half or full")
    points = Exact()


class GapTeller(serializers.Serializer[IndicatorGap]):
    """An indicator as it would stand, its evaluated formula, and the ways on."""

    code = serializers.CharField(source="indicator.code")
    state = serializers.ChoiceField(source="result.state", choices=STATES)
    value = Exact(source="result.value")
    unit = serializers.CharField(source="result.unit")
    base = Exact(source="result.base")
    lead = Exact(source="result.lead")
    points = Exact(source="result.points")
    awaiting = Exact(source="result.awaiting")
    weight = Exact(source="result.weight")
    reason = Texts(source="result.reason")
    trace = serializers.DictField(source="result.trace", help_text="the evaluated formula, as a tree")
    missing = serializers.ListField(child=serializers.CharField(), help_text="what must be reported first")
    claims = GapClaimTeller(many=True)
    ways = GapWayTeller(many=True)


class GapStepTeller(serializers.Serializer[Any]):
    """One input from what it is to what it should be, and the confirmed score then."""

    indicator = serializers.CharField(source="indicator.code")
    input = GapInputTeller(source="lever")
    enter = Exact()
    gain = Exact()
    low = Exact()


class GapPathTeller(serializers.Serializer[Upward]):
    """The cheapest way to a level: greedy, by points per relative change; measures of size are left alone."""

    level = LevelField()
    scheme_version = serializers.IntegerField(source="version.pk")
    pass_score = Exact(source="path.wanted")
    start = Exact(source="path.start")
    low = Exact(source="path.low", help_text="where the steps lead")
    arrives = serializers.BooleanField(source="path.arrives")
    steps = GapStepTeller(source="path.steps", many=True)


class WhatIfTeller(serializers.Serializer[WhatIf]):
    """The score and verdict as they would be, every indicator's gap, and the paths to this level and the next."""

    pass_score = Exact(source="passing")
    verdict = serializers.ChoiceField(choices=VERDICTS)
    was = ScoreTotalsTeller(help_text="as it stands")
    score = ScoreTotalsTeller(help_text="as it would be")
    unmet = serializers.ListField(source="score.unmet", child=serializers.CharField(), help_text="must items")
    broken = serializers.ListField(source="score.broken", child=serializers.CharField(), help_text="limits")
    indicators = GapTeller(source="gaps", many=True)
    paths = GapPathTeller(many=True)
