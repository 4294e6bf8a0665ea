"""The vault: attach a file, read it, replace it by a newer version, retract it."""

from typing import Any

import django_filters as filters
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import Reasons
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.rendering import AsIs
from greenchain.resources.views import Reading
from suppliers.enterprise.access import must
from suppliers.enterprise.models import Enterprise, Product, Site
from suppliers.evidence import actions
from suppliers.evidence.condition import Condition
from suppliers.evidence.handover import hand_over
from suppliers.evidence.kinds import KINDS
from suppliers.evidence.models import Evidence
from suppliers.place.api import NameSearch

COVERS = (
    "site",
    "product",
    "period_from",
    "period_to",
    "issuer",
    "certificate_number",
    "issued_on",
    "expires_on",
)
KIND_KEYS = [(key, key) for key in KINDS]


class EvidenceTeller(serializers.ModelSerializer[Evidence]):
    """One version of one file: what it proves, what it covers, how long it holds."""

    reused = serializers.BooleanField(read_only=True, help_text="the very same file was in the vault already")

    class Meta:
        model = Evidence
        fields: tuple[str, ...] = (
            "id",
            "enterprise",
            "kind",
            "title",
            *COVERS,
            "filename",
            "size",
            "media_type",
            "sha256",
            "condition",
            "version",
            "replaces",
            "retracted_at",
            "uploaded_at",
            "reused",
        )


class VersionReader(serializers.ModelSerializer[Evidence]):
    """A newer version of a file; what is not given carries over."""

    file = serializers.FileField(help_text="PDF, PNG, JPEG, XLSX, DOCX or OFD, at most 20 MB")
    site = Seen(queryset=Site.objects.all(), required=False, allow_null=True)
    product = Seen(queryset=Product.objects.all(), required=False, allow_null=True)

    class Meta:
        model = Evidence
        fields: tuple[str, ...] = ("file", "title", *COVERS)
        extra_kwargs = {"title": {"required": False, "allow_blank": True}}
        validators: tuple[Any, ...] = ()


class EvidenceReader(VersionReader):
    """A file and what it covers; left empty, the file's name is its title."""

    enterprise = Seen(queryset=Enterprise.objects.all())
    kind = serializers.ChoiceField(choices=KIND_KEYS)

    class Meta(VersionReader.Meta):
        fields = ("enterprise", "kind", *VersionReader.Meta.fields)


class EvidenceFilters(filters.FilterSet):  # type: ignore[misc]
    """Find evidence."""

    enterprise = KeyFilter()
    site = KeyFilter()
    kind = WordFilter()
    condition = filters.ChoiceFilter(choices=Condition.choices)
    expires_before = filters.DateFilter(field_name="expires_on", lookup_expr="lt")
    current = filters.BooleanFilter(method="standing")
    search = NameSearch("title", "certificate_number")

    def standing(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Neither retracted nor replaced, or the contrary."""
        return rows.current() if value else rows.exclude(pk__in=Evidence.objects.current())


class Vault(Reading):
    """Evidence: one file serves every indicator, level and scheme that cites it."""

    queryset = Evidence.objects.select_related("enterprise")
    serializer_class = EvidenceTeller
    filterset_class = EvidenceFilters
    parser_classes = (MultiPartParser,)
    readers = {"create": EvidenceReader, "replace": VersionReader, "retract": Reasons}
    bad_input = ("invalid", "incomplete", "unknown_kind", "another_enterprise", "file")

    def mine(self) -> Evidence:
        """The evidence, when the person keeps it."""
        found: Evidence = self.get_object()
        must(self.person, found.enterprise, "edit")
        return found

    @extend_schema(responses={200: EvidenceTeller, 201: EvidenceTeller})
    @once
    def create(self, request: Request) -> Response:
        """Attach a file; 200 with `reused` where the very same file is in the vault already."""
        given = self.given()
        enterprise, upload, title = given.pop("enterprise"), given.pop("file"), given.pop("title", "")
        row = actions.attach(enterprise, by=self.person, upload=upload, title=title, **given)
        return self.told(row, 200 if row.reused else 201)

    @extend_schema(responses={(200, "*/*"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"], renderer_classes=[AsIs])
    def file(self, request: Request, pk: str) -> FileResponse:
        """The file itself, as a download."""
        return hand_over(self.get_object())

    @extend_schema(responses={201: EvidenceTeller})
    @action(detail=True, methods=["post"])
    @once
    def replace(self, request: Request, pk: str) -> Response:
        """Put a newer version in its place; the old one stays on record."""
        found = self.mine()
        given = self.given()
        upload, title = given.pop("file"), given.pop("title", "")
        row = actions.replace(found, by=self.person, upload=upload, title=title, **given)
        return self.told(row, 201)

    @action(detail=True, methods=["post"], parser_classes=[JSONParser])
    @once
    def retract(self, request: Request, pk: str) -> Response:
        """The file can no longer be cited; it stays on record."""
        return self.told(actions.retract(self.mine(), by=self.person, **self.given()))
