"""Print packages: ask for one, follow it, fetch it. Everybody has their own only."""

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from certification.application.models import Application
from certification.printing import actions
from certification.printing.annual import answer, printable_to
from certification.printing.models import Package, State
from greenchain.accounts.idempotency import once
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import Reading
from suppliers.evidence.handover import hand_over

STATES = [(one.value, one.value) for one in State]


class PackageReader(serializers.Serializer[Any]):
    """Of which application; the language is that of the request."""

    application = serializers.IntegerField(min_value=1)


class PackageTeller(serializers.ModelSerializer[Package]):
    """A package: how far it is, and what the PDF is. ``left_out`` files are named in it, not printed."""

    state = serializers.ChoiceField(choices=STATES, read_only=True)
    number = serializers.CharField(source="application.number", read_only=True)
    dossier = serializers.CharField(source="dossier.digest", read_only=True, default=None, allow_null=True)
    read = serializers.IntegerField(source="job.read", read_only=True)
    total = serializers.IntegerField(source="job.total", read_only=True)

    class Meta:
        model = Package
        fields = (
            "id",
            "application",
            "number",
            "dossier",
            "language",
            "state",
            "read",
            "total",
            "pages",
            "size",
            "sha256",
            "left_out",
            "at",
        )


class AnnualFormPaper(APIView):
    """A filed annual form as PDF, to print, sign and seal."""

    permission_classes = (IsAuthenticated,)
    renderer_classes = (AsIs,)
    also = (404,)

    @extend_schema(
        operation_id="obligations_filing_paper",
        tags=["obligations"],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int, number: int) -> HttpResponse:
        """Contents, figures beside the year before, declared changes, and the commitment with the digest."""
        return answer(get_object_or_404(printable_to(request.user), obligation=pk, number=number))


urlpatterns = [
    path("obligations/<int:pk>/filings/<int:number>/pdf", AnnualFormPaper.as_view(), name="api-annual-form")
]


class Packages(Reading):
    """Applications as one PDF, to print, sign and seal."""

    queryset = Package.objects.select_related("application", "dossier", "job").order_by("-pk")
    serializer_class = PackageTeller
    filterset_fields = ("application",)
    readers = {"create": PackageReader}
    also = (404,)

    @extend_schema(request=PackageReader, responses={201: PackageTeller})
    @once
    def create(self, request: Request) -> Response:
        """Ask for one. What is small is ready at once, the rest is made in the queue: look again."""
        seen = Application.objects.visible_to(self.person)
        case = get_object_or_404(seen, pk=self.given()["application"])
        package = actions.ask(case, by=self.person)
        if actions.is_small(package):
            actions.make(package)
        return self.told(self.again(package), 201)

    @extend_schema(responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AsIs])
    def file(self, request: Request, pk: str) -> FileResponse:
        """The PDF; 409 while it is being made."""
        return hand_over(actions.fetch(self.get_object()))
