"""Every move of the table as an address: ``POST …/{verb}`` with the verb's own form as the body."""

from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import URLPattern, re_path
from django.utils.translation import override
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from certification.api.bodies import body_of, fitting, has_file
from certification.application.models import Application
from certification.designation.api.register import NUMBER
from certification.designation.models import Designation
from certification.verbs import APPLICATION, DESIGNATION, Verb, perform
from certification.workflow import Case, table
from greenchain.accounts.idempotency import once
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.patience import Patience
from greenchain.resources.schema import Schema
from greenchain.resources.views import KEY
from suppliers.place.models import Authority


class ApplicationMoved(serializers.ModelSerializer[Application]):
    """Where the case is after the move."""

    verb = serializers.CharField(read_only=True)
    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    designation = serializers.CharField(
        read_only=True, allow_null=True, help_text="the number of the title granted"
    )

    class Meta:
        model = Application
        fields = ("verb", "id", "number", "status", "status_since", "desk", "due_on", "designation")


class DesignationMoved(serializers.ModelSerializer[Designation]):
    """Where the title is after the move."""

    verb = serializers.CharField(read_only=True)

    class Meta:
        model = Designation
        fields = ("verb", "number", "status", "status_since", "name", "suspended_until", "barred_until")


class MoveSchema(Schema):
    """Describes a move from its form and its rows in the table."""

    view: Any

    def get_operation_id(self) -> str:
        """``applications_endorse``."""
        return f"{self.view.collection}_{self.view.verb.name}"

    def get_tags(self) -> list[str]:
        """With its collection."""
        return [self.view.collection]

    def get_description(self) -> str:  # type: ignore[override]
        """Who may, and from where to where."""
        rows = [move for move in table(self.view.kind) if move.verb == self.view.verb.name]
        told = [f"From {', '.join(sorted(move.source))} by {', '.join(move.roles)}." for move in rows]
        return "\n\n".join([str(self.view.verb.label), *told])

    def get_request_serializer(self) -> Any:
        """The form, as JSON; with a file as a multipart form too."""
        with override("en"):
            body = body_of(self.view.verb.form)
        types = ["application/json", *(["multipart/form-data"] if has_file(self.view.verb.form) else [])]
        return dict.fromkeys(types, body) if body["properties"] else None

    def get_response_serializers(self) -> Any:
        """The case after the move."""
        return {200: self.view.teller}


class Move(APIView):
    """One verb of one kind of case."""

    schema = MoveSchema()
    collection: ClassVar[str]
    kind: ClassVar[str]
    teller: ClassVar[type[serializers.ModelSerializer[Any]]]
    verb: Verb = APPLICATION["submit"]

    def get_permissions(self) -> list[BasePermission]:
        """Anybody may object; every other move needs a person."""
        return [AllowAny()] if self.is_open else [IsAuthenticated()]

    def get_throttles(self) -> list[BaseThrottle]:
        """What anybody may do is throttled."""
        return [Patience()] if self.is_open else []

    def get_parsers(self) -> list[BaseParser]:
        """A form with a file comes as multipart, too."""
        return [JSONParser(), *([MultiPartParser()] if has_file(self.verb.form) else [])]

    @property
    def is_open(self) -> bool:
        """Whether anybody may make this move."""
        return any("anyone" in move.roles for move in table(self.kind) if move.verb == self.verb.name)

    def cases(self, user: Any) -> "QuerySet[Any]":
        """The cases that the person may see."""
        raise NotImplementedError

    @once
    def post(self, request: Request, **named: str) -> Response:
        """Make the move."""
        case: Case = get_object_or_404(self.cases(request.user), **named)
        by = request.user if request.user.is_authenticated else None
        case.may_try(self.verb.name, by)
        data = fitting(self.verb.form, request.data)
        made = perform(case, self.verb.name, by=by, data=data, files=request.FILES)
        return Response(moved(case, self.verb.name, self.teller, made))


def moved(case: Case, verb: str, teller: type[serializers.ModelSerializer[Any]], made: Any) -> Any:
    """The case as it stands in the database now."""
    row: Any = type(case)._default_manager.get(pk=case.pk)
    row.verb = verb
    row.designation = getattr(getattr(made, "designation", None), "number", None)
    return teller(row).data


class ApplicationMove(Move):
    """A move of an application."""

    collection = "applications"
    kind = "A"
    teller = ApplicationMoved

    def cases(self, user: Any) -> "QuerySet[Application]":
        """One's own; what stood on a public notice is open to objections by anybody."""
        seen = Application.objects.visible_to(user)
        if not self.is_open:
            return seen
        return Application.objects.filter(Q(pk__in=seen.values("pk")) | Q(notices__isnull=False)).distinct()


class DesignationMove(Move):
    """A move of a title."""

    collection = "designations"
    kind = "D"
    teller = DesignationMoved

    def cases(self, user: Any) -> "QuerySet[Designation]":
        """Everybody sees the register."""
        return Designation.objects.visible_to(user)


def twice(address: str, view: type[APIView], **settings: Any) -> list[URLPattern]:
    """The address with and without a slash, described once."""
    return [
        re_path(f"^{address}$", view.as_view(**settings)),
        re_path(f"^{address}/$", view.as_view(schema=None, **settings)),
    ]


urlpatterns: list[URLPattern] = [
    *(
        pattern
        for verb in APPLICATION.values()
        for pattern in twice(f"applications/(?P<pk>{KEY})/{verb.name}", ApplicationMove, verb=verb)
    ),
    *(
        pattern
        for verb in DESIGNATION.values()
        for pattern in twice(f"designations/(?P<number>{NUMBER})/{verb.name}", DesignationMove, verb=verb)
    ),
]
