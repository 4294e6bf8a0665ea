"""Supply links: declare one, take in a sheet, confirm, dispute, end."""

from typing import Any

import django_filters as filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.fields import empty
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import NoInput, Reasons
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.parsing import JSONParser, MultiPartParser
from greenchain.resources.problems import FaultyRows
from greenchain.resources.views import Reading
from greenchain.sheets import FaultySheet
from suppliers.enterprise.identifiers import normalise
from suppliers.enterprise.models import Enterprise
from suppliers.place.models import Industry
from suppliers.supply import actions
from suppliers.supply.models import SupplyLink
from suppliers.supply.sheet import COLUMNS, MAX_BYTES


@extend_schema_field(
    {
        "type": "string",
        "maxLength": 60,
        "description": "A USCC, or another identifier after its scheme: lei:…, duns:…, vat:…, national:….",
    }
)
class Party(serializers.CharField):
    """An enterprise by its identifier; names and identifiers are public."""

    default_error_messages = {"unknown": _("No enterprise is known by this identifier.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=60, **kwargs)

    def run_validation(self, data: Any = empty) -> Any:
        """The enterprise that the identifier names; the text is judged before it is looked up."""
        given = super().run_validation(data)
        if given is None:
            return None
        scheme, _colon, text = given.rpartition(":")
        scheme = scheme.strip().lower() or Enterprise.Scheme.USCC
        found = Enterprise.objects.identified(scheme, normalise(scheme, text)).first()
        if found is None:
            self.fail("unknown")
        return found


class PartyTeller(serializers.ModelSerializer[Enterprise]):
    """A party to a link, as the public knows it."""

    class Meta:
        model = Enterprise
        fields = ("id", "scheme", "identifier", "name", "name_en")


class LinkTeller(serializers.ModelSerializer[SupplyLink]):
    """A link; spend and share stand for the declaring party and for officials, else they are null."""

    buyer = PartyTeller(read_only=True)
    supplier = PartyTeller(read_only=True)
    spend = serializers.DecimalField(
        source="shown_spend", max_digits=18, decimal_places=4, read_only=True, allow_null=True
    )
    share = serializers.DecimalField(
        source="shown_share", max_digits=7, decimal_places=6, read_only=True, allow_null=True
    )

    class Meta:
        model = SupplyLink
        fields = (
            "id",
            "buyer",
            "supplier",
            "kind",
            "material",
            "industry",
            "vendor_code",
            "spend",
            "share",
            "since_on",
            "until_on",
            "declared_by",
            "confirmed_at",
            "disputed_at",
        )


class AmendReader(serializers.ModelSerializer[SupplyLink]):
    """What the declaring party says of a link."""

    industry = serializers.PrimaryKeyRelatedField(
        queryset=Industry.objects.all(), required=False, allow_null=True
    )

    class Meta:
        model = SupplyLink
        fields: tuple[str, ...] = actions.GIVEN
        validators: tuple[Any, ...] = ()


class LinkReader(AmendReader):
    """A link to be declared by one of its parties."""

    buyer = Party()
    supplier = Party()

    class Meta(AmendReader.Meta):
        fields = ("buyer", "supplier", "kind", *actions.GIVEN)


class SheetReader(serializers.Serializer[None]):
    """A CSV file of one buyer's suppliers."""

    buyer = Seen(queryset=Enterprise.objects.all())
    file = serializers.FileField(help_text=f"columns: {', '.join(COLUMNS)}")
    dry_run = serializers.BooleanField(default=False)


class OutcomeTeller(serializers.Serializer[actions.Outcome]):
    """What an import did, or in a dry run would do."""

    created = serializers.IntegerField()
    updated = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    noted = serializers.ListField(
        child=serializers.CharField(), help_text="identifiers that were not known before"
    )
    left_aside = serializers.ListField(child=serializers.CharField(), help_text="columns that were not read")
    dry_run = serializers.BooleanField()


class LinkFilters(filters.FilterSet):  # type: ignore[misc]
    """Find links."""

    buyer = KeyFilter()
    supplier = KeyFilter()
    kind = filters.ChoiceFilter(choices=SupplyLink.Kind.choices)
    current = filters.BooleanFilter(method="running")

    def running(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """In force today and not disputed, or the contrary."""
        current = SupplyLink.objects.current()
        return rows.filter(pk__in=current) if value else rows.exclude(pk__in=current)


class Links(Reading):
    """Who supplies whom."""

    queryset = SupplyLink.objects.select_related("buyer", "supplier")
    serializer_class = LinkTeller
    filterset_class = LinkFilters
    readers = {
        "create": LinkReader,
        "partial_update": AmendReader,
        "confirm": NoInput,
        "dispute": Reasons,
        "end": NoInput,
        "import_sheet": SheetReader,
    }
    bad_input = (
        "invalid",
        "empty",
        "too_many_rows",
        "too_large",
        "encoding",
        "malformed",
        "missing_column",
        "column_twice",
    )

    def get_queryset(self) -> Any:
        """The person's links, with the figures that they may see."""
        rows: Any = super().get_queryset()
        return rows.with_figures_for(self.request.user)

    @once
    def create(self, request: Request) -> Response:
        """Declare a link; the other party may confirm or dispute it."""
        given = self.given()
        row = actions.declare(given.pop("buyer"), given.pop("supplier"), by=self.person, **given)
        return self.told(self.again(row), 201)

    def partial_update(self, request: Request, pk: str) -> Response:
        """The declaring party says otherwise; what is not given stays."""
        return self.told(self.again(actions.amend(self.get_object(), by=self.person, **self.given())))

    @action(detail=True, methods=["post"])
    @once
    def confirm(self, request: Request, pk: str) -> Response:
        """The other party agrees."""
        return self.told(self.again(actions.confirm(self.get_object(), by=self.person)))

    @action(detail=True, methods=["post"])
    @once
    def dispute(self, request: Request, pk: str) -> Response:
        """The other party says there is no such link."""
        return self.told(self.again(actions.dispute(self.get_object(), by=self.person, **self.given())))

    @action(detail=True, methods=["post"])
    @once
    def end(self, request: Request, pk: str) -> Response:
        """The link is over: today is its last day."""
        return self.told(self.again(actions.end(self.get_object(), by=self.person)))

    @extend_schema(request={"multipart/form-data": SheetReader}, responses=OutcomeTeller)
    @action(detail=False, methods=["post"], url_path="import", parser_classes=[MultiPartParser, JSONParser])
    @once
    def import_sheet(self, request: Request) -> Response:
        """Take in a CSV sheet: every row, or, when one is faulty, none."""
        given = self.given()
        content = given["file"].read(MAX_BYTES + 1)
        try:
            outcome = actions.import_links(given["buyer"], content, by=self.person, dry_run=given["dry_run"])
        except FaultySheet as sheet:
            rows = [
                {"row": fault.row, "column": fault.column, "message": fault.message} for fault in sheet.faults
            ]
            raise FaultyRows(rows) from None
        return self.told(outcome, teller=OutcomeTeller)
