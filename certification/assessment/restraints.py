"""The gates that figures decide, for many subjects at once: as ``limits.limit`` judges one."""

from decimal import Decimal
from typing import NamedTuple

import numpy as np

from certification.scheme.definition import Bands, Gate
from certification.scheme.formula.columns import Columns, Flags, Floats, holds
from certification.scheme.formula.readings import NOT_APPLICABLE, Reading, either
from certification.scheme.formula.vector import evaluate


class Restraint(NamedTuple):
    """Where a gate's limit is not kept, where a person must say, and where floats cannot tell."""

    broken: Flags
    undecided: Flags
    unsure: Flags | None


def restraint(gate: Gate, columns: Columns) -> Restraint:
    """One gate with a threshold, judged on the figures of many subjects."""
    rule = gate.threshold
    assert rule is not None  # noqa: S101 - the caller passes gates with a threshold
    reading = evaluate(rule.formula.tree, columns)
    none = np.zeros(columns.count, dtype=np.bool_)
    idle = none if reading.state is None else reading.state == NOT_APPLICABLE
    missing = none if reading.state is None else reading.state > NOT_APPLICABLE
    for size in (columns.values.get(key) for key in rule.sized_by):
        missing = missing | (~none if size is None else np.isnan(size))
    minimum = _sized(rule.minimum_by, rule.minimum, columns)
    maximum = _sized(rule.maximum_by, rule.maximum, columns)
    unlimited = np.isnan(minimum) & np.isnan(maximum)
    with np.errstate(all="ignore"):
        overstepped = (reading.number < minimum) | (reading.number > maximum)
        close = either(_close(reading, minimum), _close(reading, maximum))
    decided = ~idle & ~missing & ~unlimited
    return Restraint(
        broken=(missing & ~idle) | (decided & overstepped),
        undecided=idle | (~missing & unlimited),
        unsure=either(reading.unsure, None if close is None else decided & close),
    )


def _close(reading: Reading, limit: Floats) -> Flags | None:
    """Where the value may be on either side of the limit."""
    if reading.exact and all(
        holds(Decimal(repr(float(each)))) for each in np.unique(limit[~np.isnan(limit)])
    ):
        return None
    return np.abs(reading.number - limit) <= reading.off() + 2.0**-52 * np.abs(limit)


def _sized(bands: Bands | None, plain: Decimal | None, columns: Columns) -> Floats:
    """A limit; NaN where there is none for a subject of that size."""
    found = np.full(columns.count, np.nan if plain is None or bands else float(plain))
    if bands is None or bands.metric not in columns.values:
        return found
    for band in reversed(bands.bands):
        found[columns.values[bands.metric] >= float(band.at_least)] = float(band.value)
    return found
