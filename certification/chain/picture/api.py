"""A chain as nodes and flows, for programs that draw it themselves."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.chain.forms import TiersForm
from certification.chain.named import Reader
from certification.chain.picture.nodes import SHOWN, Flow, Node, picture_of
from certification.chain.tiers import DEEPEST, LIMIT, depth_of
from greenchain.resources.views import Reading
from suppliers.sharing.actions import note_names
from suppliers.supply.api import PartyTeller

EXPOSURE = "0 to 1; the lower end of a band where it is not exact; null where it may not be told"
HOW_DEEP = [
    OpenApiParameter("tiers", {"type": "integer", "minimum": 1, "maximum": LIMIT, "default": DEEPEST}),
    OpenApiParameter(
        "day", {"type": "string", "format": "date"}, description="as of; today where it is left out"
    ),
]


class NodeTeller(serializers.Serializer[Node]):
    """An enterprise; several that may not be told apart; or, without a state, the folded rest of a tier."""

    node = serializers.IntegerField(source="number", help_text="0 is the enterprise asked about")
    tier = serializers.IntegerField()
    id = serializers.IntegerField(source="key", allow_null=True, help_text="null where it is not named")
    name = serializers.CharField(help_text="as the reader may call each of them; empty for a folded rest")
    suppliers = serializers.IntegerField(source="count")
    state = serializers.CharField(allow_null=True, help_text="null for a folded rest")
    states = serializers.SerializerMethodField(help_text="of a folded rest: how many stand in each state")
    violation = serializers.BooleanField()
    exposure = serializers.FloatField(allow_null=True, help_text=EXPOSURE)
    exact = serializers.BooleanField()
    behind = serializers.IntegerField(allow_null=True, help_text="the node that it is told to stand behind")

    def get_states(self, node: Node) -> dict[str, int]:
        """By state."""
        return {state.value: count for state, count in node.states}


class FlowTeller(serializers.Serializer[Flow]):
    """What passes from a node to the one that buys from it."""

    buyer = serializers.IntegerField()
    supplier = serializers.IntegerField()
    share = serializers.FloatField(help_text=EXPOSURE)
    exact = serializers.BooleanField()


class ChainPictureTeller(serializers.Serializer[Any]):
    """The first suppliers by exposure as nodes, the rest of each tier folded, and the widest flows."""

    enterprise = PartyTeller()
    nodes = NodeTeller(many=True)
    flows = FlowTeller(many=True)
    left_out = serializers.IntegerField(help_text="thinner flows that are not told")


class Pictured(Reading):
    """A chain that can be asked for as a picture."""

    @extend_schema(
        parameters=HOW_DEEP,
        responses=ChainPictureTeller,
        description=f"The chain as nodes and flows; {SHOWN} suppliers at most stand by themselves.",
    )
    @action(detail=True)
    def picture(self, request: Request, pk: str) -> Response:
        """The chain as nodes and flows."""
        buyer = self.get_object()
        reader = Reader(self.person, depth_of(buyer.pk, **TiersForm(request.query_params).asked()))
        found = picture_of(reader, buyer.shown_name)
        note_names(reader.consented, by=self.person, buyer=buyer.pk)
        told = {"enterprise": buyer, "nodes": found.nodes, "flows": found.flows, "left_out": found.left_out}
        return self.told(told, teller=ChainPictureTeller)
