"""The register: every title, open to everybody."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from certification.designation.life import basis_of, entries_of
from certification.designation.models import Basis, Designation
from certification.scheme.subject import KEYS, owner_of
from certification.workflow import Status
from greenchain.resources.filters import KeyFilter, WordFilter
from greenchain.resources.views import PublicReading
from suppliers.enterprise.models import Enterprise
from suppliers.place.api import LevelField, LevelFilter, RegionFilter
from suppliers.place.models import Authority

LIFE = [
    Status.CURRENT,
    Status.SUSPENDED,
    Status.REVOKED,
    Status.SURRENDERED,
    Status.EXPIRED,
    Status.SUPERSEDED,
]
NUMBER = r"[\w.-]{1,40}"
OWNERS = ("site__enterprise", "enterprise", "product__enterprise", "park__manager")


class SubjectTeller(serializers.Serializer[Any]):
    """What a case is about."""

    kind = serializers.ChoiceField(choices=list(KEYS))
    id = serializers.IntegerField()
    name = serializers.CharField()
    name_en = serializers.CharField()


def subject_of(case: Any) -> dict[str, Any] | None:
    """The subject's kind, number and names; None where it is not linked yet."""
    thing = case.subject
    if thing is None:
        return None
    return {"kind": case.subject_key, "id": thing.pk, "name": thing.name, "name_en": thing.name_en}


class HolderTeller(serializers.ModelSerializer[Enterprise]):
    """The enterprise that holds a title, as the public knows it."""

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = ("id", "scheme", "identifier", "name", "name_en")


class TitleTeller(serializers.ModelSerializer[Designation]):
    """A title as the register shows it."""

    scheme = serializers.CharField(source="scheme.key", read_only=True)
    level = LevelField(read_only=True)
    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    status = serializers.ChoiceField(choices=[(one.value, one.value) for one in LIFE], read_only=True)
    in_force = serializers.BooleanField(read_only=True)
    subject = serializers.SerializerMethodField()
    holder = serializers.SerializerMethodField()

    class Meta:
        model = Designation
        fields: tuple[str, ...] = (
            "number",
            "scheme",
            "scheme_version",
            "level",
            "status",
            "in_force",
            "name",
            "name_en",
            "subject",
            "holder",
            "authority",
            "region",
            "industry_label",
            "list_year",
            "announced_on",
            "valid_until",
            "suspended_until",
            "basis",
            "provenance",
        )

    @extend_schema_field(SubjectTeller(allow_null=True))
    def get_subject(self, title: Designation) -> Any:
        """The subject, where it is linked."""
        return subject_of(title)

    @extend_schema_field(HolderTeller(allow_null=True))
    def get_holder(self, title: Designation) -> Any:
        """The holder, where it is known."""
        return HolderTeller(owner_of(title.subject)).data if title.subject else None


class BasisTeller(serializers.Serializer[Any]):
    """What a title stands on."""

    kind = serializers.CharField()
    evaluator = serializers.CharField()
    checked_by = serializers.ListField(child=serializers.CharField())
    score_class = serializers.CharField()
    digest = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class StepTeller(serializers.Serializer[Any]):
    """A public step of a title's life."""

    at = serializers.DateTimeField()
    words = serializers.CharField()
    note = serializers.CharField()


class TitleInFull(TitleTeller):
    """A title, its basis and its life."""

    basis_told = serializers.SerializerMethodField()
    life = serializers.SerializerMethodField()

    class Meta(TitleTeller.Meta):
        fields = (*TitleTeller.Meta.fields, "basis_told", "life")

    @extend_schema_field(BasisTeller)
    def get_basis_told(self, title: Designation) -> Any:
        """Self-evaluated or third party, examined by whom, in which class of score."""
        return BasisTeller(basis_of(title)).data

    @extend_schema_field(StepTeller(many=True))
    def get_life(self, title: Designation) -> Any:
        """What has happened to it, oldest first."""
        return StepTeller(entries_of(title), many=True).data


class TitleFilters(filters.FilterSet):  # type: ignore[misc]
    """Search the register."""

    scheme = WordFilter(field_name="scheme__key")
    level = LevelFilter()
    status = filters.ChoiceFilter(choices=[(one.value, one.value) for one in LIFE])
    basis = filters.ChoiceFilter(choices=Basis.choices)
    region = RegionFilter()
    authority = WordFilter(field_name="authority__code")
    list_year = filters.NumberFilter(min_value=2000, max_value=2100)
    site = KeyFilter()
    enterprise = KeyFilter(method="held_by")
    in_force = filters.BooleanFilter(method="standing")
    announced_after = filters.DateFilter(field_name="announced_on", lookup_expr="gte")
    announced_before = filters.DateFilter(field_name="announced_on", lookup_expr="lt")
    search = filters.CharFilter(method="called", max_length=100)

    def held_by(self, rows: Any, _name: str, value: int) -> Any:
        """Titles of an enterprise, its sites, products and parks."""
        condition = Q()
        for owner in OWNERS:
            condition |= Q(**{owner: value})
        return rows.filter(condition)

    def called(self, rows: Any, _name: str, value: str) -> Any:
        """Number, name, or a name borne before."""
        found = Designation.objects.called(value).values("pk")
        return rows.filter(Q(number__icontains=value) | Q(pk__in=found))

    def standing(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """In force today, or not."""
        return rows.in_force() if value else rows.exclude(pk__in=Designation.objects.in_force())


class Titles(PublicReading):
    """The public register of titles."""

    queryset = Designation.objects.select_related("scheme", "authority", *OWNERS)
    serializer_class = TitleTeller
    filterset_class = TitleFilters
    lookup_field = "number"
    lookup_value_regex = NUMBER

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        """In full for one title."""
        return TitleInFull if self.action == "retrieve" else TitleTeller
