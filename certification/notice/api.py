"""Public notices, and objections to what they list: by anybody who says who they are."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import FileResponse, Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, SimpleRateThrottle
from rest_framework.views import APIView

from certification.application.models import Application
from certification.designation.api import SubjectTeller, subject_of
from certification.notice import actions
from certification.notice.forms import ContestForm
from certification.notice.models import Objection, PublicNotice
from greenchain.accounts.idempotency import once
from greenchain.clock import today
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import PublicReading, Reading
from suppliers.place.api import LevelField, LevelFilter
from suppliers.place.models import Authority

LISTED = Application.objects.select_related("site", "enterprise", "product", "park", "applicant").order_by(
    "pk"
)


class ListedTeller(serializers.ModelSerializer[Application]):
    """A case on the proposed list: what everybody may know of it."""

    subject = serializers.SerializerMethodField()
    applicant = serializers.CharField(source="applicant.name", read_only=True)

    class Meta:
        model = Application
        fields = ("id", "number", "subject", "applicant", "region")

    @extend_schema_field(SubjectTeller)
    def get_subject(self, case: Application) -> Any:
        """What the title would be for."""
        return subject_of(case)


class NoticeTeller(serializers.ModelSerializer[PublicNotice]):
    """The proposed list, open to objections until its end."""

    round = serializers.CharField(source="round.code", read_only=True)
    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    level = LevelField(read_only=True)
    is_running = serializers.BooleanField(read_only=True)
    applications = ListedTeller(many=True, read_only=True)

    class Meta:
        model = PublicNotice
        fields = (
            "number",
            "round",
            "authority",
            "level",
            "starts_on",
            "ends_on",
            "is_running",
            "applications",
        )


class ObjectionTeller(serializers.ModelSerializer[Objection]):
    """An objection, to the officials of the territory and to the person who made it."""

    has_evidence = serializers.SerializerMethodField()

    class Meta:
        model = Objection
        fields = (
            "id",
            "application",
            "name",
            "contact",
            "statement",
            "has_evidence",
            "at",
            "outcome",
            "answer",
            "answered_at",
        )

    def get_has_evidence(self, objection: Objection) -> bool:
        """Whether a file came with it."""
        return bool(objection.evidence)


class ObjectionReader(serializers.Serializer[None]):
    """Who objects to which case on a public notice, and why."""

    application = serializers.PrimaryKeyRelatedField(
        queryset=Application.objects.filter(notices__isnull=False).distinct()
    )
    name = serializers.CharField(max_length=100)
    contact = serializers.CharField(max_length=120, help_text="e-mail or phone")
    statement = serializers.CharField(max_length=8000)
    evidence = serializers.FileField(required=False)


class NoticeFilters(filters.FilterSet):  # type: ignore[misc]
    """Find notices."""

    round = WordFilter(field_name="round__code")
    authority = WordFilter(field_name="authority__code")
    level = LevelFilter()
    running = filters.BooleanFilter(method="taking")

    def taking(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Open to objections today, or not."""
        running = {"starts_on__lte": today(), "ends_on__gte": today()}
        return rows.filter(**running) if value else rows.exclude(**running)


class Notices(PublicReading):
    """Public notices."""

    queryset = PublicNotice.objects.select_related("round", "authority").prefetch_related(
        Prefetch("applications", LISTED)
    )
    serializer_class = NoticeTeller
    filterset_class = NoticeFilters
    lookup_field = "number"
    lookup_value_regex = r"[\w.-]{1,40}"


class Patience(SimpleRateThrottle):
    """So many objections an hour from one person or address."""

    scope = "objections"
    rate = "20/hour"

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """By person, else by address."""
        who = request.user.pk if request.user.is_authenticated else self.get_ident(request)
        return self.cache_format % {"scope": self.scope, "ident": who}


class ObjectionFilters(filters.FilterSet):  # type: ignore[misc]
    """Find objections."""

    application = KeyFilter()
    open = filters.BooleanFilter(method="waiting")

    def waiting(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Not yet answered, or answered."""
        return rows.filter(outcome="") if value else rows.exclude(outcome="")


class Objections(Reading):
    """Objections to cases on a public notice."""

    queryset = Objection.objects.all()
    serializer_class = ObjectionTeller
    filterset_class = ObjectionFilters
    parser_classes = (JSONParser, MultiPartParser)
    readers = {"create": ObjectionReader}

    def get_permissions(self) -> list[BasePermission]:
        """Anybody may object; objections are read by those concerned."""
        return [AllowAny()] if self.action == "create" else [IsAuthenticated()]

    def get_throttles(self) -> list[BaseThrottle]:
        """Objecting is throttled."""
        return [Patience()] if self.action == "create" else []

    @once
    def create(self, request: Request) -> Response:
        """Object to a case; name and contact are needed, an account is not."""
        given = self.given()
        case, by = given.pop("application"), request.user if request.user.is_authenticated else None
        case.may_try("contest", by)
        form = ContestForm(given, request.FILES, case=case, user=by)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        return self.told(actions.contest(case, by=by, **form.arguments()), 201)

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AsIs])
    def evidence(self, request: Request, pk: str) -> FileResponse:
        """The file that came with it, as a download."""
        objection = self.get_object()
        if not objection.evidence:
            raise Http404
        return FileResponse(
            objection.evidence.open("rb"), as_attachment=True, content_type="application/octet-stream"
        )
