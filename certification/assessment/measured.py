"""Score a year's report by what is measured alone: what people judge, and what there is nothing of, leaves the total.

One way for the green code, the yearly ranks and the measure by new rules.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from certification.assessment.known import known_of
from certification.assessment.results import Score, Scored
from certification.assessment.scoring import result_of, total_of
from certification.scheme.definition import Definition
from greenchain.audit.canonical import plain

Inputs = dict[str, Any]
OUT = {"not_applicable": "yes"}
"""How an indicator is kept out of the total, as a desk rules it."""


def inputs_of_report(
    definition: Definition, report: Any, benchmarks: Mapping[str, tuple[Decimal, Decimal, str]]
) -> Inputs:
    """What a score is computed from, in the form in which it is frozen."""
    return {
        "year": report.year,
        "values": plain(report.all_values()),
        "tables": plain(report.tables()),
        "corrections": {item.code: OUT for item in definition.indicators if item.is_qualitative},
        "benchmarks": plain({code: list(row) for code, row in benchmarks.items()}),
    }


def scored(definition: Definition, inputs: Mapping[str, Any]) -> Score:
    """The score that frozen inputs bring."""
    benchmarks = {
        code: (Decimal(base), Decimal(lead), source)
        for code, (base, lead, source) in inputs["benchmarks"].items()
    }
    rest = {key: inputs[key] for key in ("values", "tables", "corrections")}
    known = known_of(**rest, claims=None, benchmarks=benchmarks)
    results = [result_of(item, known, in_words=False) for item in definition.indicators]
    return total_of(definition, results, known)


def settled(definition: Definition, inputs: Inputs) -> Score:
    """The score when nothing is left for people to judge; ``inputs`` keeps what was put out of the total."""
    found = scored(definition, inputs)
    nothing = [result.code for result in found.results if result.state is Scored.AWAITING]
    if not nothing:
        return found
    inputs["corrections"] |= dict.fromkeys(nothing, OUT)
    return scored(definition, inputs)


def gaps_in(found: Score, share: int) -> bool:
    """Whether less than ``share`` per cent of what is measurable has its figures."""
    measured = found.scorable - found.missing
    return measured * 100 < found.scorable * share or not found.scorable
