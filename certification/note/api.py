"""Internal notes, to the officials who may read them and to nobody else."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from certification.application.models import Application
from certification.note.actions import write_note
from certification.note.models import InternalNote
from greenchain.accounts.idempotency import once
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.place.models import Authority


class NoteTeller(serializers.ModelSerializer[InternalNote]):
    """A note."""

    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    by = serializers.CharField(source="by.username", read_only=True)

    class Meta:
        model = InternalNote
        fields = ("id", "application", "authority", "by", "text", "shared", "at")


class NoteReader(serializers.Serializer[None]):
    """On which case, and what."""

    application = Seen(queryset=Application.objects.all())
    text = serializers.CharField(max_length=4000)
    shared = serializers.BooleanField(default=False, help_text="the authorities above may read it too")


class NoteFilters(filters.FilterSet):  # type: ignore[misc]
    """Find notes."""

    application = KeyFilter()


class Notes(Reading):
    """Internal notes of the person's own authority, and those that authorities below it shared."""

    queryset = InternalNote.objects.select_related("authority", "by").order_by("-pk")
    serializer_class = NoteTeller
    filterset_class = NoteFilters
    readers = {"create": NoteReader}

    @extend_schema(responses={201: NoteTeller})
    @once
    def create(self, request: Request) -> Response:
        """Write a note; it cannot be changed later."""
        given: dict[str, Any] = self.given()
        return self.told(write_note(given.pop("application"), by=self.person, **given), 201)
