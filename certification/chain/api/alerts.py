"""Alerts: something happened to a supplier, and this buyer is touched."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.chain.actions import mark_seen
from certification.chain.api.chains import WayStepTeller
from certification.chain.causes import Change
from certification.chain.heard import Heard, heard
from certification.chain.models import Alert, AlertQuerySet
from greenchain.accounts.idempotency import once
from greenchain.refusals import NotYours
from greenchain.resources.bodies import NoInput
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.enterprise.access import may
from suppliers.sharing.actions import note_names
from suppliers.supply.api import PartyTeller


class AlertsTeller(serializers.ListSerializer[Alert]):
    """A page of alerts, heard together."""

    def to_representation(self, data: Any) -> list[Any]:
        """What the reader may read of all of them, then each."""
        rows = list(data)
        found, hearer = heard(self.context["request"].user, rows)
        for buyer, names in hearer.consented.items():
            note_names(names, by=self.context["request"].user, buyer=buyer)
        for row, one in zip(rows, found, strict=True):
            row.heard = one
        return super().to_representation(rows)


class AlertTeller(serializers.ModelSerializer[Alert]):
    """One change of one supplier, as the reader may read it; nulls where the supplier is not named to them."""

    buyer = PartyTeller(read_only=True)
    supplier = PartyTeller(read_only=True, allow_null=True)
    called = serializers.CharField(
        source="heard.name", read_only=True, help_text="how the supplier may be called"
    )
    link = serializers.PrimaryKeyRelatedField[Any](read_only=True, allow_null=True)
    designation = serializers.CharField(
        source="heard.title.number", default=None, read_only=True, allow_null=True
    )
    change = serializers.ChoiceField(choices=Change.choices, read_only=True)
    exposure = serializers.FloatField(
        source="heard.exposure",
        read_only=True,
        allow_null=True,
        help_text="0 to 1; the lower end of a band where it is not exact, null where no spend is known",
    )
    exact = serializers.BooleanField(source="heard.exact", read_only=True)
    way = WayStepTeller(
        source="heard.way", many=True, read_only=True, help_text="from the buyer to the supplier"
    )

    watched = serializers.BooleanField(read_only=True)
    muted_until = serializers.DateField(read_only=True, allow_null=True)
    shown = serializers.BooleanField(read_only=True, help_text="as the caller chose: kinds, threshold, muted")

    class Meta:
        model = Alert
        list_serializer_class = AlertsTeller
        fields = (
            "id",
            "buyer",
            "supplier",
            "called",
            "link",
            "designation",
            "cause",
            "change",
            "tier",
            "exposure",
            "exact",
            "way",
            "watched",
            "muted_until",
            "shown",
            "at",
            "seen_at",
        )

    def to_representation(self, instance: Alert) -> dict[str, Any]:
        """Without the supplier where it may not be named."""
        one: Heard | None = getattr(instance, "heard", None)
        if one is None:
            found, _hearer = heard(self.context["request"].user, [instance])
            instance.heard = one = found[0]  # type: ignore[attr-defined]
        told: dict[str, Any] = super().to_representation(instance)
        return told if one.key is not None else {**told, "supplier": None}


class AlertFilters(filters.FilterSet):  # type: ignore[misc]
    """Find alerts."""

    buyer = KeyFilter()
    supplier = KeyFilter(method="about", label="only alerts in which the caller may know it")
    tier = filters.NumberFilter(min_value=1)
    shown = filters.BooleanFilter(method="wanted", label="as the caller chose what is shown")
    seen = filters.BooleanFilter(field_name="seen_at", lookup_expr="isnull", exclude=True)

    def wanted(self, rows: AlertQuerySet, _name: str, yes: bool) -> AlertQuerySet:  # noqa: FBT001 - the filter's signature
        """As on the page, or what is hidden there."""
        shown = Alert.objects.shown_to(self.request.user).values("pk")
        return rows.filter(pk__in=shown) if yes else rows.exclude(pk__in=shown)

    def about(self, rows: AlertQuerySet, _name: str, key: int) -> AlertQuerySet:
        """A supplier is found only where the reader knows it."""
        return rows.named_to(self.request.user).filter(supplier=key)


class Alerts(Reading):
    """What broke in the supply chain, and whom it touches."""

    queryset = Alert.objects.select_related("buyer", "supplier", "designation")
    serializer_class = AlertTeller
    filterset_class = AlertFilters
    readers = {"seen": NoInput}

    def get_queryset(self) -> Any:
        """Those of the caller's enterprises or territory, with what the caller chose."""
        rows: Any = super().get_queryset()
        return rows.with_choices_of(self.person)

    @action(detail=True, methods=["post"])
    @once
    def seen(self, request: Request, pk: str) -> Response:
        """The reader has seen it."""
        alert = self.get_object()
        if not may(self.person, alert.buyer, "view"):
            raise NotYours(_("Only people of the buyer mark its alerts as seen."), code="role")
        mark_seen(Alert.objects.filter(pk=alert.pk))
        return self.told(self.again(alert))
