"""Supply chains in depth: tiers, weak links, losses and ways, as the reader may read them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.chain import choosing, reach, told
from certification.chain.api.choices import AlertChoiceReader, AlertChoiceTeller
from certification.chain.forms import PathForm, TiersForm
from certification.chain.history.api import Remembered
from certification.chain.loss import loss_of
from certification.chain.named import Reader
from certification.chain.picture.api import HOW_DEEP, Pictured
from certification.chain.status import State
from certification.chain.supposing import MOST, Supposing, chosen, suppose
from certification.chain.tiers import LIMIT, depth_of
from greenchain.resources.fields import LARGEST_ID
from suppliers.enterprise.models import Enterprise
from suppliers.sharing.actions import note_names
from suppliers.supply.api import PartyTeller

SHARE = "0 to 1; null where it is not known, or where it would tell figures that belong to others"

SUPPOSED = [(one.value, one.value) for one in Supposing]


class TierTeller(serializers.Serializer[Any]):
    """One tier; tier 0 is all together."""

    tier = serializers.IntegerField(source="tier.number")
    suppliers = serializers.IntegerField(source="tier.suppliers")
    green = serializers.IntegerField(source="tier.green")
    states = serializers.SerializerMethodField(help_text="how many stand in each state")
    violations = serializers.IntegerField(source="tier.violations")
    green_by_number = serializers.FloatField(source="tier.green_share", allow_null=True, help_text="0 to 1")
    green_by_spend = serializers.FloatField(source="spend", allow_null=True, help_text=SHARE)
    green_by_output = serializers.FloatField(
        source="tier.green_output_share", allow_null=True, help_text="0 to 1; null where none is reported"
    )

    def get_states(self, line: told.Line) -> dict[str, int]:
        """By state."""
        return {state.value: count for state, count in line.states}


class WayStepTeller(serializers.Serializer[told.Step]):
    """An enterprise on a way; without a key where it is not named."""

    id = serializers.IntegerField(source="key", allow_null=True)
    name = serializers.CharField()


class WeakTeller(serializers.Serializer[told.Weak]):
    """An enterprise, how much passes through it, and the way to it."""

    id = serializers.IntegerField(source="key", allow_null=True)
    name = serializers.CharField()
    tier = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    exposure = serializers.FloatField(help_text="0 to 1; the lower end of a band where it is not exact")
    exact = serializers.BooleanField()
    violation = serializers.BooleanField()
    way = WayStepTeller(many=True)


class CertifiedTeller(serializers.Serializer[told.WhatIf]):
    """All tiers together, if so many of the weakest links were green."""

    count = serializers.IntegerField()
    green_by_number = serializers.FloatField(source="number", help_text="0 to 1")
    green_by_spend = serializers.FloatField(source="spend", allow_null=True, help_text=SHARE)


class ChainTeller(serializers.Serializer[Any]):
    """A buyer, its tiers and its weakest links."""

    enterprise = PartyTeller()
    tiers = TierTeller(many=True)
    weakest = WeakTeller(many=True)
    if_certified = CertifiedTeller(many=True)
    in_cycles = serializers.IntegerField(help_text="enterprises both above and below")
    cycles = serializers.ListField(child=WayStepTeller(many=True))


class LossTierTeller(serializers.Serializer[Any]):
    """Buyers in one tier, and those with a tenth of their purchases or more at stake."""

    tier = serializers.IntegerField()
    buyers = serializers.IntegerField()
    hard = serializers.IntegerField()


class LossTeller(serializers.Serializer[Any]):
    """What the loss of a supplier touches; nothing changes."""

    buyers = serializers.IntegerField()
    direct = serializers.IntegerField(help_text="direct links")
    known = serializers.IntegerField(help_text="of these, links with a declared spend")
    spend = serializers.DecimalField(
        max_digits=22,
        decimal_places=4,
        allow_null=True,
        help_text="10,000 CNY a year; told to authorities only",
    )
    applications = serializers.IntegerField(help_text="open cases of these buyers")
    titles = serializers.IntegerField(help_text="titles in force of these buyers")
    tiers = LossTierTeller(many=True)
    hit = WeakTeller(many=True)


class WaysTeller(serializers.Serializer[Any]):
    """The shortest ways up to another enterprise; none also where the reader does not see them."""

    ways = serializers.ListField(child=WayStepTeller(many=True))


class SupposeReader(serializers.Serializer[Any]):
    """What is supposed, and of which suppliers; those that are not named to the caller are left out."""

    what = serializers.ChoiceField(choices=SUPPOSED)
    suppliers = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), allow_empty=False, max_length=MOST
    )


class BeforeAfterTeller(serializers.Serializer[Any]):
    """One tier before and after; tier 0 is all together."""

    before = TierTeller()
    after = TierTeller()


class SupposedTeller(serializers.Serializer[Any]):
    """The chain as it would be; nothing is stored."""

    tiers = BeforeAfterTeller(source="changes", many=True)
    counted = serializers.IntegerField(
        help_text="of the suppliers given those that the caller may know in the chain"
    )
    at_stake = serializers.FloatField(allow_null=True, help_text=SHARE)
    touched = serializers.IntegerField(
        allow_null=True, help_text="if lost: buyers that depend on them; to members, on their own enterprise"
    )
    score_before = serializers.ListField(child=serializers.FloatField(), help_text="low and high, or empty")
    score_after = serializers.ListField(child=serializers.FloatField(), help_text="low and high, or empty")


class SupplyChains(Pictured, Remembered):
    """The enterprises whose chains the reader follows, and what stands above and below each."""

    queryset = Enterprise.objects.all()
    serializer_class = PartyTeller
    readers = {"alert_choices": AlertChoiceReader, "what_if": SupposeReader}

    def get_queryset(self) -> Any:
        """Members: their own; officials: those of their territory."""
        return reach.followed(self.person)

    @extend_schema(parameters=HOW_DEEP, responses=ChainTeller)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tier by tier, with the weakest links and the cycles."""
        buyer, form = self.get_object(), TiersForm(request.query_params)
        reader = Reader(self.person, depth_of(buyer.pk, **form.asked()))
        touched, ways = told.cycles_of(reader)
        found = {
            "enterprise": buyer,
            "tiers": told.lines(reader),
            "weakest": told.weakest(reader),
            "if_certified": told.if_certified(reader),
            "in_cycles": touched,
            "cycles": ways,
        }
        note_names(reader.consented, by=self.person, buyer=buyer.pk)
        return self.told(found, teller=ChainTeller)

    @extend_schema(responses=LossTeller)
    @action(detail=True)
    def loss(self, request: Request, pk: str) -> Response:
        """If this enterprise were lost as a supplier."""
        found = loss_of(self.get_object().pk)
        reader = Reader(self.person, found.depth)
        return self.told({**told.loss_told(reader, found), "hit": told.hit(reader)}, teller=LossTeller)

    @extend_schema(
        parameters=[OpenApiParameter("to", str, required=True, description="identifier or registered name")],
        responses=WaysTeller,
    )
    @action(detail=True)
    def paths(self, request: Request, pk: str) -> Response:
        """The shortest ways up to another enterprise."""
        buyer, other = self.get_object(), PathForm(request.query_params).enterprise()
        if other is None:
            return self.told({"ways": []}, teller=WaysTeller)
        reader = Reader(self.person, depth_of(buyer.pk, tiers=LIMIT))
        ways = told.ways_to(reader, other)
        note_names(reader.consented, by=self.person, buyer=buyer.pk)
        return self.told({"ways": ways}, teller=WaysTeller)

    @extend_schema(responses=SupposedTeller)
    @action(detail=True, methods=["post"], url_path="what-if")
    def what_if(self, request: Request, pk: str) -> Response:
        """If these suppliers were certified, or lost."""
        buyer, given = self.get_object(), self.given()
        reader = Reader(self.person, depth_of(buyer.pk))
        places = chosen(reader, given["suppliers"])
        found = suppose(reader, places, Supposing(given["what"]), buyer=buyer)
        scores = [found.case.was, found.case.score] if found.case else []
        low_high = [[float(each.low), float(each.high)] for each in scores] or [[], []]
        told_of = {**vars(found), "counted": len(places)}
        return self.told(
            {**told_of, "score_before": low_high[0], "score_after": low_high[1]}, teller=SupposedTeller
        )

    @extend_schema(methods=["GET"], responses=AlertChoiceTeller)
    @extend_schema(methods=["PATCH"], request=AlertChoiceReader, responses=AlertChoiceTeller)
    @action(detail=True, methods=["get", "patch"], url_path="alert-choices")
    def alert_choices(self, request: Request, pk: str) -> Response:
        """What the caller wants to be told of this buyer's suppliers."""
        buyer = self.get_object()
        if request.method == "PATCH":
            choosing.choose(buyer, by=self.person, **self.given())
        return self.told(choosing.choice_of(self.person, buyer), teller=AlertChoiceTeller)
