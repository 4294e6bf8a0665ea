"""A title's score by a year's figures under a version: only what is measured counts, as for the green code."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from certification.assessment.casefile import nearest
from certification.assessment.measured import gaps_in, inputs_of_report, settled
from certification.designation.models import Designation
from certification.scheme.models import Benchmark, SchemeVersion
from certification.surveillance.catalogue import number
from greenchain.clock import today


@dataclass(frozen=True, slots=True)
class Measured:
    """A score and what it was computed from; None where too little of what is measurable was reported."""

    version: SchemeVersion
    score: Decimal | None
    inputs: Mapping[str, Any]


class Measuring:
    """Measures titles by one version with the benchmarks entered by today."""

    def __init__(self, version: SchemeVersion) -> None:
        self.version = version
        rows = Benchmark.objects.filter(scheme_version=version, valid_from__lte=today())
        self.benchmarks = list(rows.select_related("industry"))

    def of(self, title: Designation, report: Any) -> Measured:
        """The title by a report of its subject."""
        definition = self.version.definition
        industry = getattr(title.subject, "industry", None)
        inputs = inputs_of_report(definition, report, nearest(self.benchmarks, industry))
        scored = settled(definition, inputs)
        lacking = gaps_in(scored, number("measured"))
        return Measured(self.version, None if lacking else scored.low, inputs)


def score_text(score: Decimal | None) -> str | None:
    """A score as it is frozen."""
    return None if score is None else f"{score.normalize():f}"
