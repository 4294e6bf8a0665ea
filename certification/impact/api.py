"""Impact studies: asked for, watched, and read as sums."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from certification.impact.actions import Question, study
from certification.impact.comparing import GROUPS
from certification.impact.models import State, Study, may_study
from certification.impact.scenario import NUMBERS, SCORE
from certification.impact.told import Line, lines, whole
from certification.scheme.models import SchemeVersion
from greenchain.accounts.idempotency import once
from greenchain.refusals import NotYours
from greenchain.resources.fields import Seen
from greenchain.resources.views import Reading
from suppliers.place.models import Level, Region

STATES = [(state.value, state.value) for state in State]


class LineTeller(serializers.Serializer[Line]):
    """A province, industry or level; outputs in 100 million CNY, what is affected in per cent of the output."""

    key = serializers.CharField()
    name = serializers.CharField()
    titles = serializers.IntegerField()
    falls = serializers.IntegerField()
    rises = serializers.IntegerField()
    reaches_before = serializers.IntegerField()
    reaches_after = serializers.IntegerField()
    output = serializers.FloatField()
    output_falls = serializers.FloatField()
    output_rises = serializers.FloatField()
    affected = serializers.FloatField(allow_null=True)

    class Meta:
        ref_name = "ImpactLine"


class GroupsTeller(serializers.Serializer[Any]):
    """The same titles, cut three ways."""

    region = LineTeller(many=True)
    industry = LineTeller(many=True)
    level = LineTeller(many=True)


class StudyTeller(serializers.ModelSerializer[Study]):
    """A study, how far it is, and who moves."""

    state = serializers.ChoiceField(choices=STATES, read_only=True)
    authority = serializers.CharField(source="authority.code", read_only=True)
    level = serializers.SerializerMethodField()
    read = serializers.IntegerField(source="job.read", read_only=True)
    total = serializers.IntegerField(source="job.total", read_only=True)
    whole = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields: tuple[str, ...] = (
            "id",
            "note",
            "state",
            "authority",
            "before",
            "after",
            "changes",
            "year",
            "level",
            "region",
            "as_of",
            "basis",
            "digest",
            "at",
            "read",
            "total",
            "whole",
        )

    def get_level(self, row: Study) -> str | None:
        """The level's word; null for all levels."""
        return None if row.level is None else Level(row.level).word

    @extend_schema_field(LineTeller(allow_null=True))
    def get_whole(self, row: Study) -> Any:
        """All titles; null until the study is done."""
        return LineTeller(whole(row.outcome)).data if row.outcome else None


class StudyInFull(StudyTeller):
    """With its groups, and how the sampled titles compare."""

    groups = serializers.SerializerMethodField()
    sampled = serializers.SerializerMethodField(help_text="titles that the scalar scoring scored again")
    equal = serializers.SerializerMethodField(help_text="of these, titles with the very same result")

    class Meta(StudyTeller.Meta):
        fields = (*StudyTeller.Meta.fields, "groups", "sampled", "equal")

    @extend_schema_field(GroupsTeller)
    def get_groups(self, row: Study) -> Any:
        """By province, industry and level."""
        return {by: [LineTeller(each).data for each in lines(row.outcome, by)] for by in GROUPS}

    def get_sampled(self, row: Study) -> int:
        """How many titles were scored again."""
        return int(row.outcome.get("sampled", 0))

    def get_equal(self, row: Study) -> int:
        """How many came out the same."""
        return int(row.outcome.get("equal", 0))


class ChangeReader(serializers.Serializer[Any]):
    """Numbers of an indicator (base, lead, weight) or of a level (pass_score)."""

    base = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    lead = serializers.DecimalField(max_digits=20, decimal_places=6, required=False)
    weight = serializers.DecimalField(max_digits=9, decimal_places=6, required=False)
    pass_score = serializers.DecimalField(max_digits=7, decimal_places=4, required=False)


class StudyReader(serializers.Serializer[Any]):
    """A question to the listed titles."""

    before = Seen(queryset=SchemeVersion.objects.select_related("scheme"))
    after = Seen(queryset=SchemeVersion.objects.select_related("scheme"))
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    changes = serializers.DictField(child=ChangeReader(), required=False, default=dict)
    level = serializers.ChoiceField(choices=[level.word for level in Level], required=False)
    region = Seen(queryset=Region.objects.select_related("desk"), required=False, allow_null=True)
    note = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    basis = Seen(queryset=Study.objects.all(), required=False, allow_null=True)

    def validate_changes(self, given: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Decimals as text, as they are kept."""
        known = (*NUMBERS, SCORE)
        return {
            key: {name: f"{each[name]:f}" for name in known if name in each} for key, each in given.items()
        }

    def validate_level(self, word: str) -> int:
        """The level's number."""
        return int(Level.from_word(word))


class StudyFilters(filters.FilterSet):  # type: ignore[misc]
    """Find studies."""

    state = filters.ChoiceFilter(choices=State.choices)


class Studies(Reading):
    """What a rule change would do to the titles in force."""

    queryset = Study.objects.select_related("authority", "job")
    serializer_class = StudyTeller
    filterset_class = StudyFilters
    readers = {"create": StudyReader}
    bad_input = ("changes", "no_change", "levels", "subject", "basis", "region")

    def get_serializer_class(self) -> Any:
        """One study is told in full."""
        return StudyInFull if self.action == "retrieve" else StudyTeller

    @once
    def create(self, request: Request) -> Response:
        """Ask for a study; a worker takes it up at once."""
        if not may_study(self.person):
            raise NotYours(_("Administrators, approvers and reviewers make impact studies."), code="role")
        return self.told(study(by=self.person, question=Question(**self.given())), 201)
