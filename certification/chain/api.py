"""Alerts: a supplier's title changed, and this buyer is touched."""

import django_filters as filters
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.chain.actions import mark_seen
from certification.chain.models import Alert
from greenchain.accounts.idempotency import once
from greenchain.refusals import NotYours
from greenchain.resources.bodies import NoInput
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.enterprise.access import may
from suppliers.supply.api import PartyTeller


class AlertTeller(serializers.ModelSerializer[Alert]):
    """One change of one supplier's title."""

    buyer = PartyTeller(read_only=True)
    supplier = PartyTeller(read_only=True)
    designation = serializers.CharField(source="designation.number", read_only=True)

    class Meta:
        model = Alert
        fields = ("id", "buyer", "supplier", "link", "designation", "cause", "at", "seen_at")


class AlertFilters(filters.FilterSet):  # type: ignore[misc]
    """Find alerts."""

    buyer = KeyFilter()
    supplier = KeyFilter()
    seen = filters.BooleanFilter(field_name="seen_at", lookup_expr="isnull", exclude=True)


class Alerts(Reading):
    """What broke in the supply chain, and whom it touches."""

    queryset = Alert.objects.select_related("buyer", "supplier", "designation")
    serializer_class = AlertTeller
    filterset_class = AlertFilters
    readers = {"seen": NoInput}

    @action(detail=True, methods=["post"])
    @once
    def seen(self, request: Request, pk: str) -> Response:
        """The reader has seen it."""
        alert = self.get_object()
        if not may(self.person, alert.buyer, "view"):
            raise NotYours(_("Only people of the buyer mark its alerts as seen."), code="role")
        mark_seen(Alert.objects.filter(pk=alert.pk))
        return self.told(self.again(alert))
