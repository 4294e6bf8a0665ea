"""Applications: start, fill in, cite, read; the moves stand in ``moves``."""

from typing import Any, ClassVar

import django_filters as filters
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import FileResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from certification.api.history import INTERNAL, EntryTeller
from certification.api.similar import SimilarTeller
from certification.api.tellers import CaseInFull, CaseRow, SeatCase, StaffCase
from certification.api.whatif import WhatIfReader, WhatIfTeller
from certification.application import actions
from certification.application.api import CitationReader, CitationTeller, FillReader, StartReader
from certification.application.hand import take
from certification.application.models import Application, Citation
from certification.assessment.models import Assessment
from certification.assessment.similar import similar_to
from certification.assessment.whatif import what_if
from certification.workflow import Status
from greenchain.accounts.idempotency import once
from greenchain.accounts.models import Role
from greenchain.audit.trail import history
from greenchain.refusals import NotYours
from greenchain.resources.bodies import NoInput
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import KEY, Reading
from suppliers.evidence.handover import hand_over
from suppliers.evidence.models import Evidence
from suppliers.place.api import LevelFilter, RegionFilter

READ_BY_ROLE = PolymorphicProxySerializer(
    "Case", [CaseInFull, StaffCase, SeatCase], resource_type_field_name=None
)
SEATED: tuple[str, ...] = (Role.EVALUATOR, Role.EXPERT)
NUMBER = {"type": "integer", "minimum": 1}


class CaseFilters(filters.FilterSet):  # type: ignore[misc]
    """Find cases."""

    status = filters.MultipleChoiceFilter(choices=[(one.value, one.value) for one in Status])
    scheme = WordFilter(field_name="scheme_version__scheme__key")
    round = WordFilter(field_name="round__code")
    level = LevelFilter()
    region = RegionFilter()
    desk = WordFilter(field_name="desk__code")
    applicant = KeyFilter()
    site = KeyFilter()
    number = WordFilter()
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt")
    mine = filters.BooleanFilter(method="waiting", label="waits for my own desk")

    def waiting(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """What waits for this official's own desk."""
        queue = (
            Application.objects.queue_of(self.request.user) if self.request.user.is_official else rows.none()
        )
        return rows.filter(pk__in=queue.values("pk")) if value else rows


@extend_schema_view(retrieve=extend_schema(responses=READ_BY_ROLE))
class Applications(Reading):
    """Cases from draft to decision."""

    queryset = Application.objects.select_related(
        "round",
        "scheme_version__scheme",
        "applicant",
        "desk",
        "home",
        "region",
        "site__industry",
        "site__enterprise",
        "enterprise",
        "product",
        "park",
    )
    serializer_class = CaseInFull
    filterset_class = CaseFilters
    readers = {
        "create": StartReader,
        "partial_update": FillReader,
        "cite": CitationReader,
        "cite_fitting": NoInput,
        "what_if": WhatIfReader,
    }
    tellers: ClassVar[dict[str, type[serializers.BaseSerializer[Any]]]] = {
        Role.ENTERPRISE: CaseInFull,
        Role.EVALUATOR: SeatCase,
        Role.EXPERT: SeatCase,
    }

    def get_queryset(self) -> "QuerySet[Any]":
        """The person's cases; lists come with the newest score, except to those who judge for themselves."""
        rows = super().get_queryset()
        if self.action != "list" or getattr(self.request.user, "role", "") in SEATED:
            return rows
        newest = Assessment.objects.filter(application=OuterRef("pk")).order_by("-number")
        columns = {"run_low": "low", "run_high": "high", "run_number": "number", "run_at": "ran_at"}
        return rows.annotate(
            **{name: Subquery(newest.values(column)[:1]) for name, column in columns.items()}
        )

    def get_object(self) -> Any:
        """The case; to read it, in hand: what its parts ask is read once."""
        case = super().get_object()
        if self.action == "retrieve":
            take(case)
        return case

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """By what the person may know."""
        if self.action == "list":
            return CaseRow
        return self.tellers.get(getattr(self.request.user, "role", Role.ENTERPRISE), StaffCase)

    def get_serializer_context(self) -> dict[str, Any]:
        """With the application, for what is read against its scheme."""
        context: dict[str, Any] = dict(super().get_serializer_context())
        if self.action in {"partial_update", "what_if"} and self.kwargs.get("pk"):
            context["application"] = self.get_object()
        return context

    @extend_schema(responses={201: CaseInFull})
    @once
    def create(self, request: Request) -> Response:
        """Start an application: a draft, filled in from what the vault and the enterprise already say."""
        given = self.given()
        case = actions.start(
            given["round"],
            level=given["level"],
            subject=given["subject"],
            by=self.person,
            from_title=given["from_title"],
        )
        return self.told(self.again(case), 201)

    @extend_schema(responses=CaseInFull)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Fill in form fields and claims; what is not named stays."""
        case = actions.fill_in(self.get_object(), by=self.person, **self.given())
        return self.told(self.again(case))

    @extend_schema(responses=CitationTeller(many=True))
    @action(detail=True, methods=["get"], url_path="citations", pagination_class=None, filter_backends=[])
    def citations(self, request: Request, pk: str) -> Response:
        """The evidence cited, requirement by requirement."""
        rows = self.get_object().citations.select_related("evidence").order_by("requirement", "pk")
        return Response(CitationTeller(rows, many=True).data)

    @extend_schema(responses={201: CitationTeller})
    @citations.mapping.post
    @once
    def cite(self, request: Request, pk: str) -> Response:
        """Cite a piece of evidence; citing twice changes nothing."""
        row = actions.cite(self.get_object(), by=self.person, **self.given())
        return self.told(row, 201, CitationTeller)

    @extend_schema(responses={201: CitationTeller(many=True)})
    @action(detail=True, methods=["post"], url_path="citations/fitting", pagination_class=None)
    @once
    def cite_fitting(self, request: Request, pk: str) -> Response:
        """Cite everything that the vault holds and that fits: valid, readable, of this subject and year."""
        case = self.get_object()
        actions.cite_fitting(case, by=self.person)
        rows = case.citations.select_related("evidence").order_by("requirement", "pk")
        return Response(CitationTeller(rows, many=True).data, 201)

    @extend_schema(
        parameters=[OpenApiParameter("citation", NUMBER, OpenApiParameter.PATH)], responses={204: None}
    )
    @action(detail=True, methods=["delete"], url_path=f"citations/(?P<citation>{KEY})")
    def uncite(self, request: Request, pk: str, citation: str) -> Response:
        """Cite it no longer; it stays in the vault."""
        rows = Citation.objects.select_related("application").filter(application=self.get_object())
        actions.uncite(get_object_or_404(rows, pk=citation), by=self.person)
        return Response(status=204)

    @extend_schema(
        parameters=[OpenApiParameter("evidence", NUMBER, OpenApiParameter.PATH)],
        responses={(200, "*/*"): OpenApiTypes.BINARY},
    )
    @action(detail=True, methods=["get"], url_path=f"evidence/(?P<evidence>{KEY})", renderer_classes=[AsIs])
    def evidence(self, request: Request, pk: str, evidence: str) -> FileResponse:
        """A file that the case cites, as a download, for everybody who works on the case."""
        case, dossier = self.get_object(), self.get_object().dossier
        frozen = {row["evidence"] for row in dossier.content["citations"]} if dossier else set()
        live = set() if self.person.role in SEATED else set(case.citations.values_list("evidence", flat=True))
        return hand_over(get_object_or_404(Evidence.objects.filter(pk__in=frozen | live), pk=evidence))

    @extend_schema(responses={200: WhatIfTeller})
    @action(detail=True, methods=["post"], url_path="what-if", also=(403,))
    def what_if(self, request: Request, pk: str) -> Response:
        """The score, the verdict and the gap with other figures, rows or claims. Nothing is stored."""
        case = self.get_object()
        if self.person.role in SEATED:
            raise NotYours(_("Evaluators and experts judge by the dossier alone."), code="blind")
        given = self.given()
        tables = given.pop("rows", None)
        found = what_if(case, tables=tables, **given)
        return Response(WhatIfTeller(found).data)

    @extend_schema(responses={200: SimilarTeller})
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[], also=(403,))
    def similar(self, request: Request, pk: str) -> Response:
        """The case beside similar ones, to officials: values, points, median and rank by indicator."""
        case = self.get_object()
        if not self.person.is_official:
            raise NotYours(_("Officials compare cases."), code="role")
        return Response(SimilarTeller(similar_to(case, self.person)).data)

    @extend_schema(responses=EntryTeller(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filter_backends=[], also=(403,))
    def history(self, request: Request, pk: str) -> Response:
        """What happened, oldest first."""
        case = self.get_object()
        if self.person.role in SEATED:
            raise NotYours(_("Evaluators and experts judge by the dossier alone."), code="blind")
        context = {"official": self.person.is_official}
        entries = history(case)
        if not self.person.is_official:
            entries = entries.exclude(verb__in=INTERNAL)
        return Response(EntryTeller(entries, many=True, context=context).data)
