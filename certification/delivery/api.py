"""Notifications: what the caller was told, read or not, and how they want to be told."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.delivery import actions
from certification.delivery.kinds import KINDS, Dropped, Rhythm, Way
from certification.delivery.models import Delivery, MailChoice
from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput
from greenchain.resources.views import Reading


class NotificationTeller(serializers.ModelSerializer[Delivery]):
    """One message; ``way`` is how it comes by mail, ``dropped`` why that mail was not sent."""

    at = serializers.DateTimeField(source="entry.at", read_only=True)
    dropped = serializers.ChoiceField(choices=Dropped.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Delivery
        fields = ("id", "kind", "subject", "text", "url", "at", "read_at", "way", "sent_at", "dropped")
        read_only_fields = fields


class NotificationFilters(filters.FilterSet):  # type: ignore[misc]
    """Find messages."""

    kind = filters.ChoiceFilter(choices=[(key, key) for key in KINDS])
    read = filters.BooleanFilter(field_name="read_at", lookup_expr="isnull", exclude=True)


class ReadTeller(serializers.Serializer[Any]):
    """How many messages were new."""

    read = serializers.IntegerField()


class WayReader(serializers.Serializer[Any]):
    """A way for each kind that is named."""

    def get_fields(self) -> dict[str, Any]:
        """Each kind; whether it may be so quiet is for the action to say."""
        return {key: serializers.ChoiceField(choices=Way.choices, required=False) for key in KINDS}


class ChoiceReader(serializers.Serializer[Any]):
    """How the caller wants to be told; what is not named stays."""

    rhythm = serializers.ChoiceField(choices=[(one.value, one.value) for one in Rhythm], required=False)
    ways = WayReader(required=False)


class ChoiceTeller(serializers.Serializer[Any]):
    """How often the digest comes, and the way of each kind."""

    rhythm = serializers.ChoiceField(choices=[(one.value, one.value) for one in Rhythm])
    ways = serializers.SerializerMethodField()

    def get_ways(self, choice: MailChoice) -> dict[str, Way]:
        """As they hold now."""
        return {key: Way(choice.ways.get(key, kind.usual)) for key, kind in KINDS.items()}


class Notifications(Reading):
    """The caller's inbox."""

    queryset = Delivery.objects.select_related("entry")
    serializer_class = NotificationTeller
    filterset_class = NotificationFilters
    bad_input = ("too_quiet",)
    readers = {"read": NoInput, "read_all": NoInput, "choices": ChoiceReader}

    def get_queryset(self) -> Any:
        """One's own: administrators help with mails in the admin, not here."""
        return Delivery.objects.select_related("entry").of(self.person)

    @action(detail=True, methods=["post"])
    @once
    def read(self, request: Request, pk: str) -> Response:
        """The caller has read it."""
        row = self.get_object()
        actions.read(Delivery.objects.filter(pk=row.pk), by=self.person)
        return self.told(self.again(row))

    @extend_schema(responses=ReadTeller)
    @action(detail=False, methods=["post"], url_path="read-all")
    @once
    def read_all(self, request: Request) -> Response:
        """The caller has read all."""
        return self.told({"read": actions.read(Delivery.objects.all(), by=self.person)}, teller=ReadTeller)

    @extend_schema(methods=["GET"], responses=ChoiceTeller)
    @extend_schema(methods=["PATCH"], request=ChoiceReader, responses=ChoiceTeller)
    @action(detail=False, methods=["get", "patch"], url_path="settings")
    def choices(self, request: Request) -> Response:
        """How the caller wants to be told."""
        if request.method == "PATCH":
            actions.choose(by=self.person, **self.given())
        choice = MailChoice.objects.filter(user=self.person).first() or MailChoice(user=self.person)
        return self.told(choice, teller=ChoiceTeller)
