"""Announcements of titles with their annexes, and how an entry is corrected."""

from collections import Counter
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from certification.designation.models import Designation
from certification.notice.announcing import correct_entry, corrects
from certification.notice.forms import CorrectEntryForm
from certification.notice.models import Announcement, AnnouncementEntry
from greenchain.accounts.idempotency import once
from greenchain.refusals import NotYours
from greenchain.resources.filters import WordFilter
from greenchain.resources.views import PublicReading
from suppliers.place.api import LevelField, LevelFilter
from suppliers.place.models import Authority


class EntryOfAnnex(serializers.ModelSerializer[AnnouncementEntry]):
    """A title in an annex, frozen as it was announced."""

    designation = serializers.SlugRelatedField[Designation](slug_field="number", read_only=True)
    corrects = serializers.PrimaryKeyRelatedField[AnnouncementEntry](read_only=True, allow_null=True)

    class Meta:
        model = AnnouncementEntry
        fields = ("id", "annex", "place", "designation", "name", "detail", "columns", "corrects")


class AnnouncementTeller(serializers.ModelSerializer[Announcement]):
    """The final list of one authority, level and day."""

    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    level = LevelField(read_only=True)
    counts = serializers.SerializerMethodField()

    class Meta:
        model = Announcement
        fields = ("number", "authority", "level", "announced_on", "counts")

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "integer"}})
    def get_counts(self, row: Announcement) -> dict[str, int]:
        """How many entries each annex has."""
        return dict(Counter(entry.annex for entry in row.entries.all()))


class AnnouncementFull(AnnouncementTeller):
    """With its annexes."""

    entries = EntryOfAnnex(many=True, read_only=True)

    class Meta(AnnouncementTeller.Meta):
        fields = (*AnnouncementTeller.Meta.fields, "entries")  # type: ignore[assignment]


class CorrectReader(serializers.Serializer[None]):
    """Which entry is wrong, what it should have said, and why."""

    entry = serializers.IntegerField(help_text="its id, as the announcement tells it")
    name = serializers.CharField(max_length=200)
    reasons = serializers.CharField(max_length=280)


class AnnouncementFilters(filters.FilterSet):  # type: ignore[misc]
    """Find announcements."""

    authority = WordFilter(field_name="authority__code")
    level = LevelFilter()
    since = filters.DateFilter(field_name="announced_on", lookup_expr="gte")


class Announcements(PublicReading):
    """Announcements: what is new, removed, renamed and corrected."""

    queryset = Announcement.objects.select_related("authority").prefetch_related(
        Prefetch(
            "entries", AnnouncementEntry.objects.select_related("designation").order_by("annex", "place")
        )
    )
    serializer_class = AnnouncementTeller
    filterset_class = AnnouncementFilters
    readers = {"correct": CorrectReader}
    lookup_field = "number"
    lookup_value_regex = r"[\w.-]{1,40}"

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """The annexes stand with the one that was asked for."""
        return AnnouncementFull if self.action == "retrieve" else AnnouncementTeller

    @extend_schema(request=CorrectReader, responses={201: EntryOfAnnex})
    @action(detail=True, methods=["post"], permission_classes=[IsAuthenticated])
    @once
    def correct(self, request: Request, number: str) -> Response:
        """Announce today what an entry should have said: approvers of the authority that announced it."""
        row = self.get_object()
        if not corrects(row, self.person):
            raise NotYours(_("The approver of the authority that announced it corrects it."), code="role")
        form = CorrectEntryForm(self.given(), announcement=row)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        said = form.cleaned_data
        return self.told(correct_entry(said.pop("entry"), by=self.person, **said), 201, EntryOfAnnex)
