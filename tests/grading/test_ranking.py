"""Bands are shares of ranks; ties, small industries and the lower of two bands, at their borders."""

from decimal import Decimal

import pytest

from certification.grading.catalogue import catalogue
from certification.grading.ranking import Contender, graded, last_places

NUMBERS = {"bands": [["A+", 5], ["A", 35], ["B", 60]], "small": 5}
BANDS = [("A+", 5), ("A", 35), ("B", 60)]


def field(*scores: float, industry: str = "", start: int = 1) -> list[Contender]:
    return [Contender(start + place, industry, Decimal(str(score))) for place, score in enumerate(scores)]


def codes(contenders: list[Contender]) -> str:
    return " ".join(place.code for place in graded(contenders, NUMBERS).values())


def test_the_file_says_five_thirty_five_and_sixty() -> None:
    numbers = catalogue().numbers
    assert numbers["bands"] == NUMBERS["bands"]
    assert sum(share for _code, share in numbers["bands"]) == 100
    assert numbers["small"] == 5


@pytest.mark.parametrize(
    ("count", "ends"),
    [(0, (0, 0, 0)), (1, (1, 1, 1)), (20, (1, 8, 20)), (21, (2, 9, 21)), (100, (5, 40, 100))],
)
def test_shares_are_rounded_up_to_whole_places(count: int, ends: tuple[int, ...]) -> None:
    assert tuple(last for _code, last in last_places(count, BANDS)) == ends


def test_a_hundred_different_scores_fill_the_bands_exactly() -> None:
    found = graded(field(*range(100, 0, -1)), NUMBERS)
    assert [found[key].code for key in (1, 5, 6, 40, 41, 100)] == ["A+", "A+", "A", "A", "B", "B"]
    assert (found[41].overall.rank, found[41].overall.of) == (41, 100)


def test_who_ties_with_the_last_of_a_band_is_in_it_and_the_next_band_ends_where_it_did() -> None:
    found = graded(field(9, 8, 8, *(7 - n / 100 for n in range(18))), NUMBERS)  # 21: A+ ends at 2, A at 9
    assert [found[key].code for key in (1, 2, 3, 4, 9, 10)] == ["A+", "A+", "A+", "A", "A", "B"]
    assert [found[key].overall.rank for key in (2, 3, 4)] == [2, 2, 4]


def test_if_all_are_equal_all_are_first() -> None:
    assert set(codes(field(*[5] * 9)).split()) == {"A+"}


def test_the_code_is_the_lower_of_the_two_bands() -> None:
    strong = field(*range(100, 80, -1), industry="26")  # twenty of the best are of one industry: A+ ends at 1
    weak = field(*range(20, 0, -1), industry="17", start=21)
    found = graded([*strong, *weak], NUMBERS)
    assert found[2].overall.band == "A+"  # 2 of 40
    assert found[2].within is not None
    assert (found[2].within.rank, found[2].within.of, found[2].within.band) == (2, 20, "A")
    assert found[2].code == "A"
    assert found[21].overall.band == "B"
    assert found[21].within is not None
    assert (found[21].within.band, found[21].code) == ("A+", "B")


@pytest.mark.parametrize(("count", "ranked"), [(4, False), (5, True)])
def test_a_small_industry_has_no_ranks_of_its_own(count: int, *, ranked: bool) -> None:
    best = field(*range(100, 100 - count, -1), industry="36")
    others = field(*range(40, 0, -1), industry="17", start=50)
    within = graded([*best, *others], NUMBERS)[1].within
    assert (within is not None) == ranked


def test_without_an_industry_only_the_rank_among_all_counts() -> None:
    assert all(place.within is None for place in graded(field(*range(9)), NUMBERS).values())


def test_nobody_is_ranked_in_an_empty_field() -> None:
    assert graded([], NUMBERS) == {}


def test_every_sentence_stands_in_three_languages_and_says_whose_it_is() -> None:
    told = catalogue()
    assert {rule.mark for rule in told.rules} == {"source", "suggestion"}
    assert {rule.key for rule in told.rules if rule.mark == "source"} == {"bands", "who"}
    for texts in [*(rule.texts for rule in told.rules), *told.refusals.values()]:
        assert all(texts[language] for language in ("en", "zh-hans", "id"))
