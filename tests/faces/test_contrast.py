"""The colours as they stand in the tokens: readable in both themes, and one dark set written twice."""

import re
from itertools import product

import pytest
from django.conf import settings

TOKENS = (settings.BASE_DIR / "static/css/tokens.css").read_text(encoding="utf-8")
SETS = [
    found
    for block in re.findall(r"\{([^{}]*)\}", TOKENS)
    if (found := dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block)))
]
LIGHT, DARK_BY_SYSTEM, DARK_BY_CHOICE = SETS
TONES = ("green", "amber", "red", "blue", "grey")
PAIRS = [
    *product(("ink", "ink-2", "green", "green-deep", *TONES), ("paper", "wash")),
    *((tone, f"{tone}-wash") for tone in TONES),
    *product(("ink", "ink-2"), [f"{tone}-wash" for tone in TONES]),
    ("on-green", "green"),
    ("on-green", "green-deep"),
    ("on-red", "red"),
    ("green-deep", "green-wash"),
    *((f"on-shade-{step}", f"shade-{step}") for step in range(6)),
]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_right():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("tokens", [LIGHT, DARK_BY_SYSTEM], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_is_readable(tokens, text, ground):
    assert contrast(tokens[text], tokens[ground]) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK_BY_SYSTEM], ids=["light", "dark"])
def test_the_edge_of_a_field_is_seen(tokens):
    assert contrast(tokens["edge"], tokens["paper"]) >= 3


def test_the_dark_set_is_the_same_by_system_and_by_choice():
    assert DARK_BY_SYSTEM == DARK_BY_CHOICE
    assert LIGHT.keys() == DARK_BY_SYSTEM.keys()


def test_only_the_tokens_name_colours():
    allowed = {"tokens.css", "print.css"}
    for sheet in sorted((settings.BASE_DIR / "static/css").glob("*.css")):
        colours = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;,)])", sheet.read_text(encoding="utf-8"))
        assert sheet.name in allowed or set(colours) <= {"#ffffff"}, sheet.name


def test_nothing_is_smaller_than_thirteen_pixels():
    sizes = [
        (sheet.name, float(size))
        for sheet in (settings.BASE_DIR / "static/css").glob("*.css")
        for size in re.findall(r"font(?:-size)?:[^;]*?([\d.]+)rem", sheet.read_text(encoding="utf-8"))
    ]
    assert sizes
    assert [found for found in sizes if found[1] * 16 < 13] == []
