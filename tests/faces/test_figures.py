"""Figures in the notation of each language."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.utils.translation import override

from certification.templatetags import figures


@pytest.fixture(params=["en", "zh-hans", "id"])
def language(request):
    with override(request.param):
        yield request.param


def test_a_number_has_the_separators_of_its_language(language):
    expected = {"en": "1,234,567.89", "zh-hans": "1,234,567.89", "id": "1.234.567,89"}
    assert figures.number(Decimal("1234567.891")) == expected[language]


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (8336, 0, "8,336"),
        (Decimal("5.405"), 2, "5.41"),
        (Decimal("4.000"), None, "4"),
        (100, None, "100"),
        (-3, 0, "\N{MINUS SIGN}3"),
        (Decimal("-0.001"), 1, "0.0"),
        ("12.5", 1, "12.5"),
        (None, None, "–"),
        ("", 1, "–"),
        ("half", 1, "–"),
        (float("nan"), 1, "–"),
        (True, 0, "–"),
    ],
)
def test_a_number_is_rounded_half_up_and_never_invented(value, places, shown):
    with override("en"):
        assert figures.number(value, places) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(2038, "+2,038"), (0, "0"), (-4, "\N{MINUS SIGN}4"), (None, "–")]
)
def test_a_change_has_its_sign(value, shown):
    with override("en"):
        assert figures.signed(value, 0) == shown


def test_per_cent(language):
    expected = {"en": "22.4\N{NO-BREAK SPACE}%", "zh-hans": "22.4%", "id": "22,4%"}
    assert figures.percent(Decimal("22.4")) == figures.share(Decimal("0.224")) == expected[language]
    assert figures.percent(None) == figures.share("") == "–"


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (Decimal("1234567.891"), "10k", "CNY 12.3 billion", "123 亿元"),
        (Decimal(79), "10k", "CNY 790,000", "79.0 万元"),
        (Decimal(31000), "100m", "CNY 3.10 trillion", "3.10 万亿元"),
        (Decimal(950), "cny", "CNY 950", "950 元"),
        (Decimal(-250), "10k", "CNY \N{MINUS SIGN}2.50 million", "\N{MINUS SIGN}250 万元"),
        (Decimal(0), "10k", "CNY 0", "0 元"),
        (None, "10k", "–", "–"),
    ],
)
def test_money_keeps_three_digits_in_the_readers_own_steps(value, unit, english, chinese):
    with override("en"):
        assert figures.money(value, unit).replace("\N{NO-BREAK SPACE}", " ") == english
    with override("zh-hans"):
        assert figures.money(value, unit).replace("\N{NO-BREAK SPACE}", " ") == chinese


def test_dates(language):
    at = dt.datetime(2026, 6, 18, 16, 5, tzinfo=dt.UTC)
    days = {"en": "19 Jun 2026", "zh-hans": "2026年6月19日", "id": "19 Jun 2026"}
    assert figures.day(dt.date(2026, 6, 19)) == figures.day(at) == days[language]
    assert figures.moment(at).startswith(days[language])
    assert figures.moment(at).endswith("00:05")
    assert figures.day(None) == figures.moment(None) == "–"


def test_units_stay_with_their_number():
    with override("en"):
        assert figures.quantity(Decimal("38.2"), "kgce/10k CNY") == "38.2\N{NO-BREAK SPACE}kgce/10k CNY"
        assert figures.quantity(None, "tce") == figures.seconds(None) == "–"
        assert figures.quantity(3) == "3"
        assert figures.seconds(1.84) == "1.8 s"


def test_names_in_the_readers_language():
    place = SimpleNamespace(name_zh="浙江省", name_en="Zhejiang")
    scheme = SimpleNamespace(names={"en": "Green factory", "zh-hans": "绿色工厂"})
    nameless = SimpleNamespace(name_zh="云南某县", name_en="")
    with override("zh-hans"):
        assert [figures.named(thing) for thing in (place, scheme, "text", None)] == [
            "浙江省",
            "绿色工厂",
            "text",
            "",
        ]
    with override("id"):
        assert [figures.named(thing) for thing in (place, scheme, nameless)] == [
            "Zhejiang",
            "Green factory",
            "云南某县",
        ]
        assert figures.words({"en": "yes", "id": "ya"}) == "ya"
        assert figures.words(None) == ""
