"""Duties and annual forms: read, kept, filed by the holder; opinions by the city."""

from typing import Any

import django_filters as filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.surveillance import filing
from certification.surveillance.annual import Filing, FormOpinion
from certification.surveillance.models import Obligation, Owed
from certification.surveillance.paper import paper_of
from greenchain.accounts.idempotency import once
from greenchain.refusals import Refused
from greenchain.resources.filters import WordFilter
from greenchain.resources.views import Reading


class FormOpinionTeller(serializers.ModelSerializer[FormOpinion]):
    """What the city says of a filed form."""

    authority = serializers.CharField(source="authority.code")

    class Meta:
        model = FormOpinion
        fields = ("outcome", "text", "authority", "at")


class FilingTeller(serializers.ModelSerializer[Filing]):
    """What was filed, as it was frozen, with its opinions."""

    content = serializers.DictField(read_only=True)
    opinions = FormOpinionTeller(many=True, read_only=True)

    class Meta:
        model = Filing
        fields = ("number", "at", "late", "digest", "content", "opinions")


class ObligationTeller(serializers.ModelSerializer[Obligation]):
    """What a title owes, by when, and whether it is done."""

    title = serializers.CharField(source="designation.number", read_only=True)

    class Meta:
        model = Obligation
        fields: tuple[str, ...] = ("id", "title", "kind", "year", "due_on", "filed_at", "is_late")


class FormLineTeller(serializers.Serializer[Any]):
    """A figure of the form as it reads now. ``taken_from``: report, typed, before or empty."""

    key = serializers.CharField(source="figure.key")
    unit = serializers.CharField(source="figure.unit")
    value = serializers.CharField(allow_null=True)
    taken_from = serializers.CharField(source="source")
    before = serializers.CharField(allow_null=True)
    swing = serializers.CharField(allow_null=True)
    explain = serializers.BooleanField(source="unexplained")
    lacks = serializers.BooleanField()
    explanation = serializers.CharField()


class ObligationInFull(ObligationTeller):
    """With the form's lines, the changes declared so far, and every filing."""

    lines = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField()
    filings = FilingTeller(many=True, read_only=True)

    class Meta(ObligationTeller.Meta):
        fields = (*ObligationTeller.Meta.fields, "lines", "changes", "filings")

    def get_lines(self, row: Obligation) -> list[dict[str, Any]]:
        """The figures of an annual form."""
        if not row.is_annual or row.designation.subject is None:
            return []
        return list(FormLineTeller(paper_of(row).lines, many=True).data)

    def get_changes(self, row: Obligation) -> dict[str, str]:
        """What was declared so far."""
        if not row.is_annual or row.designation.subject is None:
            return {}
        return dict(paper_of(row).changes)


class FormTyped(serializers.Serializer[Any]):
    """What is kept of the form; what is not named stays."""

    figures = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    explanations = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)
    changes = serializers.DictField(child=serializers.CharField(allow_blank=True), required=False)


class FormSaid(serializers.Serializer[Any]):
    """An opinion to be given."""

    outcome = serializers.ChoiceField(choices=FormOpinion.Outcome.choices)
    text = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class FormFiled(serializers.Serializer[Any]):
    """No body."""


class ObligationFilters(filters.FilterSet):  # type: ignore[misc]
    """Find duties."""

    title = WordFilter(field_name="designation__number")
    kind = filters.ChoiceFilter(choices=Owed.choices)
    year = filters.NumberFilter(min_value=2000, max_value=2100)
    filed = filters.BooleanFilter(field_name="filed_at", lookup_expr="isnull", exclude=True)
    due_before = filters.DateFilter(field_name="due_on", lookup_expr="lt")


class Obligations(Reading):
    """What one's own titles owe; officials read those of their territory."""

    queryset = Obligation.objects.select_related(
        "designation__home",
        "designation__scheme",
        "designation__site__enterprise",
        "designation__enterprise",
        "designation__product__enterprise",
        "designation__park__manager",
    ).order_by("due_on", "pk")
    serializer_class = ObligationTeller
    filterset_class = ObligationFilters
    readers = {"keep": FormTyped, "file": FormFiled, "opinion": FormSaid}
    bad_input = ("invalid",)

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """In full for one duty."""
        return ObligationTeller if self.action == "list" else ObligationInFull

    @action(detail=True, methods=["post"])
    def keep(self, request: Request, pk: str) -> Response:
        """Keep what is typed of an annual form."""
        row = self.get_object()
        filing.keep_form(row, by=self.person, **self.given())
        return self.told(self.again(row))

    @action(detail=True, methods=["post"])
    @once
    def file(self, request: Request, pk: str) -> Response:
        """File the annual form, or measure the title by the new rules."""
        row = self.get_object()
        act = filing.rebenchmark if row.kind == Owed.REBENCHMARK else filing.file_form
        act(row, by=self.person)
        return self.told(self.again(row))

    @action(detail=True, methods=["post"])
    @once
    def opinion(self, request: Request, pk: str) -> Response:
        """Say what the city thinks of the form that was filed last."""
        row = self.get_object()
        last = row.filings.order_by("-number").first()
        if last is None:
            raise Refused("Nothing was filed yet.", code="not_filed")
        filing.give_opinion(last, by=self.person, **self.given())
        return self.told(self.again(row))
