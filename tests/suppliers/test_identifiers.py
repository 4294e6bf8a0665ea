"""Identifiers in their one form, and what is said of the faulty ones."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn.uscc import calc_check_digit

from suppliers.enterprise.identifiers import USCC_ALPHABET, fault, normalise, organisation_check, warning
from tests.uscc import uscc

VECTORS = Path(__file__).parents[1] / "data" / "uscc_test_vectors.csv"


def vectors(valid):
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return [row["code"] for row in csv.DictReader(file) if row["valid"] == valid]


@pytest.mark.parametrize("code", vectors("1"))
def test_every_sound_code_passes_without_warning(code):
    assert fault("uscc", normalise("uscc", code)) is None
    assert warning("uscc", code) is None


@pytest.mark.parametrize("code", vectors("0"))
def test_every_faulty_code_is_refused(code):
    assert fault("uscc", normalise("uscc", code))


def test_the_vectors_cover_every_check_character():
    assert {code[-1] for code in vectors("1")} == set(USCC_ALPHABET)


@pytest.mark.parametrize(
    "text",
    [
        "９１110000600037341L",
        " 91110000600037341l ",
        "91 110000 600037341L",
        "91-110000-600037341L",
        "\ufeff91110000600037341L",
    ],
)
def test_spreadsheets_are_forgiven(text):
    assert normalise("uscc", text) == "91110000600037341L"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "Please give"),
        ("9111000060003734", "this one has 16"),
        ("9A110000600037341L", "Character 2 is “A”; the first eight are digits"),
        ("9111000060003734IL", "Character 17 is “I”"),
        ("91110000600037341M", "check character does not fit"),
        ("91110000600073341L", "two have changed places"),
        ("9111000060003734中L", "Character 17 is “中”"),
    ],
)
def test_the_words_say_what_is_wrong(code, words):
    assert words in (fault("uscc", code) or "")


def test_the_older_check_only_warns():
    stem = "91330600123456780"
    assert organisation_check("12345678") != "0"
    code = stem + calc_check_digit(stem)
    assert fault("uscc", code) is None
    assert "GB 11714" in (warning("uscc", code) or "")
    assert warning("lei", "anything") is None


@given(st.integers(0, 10**8 - 1))
def test_synthetic_codes_are_sound(number):
    assert fault("uscc", uscc(number)) is None
    assert warning("uscc", uscc(number)) is None


@given(st.integers(0, 10**8 - 1), st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_is_always_found(number, place, other):
    code = uscc(number)
    if code[place] != other:
        assert fault("uscc", code[:place] + other + code[place + 1 :])


@given(st.text(max_size=30))
def test_no_text_crashes(text):
    for scheme in ("uscc", "lei", "duns", "vat", "national"):
        fault(scheme, normalise(scheme, text), "DE")


@pytest.mark.parametrize(
    ("scheme", "text", "country", "sound"),
    [
        ("lei", "529900T8BM49AURSDO55", "DE", True),
        ("lei", "529900T8BM49AURSDO56", "DE", False),
        ("duns", "15-048-3782", "US", True),
        ("duns", "15-048-378", "US", False),
        ("vat", "DE 136 695 976", "DE", True),
        ("vat", "DE136695978", "DE", False),
        ("vat", "12345", "XK", True),
        ("vat", "1" * 41, "XK", False),
        ("national", "HRB 12345-B", "DE", True),
        ("national", "1" * 41, "DE", False),
    ],
)
def test_identifiers_abroad(scheme, text, country, sound):
    assert (fault(scheme, normalise(scheme, text), country) is None) is sound


def test_national_numbers_keep_their_hyphens():
    assert normalise("national", " hrb 12345-b ") == "HRB12345-B"
