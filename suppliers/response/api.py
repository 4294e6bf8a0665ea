"""Invitations, the board of what suppliers answered, and what they share with the caller's enterprises."""

from typing import Any

import django_filters as filters
from django.conf import settings
from django.db.models import Case, F, QuerySet, Value, When
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import Reading
from suppliers.enterprise.models import Enterprise
from suppliers.enterprise.scope import member_of
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence
from suppliers.invitation import actions, answering
from suppliers.invitation.models import Invitation
from suppliers.response import board
from suppliers.sharing.actions import note_answers, note_file
from suppliers.sharing.models import Consent
from suppliers.sharing.shared import Shared, shared_with
from suppliers.supply.api import Party, PartyTeller


class InvitationTeller(serializers.ModelSerializer[Invitation]):
    """An invitation; the address is told to the buyer's people alone."""

    buyer = PartyTeller(read_only=True)
    supplier = PartyTeller(read_only=True, allow_null=True)
    contact = serializers.CharField(source="shown_contact", read_only=True)

    class Meta:
        model = Invitation
        fields = (
            "id",
            "buyer",
            "supplier",
            "name",
            "contact",
            "language",
            "status",
            "sent_at",
            "expires_on",
            "opened_at",
            "answered_at",
            "reminded_at",
        )


class InvitationReader(serializers.Serializer[None]):
    """Whom to invite: a declared supplier, or a name that is not known here."""

    buyer = Seen(queryset=Enterprise.objects.all())
    supplier = Party(required=False)
    name = serializers.CharField(max_length=200, required=False)
    contact = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, default="zh-hans")


class ResendReader(serializers.Serializer[None]):
    """Another address, where the first was wrong."""

    contact = serializers.EmailField(max_length=254, required=False, allow_blank=True)


class InvitationFilters(filters.FilterSet):  # type: ignore[misc]
    """Find invitations."""

    buyer = KeyFilter()
    supplier = KeyFilter()
    status = filters.ChoiceFilter(choices=Invitation.Status.choices)


class Invitations(Reading):
    """Invitations that the person's enterprises sent or received."""

    queryset = Invitation.objects.select_related("buyer", "supplier")
    serializer_class = InvitationTeller
    filterset_class = InvitationFilters
    readers = {
        "create": InvitationReader,
        "resend": ResendReader,
        "cancel": NoInput,
        "remind": NoInput,
        "accept": NoInput,
        "decline": NoInput,
    }
    bad_input = ("invalid",)

    def get_queryset(self) -> Any:
        """With the address for the buyer's people."""
        ours = When(buyer__in=member_of(self.person), then=F("contact"))
        return super().get_queryset().annotate(shown_contact=Case(ours, default=Value("")))

    @once
    def create(self, request: Request) -> Response:
        """Invite a supplier: by mail, or by a message where it has people here."""
        given = self.given()
        row = actions.invite(given.pop("buyer"), by=self.person, **given)
        return self.told(self.again(row), 201)

    @action(detail=True, methods=["post"])
    @once
    def resend(self, request: Request, pk: str) -> Response:
        """The same mail once more, valid anew."""
        return self.told(self.again(actions.resend(self.get_object(), by=self.person, **self.given())))

    @action(detail=True, methods=["post"])
    @once
    def cancel(self, request: Request, pk: str) -> Response:
        """The link is void."""
        return self.told(self.again(actions.cancel(self.get_object(), by=self.person)))

    @action(detail=True, methods=["post"])
    @once
    def remind(self, request: Request, pk: str) -> Response:
        """Call it to mind, once a week at most."""
        return self.told(self.again(actions.remind(self.get_object(), by=self.person)))

    @action(detail=True, methods=["post"])
    @once
    def accept(self, request: Request, pk: str) -> Response:
        """A member of the supplier joins: the two are linked."""
        row = self.get_object()
        if row.supplier is None:
            raise Http404
        return self.told(self.again(answering.accept(row, row.supplier, by=self.person)))

    @action(detail=True, methods=["post"])
    @once
    def decline(self, request: Request, pk: str) -> Response:
        """A member of the supplier declines."""
        return self.told(self.again(answering.decline_for(self.get_object(), by=self.person)))


class StageCount(serializers.Serializer[Any]):
    """How many suppliers stand at a stage."""

    stage = serializers.ChoiceField(choices=board.Stage.choices)
    count = serializers.IntegerField()


class ResponseTeller(serializers.Serializer[board.Row]):
    """One supplier, or one invited name."""

    supplier = PartyTeller(allow_null=True)
    name = serializers.CharField()
    stage = serializers.ChoiceField(choices=board.Stage.choices)
    last = serializers.DateTimeField(allow_null=True)
    invitation = serializers.IntegerField(source="invitation.pk", allow_null=True, default=None)


class BoardTeller(serializers.Serializer[Any]):
    """A buyer's board."""

    buyer = PartyTeller()
    counts = StageCount(many=True)
    rows = ResponseTeller(many=True)


class SupplierResponses(Reading):
    """The person's enterprises as buyers; each with how far its suppliers are."""

    queryset = Enterprise.objects.all()
    serializer_class = PartyTeller

    def get_queryset(self) -> "QuerySet[Any]":
        """Members: their own."""
        return Enterprise.objects.filter(pk__in=_mine(self.person)).order_by("pk")

    @extend_schema(responses=BoardTeller)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who was invited, came, answered and shares."""
        buyer = self.get_object()
        rows = board.rows_of(buyer)
        counts = [{"stage": stage, "count": count} for stage, count in board.counts(rows)]
        return self.told({"buyer": buyer, "counts": counts, "rows": rows}, teller=BoardTeller)


class SharedFileTeller(serializers.ModelSerializer[Evidence]):
    """A file that is open to the reader."""

    class Meta:
        model = Evidence
        fields = ("id", "kind", "title", "issuer", "certificate_number", "issued_on", "expires_on", "sha256")


class SharedTeller(serializers.Serializer[Shared]):
    """What a supplier shares: the answers as confirmed, by question, and files."""

    supplier = PartyTeller()
    version = serializers.CharField(source="answers.version", allow_null=True, default=None)
    confirmed_at = serializers.DateTimeField(source="answers.confirmed_at", allow_null=True, default=None)
    stale = serializers.BooleanField(source="answers.is_stale", default=False)
    answers = serializers.DictField(
        source="answers.confirmed",
        allow_null=True,
        default=None,
        help_text="value, and year of reported figures",
    )
    files = SharedFileTeller(many=True)


class SharedProfiles(Reading):
    """Suppliers that share answers or files with the person's enterprises; each reading is noted for them."""

    queryset = Enterprise.objects.all()
    serializer_class = PartyTeller

    def get_queryset(self) -> "QuerySet[Any]":
        """Those with a consent in force."""
        given = Consent.objects.reaching(_mine(self.person)).exclude(answers=False, kinds=[])
        return Enterprise.objects.filter(pk__in=given.values("enterprise")).order_by("pk")

    @extend_schema(responses=SharedTeller)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The answers and the list of files."""
        buyer, shared = self._shared(self.get_object())
        if shared.answers is not None:
            note_answers(shared.answers, by=self.person, buyer=buyer)
        return self.told(shared, teller=SharedTeller)

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True, url_path="files/(?P<file>[0-9]{1,18})", renderer_classes=[AsIs])
    def file(self, request: Request, pk: str, file: str) -> FileResponse:
        """A shared file, as a download."""
        buyer, shared = self._shared(self.get_object())
        row = get_object_or_404(shared.files(), pk=int(file))
        answer = hand_over(row)
        note_file(row, by=self.person, buyer=buyer)
        return answer

    def _shared(self, supplier: Enterprise) -> tuple[int, Shared]:
        """For the first of the person's enterprises that may read it."""
        for buyer in _mine(self.person).order_by("enterprise"):
            shared = shared_with([buyer], supplier)
            if shared.open or shared.kinds:
                return buyer, shared
        raise Http404


def _mine(person: Any) -> Any:
    """Keys of the enterprises of a person; none of who is no member's role."""
    found: Any = member_of(person)
    return found if person.role == "enterprise" and person.is_active else found.none()
