"""Who depends on whom in a territory, for officials' programs."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from certification.chain.history.api import PointTeller
from certification.chain.history.years import of_territory
from certification.chain.territory.flows import flows, links_of, tiers_above, totals
from certification.chain.territory.forms import ScopeForm
from certification.chain.territory.scope import INDUSTRY, REGION
from certification.chain.territory.weak import weakest
from suppliers.supply.api import PartyTeller

SPEND = "10,000 CNY a year, as far as it is declared"
QUESTION = [
    OpenApiParameter(
        "region", {"type": "string", "pattern": "^[0-9]{6}$"}, description="a part of the territory"
    ),
    OpenApiParameter(
        "industry", {"type": "string", "pattern": "^[0-9]{2}$"}, description="a division of GB/T 4754"
    ),
    OpenApiParameter("by", {"type": "string", "enum": [REGION, INDUSTRY], "default": REGION}),
    OpenApiParameter(
        "day", {"type": "string", "format": "date"}, description="as of; today where it is left out"
    ),
]


class TotalsTeller(serializers.Serializer[Any]):
    """Direct suppliers of all buyers, each counted once."""

    buyers = serializers.IntegerField()
    links = serializers.IntegerField()
    known = serializers.IntegerField(help_text="links with a declared spend")
    suppliers = serializers.IntegerField()
    green = serializers.IntegerField()
    green_by_number = serializers.FloatField(source="green_share", allow_null=True, help_text="0 to 1")
    spend = serializers.FloatField(help_text=SPEND)
    green_by_spend = serializers.FloatField(
        source="green_spend_share", allow_null=True, help_text="0 to 1; null where no spend is declared"
    )


class AboveTeller(serializers.Serializer[Any]):
    """One tier above all buyers at once."""

    tier = serializers.IntegerField()
    suppliers = serializers.IntegerField()
    green = serializers.IntegerField()
    violations = serializers.IntegerField()


class GroupFlowTeller(serializers.Serializer[Any]):
    """What one region or industry buys from another."""

    buyer = serializers.IntegerField(help_text="the group's code as a number; 0 is abroad or not known")
    supplier = serializers.IntegerField()
    links = serializers.IntegerField()
    green = serializers.IntegerField(help_text="of these, links to green suppliers")
    spend = serializers.FloatField(help_text=SPEND)
    green_spend = serializers.FloatField(help_text=SPEND)


class WeakLinkTeller(serializers.Serializer[Any]):
    """A direct supplier that is not green."""

    supplier = PartyTeller()
    state = serializers.CharField()
    violation = serializers.BooleanField()
    buyers = serializers.IntegerField()
    spend = serializers.FloatField(help_text=SPEND)
    sole = serializers.IntegerField(help_text="buyers with no other supplier of its industry")


@extend_schema_serializer(many=False)
class FlowsTeller(serializers.Serializer[Any]):
    """Totals, tiers, flows (the largest spend first) and the weakest links."""

    day = serializers.DateField()
    totals = TotalsTeller()
    tiers = AboveTeller(many=True)
    flows = GroupFlowTeller(many=True)
    weakest = WeakLinkTeller(many=True)


class SupplyFlows(ViewSet):
    """Who depends on whom among the buyers of an official's territory."""

    @extend_schema(parameters=QUESTION, responses=FlowsTeller, operation_id="supply_flows_list")
    def list(self, request: Request) -> Response:
        """Flows by region or industry, with the green shares and the weakest links."""
        form = self.asked(request)
        links = links_of(form.scope, form.as_of)
        told = {
            "day": form.as_of,
            "totals": totals(links),
            "tiers": tiers_above(links),
            "flows": flows(links, form.scope.groups(links.where, links.size, form.kind)),
            "weakest": weakest(links),
        }
        return Response(FlowsTeller(told).data)

    @extend_schema(
        parameters=QUESTION[:2], responses=PointTeller(many=True), operation_id="supply_flows_history"
    )
    @action(detail=False)
    def history(self, request: Request) -> Response:
        """The green shares at the end of each year, the last one today."""
        points = of_territory(self.asked(request).scope)
        return Response(PointTeller(points, many=True).data)

    @staticmethod
    def asked(request: Request) -> ScopeForm:
        """The question of an official; for others there is nothing here."""
        person: Any = request.user
        if not person.is_official or person.authority is None:
            raise NotFound
        return ScopeForm(request.query_params.dict() or None, user=person)
