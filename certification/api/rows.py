"""The rows that moves left on a case; where the record has no such move, nothing is asked."""

from typing import Any

from rest_framework import serializers

from certification.application.models import Application, Dossier, Seat
from certification.assessment.models import Correction, Waiver
from certification.decision.models import Decision
from certification.evaluation.models import Evaluation
from certification.examination.models import Endorsement, Return
from suppliers.place.models import Authority

LEFT_BY = {
    "dossiers": ("submit",),
    "sent_back": ("send_back",),
    "corrections": ("correct",),
    "decisions": ("grant", "refuse"),
    "seats": ("assign", "draw"),
    "waivers": ("waive",),
    "endorsements": ("endorse",),
    "evaluations": ("evaluate",),
}
"""By which verbs the rows of a case come to be."""
NAMED = {
    "sent_back": ("desk",),
    "corrections": ("by",),
    "decisions": ("designation",),
    "seats": ("user",),
    "waivers": ("requested_by", "granted_by"),
    "endorsements": ("desk", "by"),
    "evaluations": ("body",),
}
"""Whom or what they name."""


class RowsLeft(serializers.ListSerializer[Any]):
    """All rows of one kind, the oldest first."""

    def get_attribute(self, instance: Application) -> Any:
        """The rows, with what they name."""
        name = str(self.source)
        if not instance.left_by(*LEFT_BY[name]):
            return []
        if name == "dossiers" and instance.hand:
            return instance.hand.dossiers[::-1]
        return getattr(instance, name).select_related(*NAMED.get(name, ())).order_by("pk")


class ReturnTeller(serializers.ModelSerializer[Return]):
    """What a desk asked to be mended, and until when."""

    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    codes = serializers.ListField(child=serializers.CharField(), read_only=True)
    named = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        list_serializer_class = RowsLeft
        model = Return
        fields: tuple[str, ...] = ("number", "desk", "codes", "named", "note", "due_on", "at")


class CorrectionTeller(serializers.ModelSerializer[Correction]):
    """What a desk found in place of what was submitted."""

    class Meta:
        list_serializer_class = RowsLeft
        model = Correction
        fields: tuple[str, ...] = ("code", "field", "before", "after", "reasons", "at")


class DecisionTeller(serializers.ModelSerializer[Decision]):
    """The outcome, and the title where there is one."""

    designation = serializers.SlugRelatedField[Any](slug_field="number", read_only=True, allow_null=True)

    class Meta:
        list_serializer_class = RowsLeft
        model = Decision
        fields: tuple[str, ...] = ("outcome", "reasons", "at", "designation")


class SubmissionTeller(serializers.ModelSerializer[Dossier]):
    """A frozen dossier's seal."""

    class Meta:
        list_serializer_class = RowsLeft
        model = Dossier
        fields: tuple[str, ...] = ("number", "digest", "submitted_at")


class EndorsementTeller(serializers.ModelSerializer[Endorsement]):
    """A desk's opinion."""

    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        list_serializer_class = RowsLeft
        model = Endorsement
        fields: tuple[str, ...] = ("desk", "by", "opinion", "score", "at")


class WaiverTeller(serializers.ModelSerializer[Waiver]):
    """A finding set aside for a time."""

    requested_by = serializers.CharField(source="requested_by.username", read_only=True)
    granted_by = serializers.CharField(source="granted_by.username", read_only=True)

    class Meta:
        list_serializer_class = RowsLeft
        model = Waiver
        fields: tuple[str, ...] = ("check_key", "requested_by", "granted_by", "reasons", "until_on", "at")


class EvaluationTeller(serializers.ModelSerializer[Evaluation]):
    """A third party's report."""

    body = serializers.CharField(source="body.name", read_only=True)
    points = serializers.DictField(read_only=True)

    class Meta:
        list_serializer_class = RowsLeft
        model = Evaluation
        fields: tuple[str, ...] = (
            "body",
            "total",
            "points",
            "technical_reviewer",
            "signatory",
            "conclusion",
            "at",
        )


class SignedCorrectionTeller(CorrectionTeller):
    """A correction, and who made it."""

    by = serializers.CharField(source="by.username", read_only=True)

    class Meta(CorrectionTeller.Meta):
        fields = (*CorrectionTeller.Meta.fields, "by")


class SeatTeller(serializers.ModelSerializer[Seat]):
    """A person's part in a case."""

    user = serializers.CharField(source="user.username", read_only=True)

    class Meta:
        list_serializer_class = RowsLeft
        model = Seat
        fields: tuple[str, ...] = ("id", "user", "part", "since_on", "until_on", "declared", "ended")
