"""The score and the checks as they stand in the case file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from certification.admin import trace
from certification.assessment.guards import findings_of
from certification.assessment.models import Finding, IndicatorScore, Severity
from certification.scheme.definition import Indicator
from greenchain.clock import today
from suppliers.evidence.models import Evidence

if TYPE_CHECKING:
    from certification.admin.casefile import CasePage

CLAIMED = {"none": Decimal(0), "half": Decimal("0.5"), "full": Decimal(1)}
CLAIMS = {"none": gettext_lazy("none"), "half": gettext_lazy("half"), "full": gettext_lazy("full")}
GRAVE_FIRST = (Severity.BLOCKS, Severity.ASKS, Severity.INFORMS, Severity.PASSED)


@dataclass(frozen=True, slots=True)
class Row:
    """One indicator with what it scored and why."""

    indicator: Indicator
    score: IndicatorScore
    unit: str
    claim: str
    claimed: Decimal | None
    trace: list[trace.Line]
    evidence: list[Evidence]
    correct: str
    """The query that fills in the form of a correction; empty where this person may not correct."""
    provenance: list[str]

    @property
    def is_awaiting(self) -> bool:
        """Whether its points are claimed and not yet judged."""
        return self.score.state == "awaiting"


@dataclass(frozen=True, slots=True)
class Block:
    """A block's indicators and subtotal."""

    name: str
    rows: list[Row]
    points: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Scored:
    """Every block, and how many indicators there are."""

    blocks: list[Block]
    count: int

    @property
    def marked(self) -> int:
        """How many use numbers that are not the ministry's."""
        return sum(bool(row.provenance) for block in self.blocks for row in block.rows)


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with what it leans on."""

    finding: Finding
    evidence: list[Evidence]
    clause: Mapping[str, str]
    waived_until: Any = None
    correct: str = ""


@dataclass(slots=True)
class Checks:
    """The newest run's findings by how grave they are."""

    grave: list[Found] = field(default_factory=list)
    passed: list[Found] = field(default_factory=list)

    @property
    def blocking(self) -> int:
        """How many keep the case."""
        kept = (found for found in self.grave if not found.waived_until)
        return sum(found.finding.keeps for found in kept)


def indicators_of(page: "CasePage") -> Scored:
    """The newest run's scores, block by block."""
    assert page.run is not None  # noqa: S101 - the caller has looked
    scores = {score.code: score for score in page.run.scores.all()}
    cited = _cited(page)
    blocks = []
    for block in page.definition.blocks:
        found = [item for item in page.definition.in_block(block.code) if item.code in scores]
        rows = [_row(page, item, scores[item.code], cited.get(item.code, [])) for item in found]
        points = sum((row.score.points for row in rows), Decimal(0))
        weight = sum((row.score.weight for row in rows if _counts(row)), Decimal(0))
        blocks.append(Block(str(block), rows, points, weight))
    return Scored(blocks, len(scores))


def _counts(row: Row) -> bool:
    """Whether its weight is part of the block's: an optional indicator that others outdo, and a bonus, are not."""
    left_out = row.indicator.group and row.score.state == "not_applicable"
    return not (left_out or row.indicator.bonus)


def _row(page: "CasePage", item: Indicator, score: IndicatorScore, proofs: list[Evidence]) -> Row:
    claim = _claim(page, item)
    return Row(
        indicator=item,
        score=score,
        unit=_unit(item, score),
        claim=str(CLAIMS.get(claim, claim)),
        claimed=_claimed(item, score, claim),
        trace=list(trace.lines(score.trace)),
        evidence=proofs,
        correct=_correction(item, score, claim) if page.may_correct else "",
        provenance=sorted({source.mark for source in _sources(item) if source.mark != "source"}),
    )


def _sources(item: Indicator) -> list[Any]:
    return [
        *item.provenance.values(),
        *(source for method in item.methods for source in method.provenance.values()),
    ]


def _unit(item: Indicator, score: IndicatorScore) -> str:
    by_product = item.by_product
    if by_product is not None and score.trace.get("text") == by_product.formula.source:
        return by_product.unit
    return item.unit


def _claim(page: "CasePage", item: Indicator) -> str:
    """What the applicant claims of a case: in the form, else in the table of cases."""
    given = page.content.get("claims", {}).get(item.code)
    word = given.get("claim") if isinstance(given, Mapping) else given
    if word:
        return str(word)
    year = page.content.get("figures", {}).get(str(page.application.year), {})
    rows = year.get("tables", {}).get("cases", [])
    return next((str(row.get("claim") or "") for row in rows if row.get("indicator") == item.code), "")


def _claimed(item: Indicator, score: IndicatorScore, claim: str) -> Decimal | None:
    if score.state != "awaiting":
        return None
    if item.is_qualitative and claim in CLAIMED:
        return score.weight * CLAIMED[claim]
    return score.weight


def _correction(item: Indicator, score: IndicatorScore, claim: str) -> str:
    if item.is_qualitative:
        return urlencode({"code": item.code, "field": "judgement", "before": claim, "after": claim})
    if score.state == "awaiting":
        return urlencode({"code": item.code, "field": "not_applicable", "before": "no", "after": "yes"})
    before = "" if score.value is None else f"{score.value.normalize():f}"
    return urlencode({"code": item.code, "field": "value", "before": before})


def _cited(page: "CasePage") -> dict[str, list[Evidence]]:
    found: dict[str, list[Evidence]] = {}
    for row in page.content.get("citations", []):
        if proof := page.evidence.get(row["evidence"]):
            found.setdefault(row["requirement"], []).append(proof)
    return found


def checks_of(page: "CasePage") -> Checks:
    """The newest run's findings, the gravest first."""
    assert page.run is not None  # noqa: S101 - the caller has looked
    waived = {row.check_key: row.until_on for row in page.waivers if row.until_on >= today()}
    found = sorted(
        findings_of(page.application), key=lambda each: (GRAVE_FIRST.index(Severity(each.severity)), each.pk)
    )
    checks = Checks()
    for finding in found:
        row = Found(
            finding,
            _leaned_on(page, finding.evidence),
            finding.clause_in(page.definition),
            waived.get(finding.check_key),
            _ruling(finding) if page.may_correct else "",
        )
        (checks.passed if finding.severity == Severity.PASSED else checks.grave).append(row)
    return checks


def _leaned_on(page: "CasePage", keys: Sequence[int]) -> list[Evidence]:
    return [page.evidence[key] for key in keys if key in page.evidence]


def _ruling(finding: Finding) -> str:
    if finding.severity != Severity.ASKS or not finding.check_key.startswith("veto."):
        return ""
    return urlencode({"code": finding.check_key, "field": "veto", "before": "possible"})
