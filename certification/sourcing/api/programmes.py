"""Supplier management of a buyer for programs: begin it, a year's figures, the disclosure, whom to push."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from certification.chain.status import State
from certification.sourcing import push
from certification.sourcing.actions import grades, yearly
from certification.sourcing.disclosure import Disclosure, disclosure_of
from certification.sourcing.figures import RISKY, YearFigures, figures_of, years_of
from certification.sourcing.models import Grade, Programme
from greenchain.accounts.idempotency import once
from greenchain.clock import today
from greenchain.resources.fields import Seen
from greenchain.resources.views import Reading
from suppliers.enterprise.models import Enterprise
from suppliers.supply.api import PartyTeller

SHARE = "0 to 1; null of nothing"
YEAR = [OpenApiParameter("year", {"type": "integer"}, description="the running year where it is left out")]


class ProgrammeTeller(serializers.ModelSerializer[Programme]):
    """A buyer that manages its suppliers."""

    buyer = PartyTeller(read_only=True)

    class Meta:
        model = Programme
        fields = ("id", "buyer", "begun_at", "version", "graded_at")


class ProgrammeBeginReader(serializers.Serializer[None]):
    """Who begins."""

    buyer = Seen(queryset=Enterprise.objects.all())


class FiguresYearReader(serializers.Serializer[None]):
    """Which year."""

    year = serializers.IntegerField(min_value=2000, max_value=2100)


class CountedFigureTeller(serializers.Serializer[Any]):
    """A number, what the report says, and the suppliers behind it by their keys."""

    metric = serializers.CharField()
    count = serializers.IntegerField()
    reported = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    suppliers = serializers.ListField(child=serializers.IntegerField())


class YearFiguresTeller(serializers.Serializer[Any]):
    """A year's figures as counted on ``day``."""

    year = serializers.IntegerField()
    day = serializers.DateField()
    ungraded = serializers.IntegerField(help_text="suppliers without a grade on that day")
    counted = CountedFigureTeller(many=True)
    low_risk_share = serializers.DecimalField(
        max_digits=9, decimal_places=6, allow_null=True, help_text=SHARE
    )
    audited_share = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True, help_text=SHARE)
    green_share = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True, help_text=SHARE)


class DisclosureLineTeller(serializers.Serializer[Any]):
    """One figure of the disclosure; ``code`` is the indicator of the scheme, ``mark`` whose formula it is."""

    code = serializers.CharField(allow_blank=True)
    figure = serializers.CharField(source="label")
    part = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    whole = serializers.DecimalField(max_digits=18, decimal_places=4, allow_null=True)
    share = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True, help_text=SHARE)
    mark = serializers.CharField()


class GradeLineTeller(serializers.Serializer[Any]):
    """Suppliers of a grade, and how many of them were audited in the year."""

    grade = serializers.ChoiceField(choices=Grade.choices)
    suppliers = serializers.IntegerField()
    onsite = serializers.IntegerField()
    document = serializers.IntegerField()


class DisclosureTeller(serializers.Serializer[Disclosure]):
    """What is disclosed of a year."""

    year = serializers.IntegerField(source="figures.year")
    day = serializers.DateField(source="figures.day")
    complete = serializers.BooleanField(source="figures.complete")
    lines = DisclosureLineTeller(many=True)
    grades = GradeLineTeller(many=True)
    rules = serializers.CharField(source="book.version")
    digest = serializers.CharField()


class PushedTeller(serializers.Serializer[push.Pushed]):
    """One place: worth = share x nearness x weight x 100."""

    place = serializers.IntegerField()
    supplier = PartyTeller()
    state = serializers.ChoiceField(choices=State.choices)
    grade = serializers.ChoiceField(choices=Grade.choices, source="grade.grade")
    share = serializers.DecimalField(max_digits=9, decimal_places=6, help_text=SHARE)
    share_known = serializers.BooleanField(help_text="else it counts as one of all suppliers")
    because = serializers.CharField(source="nearness.key")
    nearness = serializers.DecimalField(source="nearness.factor", max_digits=4, decimal_places=2)
    weight = serializers.DecimalField(max_digits=4, decimal_places=2)
    worth = serializers.DecimalField(max_digits=9, decimal_places=4)
    green_after = serializers.DecimalField(
        source="after", max_digits=9, decimal_places=6, allow_null=True, help_text=SHARE
    )


class PushTeller(serializers.Serializer[push.PushList]):
    """The list, and how much is green by spend now."""

    green = serializers.DecimalField(max_digits=9, decimal_places=6, allow_null=True, help_text=SHARE)
    waiting = serializers.IntegerField(help_text="suppliers that are not green")
    rows = PushedTeller(many=True)


class SupplierProgrammes(Reading):
    """Buyers that manage their suppliers here, and what follows from their records."""

    queryset = Programme.objects.select_related("buyer").order_by("-pk")
    serializer_class = ProgrammeTeller
    readers = {"create": ProgrammeBeginReader, "take_over": FiguresYearReader}

    @extend_schema(responses={201: ProgrammeTeller})
    @once
    def create(self, request: Request) -> Response:
        """Grade the suppliers of a buyer, now and from now on; a second time changes nothing."""
        return self.told(self.again(grades.begin(self.given()["buyer"], by=self.person)), 201)

    @extend_schema(parameters=YEAR, responses=YearFiguresTeller)
    @action(detail=True)
    def figures(self, request: Request, pk: str) -> Response:
        """The figures of a year that the scheme asks for, with the suppliers behind each."""
        return self.told(_figures(self._year()), teller=YearFiguresTeller)

    @extend_schema(responses=YearFiguresTeller)
    @action(detail=True, methods=["post"], url_path="take-over")
    @once
    def take_over(self, request: Request, pk: str) -> Response:
        """Let the year's report of the enterprise say the counted numbers."""
        programme, year = self.get_object(), self.given()["year"]
        _must_count(programme, year)
        yearly.take_over(programme.buyer, year, by=self.person)
        return self.told(_figures(figures_of(programme.buyer, year)), teller=YearFiguresTeller)

    @extend_schema(parameters=YEAR, responses=DisclosureTeller)
    @action(detail=True)
    def disclosure(self, request: Request, pk: str) -> Response:
        """What is disclosed of a year (X62, X63)."""
        return self.told(disclosure_of(self._year()), teller=DisclosureTeller)

    @extend_schema(responses=PushTeller)
    @action(detail=True)
    def push(self, request: Request, pk: str) -> Response:
        """Whom to push next, with the reason of each place; a greedy order."""
        return self.told(push.push_list(self.get_object().buyer), teller=PushTeller)

    def _year(self) -> YearFigures:
        programme = self.get_object()
        text = self.request.query_params.get("year") or str(today().year)
        year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else 0  # noqa: PLR2004 - a year
        _must_count(programme, year)
        return figures_of(programme.buyer, year)


def _must_count(programme: Programme, year: int) -> None:
    """404 for a year before the first grading, or to come."""
    if year not in years_of(programme):
        raise Http404


def _figures(found: YearFigures) -> dict[str, Any]:
    counted = [
        {
            "metric": metric,
            "count": count,
            "reported": reported,
            "suppliers": [row.supplier.pk for row in found.behind(metric)],
        }
        for metric, count, reported in found.told()
    ]
    shares = {
        "low_risk_share": found.low_risk_share,
        "audited_share": found.audited_share(*RISKY),
        "green_share": found.green_share,
    }
    return {"year": found.year, "day": found.day, "ungraded": found.ungraded, "counted": counted, **shares}
