"""Departments, the letters to them, their replies, and what came of a concern: for officials only."""

from typing import Any

import django_filters as filters
from django.db.models import Prefetch
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.application.api import Cases
from certification.consultation import actions
from certification.consultation.letter import letter_of
from certification.consultation.models import (
    Answer,
    Consultation,
    DepartmentContact,
    Inquiry,
    Opinion,
    SealedReply,
)
from certification.letters import MAKERS, TYPES
from certification.scheme.departments import Department
from greenchain.accounts.idempotency import once
from greenchain.refusals import NotYours
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import Reading
from suppliers.evidence.handover import hand_over

KINDS = [(kind.value, kind.value) for kind in Department]
ANSWERS = [(answer.value, answer.value) for answer in Answer]
TOLD = (
    Prefetch("inquiries", Inquiry.objects.order_by("pk")),
    Prefetch(
        "inquiries__opinions", Opinion.objects.select_related("asked__application").order_by("asked__place")
    ),
    Prefetch("asked", to_attr="listed"),
)


class DepartmentTeller(serializers.ModelSerializer[DepartmentContact]):
    """A department and how to reach it."""

    authority = serializers.CharField(source="authority.code", read_only=True)
    kind = serializers.ChoiceField(choices=KINDS)

    class Meta:
        model = DepartmentContact
        fields = (
            "id",
            "authority",
            "kind",
            "name",
            "contact_name",
            "contact_phone",
            "contact_email",
            "is_active",
        )


class OpinionTeller(serializers.ModelSerializer[Opinion]):
    """What a department says of one case, and what came of it."""

    application = serializers.IntegerField(source="asked.application_id", read_only=True)
    number = serializers.CharField(source="asked.application.number", read_only=True)
    answer = serializers.ChoiceField(choices=ANSWERS, read_only=True)
    is_open = serializers.BooleanField(read_only=True, help_text="a person must still say what came of it")

    class Meta:
        model = Opinion
        fields = ("id", "application", "number", "answer", "text", "is_open", "settled", "settled_at")


class InquiryTeller(serializers.ModelSerializer[Inquiry]):
    """The letter to one department, and its answers once it has replied."""

    kind = serializers.ChoiceField(choices=KINDS, read_only=True)
    is_overdue = serializers.SerializerMethodField()
    opinions = OpinionTeller(many=True, read_only=True)

    class Meta:
        model = Inquiry
        fields = ("id", "department", "kind", "name", "replied_on", "is_overdue", "opinions")

    def get_is_overdue(self, row: Inquiry) -> bool:
        """Whether the day is over and no reply came."""
        return row.is_overdue


class ConsultationTeller(serializers.ModelSerializer[Consultation]):
    """A letter, whom it went to, which cases it lists, and what came back."""

    authority = serializers.CharField(source="authority.code", read_only=True)
    applications = serializers.SerializerMethodField()
    inquiries = InquiryTeller(many=True, read_only=True)

    class Meta:
        model = Consultation
        fields = (
            "id",
            "number",
            "authority",
            "question",
            "asked_on",
            "reply_by",
            "applications",
            "inquiries",
        )

    def get_applications(self, row: Any) -> list[int]:
        """The cases, in the order of the list."""
        return [one.application_id for one in sorted(row.listed, key=lambda one: one.place)]


class ConsultationReader(serializers.Serializer[Any]):
    """Which cases, which departments, what is asked, and how many working days they have."""

    applications = Cases(most=actions.MOST)
    departments = Seen(queryset=DepartmentContact.objects.all(), many=True)
    question = serializers.CharField(max_length=4000)
    days = serializers.IntegerField(min_value=1, max_value=actions.MOST_DAYS)


class SaidReader(serializers.Serializer[Any]):
    """What the reply says of one case."""

    application = serializers.IntegerField(min_value=1)
    answer = serializers.ChoiceField(choices=ANSWERS)
    text = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class ReplyReader(serializers.Serializer[Any]):
    """A sealed reply: the file, its day, and an answer for every case of the letter."""

    inquiry = Seen(queryset=Inquiry.objects.all())
    file = serializers.FileField()
    replied_on = serializers.DateField()
    answers = serializers.JSONField(
        help_text='a list of {"application": id, "answer": "no_objection"|"concern"|"fact", "text": "…"}'
    )

    def validate_answers(self, given: Any) -> dict[int, tuple[str, str]]:
        """Each case once."""
        reader = SaidReader(data=given, many=True)
        reader.is_valid(raise_exception=True)
        return {row["application"]: (row["answer"], row["text"]) for row in reader.validated_data}


class SettleReader(serializers.Serializer[Any]):
    """Which answer, and what came of it."""

    opinion = Seen(queryset=Opinion.objects.all())
    reasons = serializers.CharField(max_length=4000)


class DepartmentFilters(filters.FilterSet):  # type: ignore[misc]
    """Find departments."""

    authority = WordFilter(field_name="authority__code")
    kind = filters.ChoiceFilter(choices=KINDS)


class Departments(Reading):
    """Whom an authority asks about its cases."""

    queryset = DepartmentContact.objects.select_related("authority").order_by("pk")
    serializer_class = DepartmentTeller
    filterset_class = DepartmentFilters
    readers = {"create": DepartmentTeller, "partial_update": DepartmentTeller}
    bad_input = ("invalid",)

    @once
    def create(self, request: Request) -> Response:
        """Add a department to the list of one's authority."""
        _must_be_official(self.person)
        return self.told(actions.add_department(by=self.person, **self.given()), 201)

    @once
    def partial_update(self, request: Request, pk: str) -> Response:
        """Amend it, or say that it is asked no longer."""
        row = self.get_object()
        return self.told(actions.amend_department(row, by=self.person, **self.given()))


class ConsultationFilters(filters.FilterSet):  # type: ignore[misc]
    """Find letters."""

    application = KeyFilter(field_name="asked__application")
    overdue = filters.BooleanFilter(method="late")

    def late(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """A department has not answered in time."""
        late = rows.overdue()
        return late if value else rows.exclude(pk__in=late.values("pk"))


class Consultations(Reading):
    """Letters to departments about cases."""

    queryset = Consultation.objects.select_related("authority").prefetch_related(*TOLD).order_by("pk")
    serializer_class = ConsultationTeller
    filterset_class = ConsultationFilters
    parser_classes = (JSONParser, MultiPartParser)
    readers = {"create": ConsultationReader, "reply": ReplyReader, "settle": SettleReader}
    bad_input = ("days", "cases", "departments", "answers", "replied_on", "file", "reasons")

    @once
    def create(self, request: Request) -> Response:
        """One letter with all their names."""
        _must_be_official(self.person)
        given = self.given()
        made = actions.consult(given.pop("applications"), by=self.person, **given)
        return self.told(self.again(made), 201)

    @extend_schema(request={"multipart/form-data": ReplyReader}, responses=ConsultationTeller)
    @action(detail=True, methods=["post"])
    def reply(self, request: Request, pk: str) -> Response:
        """Keep a department's sealed reply; every case of the letter gets its answer, or nothing is kept."""
        row = self.get_object()
        given = self.given()
        inquiry = get_object_or_404(row.inquiries, pk=given.pop("inquiry").pk)
        actions.hear(inquiry, by=self.person, upload=given.pop("file"), **given)
        return self.told(self.again(row))

    @extend_schema(responses=ConsultationTeller)
    @action(detail=True, methods=["post"])
    @once
    def settle(self, request: Request, pk: str) -> Response:
        """Say what came of a concern or a fact."""
        row = self.get_object()
        given = self.given()
        opinion = get_object_or_404(Opinion, inquiry__consultation=row, pk=given.pop("opinion").pk)
        actions.settle(opinion, by=self.person, **given)
        return self.told(self.again(row))

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(
        detail=True,
        methods=["get"],
        renderer_classes=[AsIs],
        url_path=r"letters/(?P<inquiry>[0-9]{1,18})/(?P<form>pdf|docx)",
    )
    def letter(self, request: Request, pk: str, inquiry: str, form: str) -> HttpResponse:
        """The letter to one department, as PDF or DOCX."""
        found = get_object_or_404(self.get_object().inquiries, pk=inquiry)
        return HttpResponse(
            MAKERS[form](letter_of(found)),
            content_type=TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{found.consultation.number}.{form}"'},
        )

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(
        detail=True, methods=["get"], renderer_classes=[AsIs], url_path=r"replies/(?P<inquiry>[0-9]{1,18})"
    )
    def sealed(self, request: Request, pk: str, inquiry: str) -> FileResponse:
        """The sealed reply as it came."""
        return hand_over(
            get_object_or_404(SealedReply, inquiry__consultation=self.get_object(), inquiry=inquiry)
        )


def _must_be_official(user: Any) -> None:
    """Told before the body is read."""
    if not user.is_official:
        raise NotYours(_("Officials ask departments about the cases of their desk."), code="role")
