"""Compliance records: entered, confirmed, refuted and cleared by officials; read by those concerned."""

import django_filters as filters
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.refusals import NotYours
from greenchain.resources.bodies import Reasons
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.enterprise.models import Enterprise, Site
from suppliers.place.models import Authority
from suppliers.record import actions
from suppliers.record.models import ComplianceRecord

FACTS = ("kind", "title", "details", "source", "source_url", "severity", "happened_on", "match")


class RecordTeller(serializers.ModelSerializer[ComplianceRecord]):
    """A record, with its source and day."""

    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)

    class Meta:
        model = ComplianceRecord
        fields = ("id", "enterprise", "site", *FACTS, "cleared_on", "refuted_at", "authority", "entered_at")


class RecordReader(serializers.ModelSerializer[ComplianceRecord]):
    """A fact to be entered."""

    enterprise = Seen(queryset=Enterprise.objects.select_related("region__desk"))
    site = Seen(queryset=Site.objects.select_related("region__desk"), required=False, allow_null=True)

    class Meta:
        model = ComplianceRecord
        fields = ("enterprise", "site", *FACTS)


class Clearing(Reasons):
    """When the cause ended, and how that is known."""

    cleared_on = serializers.DateField()


class RecordFilters(filters.FilterSet):  # type: ignore[misc]
    """Find records."""

    enterprise = KeyFilter()
    site = KeyFilter()
    kind = filters.ChoiceFilter(choices=ComplianceRecord.Kind.choices)
    match = filters.ChoiceFilter(choices=ComplianceRecord.Match.choices)


class Records(Reading):
    """The facts behind the one-vote vetoes."""

    queryset = ComplianceRecord.objects.select_related("authority")
    serializer_class = RecordTeller
    filterset_class = RecordFilters
    readers = {"create": RecordReader, "clear": Clearing, "confirm": Reasons, "refute": Reasons}
    bad_input = ("invalid", "another_enterprise")

    def kept(self) -> ComplianceRecord:
        """The record, when the person's role keeps records; of which places, the action judges."""
        found: ComplianceRecord = self.get_object()
        self.must_keep()
        return found

    def must_keep(self) -> None:
        """Members of the enterprise read what is on record, and no more."""
        if self.person.role not in actions.MAY_ENTER:
            raise NotYours(_("Only auditors and approvers keep these records."), code="role")

    @once
    def create(self, request: Request) -> Response:
        """Enter a fact, with its source and day."""
        self.must_keep()
        given = self.given()
        return self.told(actions.enter(given.pop("enterprise"), by=self.person, **given), 201)

    @action(detail=True, methods=["post"])
    @once
    def clear(self, request: Request, pk: str) -> Response:
        """The cause ended on a day."""
        return self.told(actions.clear(self.kept(), by=self.person, **self.given()))

    @action(detail=True, methods=["post"])
    @once
    def confirm(self, request: Request, pk: str) -> Response:
        """A possible match is certain."""
        return self.told(actions.confirm(self.kept(), by=self.person, **self.given()))

    @action(detail=True, methods=["post"])
    @once
    def refute(self, request: Request, pk: str) -> Response:
        """The source means somebody else, or was wrong."""
        return self.told(actions.refute(self.kept(), by=self.person, **self.given()))
