"""What is known of a case, read once: its inputs, claims, corrections and benchmarks. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from certification.assessment.scale import ONE, ZERO
from certification.scheme.formula import Inputs
from suppliers.reporting.entry import cells

SHARES: Mapping[str, Decimal] = {"none": ZERO, "half": Decimal("0.5"), "full": ONE}
"""What a claim asks for, as a part of the weight."""


class Benchmark(NamedTuple):
    """Base and lead value that an administrator entered, with their source."""

    base: Decimal
    lead: Decimal
    source: str


@dataclass(frozen=True)
class Known:
    """What is known of a case, ready for scoring."""

    inputs: Inputs
    claims: Mapping[str, object]
    corrections: Mapping[str, Mapping[str, str]]
    benchmarks: Mapping[str, Benchmark]


def known_of(
    *,
    values: Mapping[str, object],
    tables: Mapping[str, Sequence[Mapping[str, object]]],
    claims: Mapping[str, object] | None = None,
    corrections: Mapping[str, Mapping[str, str]] | None = None,
    benchmarks: Mapping[str, tuple[Decimal, Decimal, str]] | None = None,
) -> Known:
    """What ``score`` is told, read once for many evaluations."""
    return Known(
        inputs=inputs_of(values, tables),
        claims={**claimed_in(tables.get("cases", ())), **(claims or {})},
        corrections=corrections or {},
        benchmarks={code: Benchmark(*given) for code, given in (benchmarks or {}).items()},
    )


def inputs_of(values: Mapping[str, object], tables: Mapping[str, Sequence[Mapping[str, object]]]) -> Inputs:
    """What formulas read, from figures as they are stored: decimals as text, rows as JSON."""
    return Inputs(
        {key: _decimal(value) for key, value in values.items()},
        {key: [cells(key, row) for row in rows] for key, rows in tables.items()},
    )


def claim_in(given: object) -> tuple[str, bool]:
    """What is claimed, and whether the applicant says that the indicator does not apply."""
    if isinstance(given, Mapping):
        return str(given.get("claim") or ""), given.get("not_applicable") in {True, "yes", "true"}
    return str(given or ""), False


def claimed_in(rows: Sequence[Mapping[str, object]]) -> dict[str, object]:
    """The highest claim that the reported cases make for each indicator."""
    found: dict[str, object] = {}
    for row in rows:
        code, claim = str(row.get("indicator")), str(row.get("claim"))
        if SHARES.get(claim, -ONE) > SHARES.get(str(found.get(code)), -ONE):
            found[code] = claim
    return found


def _decimal(value: object) -> Decimal | None:
    """A stored figure as a number; what is none counts as not reported."""
    try:
        figure = None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None
    return figure if figure is not None and figure.is_finite() else None
