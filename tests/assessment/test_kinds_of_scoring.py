"""Ratio and step scoring, must items, optional groups, the bonus, and gates that figures decide."""

from decimal import Decimal
from typing import Any

import pytest

from certification.assessment.scoring import Score, Scored, score
from certification.scheme.definition import parse
from tests.scheme.small import JUDGED, MEASURED, block, gate, indicator, small

D = Decimal
RATIO = MEASURED + 'scoring = "ratio"\n'
STEP = MEASURED + 'scoring = "step"\n'
LESS = "less_is_better = true\n"
ONE_BLOCK = block("A", 100)


def scored(*parts: str, extra: str = "", **case: Any) -> Score:
    """The score of a small scheme; ``energy`` stands for the one metric that it reads."""
    energy = case.pop("energy", None)
    values = {**case.pop("values", {}), **({} if energy is None else {"energy_tce": energy})}
    return score(parse(small(*parts, extra=extra)), values=values, tables={}, **case)


@pytest.mark.parametrize(
    ("how", "lead", "energy", "points"),
    [
        (RATIO, 40, "0", "0"),
        (RATIO, 40, "10", "25"),
        (RATIO, 40, "39.99", "99.975"),
        (RATIO, 40, "40", "100"),
        (RATIO, 40, "90", "100"),
        (RATIO + LESS, 40, "0", "100"),
        (RATIO + LESS, 40, "-5", "100"),
        (RATIO + LESS, 40, "40", "100"),
        (RATIO + LESS, 40, "50", "80"),
        (RATIO + LESS, 40, "160", "25"),
        (STEP, 40, "39.9999", "0"),
        (STEP, 40, "40", "100"),
        (STEP, 40, "41", "100"),
        (STEP + LESS, 40, "40", "100"),
        (STEP + LESS, 40, "40.0001", "0"),
    ],
)
def test_ratio_and_step(how: str, lead: int, energy: str, points: str) -> None:
    total = scored(ONE_BLOCK, indicator("A1", "A", 100, how, lead=lead), energy=energy)
    assert (total.results[0].state, total.low) == (Scored.COMPUTED, D(points))
    assert (total.results[0].base, total.results[0].lead) == (None, D(lead))


def test_a_missing_figure_scores_in_no_kind_of_scoring() -> None:
    for how in (RATIO, RATIO + LESS, STEP, STEP + LESS):
        total = scored(ONE_BLOCK, indicator("A1", "A", 100, how, lead=40))
        assert (total.results[0].state, total.low, total.scorable) == (Scored.MISSING, D(0), D(100))


def test_reasons_say_what_kind_of_scoring_it_is() -> None:
    near = scored(ONE_BLOCK, indicator("A1", "A", 100, RATIO, lead=40), energy="10").results[0]
    assert near.reason["en"] == "10 tce is 25 % of the way to the lead value 40: 25 of 100 points."
    short = scored(ONE_BLOCK, indicator("A1", "A", 100, STEP, lead=40), energy="10").results[0]
    assert short.reason["en"] == "10 tce does not reach the required value 40: no points."


def test_an_entered_benchmark_is_the_lead_of_a_ratio() -> None:
    unpublished = indicator("A1", "A", 100, RATIO + "unpublished = true\n")
    assert scored(ONE_BLOCK, unpublished, energy="10").results[0].state == Scored.NO_BENCHMARK
    for lead, points in ((D(20), "50"), (D(0), "100"), (D(-1), "100")):
        total = scored(ONE_BLOCK, unpublished, energy="10", benchmarks={"A1": (D(5), lead, "entered")})
        assert (total.low, total.results[0].base) == (D(points), None)
    falling = indicator("A1", "A", 100, RATIO + LESS + "unpublished = true\n")
    assert scored(ONE_BLOCK, falling, energy="10", benchmarks={"A1": (D(5), D(0), "entered")}).low == 0


MUSTS = (
    ONE_BLOCK
    + indicator("A1", "A", 40, STEP + "must = true\n", lead=40)
    + indicator("A2", "A", 60, JUDGED + "must = true\n")
)


def test_must_items_are_unmet_open_or_met() -> None:
    total = scored(MUSTS, energy="39", claims={"A2": "full"})
    assert (total.unmet, total.unsettled, total.reaches(D(0))) == (("A1",), ("A2",), False)
    half = scored(MUSTS, energy="40", corrections={"A2": {"judgement": "half"}})
    assert (half.low, half.unmet, half.unsettled, half.reaches(D(60))) == (D(70), ("A2",), (), False)
    met = scored(MUSTS, energy="40", corrections={"A2": {"judgement": "full"}})
    assert (met.unmet, met.unsettled, met.reaches(D(100))) == ((), (), True)


def test_a_must_item_that_does_not_apply_holds_nobody_back() -> None:
    total = scored(MUSTS, energy="40", corrections={"A2": {"not_applicable": "yes"}})
    assert (total.low, total.unmet, total.unsettled) == (D(100), (), ())


CHOICE = (
    block("A", 50)
    + indicator("A1", "A", 50)
    + indicator("G1", "A", 25, JUDGED + 'group = "one"\n')
    + indicator("G2", "A", 25, JUDGED + 'group = "one"\n')
    + indicator("H1", "A", 25, JUDGED + 'group = "two"\n')
    + indicator("K1", "A", 25, JUDGED + 'group = "three"\n')
)
PICK = 'pick = 2\nfrom = { pick = "ours" }'


def judged(**words: str) -> dict[str, dict[str, str]]:
    return {code: {"judgement": word} for code, word in words.items()}


def test_the_best_optional_indicators_count_one_of_each_group() -> None:
    rulings = judged(A1="full", G1="full", G2="full", H1="none", K1="half")
    total = scored(CHOICE, extra=PICK, corrections=rulings)
    assert [result.code for result in total.results if result.chosen] == ["A1", "G1", "K1"]
    assert [total.points, total.scorable, total.not_applicable, total.low] == [D("87.5"), 100, 0, D("87.5")]
    left_out = total.result("G2")
    assert left_out is not None
    assert (left_out.state, left_out.points) == (Scored.NOT_APPLICABLE, D(0))
    assert left_out.reason["en"].startswith("Optional: others bring more, so it is not counted.")


def test_of_equals_the_first_in_the_scheme_counts() -> None:
    total = scored(CHOICE, extra=PICK)
    assert [result.code for result in total.results if result.chosen] == ["A1", "G1", "H1"]
    assert (total.missing, total.scorable, total.low) == (D(100), D(100), D(0))


def test_certain_points_go_before_claimed_ones_and_high_hopes_for_the_best() -> None:
    total = scored(CHOICE, extra=PICK, corrections=judged(H1="half", K1="half"), claims={"G1": "full"})
    assert [result.code for result in total.results if result.chosen] == ["A1", "H1", "K1"]
    assert (total.low, total.high) == (D(25), D("37.5"))
    settled = scored(CHOICE, extra=PICK, corrections=judged(H1="half", K1="half", G1="full"))
    assert settled.low == D("37.5")


def test_what_does_not_apply_is_not_chosen_while_others_do() -> None:
    rulings = judged(A1="full", H1="half", K1="half") | {"G1": {"not_applicable": "yes"}}
    total = scored(CHOICE, extra=PICK, corrections=rulings)
    assert [result.code for result in total.results if result.chosen] == ["A1", "H1", "K1"]
    assert total.low == D(75)


BONUS = (
    ONE_BLOCK
    + indicator("A1", "A", 100)
    + block("B", 0)
    + indicator("B1", "B", 4, JUDGED + "bonus = true\n")
    + indicator("B2", "B", 2, JUDGED + "bonus = true\n")
)
CAP = 'bonus_max = 5\nfrom = { bonus_max = "ours" }'


@pytest.mark.parametrize(
    ("rulings", "low", "bonus"),
    [
        ({"A1": "half"}, "50", "0"),
        ({"A1": "half", "B1": "half"}, "52", "2"),
        ({"A1": "half", "B1": "full", "B2": "full"}, "55", "5"),
        ({"A1": "full", "B1": "full", "B2": "full"}, "105", "5"),
    ],
)
def test_a_bonus_comes_on_top_and_is_capped(rulings: dict[str, str], low: str, bonus: str) -> None:
    total = scored(BONUS, extra=CAP, corrections=judged(**rulings))
    assert (total.low, total.bonus, total.scorable) == (D(low), D(bonus), D(100))


def test_a_claimed_bonus_widens_the_range_up_to_the_cap() -> None:
    total = scored(BONUS, extra=CAP, corrections=judged(A1="half", B1="full"), claims={"B2": "full"})
    assert (total.low, total.high, total.bonus_awaiting) == (D(54), D(55), D(1))
    assert (total.awaiting, total.missing) == (D(0), D(0))


LIMIT = 'key = "veto.carbon"\nformula = "co2_t / energy_tce"\nunit = "t CO2/tce"\n'
AT_MOST = gate(LIMIT + 'maximum = 0.2\nfrom = { maximum = "ours" }', "veto")
BANDED = gate(
    LIMIT + 'from = { maximum_by = "ours" }\n[gates.maximum_by]\nmetric = "energy_tce"\n'
    "bands = [{ at_least = 1000, value = 0.3 }, { at_least = 200, value = 0.2 }]",
    "veto",
)
REST = ONE_BLOCK + indicator("A1", "A", 100)


@pytest.mark.parametrize(
    ("gate_text", "energy", "co2", "kept"),
    [
        (AT_MOST, "1000", "199.9", True),
        (AT_MOST, "1000", "200", True),
        (AT_MOST, "1000", "200.1", False),
        (BANDED, "1000", "300", True),
        (BANDED, "1000", "300.1", False),
        (BANDED, "999", "200", False),
        (BANDED, "200", "40", True),
        (BANDED, "199", "0", None),
    ],
)
def test_a_gate_that_figures_decide(gate_text: str, energy: str, co2: str, *, kept: bool | None) -> None:
    total = scored(gate_text, REST, energy=energy, values={"co2_t": co2}, corrections=judged(A1="full"))
    (found,) = total.limits
    assert (found.key, found.veto, found.kept) == ("veto.carbon", True, kept)
    assert total.low == 100
    assert total.reaches(D(60)) is (kept is True)


def test_a_gate_says_what_is_missing_and_what_a_person_decided() -> None:
    (bare,) = scored(AT_MOST, REST).limits
    assert (bare.kept, bare.missing) == (False, ("co2_t", "energy_tce"))
    assert bare.reason["en"].startswith("Not reported: Carbon dioxide emissions, Total energy consumption.")
    (zero,) = scored(AT_MOST, REST, energy="0", values={"co2_t": "1"}).limits
    assert (zero.kept, zero.reason["en"][:19]) == (False, "Cannot be calculate")
    for word, kept in (("cleared", True), ("confirmed", False)):
        ruling = {"veto.carbon": {"veto": word}}
        ruled = scored(BANDED, REST, energy="199", values={"co2_t": "1"}, corrections=ruling)
        assert ruled.limits[0].kept is kept
    mended = scored(
        AT_MOST, REST, energy="10", values={"co2_t": "9"}, corrections={"veto.carbon": {"value": "0.1"}}
    )
    assert (mended.limits[0].kept, mended.limits[0].corrected) == (True, True)


def test_a_clear_figure_cannot_be_cleared_away() -> None:
    over = scored(
        AT_MOST,
        REST,
        energy="10",
        values={"co2_t": "9"},
        corrections={"veto.carbon": {"veto": "cleared"}},
    )
    assert over.limits[0].kept is False


def test_a_gate_on_an_endless_quotient_says_so() -> None:
    total = scored(AT_MOST, REST, energy="0.001", values={"co2_t": "9" * 24})
    assert total.limits[0].kept is False
    assert total.limits[0].reason["en"].startswith("1.0000E+27 t CO2/tce")
