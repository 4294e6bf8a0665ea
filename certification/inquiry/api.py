"""Questions to applicants, and the answers."""

from collections.abc import Mapping
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
from certification.inquiry import actions
from certification.inquiry.models import Message, Question
from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput
from greenchain.resources.fields import LARGEST_ID, Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import KEY, Reading
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence
from suppliers.place.models import Authority

NUMBER = {"type": "integer", "minimum": 1}


class AttachedTeller(serializers.Serializer[Mapping[str, Any]]):
    """A file that came along, as it was then."""

    evidence = serializers.IntegerField()
    title = serializers.CharField()
    sha256 = serializers.CharField()


class MessageTeller(serializers.ModelSerializer[Message]):
    """One thing said."""

    by = serializers.SerializerMethodField(help_text="who of the applicant; officials and evaluators by part")
    files = AttachedTeller(many=True, read_only=True)

    class Meta:
        model = Message
        fields = ("id", "asks", "by", "text", "files", "at")

    @extend_schema_field(OpenApiTypes.STR)
    def get_by(self, message: Message) -> str:
        """Names of those who ask are for officials."""
        official = getattr(self.context["request"].user, "is_official", False)
        return str(message.by.username if official or not message.asks else message.by.role)


class QuestionTeller(serializers.ModelSerializer[Question]):
    """A thread: what is asked until when, and what was said."""

    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True, allow_null=True)
    is_overdue = serializers.BooleanField(read_only=True)
    messages = MessageTeller(many=True, read_only=True)

    class Meta:
        model = Question
        fields = (
            "id",
            "application",
            "desk",
            "about",
            "evidence",
            "due_on",
            "state",
            "is_overdue",
            "asked_at",
            "messages",
        )


class QuestionReader(serializers.Serializer[None]):
    """On which case, about what, and until when."""

    application = Seen(queryset=Application.objects.all())
    about = serializers.CharField(
        max_length=60,
        required=False,
        default="",
        allow_blank=True,
        help_text="an indicator's code or a gate's key",
    )
    evidence = serializers.IntegerField(
        min_value=1,
        max_value=LARGEST_ID,
        required=False,
        allow_null=True,
        help_text="a file that the case cites",
    )
    text = serializers.CharField(max_length=4000)
    due_on = serializers.DateField()


class AgainReader(serializers.Serializer[None]):
    """What more is asked."""

    text = serializers.CharField(max_length=4000)
    due_on = serializers.DateField()


class AnswerReader(serializers.Serializer[None]):
    """The answer, with files of the vault."""

    text = serializers.CharField(max_length=8000)
    evidence = Seen(queryset=Evidence.objects.all(), many=True, required=False, default=list)


class QuestionFilters(filters.FilterSet):  # type: ignore[misc]
    """Find questions."""

    application = KeyFilter()
    state = filters.ChoiceFilter(choices=Question.State.choices)
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt")


class Questions(Reading):
    """What applicants are asked. Asking does not stop the clock of a case; sending it back does."""

    queryset = (
        Question.objects.select_related("desk")
        .prefetch_related(Prefetch("messages", Message.objects.select_related("by").order_by("pk")))
        .order_by("-pk")
    )
    serializer_class = QuestionTeller
    filterset_class = QuestionFilters
    readers = {"create": QuestionReader, "answer": AnswerReader, "ask_again": AgainReader, "settle": NoInput}

    @extend_schema(responses={201: QuestionTeller})
    @once
    def create(self, request: Request) -> Response:
        """Ask the applicant: auditors of the desk, and the evaluator who has the case."""
        given = self.given()
        return self.told(self.again(actions.ask(given.pop("application"), by=self.person, **given)), 201)

    @extend_schema(responses={200: QuestionTeller})
    @action(detail=True, methods=["post"])
    @once
    def answer(self, request: Request, pk: str) -> Response:
        """Answer: owners and editors of the applicant."""
        question = self.get_object()
        actions.answer(question, by=self.person, **self.given())
        return self.told(self.again(question))

    @extend_schema(responses={200: QuestionTeller})
    @action(detail=True, methods=["post"], url_path="ask-again")
    @once
    def ask_again(self, request: Request, pk: str) -> Response:
        """Ask more in the same thread."""
        return self.told(self.again(actions.ask_again(self.get_object(), by=self.person, **self.given())))

    @extend_schema(responses={200: QuestionTeller})
    @action(detail=True, methods=["post"])
    @once
    def settle(self, request: Request, pk: str) -> Response:
        """Close the thread."""
        return self.told(self.again(actions.settle(self.get_object(), by=self.person)))

    @extend_schema(
        parameters=[OpenApiParameter("evidence", NUMBER, OpenApiParameter.PATH)],
        responses={(200, "*/*"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=f"evidence/(?P<evidence>{KEY})", renderer_classes=[AsIs])
    def evidence(self, request: Request, pk: str, evidence: str) -> FileResponse:
        """A file of the thread, for everybody who reads the thread."""
        keys = self.get_object().file_keys()
        return hand_over(get_object_or_404(Evidence.objects.filter(pk__in=keys), pk=evidence))
