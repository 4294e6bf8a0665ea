"""A case beside similar ones, in numbers."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certification.assessment.similar import Row, Similar


class OtherTeller(serializers.Serializer[Any]):
    """What one similar case has for an indicator."""

    application = serializers.IntegerField()
    value = serializers.DecimalField(max_digits=24, decimal_places=6, allow_null=True)
    points = serializers.DecimalField(max_digits=9, decimal_places=4, allow_null=True)


class RowTeller(serializers.Serializer[Row]):
    """One indicator."""

    code = serializers.CharField(source="indicator.code")
    unit = serializers.CharField(source="indicator.unit")
    value = serializers.DecimalField(max_digits=24, decimal_places=6, allow_null=True)
    points = serializers.DecimalField(max_digits=9, decimal_places=4, allow_null=True)
    median = serializers.SerializerMethodField(help_text="of the others")
    rank = serializers.IntegerField(
        allow_null=True, help_text="by points; equal points share the better rank"
    )
    of = serializers.IntegerField()
    stands_out = serializers.BooleanField(help_text="a reason to look, not a finding")
    others = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DecimalField(max_digits=24, decimal_places=6, allow_null=True))
    def get_median(self, row: Row) -> str | None:
        """To six decimals."""
        return None if row.middle is None else f"{row.middle:.6f}"

    @extend_schema_field(OtherTeller(many=True))
    def get_others(self, row: Row) -> Any:
        """The cases that the reader may see, the nearest first."""
        told = [
            {"application": case.pk, "value": other and other.value, "points": other and other.points}
            for case, other in zip(self.context["shown"], row.others, strict=True)
        ]
        return OtherTeller(told, many=True).data


class SimilarTeller(serializers.Serializer[Similar]):
    """The comparison."""

    compared = serializers.IntegerField()
    hidden = serializers.IntegerField(help_text="of these, cases outside the reader's territory")
    division = serializers.CharField(help_text="of GB/T 4754; empty where the subject is no site")
    rows = serializers.SerializerMethodField()

    @extend_schema_field(RowTeller(many=True))
    def get_rows(self, similar: Similar) -> Any:
        """One for each indicator of the scheme."""
        rows: Any = similar.rows
        return RowTeller(rows, many=True, context={"shown": similar.shown}).data
