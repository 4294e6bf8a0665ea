"""Fields that more than one resource has."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from greenchain.languages import LANGUAGES

LARGEST_ID = 2**63 - 1

TEXTS = {
    "type": "object",
    "description": "The text in the product's languages; English is always there.",
    "properties": {language: {"type": "string"} for language in LANGUAGES},
    "additionalProperties": {"type": "string"},
}


@extend_schema_field(TEXTS)
class Texts(serializers.Field[Mapping[str, str], Any, dict[str, str], Any]):
    """A text in three languages, to read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Mapping[str, str]) -> dict[str, str]:
        """As stored."""
        return {key: str(text) for key, text in (value or {}).items()}


class Seen(serializers.PrimaryKeyRelatedField[Any]):
    """A row by its key; what the person may not see is no row."""

    def get_queryset(self) -> "QuerySet[Any]":
        """Only what the person may see."""
        rows: Any = super().get_queryset()
        seen: QuerySet[Any] = rows.visible_to(self.context["request"].user)
        return seen

    def to_internal_value(self, data: Any) -> Model:
        """The row; a number with a fraction is no key."""
        if isinstance(data, float):
            self.fail("incorrect_type", data_type=type(data).__name__)
        row: Model = super().to_internal_value(data)
        return row
