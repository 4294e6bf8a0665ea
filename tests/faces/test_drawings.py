"""Geometry: right is better, nothing leaves the scale, no reader's notation in an attribute."""

from decimal import Decimal

import pytest
from django.utils.translation import override

from certification.templatetags import chart, drawings, tiles


@pytest.mark.parametrize(
    ("value", "base", "lead", "dot", "fill"),
    [
        (Decimal(50), Decimal(50), Decimal(30), "25.00%", "0.00%"),
        (Decimal(40), Decimal(50), Decimal(30), "50.00%", "25.00%"),
        (Decimal(30), Decimal(50), Decimal(30), "75.00%", "50.00%"),
        (Decimal(60), Decimal(0), Decimal(80), "62.50%", "37.50%"),
        (Decimal(-1000), Decimal(0), Decimal(80), "3.00%", "0.00%"),
        (Decimal(1000), Decimal(0), Decimal(80), "97.00%", "50.00%"),
    ],
)
def test_base_and_lead_stand_still_and_the_dot_moves(value, base, lead, dot, fill):
    bar = drawings.score_bar(value, base, lead)
    assert bar is not None
    assert (bar.base_at, bar.lead_at) == ("25.00%", "75.00%")
    assert (bar.dot, bar.fill) == (dot, fill)
    assert bar.falling is (lead < base)


def test_beyond_the_scale_is_said():
    worst, best = drawings.score_bar(-1000, 0, 80), drawings.score_bar(1000, 0, 80)
    assert worst is not None
    assert best is not None
    assert (worst.below, worst.beyond) == (True, False)
    assert (best.below, best.beyond) == (False, True)


@pytest.mark.parametrize(("base", "lead"), [(None, 3), (3, None), (3, 3)])
def test_without_a_scale_there_is_no_bar(base, lead):
    assert drawings.score_bar(4, base, lead) is None


def test_a_missing_value_leaves_an_empty_scale():
    bar = drawings.score_bar(None, 80, 100)
    assert bar is not None
    assert (bar.dot, bar.fill) == ("", "")


@pytest.mark.parametrize(
    ("low", "high", "passing", "passes", "may_pass"),
    [
        (61, 73, 70, False, True),
        (82, 82, 80, True, True),
        (40, 55, 60, False, False),
        (40, 55, None, False, False),
    ],
)
def test_a_range_says_what_can_still_be_reached(low, high, passing, passes, may_pass):
    drawn = drawings.score_range(low, high, passing)
    assert (drawn.passes, drawn.may_pass) == (passes, may_pass)
    assert drawn.low == f"{low:.2f}%"
    assert drawn.settled is (low == high)


def test_shares_fill_the_bar():
    parts = drawings.shares(
        [{"label": "a", "value": 1, "tone": "green"}, {"label": "b", "value": 3, "tone": "grey"}]
    )
    assert [(part.x, part.width) for part in parts] == [("0.00%", "25.00%"), ("25.00%", "75.00%")]
    assert [part.width for part in drawings.shares([{"label": "a", "value": 0, "tone": "green"}])] == [
        "0.00%"
    ]


SERIES = [
    {"year": 2023, "any": 17, "provincial": 15, "national": 13},
    {"year": 2024, "any": 20, "provincial": 18, "national": None},
    {"year": 2025, "any": Decimal("22.4"), "provincial": Decimal("20.9"), "national": Decimal("18.1")},
]
TARGET = {"share": 40, "year": 2030, "forecast": Decimal("36.6")}


def test_a_chart_draws_lines_target_pace_and_forecast():
    with override("id"):
        drawn = chart.progress_chart(SERIES, TARGET)
    looks = [stroke.look for stroke in drawn.strokes]
    assert [
        looks.count(look) for look in ("target", "pace", "forecast", "line line-any", "line line-national")
    ] == [
        1,
        1,
        1,
        2,
        1,
    ]
    positions = [getattr(stroke, name) for stroke in drawn.strokes for name in ("x1", "x2", "y1", "y2")]
    assert not any("," in position for position in positions)
    assert all(0 <= int(stroke.y1) <= drawn.height for stroke in drawn.strokes)


def test_a_chart_keeps_its_labels_apart():
    with override("en"):
        drawn = chart.progress_chart(SERIES, None)
    names = [mark for mark in drawn.words if mark.look.startswith("label-")]
    assert len(names) == 2
    assert abs(int(names[0].y) - int(names[1].y)) >= chart.LABEL_STEP


def test_a_chart_without_years_is_empty_and_one_without_target_ends_with_its_data():
    assert chart.progress_chart([], TARGET).strokes == []
    assert not chart.progress_chart([{"year": 2025, "any": None}], TARGET).summary
    assert "forecast" not in [stroke.look for stroke in chart.progress_chart(SERIES, None).strokes]
    reached = chart.progress_chart(SERIES, {"share": 20, "year": 2025})
    assert "pace" not in [stroke.look for stroke in reached.strokes]


@pytest.mark.parametrize(
    ("share", "look"),
    [
        (None, "tile-none"),
        (0, "shade-0"),
        (Decimal("7.99"), "shade-0"),
        (8, "shade-1"),
        (39, "shade-4"),
        (40, "shade-5"),
    ],
)
def test_a_tile_is_as_dark_as_its_share(share, look):
    assert tiles.shade(share) == look


def test_every_province_has_its_own_square():
    drawn = tiles.tiles([{"code": "330000", "share": 10, "url": "/x/"}])
    assert len(drawn) == len({(tile.col, tile.row) for tile in drawn}) == 31
    assert [tile.url for tile in drawn if tile.code == "330000"] == ["/x/"]
    assert {tile.figure for tile in drawn if tile.code != "330000"} == {"–"}


def test_squares_speak_the_readers_language():
    with override("zh-hans"):
        assert {tile.code: tile.long for tile in tiles.tiles([])}["330000"] == "浙江"
    with override("id"):
        zhejiang = next(tile for tile in tiles.tiles([]) if tile.code == "330000")
    assert (zhejiang.name, zhejiang.long) == ("Zhejiang", "ZJ")
    assert len(tiles.steps()) == 6
