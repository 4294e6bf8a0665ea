"""Claim an enterprise with its licence; its desk confirms or refuses."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput, Reasons
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.views import Reading
from suppliers.claim import actions
from suppliers.claim.models import Claim
from suppliers.enterprise.actions import DETAILS
from suppliers.enterprise.api import BAD_INPUT, Enterprises
from suppliers.enterprise.models import Enterprise
from suppliers.place.models import Authority


class ClaimTeller(serializers.ModelSerializer[Claim]):
    """A claim, to the claimant and to the desk."""

    enterprise_name = serializers.CharField(source="enterprise.name", read_only=True)
    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    details = serializers.DictField(child=serializers.CharField(allow_null=True), read_only=True)

    class Meta:
        model = Claim
        fields = (
            "id",
            "enterprise",
            "enterprise_name",
            "desk",
            "status",
            "licence",
            "details",
            "note",
            "created_at",
            "decided_at",
            "reasons",
        )


class ClaimReader(serializers.ModelSerializer[Enterprise]):
    """The enterprise as its licence has it, and the licence."""

    licence = serializers.FileField(help_text="PDF, PNG or JPEG, at most 20 MB")
    message = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    class Meta:
        model = Enterprise
        fields = ("scheme", "identifier", "country", *DETAILS, "licence", "message")
        extra_kwargs = {"scheme": {"default": "uscc"}, "country": {"default": "CN"}}
        validators: tuple[Any, ...] = ()


class ClaimFilters(filters.FilterSet):  # type: ignore[misc]
    """Find claims."""

    status = filters.ChoiceFilter(choices=Claim.Status.choices)
    enterprise = KeyFilter()
    desk = WordFilter(field_name="desk__code")


class Claims(Reading):
    """Claims: how a person comes to act for an enterprise."""

    queryset = Claim.objects.select_related("enterprise", "desk")
    serializer_class = ClaimTeller
    filterset_class = ClaimFilters
    readers = {"confirm": NoInput, "refuse": Reasons}

    @action(detail=True, methods=["post"])
    @once
    def confirm(self, request: Request, pk: str) -> Response:
        """The desk found the licence in order: the claimant owns the enterprise from today."""
        claim = self.get_object()
        actions.confirm(claim, by=self.person)
        return self.told(self.again(claim))

    @action(detail=True, methods=["post"])
    @once
    def refuse(self, request: Request, pk: str) -> Response:
        """The desk refuses; the claimant reads why."""
        claim = self.get_object()
        actions.refuse(claim, by=self.person, **self.given())
        return self.told(self.again(claim))


class ClaimableEnterprises(Enterprises):
    """Enterprises; posting one claims it."""

    parser_classes = (MultiPartParser, JSONParser)
    readers = {**Enterprises.readers, "create": ClaimReader}
    bad_input = (*BAD_INPUT, "file")

    @extend_schema(request={"multipart/form-data": ClaimReader}, responses={201: ClaimTeller})
    @once
    def create(self, request: Request) -> Response:
        """Claim an enterprise: its desk compares the licence and decides."""
        given = self.given()
        licence, message = given.pop("licence"), given.pop("message", "")
        claim = actions.claim(given, by=self.person, licence=licence, message=message)
        return self.told(claim, 201, ClaimTeller)
