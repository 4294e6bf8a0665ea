"""The vector evaluator against numpy by hand, and the whole study against a plain loop and a task for each site."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from bench.ground import worker
from bench.impact import ALONE, PASS_SCORE, Bench
from bench.kernel import REACHES, kernel
from bench.measure import Figure, against_floor
from bench.scheme import figures, formulas, text
from certification.assessment.marks import Batch
from certification.assessment.vector import score_many
from certification.scheme.definition import parse

CHUNK = 8192
NEAR = 5e-5
"""Points of a site that the scalar scoring decided are rounded to four decimals."""


def measured(count: int, vendor: str) -> Iterator[Figure]:
    """The three figures."""
    yield _against_numpy(count)
    bench = Bench(count, vendor)
    with worker():
        yield against_floor("assessment.impact_end_to_end_vs_copy", bench.ours, bench.plain, rounds=3)
        yield _alone(bench, count)


def _against_numpy(count: int) -> Figure:
    """States, points, totals and verdicts of the same chunks, by the evaluator and by a kernel written by hand."""
    definition, columns = parse(text("1")), figures(count).columns
    scales = [(base, lead) for _formula, _unit, base, lead in formulas()]
    chunks = [columns.part(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
    passes = np.full(CHUNK, PASS_SCORE)

    def ours() -> Iterator[Any]:
        for chunk in chunks:
            found = score_many(definition, Batch(columns=chunk), passes[: chunk.count])
            yield found.states, found.points, found.low, found.verdict

    def theirs() -> Iterator[Any]:
        return (kernel(dict(chunk.values), scales, PASS_SCORE) for chunk in chunks)

    name = "assessment.impact_vs_numpy"
    for mine, other in zip(ours(), theirs(), strict=True):
        near = np.abs(mine[1] - other[1]).max() <= NEAR
        if not near or not all(np.array_equal(mine[place], other[place]) for place in (0, 2, 3)):
            raise SystemExit(f"{name}: the two sides do not agree; a time would say nothing.")
    return against_floor(name, lambda: _reaching(ours()), lambda: _reaching(theirs()))


def _reaching(chunks: Iterator[Any]) -> int:
    """Go through all chunks; how many sites reach the pass score."""
    return sum(int((chunk[3] == REACHES).sum()) for chunk in chunks)


def _alone(bench: Bench, count: int) -> Figure:
    """A task for each site, reckoned from some, against the study of all."""
    best = peer = float("inf")
    for _round in range(2):
        best = min(best, _timed(bench.ours))
        peer = min(peer, _timed(bench.alone) * count / ALONE)
    name = "assessment.impact_vs_task_per_subject"
    return Figure(name, best, "ms", peer, peer / best, lower_is_better=False)


def _timed(call: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000
