"""Changes of enterprises: told by owners, approved, refused and undone by approvers of the place."""

from typing import Any

import django_filters as filters
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import Reasons
from greenchain.resources.fields import Seen
from greenchain.resources.filters import KeyFilter
from greenchain.resources.views import Reading
from suppliers.enterprise import changing
from suppliers.enterprise.changes import EnterpriseChange
from suppliers.enterprise.models import Enterprise, Site
from suppliers.place.models import Authority, Region

SAID = ("kind", "happened_on", "name", "name_en", "address", "details")


class EnterpriseChangeTeller(serializers.ModelSerializer[EnterpriseChange]):
    """A change, and what became of it."""

    desk = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)

    class Meta:
        model = EnterpriseChange
        fields = (
            "id",
            "enterprise",
            *SAID,
            "before",
            "other",
            "site",
            "sites",
            "region",
            "proof",
            "desk",
            "status",
            "told_at",
            "decided_at",
            "reasons",
        )


class EnterpriseChangeReader(serializers.ModelSerializer[EnterpriseChange]):
    """A change to be told. ``other`` is the other enterprise's identifier."""

    enterprise = Seen(queryset=Enterprise.objects.select_related("region__desk"))
    other = serializers.SlugRelatedField[Enterprise](
        slug_field="identifier", queryset=Enterprise.objects.all(), required=False, allow_null=True
    )
    site = Seen(queryset=Site.objects.select_related("region__desk"), required=False, allow_null=True)
    sites = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False)
    region = serializers.PrimaryKeyRelatedField[Region](
        queryset=Region.objects.select_related("desk"), required=False, allow_null=True
    )

    class Meta:
        model = EnterpriseChange
        fields = ("enterprise", *SAID, "other", "site", "sites", "region", "proof")
        validators: tuple[Any, ...] = ()

    def validate_sites(self, keys: list[int]) -> list[Site]:
        """Sites that the person sees."""
        found = list(Site.objects.visible_to(self.context["request"].user).filter(pk__in=keys))
        if len(found) != len(set(keys)):
            raise serializers.ValidationError("There is no such site.", code="does_not_exist")
        return found

    def validate_proof(self, proof: Any) -> Any:
        """A file that the person sees."""
        if (
            not type(proof)
            ._default_manager.visible_to(self.context["request"].user)
            .filter(pk=proof.pk)
            .exists()
        ):
            raise serializers.ValidationError("There is no such file.", code="does_not_exist")
        return proof


class ChangeApproval(serializers.Serializer[Any]):
    """Reasons are welcome."""

    reasons = serializers.CharField(required=False, allow_blank=True, max_length=4000)


class ChangeFilters(filters.FilterSet):  # type: ignore[misc]
    """Find changes."""

    enterprise = KeyFilter()
    kind = filters.ChoiceFilter(choices=EnterpriseChange.Kind.choices)
    status = filters.ChoiceFilter(choices=EnterpriseChange.Status.choices)


class EnterpriseChanges(Reading):
    """New names, mergers, splits and moves."""

    queryset = (
        EnterpriseChange.objects.select_related("desk").prefetch_related("sites").order_by("-told_at", "-pk")
    )
    serializer_class = EnterpriseChangeTeller
    filterset_class = ChangeFilters
    readers = {
        "create": EnterpriseChangeReader,
        "approve": ChangeApproval,
        "refuse": Reasons,
        "undo": Reasons,
    }
    bad_input = ("invalid", "another_enterprise", "proof", "no_desk")

    @once
    def create(self, request: Request) -> Response:
        """Tell of a change, as an owner."""
        given = self.given()
        return self.told(
            self.again(changing.tell_change(given.pop("enterprise"), by=self.person, **given)), 201
        )

    @action(detail=True, methods=["post"])
    @once
    def approve(self, request: Request, pk: str) -> Response:
        """The change holds, and what belongs to it follows."""
        row = changing.approve_change(self.get_object(), by=self.person, **self.given())
        return self.told(self.again(row))

    @action(detail=True, methods=["post"])
    @once
    def refuse(self, request: Request, pk: str) -> Response:
        """The proof does not show it."""
        row = changing.refuse_change(self.get_object(), by=self.person, **self.given())
        return self.told(self.again(row))

    @action(detail=True, methods=["post"])
    @once
    def undo(self, request: Request, pk: str) -> Response:
        """What followed goes back."""
        row = changing.undo_change(self.get_object(), by=self.person, **self.given())
        return self.told(self.again(row))
