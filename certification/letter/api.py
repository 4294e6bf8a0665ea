"""Letters: what was told in writing, with the PDF."""

import django_filters as filters
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from certification.designation.models import Designation
from certification.letter.models import Kind, Letter
from certification.letter.pdf import answer
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import Reading
from suppliers.place.models import Authority


class LetterTeller(serializers.ModelSerializer[Letter]):
    """A letter, frozen when it was made."""

    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    designation = serializers.SlugRelatedField[Designation](
        slug_field="number", read_only=True, allow_null=True
    )
    content = serializers.JSONField(read_only=True, help_text="what stands in it")

    class Meta:
        model = Letter
        fields = (
            "number",
            "kind",
            "application",
            "designation",
            "authority",
            "language",
            "made_at",
            "digest",
            "content",
        )


class LetterFilters(filters.FilterSet):  # type: ignore[misc]
    """Find letters."""

    application = KeyFilter()
    designation = WordFilter(field_name="designation__number")
    kind = filters.ChoiceFilter(choices=Kind.choices)


class Letters(Reading):
    """Letters to applicants and holders; to officials also those to objectors."""

    queryset = Letter.objects.select_related("authority", "designation")
    serializer_class = LetterTeller
    filterset_class = LetterFilters
    lookup_field = "number"
    lookup_value_regex = r"[\w.-]{1,40}"

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AsIs])
    def pdf(self, request: Request, number: str) -> HttpResponse:
        """The PDF as it was first made."""
        return answer(self.get_object())
