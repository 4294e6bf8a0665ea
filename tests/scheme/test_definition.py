"""The scheme files that we ship, and what a faulty one is told, line by line."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from certification.assessment.checks import CHECKS
from certification.scheme.definition import Definition, SchemeError, parse
from certification.scheme.definition.parts import MARKS
from certification.scheme.loading import FOLDER, files, lint, load
from greenchain.languages import LANGUAGES
from suppliers.place.models import Level

PROVINCIAL = FOLDER / "green_factory-2025-provincial.toml"
NATIONAL = FOLDER / "green_factory-2025-national.toml"
TEXT = PROVINCIAL.read_text(encoding="utf-8")
KNOWN = frozenset(CHECKS)


@pytest.fixture(scope="module")
def provincial() -> Definition:
    return load(PROVINCIAL, KNOWN)


@pytest.fixture(scope="module")
def national() -> Definition:
    return load(NATIONAL, KNOWN)


def test_every_shipped_file_is_without_fault() -> None:
    assert len(files()) >= 2
    assert lint(KNOWN) == []


def test_lint_tells_every_fault_of_every_file() -> None:
    faults = lint(())
    assert {fault.path for fault in faults} == {path.name for path in files()}
    assert all(fault.line > 1 and "there is no check" in fault.message for fault in faults)


def test_green_factory_provincial(provincial: Definition) -> None:
    assert str(provincial) == "green_factory GB/T 36132-2025 provincial"
    assert (provincial.subject, provincial.prefix, provincial.effective_on.isoformat()) == (
        "site",
        "GF",
        "2025-12-31",
    )
    assert {block.code: block.weight for block in provincial.blocks} == {
        "E": 34,
        "R": 22,
        "C": 22,
        "P": 14,
        "L": 8,
    }
    assert len(provincial.indicators) == 20
    assert provincial.levels == (Level.MUNICIPAL, Level.PROVINCIAL)
    assert provincial.pass_scores == {Level.MUNICIPAL: 60, Level.PROVINCIAL: 70}
    assert provincial.required_at(Level.MUNICIPAL) == ()
    assert [(need.scheme, need.at_least) for need in provincial.required_at(Level.PROVINCIAL)] == [
        ("green_factory", Level.MUNICIPAL)
    ]
    assert provincial.validity_years(Level.PROVINCIAL) == 3
    assert provincial.procedure.barred_years == 3


def test_green_factory_national(national: Definition) -> None:
    assert {block.code: block.weight for block in national.blocks} == {
        "E": 30,
        "R": 30,
        "C": 16,
        "P": 16,
        "L": 8,
    }
    assert national.levels == (Level.NATIONAL,)
    assert national.pass_score_at(Level.NATIONAL) == 80
    assert [(need.scheme, need.at_least) for need in national.required_at(Level.NATIONAL)] == [
        ("green_factory", Level.PROVINCIAL)
    ]
    assert national.counts_as(Level.NATIONAL) == (Level.PROVINCIAL,)
    assert national.validity_years(Level.NATIONAL) is None
    assert national.procedure.notice_days == 15


def test_national_weights_are_the_provincial_ones_in_proportion(
    provincial: Definition, national: Definition
) -> None:
    for block in national.blocks:
        shares = {item.code: item.exact_weight / block.exact_weight for item in national.in_block(block.code)}
        held = sum(item.exact_weight for item in provincial.in_block(block.code))
        assert shares == {item.code: item.exact_weight / held for item in provincial.in_block(block.code)}
        assert sum(shares.values()) == 1
    assert sum(item.exact_weight for item in national.indicators) == Fraction(100)


def test_indicators_without_a_published_benchmark(provincial: Definition) -> None:
    bare = [item.code for item in provincial.indicators if item.method and item.base is None]
    assert bare == ["E1", "E2", "R3"]
    assert [item.code for item in provincial.indicators if item.is_qualitative] == ["R1", "R2", "P1"]


def test_lead_value_by_size_class(provincial: Definition) -> None:
    renewable = provincial.indicator("E3")
    assert renewable is not None
    assert renewable.lead is None
    assert renewable.lead_by is not None
    sizes = ["10000", "9999.99", "5000", "4999", "3000", "2999", "0"]
    expected = ["4.31", "11.9", "11.9", "7.93", "7.93", "33.03", "33.03"]
    assert [renewable.lead_by.value(Decimal(size)) for size in sizes] == [
        Decimal(value) for value in expected
    ]
    assert renewable.lead_by.value(Decimal(-1)) is None


def test_questions_the_rest_of_the_product_asks(provincial: Definition) -> None:
    assert provincial.indicator("Z9") is None
    assert len(provincial.vetoes) == 6
    assert {gate.key for gate in provincial.gates} - {gate.key for gate in provincial.vetoes} == {
        "gate.plan_and_targets",
        "gate.management_systems",
    }
    assert {"gross_output", "energy_tce", "land_area_m2"} <= provincial.metrics
    assert provincial.tables == {"products", "pollutants", "functions", "retrofits"}
    proofs = provincial.proofs()
    assert "ghg_report" in proofs["E2"]
    assert "qms_certificate" in proofs["gate.management_systems"]
    assert proofs["veto.energy_supervision"] == ("rectification_proof",)
    assert "veto.removed_before" not in proofs


def test_parts_are_shown_in_the_readers_language(provincial: Definition) -> None:
    water, field = provincial.indicator("R4"), provincial.form[0]
    assert water is not None
    shown = [provincial.blocks[0], water, provincial.gates[0], field, field.options[0]]
    with override("zh-hans"):
        assert [str(part) for part in shown] == [
            "能源低碳化",
            "R4 工业用水重复利用率",
            "正常经营生产",
            "单位性质",
            "中央企业",
        ]
    assert (water.unit, water.base, water.lead, water.lead_by) == ("%", Decimal(80), Decimal("92.22"), None)
    assert water.formula is not None
    assert water.formula.names == {"water_m3", "water_reused_m3"}
    case = provincial.indicator("R1")
    assert case is not None
    assert (case.unit, case.base, case.lead, case.lead_by, case.formula) == ("", None, None, None, None)


def test_form_fields(provincial: Definition) -> None:
    form = {field.key: field for field in provincial.form}
    assert [option.key for option in form["ownership"].options] == [
        "central_soe",
        "other_soe",
        "joint_venture",
        "private",
        "foreign",
    ]
    assert (form["process_summary"].max_length, form["green_summary"].max_length) == (200, 500)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_text_stands_in_every_language_and_every_number_has_a_source(path: Path) -> None:
    definition = load(path)
    named: list[Any] = [*definition.blocks, *definition.indicators, *definition.gates, *definition.form]
    named += [option for field in definition.form for option in field.options]
    texts = [
        definition.names,
        definition.version_names,
        definition.commitment,
        *(part.names for part in named),
    ]
    texts += [gate.question for gate in definition.vetoes] + [
        source.texts for source in definition.sources.values()
    ]
    assert all(set(text) == set(LANGUAGES) and all(text.values()) for text in texts)
    assert all(block.provenance["weight"].mark in MARKS for block in definition.blocks)
    assert all(item.provenance["weight"].mark in MARKS for item in definition.indicators)
    marked = {(part, key): source.mark for part, key, source in definition.placeholders()}
    assert marked
    assert all(mark != "source" for mark in marked.values())
    assert str(definition.sources["ours"]).startswith("Our suggestion")


def test_digest_tells_what_the_file_says_not_how() -> None:
    said = parse(TEXT).digest
    assert parse("# a comment\n" + TEXT.replace("weight = 34", "weight  =  34 # points")).digest == said
    assert parse(TEXT.replace("pass_score = 60", "pass_score = 61")).digest != said


Edit = tuple[str, str]
HERE = "# here"
"""Marks the line on which the fault must be reported; TOML takes it for a comment."""

E4 = 'unit = "functions"\nbase = 0\nlead = 6'
P1_END = 'from = { weight = "table", base = "ours" }\n\n[[indicators]]\ncode = "P2"'
L2 = '[[indicators]]\ncode = "L2"'
ENTRY = "max = 100"

UNIT_FAULTS: dict[str, tuple[Edit, ...]] = {
    "in 'kgce/10k CNY' the formula must give 1000 times as much": (
        ('formula = "energy_tce * 1000 / gross_output"', f'formula = "energy_tce / gross_output" {HERE}'),
    ),
    "in 'm3/10k CNY' the formula must give 0.01 times as much": (
        ('formula = "water_m3 / gross_output"', f'formula = "100 * water_m3 / gross_output" {HERE}'),
    ),
    "the formula measures volume / area, and its unit 'm3/10k CNY' volume / money": (
        ('formula = "water_m3 / gross_output"', f'formula = "water_m3 / land_area_m2" {HERE}'),
    ),
    "the formula measures count, and its unit '%' a plain number": (
        (
            'formula = "count(functions)"\nunit = "functions"',
            f'formula = "count(functions)" {HERE}\nunit = "%"',
        ),
    ),
    "'water_m3 + energy_tce' takes volume and energy together": (
        (
            'formula = "water_reused_m3 / (water_m3 + water_reused_m3) * 100"',
            f'formula = "water_reused_m3 / (water_m3 + energy_tce) * 100" {HERE}',
        ),
    ),
    "'advanced_equipment + 5' takes count and a plain number together": (
        ('formula = "advanced_equipment"', f'formula = "advanced_equipment + 5" {HERE}'),
    ),
    "'water_m3 > energy_tce' takes volume and energy together": (
        ("mean(top(products[water_lead > 0]", "mean(top(products[water_m3 > energy_tce]"),
        ('weight=water_m3)"', f'weight=water_m3)" {HERE}'),
    ),
    "there is no unit 'sqmm' in units.toml": (('unit = "10k CNY/m2"', f'unit = "10k CNY/sqmm" {HERE}'),),
}
FAULTS: dict[str, tuple[Edit, ...]] = UNIT_FAULTS | {
    # sums and scales
    "the blocks' weights add up to 100, not to 101": ((ENTRY, f"max = 101 {HERE}"),),
    "the indicators of block 'E' add up to 34, not to 33": (
        ("weight = 34", f"weight = 33 {HERE}"),
        ('code = "R"\nweight = 22', 'code = "R"\nweight = 23'),
        ('code = "R1"\nblock = "R"\nweight = 4', 'code = "R1"\nblock = "R"\nweight = 5'),
    ),
    "'weight' must be above 0": (("weight = 8\nkind", f"weight = 0 {HERE}\nkind"),),
    "'weight' must be a number": (("weight = 8\nkind", f'weight = "60/0" {HERE}\nkind'),),
    "'E4' has a lead value that equals its base value": (
        (E4, f"{E4} {HERE}".replace("base = 0", "base = 6")),
    ),
    "'E1' has a lead value that equals its base value by product": (
        ("[indicators.by_product]", f"[indicators.by_product] {HERE}"),
        ('unit = "%"\nbase = 0\nlead = 100', 'unit = "%"\nbase = 100\nlead = 100'),
    ),
    "'E3' has a lead value that equals its base value": (
        ("[indicators.lead_by]", f"[indicators.lead_by] {HERE}"),
        ("value = 33.03", "value = 0"),
    ),
    "bands must go from the largest size down to 0": (
        ("bands = [", f"bands = [ {HERE}"),
        ("at_least = 3000", "at_least = 6000"),
    ),
    "the pass score of 'provincial' is not from 0 to 100": (("pass_score = 70", f"pass_score = 170 {HERE}"),),
    "'base' must be a number": (("base = 40", f'base = "forty" {HERE}'),),
    "'base' is missing; say 'unpublished = true' if none is published": (
        (L2, L2.replace("]]", f"]] {HERE}")),
        ("base = 40\n", ""),
    ),
    "'unpublished', yet there is 'base'": (("base = 40\n", f"base = 40\nunpublished = true {HERE}\n"),),
    "'lead' and 'lead_by' cannot both stand": (
        ('base = 0\nevidence = ["form_205_1"', f'base = 0\nlead = 9 {HERE}\nevidence = ["form_205_1"'),
    ),
    # what is named must be there, once
    "indicator 'E3' stands twice": (('code = "E4"', f'code = "E3" {HERE}'),),
    "block 'R' stands twice": (('code = "C"\nweight = 22', f'code = "R" {HERE}\nweight = 22'),),
    "gate 'veto.removed_before' stands twice": (
        ('check = "veto.inspection_problem"', f'check = "veto.removed_before" {HERE}'),
    ),
    "field 'contact_name' stands twice": (('key = "contact_phone"', f'key = "contact_name" {HERE}'),),
    "source 'custom' stands twice": (('key = "ours"', f'key = "custom" {HERE}'),),
    "level 'municipal' stands twice": (('level = "provincial"', f'level = "municipal" {HERE}'),),
    "'evidence.expired' stands twice in 'checks'": (
        (
            '    "evidence.missing",\n    "evidence.expired",',
            f'    "evidence.expired", {HERE}\n    "evidence.expired",',
        ),
    ),
    "there is no block 'Z'": (('block = "L"\nweight = 2\n', f'block = "Z" {HERE}\nweight = 2\n'),),
    "there is no metric 'co2_kg'": (('"co2_t * 1000 / gross_output"', f'"co2_kg / gross_output" {HERE}'),),
    "there is no metric 'energy'": (('metric = "energy_tce"', f'metric = "energy" {HERE}'),),
    "there is no table 'ticks'": (('"count(functions)"', f'"count(ticks)" {HERE}'),),
    "table 'products' has no column 'print'": (
        ('"share(products, footprint)"', f'"share(products, print)" {HERE}'),
    ),
    "column 'products.name' is a text, used as a flag": (
        ('"share(products, footprint)"', f'"share(products, name)" {HERE}'),
    ),
    "column 'products.name' is a text, used as a number": (
        ('"share(products, footprint)"', f'"total(products, name)" {HERE}'),
    ),
    "column 'products.footprint' is a flag, used as a word": (
        ('"share(products, footprint)"', f"'share(products, footprint is \"yes\")' {HERE}"),
    ),
    "'soil' is not an option of 'pollutants.medium'": (
        ('[medium is "air"], (limit - mean) / limit * 100)\'', f'[medium is "soil"], limit)\' {HERE}'),
    ),
    "there is no kind of evidence 'gas_report'": (
        ('["ghg_report", "form_b204_1"]', f'["gas_report"] {HERE}'),
    ),
    "there is no check 'veto.debtor'": (
        ('check = "veto.dishonest_debtor"', f'check = "veto.debtor" {HERE}'),
    ),
    "there is no check 'evidence.shard'": (('"evidence.shared",', f'"evidence.shard", {HERE}'),),
    "there is no source 'rumour'": (
        (
            'source = "measures"\nnames = { en = "Not removed',
            f'source = "rumour" {HERE}\nnames = {{ en = "Not removed',
        ),
    ),
    "'from' names an unknown source 'hearsay'": (
        (
            'from = { pass_score = "ours", validity_years = "custom" }',
            f'from = {{ pass_score = "ours", validity_years = "hearsay" }} {HERE}',
        ),
    ),
    "'from' does not say where 'weight' comes from": (
        (
            'weight = 6\nkind = "quantitative"\nstage = "use"',
            f'weight = 6 {HERE}\nkind = "quantitative"\nstage = "use"',
        ),
        ('from = { weight = "table", formula = "ours", base', 'from = { formula = "ours", base'),
    ),
    # formulas
    "powers (**) are not allowed": (('"co2_t * 1000 / gross_output"', f'"co2_t ** 2" {HERE}'),),
    "the formula cannot be read: invalid syntax": (
        ('"co2_t * 1000 / gross_output"', f'"co2_t * / 2" {HERE}'),
    ),
    "'formula' is missing": (
        ('[[indicators]]\ncode = "E2"', f'[[indicators]] {HERE}\ncode = "E2"'),
        ('formula = "co2_t * 1000 / gross_output"\n', ""),
    ),
    "a qualitative indicator has no 'base'": (
        (
            'kind = "qualitative"\nstage = "design"',
            f'kind = "qualitative"\nbase = 1 {HERE}\nstage = "design"',
        ),
        ('from = { weight = "table" }\n\n[[indicators]]\ncode = "P2"', P1_END),
    ),
    # words and kinds
    "'kind' is 'guess', not one of quantitative, qualitative": (
        ('kind = "qualitative"\nstage = "design"', f'kind = "guess" {HERE}\nstage = "design"'),
    ),
    "'stage' is 'reuse', not one of design, manufacturing, use, recycling, circular": (
        ('stage = "recycling"', f'stage = "reuse" {HERE}'),
    ),
    "'level' is 'regional', not one of county, municipal, provincial, national": (
        ('level = "municipal"', f'level = "regional" {HERE}'),
    ),
    "'mark' is 'hearsay', not one of source, sample, memory, suggestion": (
        ('mark = "memory"', f'mark = "hearsay" {HERE}'),
    ),
    "'provincial' requires a title of the same scheme that is not lower": (
        ('at_least = "municipal" }]', f'at_least = "provincial" }}] {HERE}'),
    ),
    "'national' is not a level below 'provincial'": (
        ('counts_as = ["municipal"]', f'counts_as = ["national"] {HERE}'),
    ),
    "'effective_on' must be a date like 2025-12-31": (
        ("effective_on = 2025-12-31", f'effective_on = "soon" {HERE}'),
    ),
    "'desk_days' must be a whole number from 0 to 10000": (("desk_days = 10", f"desk_days = 10.5 {HERE}"),),
    "'panel' must be true or false": (("panel = true", f'panel = "yes" {HERE}'),),
    "'clause' must be a text": (('clause = "GB/T 36132-2025"\nmax', f"clause = 36132 {HERE}\nmax"),),
    "'checks' must be a list of texts": (('"evidence.missing",', "3,"), ("checks = [", f"checks = [ {HERE}")),
    "a field has options if, and only if, it is a choice": (
        (
            '[[form]]\nkey = "contact_phone"\nkind = "phone"',
            f'[[form]] {HERE}\nkey = "contact_phone"\nkind = "choice"',
        ),
    ),
    "unknown key 'wieght'": (('code = "L2"\n', f'code = "L2"\nwieght = 2 {HERE}\n'),),
    # languages
    "'clause' has no text in 'id'": (
        (', id = "GB/T 36132-2025, persyaratan dasar, baris 2" }', f" }} {HERE}"),
    ),
    "'names' has no text in 'zh-hans'": (
        ('zh-hans = "绿色工厂", id = "Pabrik hijau" }', f'id = "Pabrik hijau" }} {HERE}'),
    ),
    "'version_names' has no text in 'id'": (
        ('id = "GB/T 36132-2025, formulir provinsi" }', f'id = " " }} {HERE}'),
    ),
    "'names' has a text in 'fr', which is not one of en, zh-hans, id": (
        ('id = "Pabrik hijau" }', f'id = "Pabrik hijau", fr = "Usine verte" }} {HERE}'),
    ),
    "'names' must hold one text per language (en, zh-hans, id)": (
        (
            'names = { en = "Green factory", zh-hans = "绿色工厂", id = "Pabrik hijau" }',
            f'names = "Green factory" {HERE}',
        ),
    ),
}


def changed(text: str, edits: tuple[Edit, ...]) -> str:
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of_mark(text: str) -> int:
    assert text.count(HERE) == 1
    return next(n for n, line in enumerate(text.splitlines(), start=1) if HERE in line)


@pytest.mark.parametrize("message", FAULTS)
def test_a_fault_is_told_with_its_line(message: str) -> None:
    text = changed(TEXT, FAULTS[message])
    with pytest.raises(SchemeError) as refusal:
        parse(text, path="draft.toml", known_checks=KNOWN)
    assert f"draft.toml:{line_of_mark(text)} {message}" in str(refusal.value).splitlines()


def test_twenty_faults_in_one_file_are_all_told() -> None:
    """None of these makes another one appear or hides one."""
    chosen = [
        "'weight' must be a number",
        "'E4' has a lead value that equals its base value",
        "bands must go from the largest size down to 0",
        "the pass score of 'provincial' is not from 0 to 100",
        "'base' must be a number",
        "field 'contact_name' stands twice",
        "'evidence.expired' stands twice in 'checks'",
        "there is no metric 'co2_kg'",
        "there is no metric 'energy'",
        "table 'products' has no column 'print'",
        "'soil' is not an option of 'pollutants.medium'",
        "there is no kind of evidence 'gas_report'",
        "there is no check 'veto.debtor'",
        "there is no check 'evidence.shard'",
        "there is no source 'rumour'",
        "'stage' is 'reuse', not one of design, manufacturing, use, recycling, circular",
        "'mark' is 'hearsay', not one of source, sample, memory, suggestion",
        "'effective_on' must be a date like 2025-12-31",
        "'panel' must be true or false",
        "'names' has no text in 'zh-hans'",
    ]
    text = TEXT
    for message in chosen:
        text = changed(text, tuple((old, new.replace(f" {HERE}", "")) for old, new in FAULTS[message]))
    with pytest.raises(SchemeError) as refusal:
        parse(text, known_checks=KNOWN)
    faults = refusal.value.faults
    assert sorted(fault.message for fault in faults) == sorted(chosen)
    assert len({fault.line for fault in faults}) == len(chosen)
    assert [fault.line for fault in faults] == sorted(fault.line for fault in faults)


@pytest.mark.parametrize(
    ("text", "line"),
    [("key = 'a'\nmax = = 3\n", 2), ("key = 'a'\n[sources\nx = 1", 2), ('key = """a\n\n', 3)],
)
def test_what_is_not_toml_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(SchemeError) as refusal:
        parse(text, path="draft.toml")
    assert str(refusal.value).startswith(f"draft.toml:{line} not TOML: ")


def test_an_empty_file_is_told_what_it_lacks() -> None:
    with pytest.raises(SchemeError) as refusal:
        parse("")
    messages = {fault.message for fault in refusal.value.faults}
    assert {"'key' is missing", "'blocks' is missing", "'commitment' is missing"} <= messages


@pytest.mark.parametrize("part", ["blocks", "indicators", "gates", "levels", "form", "sources"])
def test_a_part_of_the_wrong_kind_is_told(part: str) -> None:
    with pytest.raises(SchemeError) as refusal:
        parse(f"{part} = 3")
    assert f"'{part}' must be a list of tables" in {fault.message for fault in refusal.value.faults}


def test_a_table_of_the_wrong_kind_is_told() -> None:
    with pytest.raises(SchemeError) as refusal:
        parse("procedure = 3")
    assert "'procedure' must be a table" in {fault.message for fault in refusal.value.faults}
