"""What the caller wants to be told of a buyer's suppliers: watched and muted suppliers, and their choice."""

from typing import Any

import django_filters as filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.chain import choosing
from certification.chain.models import Alert, Choice, Least, Mail, Mute, Watch
from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.enterprise.models import Enterprise
from suppliers.supply.api import Party, PartyTeller


class AlertChoiceTeller(serializers.ModelSerializer[Choice]):
    """From which share of purchases on, which kinds of change, and how by mail."""

    class Meta:
        model = Choice
        fields = ("least", "lost", "violation", "given", "lifted", "mail")


class AlertChoiceReader(serializers.Serializer[Any]):
    """What is not named stays."""

    least = serializers.ChoiceField(choices=[(one.value, one.value) for one in Least], required=False)
    lost = serializers.BooleanField(required=False)
    violation = serializers.BooleanField(required=False)
    given = serializers.BooleanField(required=False)
    lifted = serializers.BooleanField(required=False)
    mail = serializers.ChoiceField(choices=[(one.value, one.value) for one in Mail], required=False)


class BuyerFilters(filters.FilterSet):  # type: ignore[misc]
    """Of one buyer."""

    buyer = KeyFilter()


class WatchTeller(serializers.ModelSerializer[Watch]):
    """A supplier that the caller watches."""

    buyer = PartyTeller(read_only=True)
    supplier = PartyTeller(read_only=True)

    class Meta:
        model = Watch
        fields = ("id", "buyer", "supplier", "since_at")


class WatchReader(serializers.Serializer[None]):
    """Whom to watch, in whose chain."""

    buyer = Seen(queryset=Enterprise.objects.all())
    supplier = Party()


class Watches(Reading):
    """The caller's watched suppliers."""

    queryset = Watch.objects.select_related("buyer", "supplier")
    serializer_class = WatchTeller
    filterset_class = BuyerFilters
    readers = {"create": WatchReader, "end": NoInput}
    bad_input = ("unknown",)

    @once
    def create(self, request: Request) -> Response:
        """It, and what comes through it, is told however little it is."""
        given = self.given()
        return self.told(self.again(choosing.watch(given["buyer"], given["supplier"], by=self.person)), 201)

    @action(detail=True, methods=["post"])
    @once
    def end(self, request: Request, pk: str) -> Response:
        """No longer watched."""
        row = self.get_object()
        told = self.told(row)
        choosing.unwatch(row, by=self.person)
        return told


class MuteTeller(serializers.ModelSerializer[Mute]):
    """A muted supplier, by the alert from which it was muted: that says how it may be called."""

    buyer = PartyTeller(read_only=True)

    class Meta:
        model = Mute
        fields = ("id", "buyer", "alert", "until_on")


class MuteReader(serializers.Serializer[None]):
    """The supplier of an alert, until when."""

    alert = Seen(queryset=Alert.objects.select_related("buyer"))
    until_on = serializers.DateField()


class Mutes(Reading):
    """The caller's muted suppliers."""

    queryset = Mute.objects.select_related("buyer")
    serializer_class = MuteTeller
    filterset_class = BuyerFilters
    readers = {"create": MuteReader, "end": NoInput}
    bad_input = ("invalid",)

    @once
    def create(self, request: Request) -> Response:
        """Its alerts are neither shown nor mailed to the caller until that day."""
        given = self.given()
        row = choosing.mute(given["alert"], by=self.person, until_on=given["until_on"])
        return self.told(self.again(row), 201)

    @action(detail=True, methods=["post"])
    @once
    def end(self, request: Request, pk: str) -> Response:
        """Shown again."""
        row = self.get_object()
        told = self.told(row)
        choosing.unmute(row, by=self.person)
        return told
