"""On-site verification: plan, find, sign; the applicant reads the plan, and the findings once they are signed."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.application.models import Application
from certification.inquiry.api import NUMBER
from certification.verification import actions
from certification.verification.models import ItemPhoto, Result, Verification, VerificationItem
from greenchain.accounts.idempotency import once
from greenchain.accounts.models import Role, User
from greenchain.resources.bodies import Reasons
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import KEY, Reading
from suppliers.evidence.handover import hand_over
from suppliers.place.models import Authority

ITEM = OpenApiParameter("item", NUMBER, OpenApiParameter.PATH)


class PhotoTeller(serializers.ModelSerializer[ItemPhoto]):
    """A photo; the file stands at ``photos/{id}``."""

    class Meta:
        model = ItemPhoto
        fields = ("id", "title", "taken_on", "place", "sha256")


class ItemTeller(serializers.ModelSerializer[VerificationItem]):
    """One line of the checklist: what was claimed and what was found."""

    claimed = serializers.DictField(read_only=True)
    photos = PhotoTeller(many=True, read_only=True)

    class Meta:
        model = VerificationItem
        fields = (
            "id",
            "code",
            "claimed",
            "result",
            "remark",
            "due_on",
            "found_at",
            "nonconformity",
            "photos",
        )


class VerificationTeller(serializers.ModelSerializer[Verification]):
    """A visit."""

    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    team = serializers.SlugRelatedField[User](slug_field="username", many=True, read_only=True)
    conclusion = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField(help_text="empty to the applicant until it is signed")

    class Meta:
        model = Verification
        fields = (
            "id",
            "application",
            "desk",
            "starts_on",
            "ends_on",
            "place",
            "purpose",
            "team",
            "others",
            "state",
            "conclusion",
            "signed_at",
            "items",
        )

    def _told(self, visit: Verification) -> bool:
        official = getattr(self.context["request"].user, "is_official", False)
        return official or visit.state == Verification.State.SIGNED

    def get_conclusion(self, visit: Verification) -> str:
        """Once it is signed; to officials at any time."""
        return visit.conclusion if self._told(visit) else ""

    @extend_schema_field(ItemTeller(many=True))
    def get_items(self, visit: Verification) -> Any:
        """The checklist."""
        return ItemTeller(visit.items.all(), many=True).data if self._told(visit) else []


class PlanReader(serializers.Serializer[None]):
    """When, where, by whom, to see what."""

    application = Seen(queryset=Application.objects.all())
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    place = serializers.CharField(max_length=200)
    purpose = serializers.CharField(max_length=2000)
    team = serializers.SlugRelatedField(
        slug_field="username",
        many=True,
        queryset=User.objects.filter(role=Role.AUDITOR, is_active=True),
        help_text="at least two auditors of the desk",
    )
    others = serializers.CharField(max_length=300, required=False, default="", allow_blank=True)
    codes = serializers.ListField(
        child=serializers.CharField(max_length=60), required=False, default=list, help_text="empty: all"
    )


class MoveReader(Reasons):
    """Other days, or another place."""

    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    place = serializers.CharField(max_length=200)


class FindReader(serializers.Serializer[None]):
    """What was found; ``photo`` as a form with a file, one at a time."""

    result = serializers.ChoiceField(choices=Result.choices)
    remark = serializers.CharField(max_length=4000, required=False, default="", allow_blank=True)
    due_on = serializers.DateField(required=False, allow_null=True)
    photo = serializers.FileField(required=False)
    taken_on = serializers.DateField(required=False, allow_null=True)
    place = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class SignReader(serializers.Serializer[None]):
    """What is concluded."""

    conclusion = serializers.CharField(max_length=4000)


class VerificationFilters(filters.FilterSet):  # type: ignore[misc]
    """Find visits."""

    application = KeyFilter()
    state = filters.ChoiceFilter(choices=Verification.State.choices)


class Verifications(Reading):
    """Visits of the desks on site."""

    queryset = (
        Verification.objects.select_related("desk")
        .prefetch_related(
            "team",
            Prefetch("items", VerificationItem.objects.order_by("position").prefetch_related("photos")),
        )
        .order_by("-pk")
    )
    serializer_class = VerificationTeller
    filterset_class = VerificationFilters
    parser_classes = (JSONParser, MultiPartParser)
    readers = {
        "create": PlanReader,
        "move": MoveReader,
        "cancel": Reasons,
        "find": FindReader,
        "sign": SignReader,
    }

    def _done(self, act: Any) -> Response:
        found = self.get_object()
        act(found, by=self.person, **self.given())
        return self.told(self.again(found))

    @extend_schema(responses={201: VerificationTeller})
    @once
    def create(self, request: Request) -> Response:
        """Plan a visit: auditors of the desk, at least three working days ahead."""
        given = self.given()
        return self.told(self.again(actions.plan(given.pop("application"), by=self.person, **given)), 201)

    @extend_schema(responses={200: VerificationTeller})
    @action(detail=True, methods=["post"])
    @once
    def move(self, request: Request, pk: str) -> Response:
        """To other days or another place."""
        return self._done(actions.move)

    @extend_schema(responses={200: VerificationTeller})
    @action(detail=True, methods=["post"])
    @once
    def cancel(self, request: Request, pk: str) -> Response:
        """It does not take place."""
        return self._done(actions.cancel)

    @extend_schema(parameters=[ITEM], responses={200: ItemTeller})
    @action(detail=True, methods=["post"], url_path=f"items/(?P<item>{KEY})")
    @once
    def find(self, request: Request, pk: str, item: str) -> Response:
        """Enter what was found about one line: the team of the visit."""
        row = get_object_or_404(self.get_object().items.all(), pk=item)
        given = self.given()
        photo = given.pop("photo", None)
        row = actions.find(row, by=self.person, photos=[photo] if photo else [], **given)
        return self.told(row, 200, ItemTeller)

    @extend_schema(responses={200: VerificationTeller})
    @action(detail=True, methods=["post"])
    @once
    def sign(self, request: Request, pk: str) -> Response:
        """Sign the findings as they stand; the second signature ends the visit."""
        return self._done(actions.sign)

    @extend_schema(
        parameters=[OpenApiParameter("photo", NUMBER, OpenApiParameter.PATH)],
        responses={(200, "*/*"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=f"photos/(?P<photo>{KEY})", renderer_classes=[AsIs])
    def photos(self, request: Request, pk: str, photo: str) -> FileResponse:
        """A photo of a finding."""
        seen = ItemPhoto.objects.visible_to(self.person).filter(item__verification=self.get_object())
        return hand_over(get_object_or_404(seen, pk=photo))
