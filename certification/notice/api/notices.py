"""Public notices, and objections to what they list: by anybody who says who they are."""

from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from certification.application.models import Application
from certification.designation.api.register import SubjectTeller, subject_of
from certification.notice import actions
from certification.notice.forms import ContestForm
from certification.notice.models import Objection, PublicNotice
from greenchain.accounts.idempotency import once
from greenchain.clock import today
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.patience import Patience
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

    files = serializers.SerializerMethodField()

    class Meta:
        model = Objection
        fields = (
            "id",
            "number",
            "application",
            "name",
            "contact",
            "statement",
            "files",
            "at",
            "confirmed_at",
            "substance",
            "comment_by",
            "comment",
            "commented_at",
            "outcome",
            "answer",
            "answered_at",
        )

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_files(self, objection: Objection) -> list[str]:
        """Addresses of what came with it, for those who answer it."""
        person = self.context["request"].user
        if not getattr(person, "is_official", False):
            return []
        return [reverse("objection-file", args=[row.pk]) for row in objection.files.all()]


class ObjectionLodged(serializers.ModelSerializer[Objection]):
    """What whoever objects is told at once: the number, and that the address must be confirmed."""

    confirmed = serializers.SerializerMethodField()

    class Meta:
        model = Objection
        fields = ("number", "application", "at", "confirmed")

    def get_confirmed(self, objection: Objection) -> bool:
        """Whether it counts already."""
        return objection.confirmed_at is not None


class ObjectionReader(serializers.Serializer[None]):
    """Who objects to which case on a public notice, and why."""

    application = serializers.PrimaryKeyRelatedField(
        queryset=Application.objects.filter(notices__isnull=False).distinct()
    )
    name = serializers.CharField(max_length=100)
    contact = serializers.EmailField(
        max_length=254,
        help_text="a link is sent there; the objection counts once it was opened and confirmed",
    )
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


class ObjectionFilters(filters.FilterSet):  # type: ignore[misc]
    """Find objections."""

    application = KeyFilter()
    open = filters.BooleanFilter(method="waiting")

    def waiting(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Not yet answered, or answered."""
        return rows.open() if value else rows.exclude(outcome="")


class Objections(Reading):
    """Objections to cases on a public notice."""

    queryset = Objection.objects.prefetch_related("files")
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
        """Object to a case: name and e-mail address are needed, an account is not. It counts once confirmed."""
        given = self.given()
        case, by = given.pop("application"), request.user if request.user.is_authenticated else None
        case.may_try("contest", by)
        form = ContestForm(given, request.FILES, case=case, user=by)
        if not form.is_valid():
            raise ValidationError(form.errors.as_data())
        return self.told(actions.lodge(case, by=by, **form.arguments()), 201, ObjectionLodged)
