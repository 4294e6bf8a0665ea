"""Progress by API: the place asked for, then those inside it."""

import datetime as dt
from decimal import Decimal

import pytest

from greenchain.clock import today
from suppliers.models import Region
from suppliers.reporting.actions import state
from tests.api.caller import Caller
from tests.cast import Cast

pytestmark = pytest.mark.django_db

THIS_YEAR = today().year


def _output(code, amount):
    region = Region.objects.get(pk=code)
    state(
        region, THIS_YEAR, by=None, gross_output=Decimal(amount), source="office", vintage=dt.date(2026, 3, 1)
    )


@pytest.fixture
def figures(cast: Cast) -> Cast:
    for code, output in (("330000", 200), ("330600", 100), ("440000", 300)):
        _output(code, output)
    return cast


def test_the_nation_its_provinces_and_a_provinces_cities(figures: Cast):
    figures.granted()
    whole = Caller().get("progress/", year=THIS_YEAR).body
    assert (whole["target"], whole["target_year"], whole["year"]) == ("40", 2030, THIS_YEAR)
    assert [row["region"] for row in whole["results"]] == [None, "330000", "440000"]
    inside = Caller().get("progress/", region="330000").body["results"]
    assert [row["region"] for row in inside] == ["330000", "330600"]
    assert [row["region"] for row in Caller().get("progress/", region="330600").body["results"]] == ["330600"]
    assert inside[1]["titled"] == 1


def test_it_costs_the_same_for_one_province_and_for_three(cast: Cast, django_assert_num_queries):
    cast.granted()
    for code in ("330000", "440000", "810000"):
        _output(code, 100)
        with django_assert_num_queries(9):
            Caller().get("progress/", year=THIS_YEAR)


@pytest.mark.usefixtures("figures")
def test_the_line_of_the_level_asked_for():
    row = Caller().get("progress/", region="330600", level="national").body["results"][0]
    assert row["share"] == row["national"]
    row = Caller().get("progress/", region="330600").body["results"][0]
    assert row["share"] == row["any"]


@pytest.mark.parametrize(
    "query", [{"year": "x"}, {"year": 10**30}, {"year": 1}, {"region": "9"}, {"region": "330602"},
              {"region": "\x00" * 6},
              {"level": "county"}],
)  # fmt: skip
@pytest.mark.usefixtures("figures")
def test_odd_questions(query: dict[str, object]):
    answer = Caller().get("progress/", **query)
    assert (answer.status, list(answer.body["errors"])) == (400, list(query))


@pytest.mark.usefixtures("cast")
def test_nothing_known_is_no_error():
    assert Caller().get("progress/").body["results"][0]["share"] is None
