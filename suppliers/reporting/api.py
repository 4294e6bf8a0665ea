"""What is reported, one year after the other, with the catalogue's own keys: of sites, and of other subjects."""

from collections.abc import Mapping
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.enterprise.access import must
from suppliers.enterprise.models import Enterprise, Park, Product, Site, owner_of
from suppliers.place.api import RegionFilter
from suppliers.reporting.actions import report
from suppliers.reporting.catalogue import METRICS, TABLES, Column, Metric
from suppliers.reporting.entry import read_values
from suppliers.reporting.models import FIRST_YEAR, LAST_YEAR, Figures, SiteYear, SubjectYear, years_of
from suppliers.reporting.units import choices

NUMBER = {"oneOf": [{"type": "string", "maxLength": 80, "nullable": True}, {"type": "number"}]}
GIVEN = {
    "type": "object",
    "properties": {"value": NUMBER, "unit": {"type": "string", "maxLength": 40}},
    "required": ["value", "unit"],
    "additionalProperties": False,
}
FIGURE = {"oneOf": [*NUMBER["oneOf"], GIVEN]}
JSON_TYPES = {"flag": "boolean", "whole": "integer", "year": "integer"}


def _cell(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {
        "description": f"{column.names['en']} ({column.unit})" if column.unit else column.names["en"]
    }
    if column.kind == "choice":
        return {"type": "string", "enum": [option.key for option in column.options], **described}
    if column.kind == "number":
        return {**NUMBER, **described}
    return {"type": JSON_TYPES.get(column.kind, "string"), "nullable": True, **described}


def _units(metric: Metric) -> str:
    return ", ".join(each.key for each in choices(metric.unit, metric.key))


VALUES = {
    "type": "object",
    "description": (
        "By metric key; an empty value clears it, one not given stays. A plain number is in the metric's unit; "
        'with a unit it is converted: "3500 MWh", "1.2 kt", or value and unit apart. '
        "The answer holds what is stored."
    ),
    "properties": {
        key: {**FIGURE, "description": f"{metric.names['en']} ({metric.unit}); in {_units(metric)}"}
        for key, metric in METRICS.items()
    },
    "additionalProperties": False,
}
ROWS = {
    "type": "object",
    "description": "By table key; a table that is given is replaced as a whole.",
    "properties": {
        key: {
            "type": "array",
            "maxItems": table.max_rows,
            "items": {
                "type": "object",
                "properties": {column.key: _cell(column) for column in table.columns.values()},
                "required": [column.key for column in table.columns.values() if column.required],
                "additionalProperties": False,
            },
        }
        for key, table in TABLES.items()
    },
    "additionalProperties": False,
}
STORED = {"type": "object", "additionalProperties": {"type": "string"}}
STORED_ROWS = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "object", "additionalProperties": {}}},
}


@extend_schema_field(VALUES)
class Values(serializers.Field[Any, Any, Any, Any]):
    """Values by metric key, checked against the catalogue; all faults together."""

    def to_internal_value(self, data: Any) -> Mapping[str, Any]:
        """As sent, with their units, once the catalogue has read them; faults by metric."""
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("Values by metric key are needed."))
        given = {key: _figure(value) for key, value in data.items()}
        try:
            read_values(given)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        return given


@extend_schema_field(ROWS)
class Rows(serializers.Field[Any, Any, Any, Any]):
    """Rows by table key."""

    def to_internal_value(self, data: Any) -> Mapping[str, list[dict[str, Any]]]:
        """As sent; the catalogue judges them when they are reported."""
        if not isinstance(data, dict) or not all(_are_rows(rows) for rows in data.values()):
            raise serializers.ValidationError(_("Lists of rows by table key are needed."))
        return {
            table: [{key: _plain(cell) for key, cell in row.items()} for row in rows]
            for table, rows in data.items()
        }


def _are_rows(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _figure(value: Any) -> Any:
    """Value and unit apart stay apart."""
    return value if isinstance(value, dict) and value.keys() == {"value", "unit"} else _plain(value)


def _plain(value: Any) -> Any:
    """A list or a mapping is no value of a cell: it stands as the text that no catalogue takes."""
    return "{}" if isinstance(value, dict | list) else value


class FiguresTeller(serializers.Serializer[Any]):
    """Values and rows as they are stored."""

    values = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()

    @extend_schema_field(STORED)
    def get_values(self, report_: Figures) -> dict[str, str]:
        """By metric key."""
        return dict(report_.values)

    @extend_schema_field(STORED_ROWS)
    def get_rows(self, report_: Figures) -> dict[str, list[dict[str, Any]]]:
        """By table key."""
        return report_.tables()


class SiteYearTeller(FiguresTeller, serializers.ModelSerializer[SiteYear]):
    """What a site reported for a year; decimals as text, money in 10,000 CNY."""

    class Meta:
        model = SiteYear
        fields = (
            "id",
            "site",
            "year",
            "gross_output",
            "export_value",
            "values",
            "rows",
            "source",
            "reported_at",
            "updated_at",
        )


class SubjectYearTeller(FiguresTeller, serializers.ModelSerializer[SubjectYear]):
    """What an enterprise, a product or a park reported for a year; the other two keys are null."""

    class Meta:
        model = SubjectYear
        fields = (
            "id",
            *SubjectYear.KEYS,
            "year",
            "values",
            "rows",
            "source",
            "reported_at",
            "updated_at",
        )


class FiguresReader(serializers.Serializer[None]):
    """Figures to report."""

    values = Values(required=False)
    rows = Rows(required=False)
    source = serializers.CharField(max_length=200, required=False, allow_blank=True)  # type: ignore[assignment]


class SiteYearReader(FiguresReader):
    """Figures of a site for a year."""

    site = Seen(queryset=Site.objects.select_related("enterprise"))
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)


class SiteYearFilters(filters.FilterSet):  # type: ignore[misc]
    """Find site-years."""

    site = KeyFilter()
    enterprise = KeyFilter(field_name="site__enterprise")
    year = filters.NumberFilter(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    region = RegionFilter(field_name="site__region")


class SiteYears(Reading):
    """What sites reported, year by year."""

    queryset = SiteYear.objects.select_related("site__enterprise").prefetch_related("rows")
    serializer_class = SiteYearTeller
    filterset_class = SiteYearFilters
    readers = {"create": SiteYearReader, "partial_update": FiguresReader}
    bad_input = ("invalid",)

    @extend_schema(responses={200: SiteYearTeller, 201: SiteYearTeller})
    @once
    def create(self, request: Request) -> Response:
        """Report a site's year; 200 where it had been reported and is now changed."""
        given = self.given()
        site, year = given.pop("site"), given.pop("year")
        known = SiteYear.objects.filter(site=site, year=year).exists()
        row = report(site, year, by=self.person, values=given.pop("values", {}), **given)
        return self.told(self.again(row), 200 if known else 201)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is given, and leave the rest."""
        found = self.get_object()
        must(self.person, found.site.enterprise, "edit")
        given = self.given()
        row = report(found.site, found.year, by=self.person, values=given.pop("values", {}), **given)
        return self.told(self.again(row))


class SubjectYearReader(FiguresReader):
    """Figures of an enterprise, a product or a park for a year: name one of the three."""

    enterprise = Seen(queryset=Enterprise.objects.all(), required=False)
    product = Seen(queryset=Product.objects.select_related("enterprise"), required=False)
    park = Seen(queryset=Park.objects.select_related("manager"), required=False)
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """Exactly one subject."""
        named = [key for key in SubjectYear.KEYS if given.get(key) is not None]
        if len(named) != 1:
            raise serializers.ValidationError(_("Name one subject: an enterprise, a product or a park."))
        kept = {key: value for key, value in given.items() if key not in SubjectYear.KEYS}
        return {**kept, "subject": given[named[0]]}


class SubjectYearFilters(filters.FilterSet):  # type: ignore[misc]
    """Find figures of enterprises, products and parks."""

    enterprise = KeyFilter()
    product = KeyFilter()
    park = KeyFilter()
    year = filters.NumberFilter(min_value=FIRST_YEAR, max_value=LAST_YEAR)


class SubjectYears(Reading):
    """What enterprises, products and parks reported, year by year."""

    queryset = SubjectYear.objects.prefetch_related("rows")
    serializer_class = SubjectYearTeller
    filterset_class = SubjectYearFilters
    readers = {"create": SubjectYearReader, "partial_update": FiguresReader}
    bad_input = ("invalid",)

    @extend_schema(responses={200: SubjectYearTeller, 201: SubjectYearTeller})
    @once
    def create(self, request: Request) -> Response:
        """Report a subject's year; 200 where it had been reported and is now changed."""
        given = self.given()
        subject, year = given.pop("subject"), given.pop("year")
        known = years_of(subject).filter(year=year).exists()
        row = report(subject, year, by=self.person, values=given.pop("values", {}), **given)
        return self.told(self.again(row), 200 if known else 201)

    def partial_update(self, request: Request, pk: str) -> Response:
        """Change what is given, and leave the rest."""
        found = self.get_object()
        must(self.person, owner_of(found.subject), "edit")
        given = self.given()
        row = report(found.subject, found.year, by=self.person, values=given.pop("values", {}), **given)
        return self.told(self.again(row))
