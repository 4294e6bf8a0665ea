"""The floor: the same sixty indicators in numpy as one would write them by hand for this one scheme."""

from typing import NamedTuple

import numpy as np

from bench.scheme import INDICATORS, THIRD, pairs, singles

COMPUTED, MISSING = 0, 2
FAILS, OPEN, REACHES = 0, 1, 2
WEIGHT = 5 / 3


class Scored(NamedTuple):
    """State and points by indicator and site, the total in 1/10,000, and the verdict."""

    state: np.ndarray
    points: np.ndarray
    total: np.ndarray
    verdict: np.ndarray


def kernel(values: dict[str, np.ndarray], scales: list[tuple[float, float]], pass_score: int) -> Scored:
    """Score a chunk of sites."""
    count = len(next(iter(values.values())))
    state = np.zeros((INDICATORS, count), dtype=np.uint8)
    points = np.empty((INDICATORS, count))
    total = np.zeros(count)
    two_by_two, shares = pairs(), len(pairs())
    with np.errstate(all="ignore"):
        for place, (base, lead) in enumerate(scales):
            if place >= shares:
                value = values[singles()[place - shares]]
            else:
                one, two = two_by_two[place]
                below = values[one] + values[two] if place % THIRD == 0 else values[two]
                value = values[one] / below * 100
                value = np.where(below != 0, value, np.nan)
            part = np.clip((value - base) / (lead - base), 0.0, 1.0)
            none = np.isnan(value)
            state[place][none] = MISSING
            points[place] = np.where(none, 0.0, part * WEIGHT)
            total += points[place]
        scored = np.floor(total / 100 * 100 * 10_000 + 0.5).astype(np.int64)
    return Scored(state, points, scored, np.where(scored >= pass_score, REACHES, FAILS))
