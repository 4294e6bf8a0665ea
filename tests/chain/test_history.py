"""How green suppliers were over the years, checked by hand on a small network."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from certification.chain import marks
from certification.chain.history.years import YEARS, Point, days, of_buyer, of_territory
from certification.chain.status import State, holdings
from certification.chain.territory.scope import Scope
from certification.models import Designation, Spell
from greenchain.accounts.models import User
from greenchain.clock import today
from suppliers.models import Authority, Enterprise, SupplyLink
from tests.api.caller import Caller
from tests.chain.conftest import Chains
from tests.factories_suppliers import EnterpriseFactory

Enter = Callable[[User], Client]
THIS = today().year


@pytest.fixture
def dated(chains: Chains) -> Chains:
    """Two suppliers since three years ago; one was green for a year, one is since last year; a third left."""
    old, new, gone = (
        chains.supplier(life, name=name) for life, name in (("current", "旧"), ("current", "新"), ("", "离"))
    )
    since = dt.date(THIS - 3, 6, 1)
    for supplier, spend in ((old, 30), (new, 60), (gone, 10)):
        chains.link(supplier, spend=Decimal(spend), since_on=since)
    SupplyLink.objects.filter(supplier=gone).update(until_on=dt.date(THIS - 2, 6, 1))
    _stood(old, dt.date(THIS - 3, 7, 1), dt.date(THIS - 2, 7, 1))
    _stood(new, dt.date(THIS - 1, 7, 1), None)
    return chains


def _stood(supplier: Enterprise, begun: dt.date, ended: dt.date | None) -> None:
    spells = Spell.objects.filter(designation__site__enterprise=supplier)
    assert spells.update(starts_on=begun, ends_on=ended) == 1
    Designation.objects.filter(site__enterprise=supplier).update(announced_on=begun)


def told(points: list[Point]) -> list[tuple[int, int, int, float | None]]:
    return [
        (point.day.year, point.suppliers, point.green, point.spend_share and round(point.spend_share, 4))
        for point in points
    ]


BY_HAND = [
    (THIS - 3, 3, 1, 0.3),
    (THIS - 2, 2, 0, 0.0),
    (THIS - 1, 2, 1, 0.6667),
    (THIS, 2, 1, 0.6667),
]


def test_links_and_titles_count_by_their_days(dated: Chains) -> None:
    assert days()[0] == dt.date(THIS - YEARS + 1, 12, 31)
    assert days()[-1] == today()
    assert told(of_buyer(dated.cast.owner, dated.buyer)) == BY_HAND
    for code, region in (("CN", None), ("3306", "330602")):
        authority = Authority.objects.get(code=code)
        place = dated.buyer.region if region else None
        assert told(of_territory(Scope(authority, place))) == BY_HAND
    EnterpriseFactory.create()
    assert of_territory(Scope(Authority.objects.get(code="44"))) == []


def test_hidden_figures_stay_out_until_they_are_many(dated: Chains) -> None:
    link = SupplyLink.objects.get(supplier__name="旧")
    SupplyLink.objects.filter(pk=link.pk).update(declared_by=link.supplier)
    shares = [point.spend_share for point in of_buyer(dated.cast.owner, dated.buyer)]
    assert shares == [0, 0, 1, 1]  # of the rest alone: 0 of 70, 0 of 60, 60 of 60
    official = of_buyer(dated.cast.reviewer_CN, dated.buyer)
    assert told(official) == BY_HAND


def test_page_sheet_and_api(dated: Chains, signed_in: Enter) -> None:
    address = f"/supply/{dated.buyer.pk}/history/"
    for person, place in ((dated.cast.owner, address), (dated.cast.reviewer_3306, "/supply/flows/history/")):
        client = signed_in(person)
        page = client.get(place, headers={"accept-language": "en"}).content.decode()
        for words in ("33.3\u00a0%", "66.7\u00a0%", f"31 Dec {THIS - 3}", "line-spend", 'role="img"'):
            assert words in page, words
        assert f"?day={THIS - 1}-12-31" in page
        text = b"".join(client.get(f"{place}?format=csv")).decode()
        rows = list(csv.DictReader(io.StringIO(text[1:])))
        assert [(row["suppliers"], row["green"], row["green_by_spend"]) for row in rows] == [
            ("3", "1", "0.3000"),
            ("2", "0", "0.0000"),
            ("2", "1", "0.6667"),
            ("2", "1", "0.6667"),
        ]
    said = Caller.of(dated.cast.owner).get(f"supply-chains/{dated.buyer.pk}/history").body
    assert [row["green"] for row in said] == [1, 0, 1, 1]
    said = Caller.of(dated.cast.people["auditor_CN"]).get("supply-flows/history").body
    assert [row["suppliers"] for row in said] == [3, 2, 2, 2]


def test_before_the_first_link_the_next_step_is_told(chains: Chains, signed_in: Enter) -> None:
    client = signed_in(chains.cast.reviewer_3306)
    for address in (f"/supply/{chains.buyer.pk}/history/", "/supply/flows/history/?region=330602"):
        page = client.get(address, headers={"accept-language": "en"}).content.decode()
        assert "The line begins" in page


@pytest.mark.parametrize("page", ["flows/history/", "{buyer}/history/"])
def test_others_are_told_that_there_is_no_such_page(dated: Chains, signed_in: Enter, page: str) -> None:
    address = f"/supply/{page.format(buyer=dated.buyer.pk)}"
    for part in ("stranger", "evaluator", "expert_a", "administrator"):
        assert signed_in(getattr(dated.cast, part)).get(address).status_code == 404
    if "flows" in page:
        assert signed_in(dated.cast.owner).get(address).status_code == 404
    else:
        assert signed_in(dated.cast.reviewer_44).get(address).status_code == 404
    assert Client().get(address).headers["Location"].startswith("/accounts/login/")


def test_a_buyer_s_history_asks_little(dated: Chains, signed_in: Enter) -> None:
    client, counts = signed_in(dated.cast.owner), []
    for more in (1, 4):
        dated.many(more)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/supply/{dated.buyer.pk}/history/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_a_title_says_nothing_of_days_before_it(chains: Chains) -> None:
    supplier = chains.supplier("current")
    yesterday = today() - dt.timedelta(days=1)
    assert holdings([supplier.pk])[supplier.pk].state is State.GREEN
    assert holdings([supplier.pk], yesterday)[supplier.pk].state is State.NONE


@pytest.mark.django_db(transaction=True)
def test_past_days_are_kept_until_a_title_changes(chains: Chains) -> None:
    supplier, day = chains.supplier("current"), today() - dt.timedelta(days=1)
    marks.fold()
    before = marks.marks(day)
    assert marks.marks(day) is before
    _stood(supplier, day, None)
    after = marks.marks(day)
    assert after is not before
    assert [(kept.state == marks.CODES[State.GREEN]).any() for kept in (before, after)] == [False, True]
    for back in range(2, 2 + marks.PAST_DAYS):
        marks.marks(today() - dt.timedelta(days=back))
    assert len(marks._past) <= marks.PAST_DAYS
