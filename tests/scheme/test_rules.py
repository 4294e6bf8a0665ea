"""What the rules say of optional groups, must items, the bonus, ratios, steps, and gates of a scheme's own."""

import pytest

from certification.assessment.checks import CHECKS
from certification.scheme.definition import SchemeError, parse
from tests.scheme.small import JUDGED, MEASURED, block, gate, indicator, small

FULL = block("A", 100) + indicator("A1", "A", 100)
CARBON = 'formula = "co2_t / energy_tce"\nunit = "t CO2/tce"\n'
PICK = 'pick = 1\nfrom = { pick = "ours" }'


def told(*parts: str, extra: str = "") -> list[str]:
    """What a file is told, without lines."""
    try:
        parse(small(*parts, extra=extra), known_checks=frozenset(CHECKS))
    except SchemeError as error:
        return [fault.message for fault in error.faults]
    return []


def test_the_small_file_is_without_fault() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("parts", "extra", "messages"),
    [
        (
            block("A", 100) + indicator("A1", "A", 100, JUDGED + 'group = "one"\n'),
            "",
            ["there is a group, yet no 'pick'", "the indicators of block 'A' add up to 0, not to 100"],
        ),
        (FULL, PICK, ["'pick' is 1, but there are 0 groups"]),
        (
            block("A", 70)
            + indicator("A1", "A", 70)
            + indicator("A2", "A", 30, JUDGED + 'group = "one"\n')
            + indicator("A3", "A", 20, JUDGED + 'group = "one"\n'),
            PICK,
            ["optional indicators weigh the same: 'A3' does not weigh what the first does"],
        ),
        (
            block("A", 80) + indicator("A1", "A", 80) + indicator("A2", "A", 30, JUDGED + 'group = "one"\n'),
            PICK,
            ["the blocks' weights and 1 optional indicators add up to 110, not to 100"],
        ),
        (
            FULL + indicator("B1", "A", 3, JUDGED + "bonus = true\n"),
            "",
            ["'bonus_max' is missing: there are bonus indicators"],
        ),
        (
            FULL + indicator("B1", "A", 3, JUDGED + "bonus = true\n"),
            'bonus_max = 5\nfrom = { bonus_max = "ours" }',
            ["'bonus_max' is 5, the bonuses add up to 3"],
        ),
        (
            FULL + indicator("B1", "A", 3, JUDGED + "bonus = true\nmust = true\n"),
            'bonus_max = 3\nfrom = { bonus_max = "ours" }',
            ["'B1' is 'must' and 'bonus' at once"],
        ),
        (
            block("A", 100) + indicator("A1", "A", 100, MEASURED + "must = true\n", base=1, lead=2),
            "",
            ["'A1' must be met: that takes step scoring, or a person's judgement"],
        ),
        (
            block("A", 100) + indicator("A1", "A", 100, MEASURED + 'scoring = "ratio"\n', base=1, lead=2),
            "",
            ["'base' has no part in ratio scoring"],
        ),
        (
            block("A", 100) + indicator("A1", "A", 100, MEASURED + 'scoring = "ratio"\n', lead=0),
            "",
            ["'A1' is scored as a ratio: its lead value must be above 0"],
        ),
        (
            block("A", 100) + indicator("A1", "A", 100, MEASURED + 'scoring = "step"\n'),
            "",
            ["'lead' is missing; say 'unpublished = true' if none is published"],
        ),
        (
            block("A", 100) + indicator("A1", "A", 100, MEASURED + "less_is_better = true\n", base=2, lead=1),
            "",
            ["'less_is_better' has no part in linear scoring"],
        ),
        (
            block("A", 100) + indicator("A1", "A", 100, MEASURED + 'scoring = "steep"\n', base=1, lead=2),
            "",
            ["'scoring' is 'steep', not one of linear, ratio, step"],
        ),
        (
            FULL + gate(f'key = "gate.x"\n{CARBON}'),
            "",
            ["a gate with a formula needs a minimum or a maximum"],
        ),
        (
            FULL + gate(f'key = "gate.x"\n{CARBON}minimum = 2\nmaximum = 1\nfrom = {{ minimum = "ours" }}'),
            "",
            ["'from' does not say where 'maximum' comes from", "'maximum' must be above 'minimum'"],
        ),
        (
            FULL + gate('key = "gate.x"\nmaximum = 1\nfrom = { maximum = "ours" }'),
            "",
            [
                "a gate needs a 'check', a 'formula' or 'evidence'",
                "'maximum' stands without a formula",
            ],
        ),
        (
            FULL + gate(f'key = "gate.x"\n{CARBON}maximum = 1\nfrom = {{ maximum = "ours" }}', "veto"),
            "",
            ["the key of this gate must start with 'veto.'"],
        ),
        (
            FULL + gate('key = "veto.not_operating"\nevidence = ["green_plan"]\n', "veto"),
            "",
            [
                "'question' is missing",
                "'veto.not_operating' is a registered check: name it as 'check', or choose another key",
            ],
        ),
        (
            FULL + gate('key = "gate.papers"\nevidence = ["green_plan"]'),
            "",
            ["gate 'gate.papers' stands twice"],
        ),
        (
            block("A", 100)
            + indicator(
                "A1",
                "A",
                100,
                'kind = "quantitative"\nformula = "workers"\nunit = "people"\n',
                base=1,
                lead=2,
            ),
            "",
            ["'workers' is not a figure of the subject 'site'"],
        ),
        (
            FULL
            + gate(
                'key = "gate.x"\nformula = "count(attributes)"\nunit = "items"\nminimum = 1\n'
                'from = { minimum = "ours" }'
            ),
            "",
            ["'attributes' is not a table of the subject 'site'"],
        ),
        (
            block("A", 100) + indicator("A1", "A", 100, JUDGED + 'scoring = "step"\n'),
            "",
            ["a qualitative indicator has no 'scoring'"],
        ),
    ],
)
def test_faults(parts: str, extra: str, messages: list[str]) -> None:
    assert sorted(told(parts, extra=extra)) == sorted(messages)
