"""Proposals and their answers, suspensions after accidents, and where titles stood in a year."""

from typing import Any

import django_filters as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.surveillance import actions
from certification.surveillance.accidents import confirm_hold
from certification.surveillance.annual import YearRank
from certification.surveillance.models import Hold, Proposal
from greenchain.accounts.idempotency import once
from greenchain.resources.bodies import Reasons
from greenchain.resources.filters import WordFilter
from greenchain.resources.views import Reading
from suppliers.place.models import Authority


class ProposalTeller(serializers.ModelSerializer[Proposal]):
    """What is proposed about a title, on what it rests, and what its holder answers."""

    title = serializers.CharField(source="designation.number", read_only=True)

    class Meta:
        model = Proposal
        fields = (
            "id",
            "title",
            "measure",
            "ground",
            "cause",
            "reasons",
            "evidence",
            "at",
            "reply_by",
            "reply",
            "replied_at",
            "outcome",
            "decided_at",
        )


class ProposalAnswer(serializers.Serializer[Any]):
    """The holder's answer."""

    text = serializers.CharField(max_length=8000)


class ProposalFilters(filters.FilterSet):  # type: ignore[misc]
    """Find proposals."""

    title = WordFilter(field_name="designation__number")
    open = filters.BooleanFilter(field_name="outcome", lookup_expr="exact", method="running")

    def running(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Not decided yet, or decided."""
        return rows.filter(outcome="") if value else rows.exclude(outcome="")


class Proposals(Reading):
    """Proposals to suspend or remove titles: between the holder and the authorities."""

    queryset = Proposal.objects.select_related("designation").order_by("-at", "-pk")
    serializer_class = ProposalTeller
    filterset_class = ProposalFilters
    readers = {"reply": ProposalAnswer, "drop": Reasons}

    @action(detail=True, methods=["post"])
    @once
    def reply(self, request: Request, pk: str) -> Response:
        """Answer as the holder."""
        row = self.get_object()
        actions.reply(row, by=self.person, **self.given())
        return self.told(self.again(row))

    @extend_schema(request=Reasons, responses={200: ProposalTeller})
    @action(detail=True, methods=["post"])
    @once
    def drop(self, request: Request, pk: str) -> Response:
        """What was proposed is not done: approvers of the authority that keeps the title."""
        row = actions.drop(self.get_object(), by=self.person, **self.given())
        return self.told(self.again(row))


class HoldTeller(serializers.ModelSerializer[Hold]):
    """A title that was suspended at once after a serious accident."""

    title = serializers.CharField(source="designation.number", read_only=True)

    class Meta:
        model = Hold
        fields = ("id", "title", "record", "at", "answer_by", "outcome", "reasons", "answered_at")


class HoldConfirmed(Reasons):
    """Why the suspension stands, and until when."""

    until_on = serializers.DateField()


class HoldFilters(filters.FilterSet):  # type: ignore[misc]
    """Find suspensions after accidents."""

    title = WordFilter(field_name="designation__number")
    open = filters.BooleanFilter(method="waiting")

    def waiting(self, rows: Any, _name: str, value: bool) -> Any:  # noqa: FBT001 - django-filter's signature
        """Neither confirmed nor lifted, or one of both."""
        return rows.filter(outcome="") if value else rows.exclude(outcome="")


class Holds(Reading):
    """Suspensions after accidents; one is lifted by reinstating the title."""

    queryset = Hold.objects.select_related("designation").order_by("-at", "-pk")
    serializer_class = HoldTeller
    filterset_class = HoldFilters
    readers = {"confirm": HoldConfirmed}

    @extend_schema(request=HoldConfirmed, responses={200: HoldTeller})
    @action(detail=True, methods=["post"])
    @once
    def confirm(self, request: Request, pk: str) -> Response:
        """The suspension stands until a day: approvers of the authority that keeps the title."""
        row = confirm_hold(self.get_object(), by=self.person, **self.given())
        return self.told(self.again(row))


class YearRankTeller(serializers.ModelSerializer[YearRank]):
    """Where a title stood in a year, what its score was computed from, and the digest over all of it."""

    title = serializers.CharField(source="designation.number", read_only=True)
    authority = serializers.SlugRelatedField[Authority](slug_field="code", read_only=True)
    scheme_version = serializers.CharField(source="scheme_version.version", read_only=True)

    class Meta:
        model = YearRank
        fields = (
            "id",
            "title",
            "year",
            "authority",
            "scheme_version",
            "score",
            "rank",
            "of",
            "lowest",
            "inputs",
            "digest",
            "at",
        )


class YearRankFilters(filters.FilterSet):  # type: ignore[misc]
    """Find ranks."""

    title = WordFilter(field_name="designation__number")
    authority = WordFilter(field_name="authority__code")
    year = filters.NumberFilter()
    lowest = filters.BooleanFilter()


class YearRanks(Reading):
    """Ranks of titles in a year, to their holders and authorities."""

    queryset = YearRank.objects.select_related("designation", "authority", "scheme_version").order_by(
        "-year", "rank", "pk"
    )
    serializer_class = YearRankTeller
    filterset_class = YearRankFilters
