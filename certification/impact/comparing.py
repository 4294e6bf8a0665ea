"""Frozen figures scored by two rules: a row per title, the sums that a study tells, and a sample made again singly.

Pure: no queries, no writes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from certification.assessment.casefile import nearest
from certification.assessment.marks import UNCLAIMED, Batch, Entered, claims_of
from certification.assessment.vector import PARTS, VERDICTS, Scores, in_parts, scalar, score_many, verdict_of
from certification.impact.packing import Frozen
from certification.scheme.definition import Definition
from certification.scheme.formula.columns import Whole
from certification.scheme.models import Benchmark
from suppliers.place.models import Industry

VERDICT_PAIRS = len(VERDICTS) ** 2
GROUPS = ("region", "industry", "level")


@dataclass(frozen=True, kw_only=True)
class Rules:
    """A definition and the benchmarks that administrators entered for it; those of changed indicators are void."""

    definition: Definition
    benchmarks: Sequence[Benchmark] = ()

    def batch(self, frozen: Frozen) -> Batch:
        """The figures with what these rules add."""
        codes = [indicator.code for indicator in self.definition.indicators]
        return Batch(
            columns=frozen.columns,
            claims=claims_of(codes, frozen.columns),
            benchmarks=self._entered(frozen.industry),
        )

    def _entered(self, industries: Sequence[str]) -> dict[str, Entered]:
        if not self.benchmarks:
            return {}
        kinds = {code: nearest(self.benchmarks, Industry(code=code)) for code in set(industries)}
        return {code: _places(code, kinds, industries) for code in {row.indicator for row in self.benchmarks}}

    def pass_scores(self, levels: Whole) -> Whole:
        """The pass score of each title's level, in 1/10,000."""
        found = np.zeros(len(levels), dtype=np.int64)
        for level, score in self.definition.pass_scores.items():
            found[levels == level] = in_parts(score)
        return found


Known = tuple[Decimal, Decimal, str]


def _places(code: str, kinds: Mapping[str, Mapping[str, Known]], industries: Sequence[str]) -> Entered:
    known = list(dict.fromkeys(found[code] for found in kinds.values() if code in found))
    place = {kind: known.index(found[code]) if code in found else UNCLAIMED for kind, found in kinds.items()}
    return Entered(np.array([place[industry] for industry in industries], dtype=np.int64), tuple(known))


@dataclass(frozen=True, kw_only=True)
class Side:
    """What one set of rules gives each title."""

    rules: Rules
    batch: Batch
    pass_scores: Whole
    scores: Scores

    def agrees(self, place: int) -> bool:
        """Whether the scalar scoring says the same of one title: both ends of the score, and the verdict."""
        one = scalar(self.rules.definition, self.batch, place)
        verdict = verdict_of(one, Decimal(int(self.pass_scores[place])) / PARTS)
        found = self.scores
        ends = (found.low[place], found.high[place]) == (in_parts(one.low), in_parts(one.high))
        return ends and VERDICTS[found.verdict[place]] == verdict


@dataclass(frozen=True, kw_only=True)
class Compared:
    """Two scores of each title."""

    frozen: Frozen
    before: Side
    after: Side

    @property
    def moved(self) -> Whole:
        """-1 where the verdict falls, 1 where it rises."""
        return np.sign(self.after.scores.verdict.astype(np.int64) - self.before.scores.verdict)


def compare(frozen: Frozen, before: Rules, after: Rules) -> Compared:
    """Score by both."""
    return Compared(frozen=frozen, before=_side(frozen, before), after=_side(frozen, after))


def _side(frozen: Frozen, rules: Rules) -> Side:
    batch, pass_scores = rules.batch(frozen), rules.pass_scores(frozen.level)
    scores = score_many(rules.definition, batch, pass_scores)
    return Side(rules=rules, batch=batch, pass_scores=pass_scores, scores=scores)


def sums(compared: Compared) -> dict[str, Any]:
    """What the part adds to the study: per group titles and output by pair of verdicts, and points by indicator."""
    frozen = compared.frozen
    before, after = compared.before.scores, compared.after.scores
    pair = before.verdict.astype(np.int64) * len(VERDICTS) + after.verdict
    keys = {
        "region": [code[:2] for code in frozen.region],
        "industry": [code[:2] for code in frozen.industry],
        "level": [str(level) for level in frozen.level.tolist()],
    }
    return {
        "groups": {name: _grouped(keys[name], pair, frozen.output) for name in GROUPS},
        "before": [float(row) for row in before.points.sum(axis=1)],
        "after": [float(row) for row in after.points.sum(axis=1)],
        "low_before": int(before.low.sum()),
        "low_after": int(after.low.sum()),
        "scored": frozen.columns.count,
        "rescored": int((before.rescored | after.rescored).sum()),
    }


def _grouped(keys: Sequence[str], pair: Whole, output: Whole) -> dict[str, list[list[int]]]:
    """By key: how many titles, and how much output, for each pair of verdicts."""
    known, place = np.unique(np.array(keys, dtype="U6"), return_inverse=True)
    size = len(known) * VERDICT_PAIRS
    cell = place * VERDICT_PAIRS + pair
    counts = np.bincount(cell, minlength=size).reshape(-1, VERDICT_PAIRS)
    outputs = np.zeros(size, dtype=np.int64)
    np.add.at(outputs, cell, output)
    found = zip(known.tolist(), counts.tolist(), outputs.reshape(-1, VERDICT_PAIRS).tolist(), strict=True)
    return {key: [count, amount] for key, count, amount in found}


def sampled(compared: Compared, *, many: int, seed: int) -> tuple[int, int]:
    """How many titles were scored again by the scalar scoring, and for how many both scores came out the same."""
    count = compared.frozen.columns.count
    if not count:
        return 0, 0
    chosen = np.random.default_rng(seed).choice(count, size=min(many, count), replace=False).tolist()
    equal = sum(compared.before.agrees(place) and compared.after.agrees(place) for place in chosen)
    return len(chosen), equal
