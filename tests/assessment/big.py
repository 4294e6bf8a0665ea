"""A case as large as they come: a generated version of many indicators, and a vault full of files."""

from certification.models import Application, Citation
from certification.scheme.loading import FOLDER, store
from suppliers.models import Evidence
from tests.cast import Cast
from tests.factories_suppliers import EvidenceFactory

TEXT = (FOLDER / "green_factory-2025-provincial.toml").read_text(encoding="utf-8")
FORMULAS = (
    ("renewable_tce / energy_tce * 100", "%", 0, 40),
    ("co2_t * 1000 / gross_output", "kg CO2/10k CNY", 80, 20),
    ("water_reused_m3 / (water_m3 + water_reused_m3) * 100", "%", 80, 99),
    ("count(functions)", "functions", 0, 12),
    ('smallest(pollutants[medium is "water"], (limit - mean) / limit * 100)', "%", 0, 95),
    ("gross_output / land_area_m2", "10k CNY/m2", 1, 2),
)
NAMES = 'names = { en = "Indicator", zh-hans = "指标", id = "Indikator" }'


def definition_text(count: int) -> str:
    """A scheme file like the green factory's with ``count`` indicators of one block; every tenth is judged."""
    head = TEXT[: TEXT.index("[[blocks]]")].replace("GB/T 36132-2025 provincial", f"generated, {count}")
    block = f'[[blocks]]\ncode = "A"\nweight = 100\n{NAMES}\nfrom = {{ weight = "sample" }}\n'
    return head + block + "".join(_indicator(number, count) for number in range(count))


def _indicator(number: int, count: int) -> str:
    formula, unit, base, lead = FORMULAS[number % len(FORMULAS)]
    how = f'kind = "quantitative"\nformula = \'{formula}\'\nunit = "{unit}"\nbase = {base}\nlead = {lead}\n'
    sources = 'from = { weight = "sample", formula = "sample", base = "sample", lead = "sample" }\n'
    if number % 10 == 9:
        how, sources = 'kind = "qualitative"\n', 'from = { weight = "sample" }\n'
    return (
        f'[[indicators]]\ncode = "X{number}"\nblock = "A"\nweight = "100/{count}"\n{NAMES}\n'
        f'stage = "manufacturing"\nevidence = ["other"]\n{how}{sources}'
    )


def big_draft(cast: Cast, indicators: int, files: int) -> Application:
    """A draft under the generated version that cites ``files`` files, all over its indicators."""
    version = store(definition_text(indicators), name="generated")
    case = cast.draft(cast.another_site(), round_=cast.round(f"big-{indicators}", scheme_version=version))
    proofs: list[Evidence] = EvidenceFactory.create_batch(files, enterprise=cast.enterprise, kind="other")
    Citation.objects.bulk_create(
        Citation(application=case, requirement=f"X{place % indicators}", evidence=proof)
        for place, proof in enumerate(proofs)
    )
    return case
