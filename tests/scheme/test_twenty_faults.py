"""A scheme file with twenty planted faults is told twenty things, each with its line."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from certification.scheme.loading import FOLDER

PARK = (FOLDER / "green_park-2016.toml").read_text(encoding="utf-8")
HERE = "# here"
"""Marks the line on which the fault must be told; TOML takes it for a comment."""

AFTER_95 = (
    'lead = 95\nevidence = ["park_statistics"]\nfrom = { weight = "memory", formula = "variables", lead = '
)

PLANTED: tuple[tuple[str, str, str], ...] = (
    (
        "effective_on = 2016-09-03",
        f'effective_on = "2016-09-03" {HERE}',
        "'effective_on' must be a date like 2025-12-31",
    ),
    (
        '    "evidence.missing",',
        f'    "evidence.mising", {HERE}',
        "there is no check 'evidence.mising'",
    ),
    (
        'key = "memory"\nmark = "memory"',
        f'key = "memory"\nmark = "hearsay" {HERE}',
        "'mark' is 'hearsay', not one of source, sample, memory, suggestion",
    ),
    ("pass_score = 60", f"pass_score = 160 {HERE}", "the pass score of 'provincial' is not from 0 to 100"),
    (
        'counts_as = ["provincial"]',
        f'counts_as = ["national"] {HERE}',
        "'national' is not a level below 'national'",
    ),
    (
        'evaluation = "optional"\npanel',
        f'evaluation = "maybe" {HERE}\npanel',
        "'evaluation' is 'maybe', not one of none, optional, required",
    ),
    (
        'key = "gate.boundary"',
        f'key = "boundary" {HERE}',
        "the key of this gate must start with 'gate.'",
    ),
    (
        'evidence = ["park_approval"]',
        f'evidence = ["park_aproval"] {HERE}',
        "there is no kind of evidence 'park_aproval'",
    ),
    (
        'formula = "industrial_value_added / total_value_added * 100"',
        f'formula = "industrial_value_added / total_value_aded * 100" {HERE}',
        "there is no metric 'total_value_aded'",
    ),
    ("minimum = 2\n", f'minimum = "two" {HERE}\n', "'minimum' must be a number"),
    (
        'code = "EG"\nweight = "50/3"',
        f'code = "EG"\nweight = "47/3" {HERE}',
        "the indicators of block 'EG' add up to 50/3, not to 47/3",
    ),
    (
        'names = { en = "Industry", zh-hans = "产业绿色化", id = "Industri" }',
        f'names = {{ en = "Industry", zh-hans = "产业绿色化" }} {HERE}',
        "'names' has no text in 'id'",
    ),
    (
        'code = "MG"\nweight = "50/3"',
        f'code = "MG"\nweight = "53/3" {HERE}',
        "the indicators of block 'MG' add up to 50/3, not to 53/3",
    ),
    (
        'formula = "industrial_value_added / energy_tce"\nunit = "10k CNY/tce"',
        f'formula = "industrial_value_added / energy_tce" {HERE}\nunit = "tce/10k CNY"',
        "the formula measures",
    ),
    (
        'formula = "renewable_tce / energy_tce * 100"',
        f'formula = "renewable_tce // energy_tce * 100" {HERE}',
        "'renewable_tce // energy_tce' is not allowed in a formula",
    ),
    (
        'formula = "clean_energy_tce / energy_tce * 100"',
        f'formula = "clean_energy_tce / energy_tce * 10 ** 2" {HERE}',
        "powers (**) are not allowed",
    ),
    ("lead = 1500", f"lead = 0 {HERE}", "'RG1' is scored as a ratio: its lead value must be above 0"),
    (
        '* 100 / land_area_m2"\nunit = "100M CNY/km2"\nscoring = "ratio"',
        f'* 100 / land_area_m2"\nunit = "100M CNY/km2"\nscoring = "rato" {HERE}',
        "'scoring' is 'rato', not one of linear, ratio, step",
    ),
    (
        f'{AFTER_95}"memory" }}',
        f'{AFTER_95}"memry" }} {HERE}',
        "'from' names an unknown source 'memry'",
    ),
    (
        'code = "HG5"\nblock = "HG"\nweight = "50/9"\nkind = "quantitative"\nstage = "manufacturing"',
        f'code = "HG5"\nblock = "HG"\nweight = "50/9"\nkind = "quantitative"\nstage = "selling" {HERE}',
        "'stage' is 'selling', not one of design, manufacturing, use, recycling, circular",
    ),
)


def test_twenty_faults_are_told_with_their_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PARK
    for old, new, _message in PLANTED:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if HERE in line]
    assert len(lines) == len(PLANTED) == 20
    path = tmp_path / "faulty.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=r"^faults: 20$"):
        call_command("schemes", "lint", str(path))
    told = [line.split(" ", 1) for line in capsys.readouterr().out.splitlines()]
    assert sorted(place for place, _message in told) == sorted(f"faulty.toml:{line}" for line in lines)
    messages = [message for _place, message in told]
    assert len(set(messages)) == 20
    for _old, _new, message in PLANTED:
        assert any(said.startswith(message) for said in messages), message
