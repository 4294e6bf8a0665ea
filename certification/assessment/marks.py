"""One indicator over many subjects: state, points and awaiting points of each, as the scalar scoring gives them.

Whatever floats cannot decide for sure is marked, never guessed: the scalar scoring then says it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from certification.assessment.results import Scored
from certification.scheme.definition import Bands, Indicator, Method
from certification.scheme.formula.columns import Columns, Flags, Floats, Whole
from certification.scheme.formula.readings import Reading, States, either
from certification.scheme.formula.vector import evaluate

Claims = NDArray[np.int8]

SCORED = (Scored.COMPUTED, Scored.AWAITING, Scored.MISSING, Scored.NO_BENCHMARK, Scored.NOT_APPLICABLE)
"""By their code: what comes after missing leaves the total that a score is taken of."""
COMPUTED, AWAITING, MISSING, NO_BENCHMARK, LEFT_OUT = (np.uint8(code) for code in range(len(SCORED)))

CLAIMS = ("none", "half", "full")
UNCLAIMED = -1
CLEAR = 1e-12
"""A share of the weight that is off by less than this is as good as exact: totals are told to 1e-4."""
OUT_OF_RANGE = 1e18
NEARLY = 0.99


class Entered(NamedTuple):
    """What administrators entered for an indicator: each subject's place in ``known``, -1 where there is nothing."""

    place: Whole
    known: tuple[tuple[Decimal, Decimal, str], ...]

    def of(self, subject: int) -> tuple[Decimal, Decimal, str] | None:
        """Base, lead and source for one subject."""
        place = int(self.place[subject])
        return self.known[place] if place >= 0 else None

    def column(self, which: int) -> Floats:
        """Each subject's base (0) or lead (1); NaN where there is nothing."""
        return np.array([*(float(each[which]) for each in self.known), np.nan])[self.place]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What is known of many subjects: figures, claims (places in CLAIMS) and entered benchmarks by indicator."""

    columns: Columns
    claims: Mapping[str, Claims] = field(default_factory=dict)
    benchmarks: Mapping[str, Entered] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """How many subjects there are."""
        return self.columns.count

    def part(self, first: int, last: int) -> "Batch":
        """The subjects from ``first`` up to ``last``."""
        return Batch(
            columns=self.columns.part(first, last),
            claims={code: claims[first:last] for code, claims in self.claims.items()},
            benchmarks={
                code: Entered(each.place[first:last], each.known) for code, each in self.benchmarks.items()
            },
        )


def claims_of(codes: Collection[str], columns: Columns) -> dict[str, Claims]:
    """The highest claim that each subject's reported cases make for each of these indicators."""
    cases = columns.tables.get("cases")
    if cases is None or not cases.count:
        return {}
    subject = np.repeat(np.arange(columns.count), np.diff(cases.start))
    said, about = cases.words["claim"], cases.words["indicator"]
    ranks = np.array(
        [CLAIMS.index(word) if word in CLAIMS else UNCLAIMED for word in (*said.known, "")], dtype=np.int8
    )
    claimed, found = ranks[said.codes], {}
    for code in set(codes) & set(about.known):
        rows = np.flatnonzero(about.codes == about.known.index(code))
        found[code] = np.full(columns.count, UNCLAIMED, dtype=np.int8)
        np.maximum.at(found[code], subject[rows], claimed[rows])
    return found


class Marks(NamedTuple):
    """Per subject: the state's code, certain points, awaiting points (None: nowhere any), and what is unsure.

    ``idle`` marks what awaits only because there is nothing to measure.
    """

    state: States
    points: Floats
    awaiting: Floats | None = None
    unsure: Flags | None = None
    idle: Flags | None = None


class Measures(NamedTuple):
    """What values are measured against. ``steep`` is the greatest of base and lead over the distance of both."""

    base: Floats | float
    lead: Floats | float
    steep: Floats | float
    missing: Flags | None = None
    unknown: Flags | None = None


def marks(indicator: Indicator, batch: Batch, room: Floats | None = None) -> Marks:
    """What an indicator brings each subject; ``room``, if given, is where its points may stand."""
    weight = float(indicator.weight)
    if indicator.is_qualitative:
        return _judged(batch.claims.get(indicator.code), weight, batch.count)
    entered = batch.benchmarks.get(indicator.code)
    first, *rest = indicator.methods
    found, idle = _measured(first, batch, weight, None if rest else entered, bool(indicator.group), room)
    if not rest:
        return found
    tables = (batch.columns.tables.get(table) for table in first.formula.tables)
    reported = either(*(table.reported for table in tables if table is not None))
    other = idle if reported is None else ~reported if idle is None else idle | ~reported
    if other is None:
        return found
    return _instead(other, _measured(rest[0], batch, weight, entered, bool(indicator.group))[0], found)


def _judged(claims: Claims | None, weight: float, count: int) -> Marks:
    """A case that people judge: what is claimed awaits them."""
    nothing = np.zeros(count)
    if claims is None:
        return Marks(np.full(count, MISSING), nothing)
    state = np.where(claims > 0, AWAITING, np.where(claims < 0, MISSING, COMPUTED))
    return Marks(state, nothing, np.maximum(claims, 0) * (weight / (len(CLAIMS) - 1)))


def _instead(other: Flags, theirs: Marks, mine: Marks) -> Marks:
    """Marks of which some are another's."""
    unsure = [
        None if each.unsure is None else each.unsure & which
        for each, which in ((theirs, other), (mine, ~other))
    ]
    idle = [
        None if each.idle is None else each.idle & which for each, which in ((theirs, other), (mine, ~other))
    ]
    awaiting = None
    if theirs.awaiting is not None or mine.awaiting is not None:
        awaiting = np.where(
            other,
            0.0 if theirs.awaiting is None else theirs.awaiting,
            0.0 if mine.awaiting is None else mine.awaiting,
        )
    return Marks(
        np.where(other, theirs.state, mine.state),
        np.where(other, theirs.points, mine.points),
        awaiting,
        either(*unsure),
        either(*idle),
    )


def _measured(
    method: Method,
    batch: Batch,
    weight: float,
    entered: Entered | None,
    ties: bool,  # noqa: FBT001 - equal points must be equal for sure
    room: Floats | None = None,
) -> tuple[Marks, Flags | None]:
    """Values against their scale; and where there was nothing to measure."""
    reading = evaluate(method.formula.tree, batch.columns)
    value = np.asarray(reading.number)
    scale = _scale(method, batch, entered)
    points, apart = _points(method, scale, value, weight, room)
    unsure = either(reading.unsure, _doubtful(method, scale, reading, apart))
    if ties and not reading.exact:
        off = reading.off() + 2.0**-50 * np.abs(value)
        unsure = either(unsure, np.abs(value - scale.base) <= off, np.abs(value - scale.lead) <= off)
    large = (value if reading.positive else np.abs(value)) >= NEARLY * OUT_OF_RANGE
    if large.any():
        large &= np.isfinite(value)
        unsure = either(unsure, large if large.any() else None)  # out of range, or nearly
    state = _state(reading, scale, batch.count)
    idle: Flags | None = state == AWAITING
    idle = idle if idle is not None and idle.any() else None
    if state.any():
        np.putmask(points, state > COMPUTED, 0.0)
    return Marks(state, points, None if idle is None else np.where(idle, weight, 0.0), unsure, idle), idle


def _state(reading: Reading, scale: Measures, count: int) -> States:
    """What becomes of the indicator: a figure that is missing outweighs what its value is measured against."""
    none = reading.state
    state = (
        np.zeros(count, dtype=np.uint8) if none is None else np.minimum(none, MISSING)
    )  # undefined ones too
    if scale.unknown is not None:
        state[scale.unknown & (state <= COMPUTED)] = NO_BENCHMARK
    if scale.missing is not None:
        state[scale.missing & ((state <= COMPUTED) | (state == NO_BENCHMARK))] = MISSING
    return state


def _scale(method: Method, batch: Batch, entered: Entered | None) -> Measures:
    """What administrators entered goes before what the scheme says, plain or by size."""
    if entered is None and not method.sized_by:
        return _plain(method, batch.count)
    base, lead = _sized(method.base_by, method.base, batch), _sized(method.lead_by, method.lead, batch)
    sizes = [batch.columns.values.get(key) for key in sorted(method.sized_by)]
    missing = either(
        *(np.ones(batch.count, dtype=np.bool_) if size is None else np.isnan(size) for size in sizes)
    )
    if entered is not None:
        own = entered.place >= 0
        base, lead = np.where(own, entered.column(0), base), np.where(own, entered.column(1), lead)
        missing = None if missing is None else missing & ~own
    if not method.has_base:
        base = 0.0
    with np.errstate(all="ignore"):
        apart = np.abs(np.subtract(lead, base))
        steep = np.maximum(np.abs(base), np.abs(lead)) / apart
    unknown = ~(apart > 0) if method.has_base else np.isnan(lead)
    if not np.any(unknown):
        return Measures(base, lead, steep, missing)
    return Measures(base, lead, steep, missing, np.broadcast_to(unknown, batch.count))


def _plain(method: Method, count: int) -> Measures:
    """The scheme's own numbers, the same for everybody."""
    lead = np.nan if method.lead is None else float(method.lead)
    base = (np.nan if method.base is None else float(method.base)) if method.has_base else 0.0
    apart = abs(lead - base)
    known = apart > 0 if method.has_base else method.lead is not None
    steep = max(abs(base), abs(lead)) / apart if apart > 0 else np.nan
    return Measures(base, lead, steep, None, None if known else np.ones(count, dtype=np.bool_))


def _sized(bands: Bands | None, plain: Decimal | None, batch: Batch) -> Floats | float:
    """A value of the scheme; NaN where it has none."""
    if bands is None:
        return np.nan if plain is None else float(plain)
    size = batch.columns.values.get(bands.metric)
    if size is None:
        return np.nan
    found = np.full(batch.count, np.nan)
    for band in reversed(bands.bands):
        found[size >= float(band.at_least)] = float(band.value)
    return found


def _points(
    method: Method, scale: Measures, value: Floats, weight: float, room: Floats | None
) -> tuple[Floats, Floats | None]:
    """The points that ``share_of`` gives of the weight, and for a step how far the value is from it."""
    if method.scoring == "linear":
        points = np.subtract(value, scale.base, out=room)
        points *= weight / np.subtract(scale.lead, scale.base)
        return points.clip(0.0, weight, out=points), None
    beyond = value <= scale.lead if method.less_is_better else value >= scale.lead
    if method.scoring == "step":
        return np.where(beyond, weight, 0.0), np.abs(value - scale.lead)
    part = np.divide(scale.lead, value) if method.less_is_better else np.divide(value, scale.lead)
    part = np.where(np.asarray(scale.lead) > 0, np.clip(part, 0.0, 1.0), 0.0)
    return np.where(beyond, 1.0, part) * weight, None


def _doubtful(method: Method, scale: Measures, reading: Reading, apart: Floats | None) -> Flags | None:
    """Where a value may be off by more than its points can bear, and lies where that tells."""
    plain = apart is None and reading.slack is None and method.scoring == "linear"
    if plain and isinstance(scale.steep, float) and not (reading.relative + 2.0**-50) * scale.steep > CLEAR:
        return None
    value, lead = np.asarray(reading.number), np.asarray(scale.lead)
    if apart is not None:
        return None if reading.exact else apart <= reading.off()
    doubtful = (reading.relative + 2.0**-50) * np.asarray(scale.steep) > CLEAR
    if reading.slack is not None:
        doubtful = doubtful | (reading.slack > CLEAR * np.abs(np.subtract(lead, scale.base)))
    if method.scoring == "ratio":
        doubtful = doubtful | (lead <= 0)
    if not doubtful.any():
        return None
    off = reading.off() + 2.0**-50 * np.abs(value)
    low, high = np.minimum(scale.base, lead), np.maximum(scale.base, lead)
    far = (value < low - off) | (value > high + off)
    return doubtful & ~far if method.has_base else np.broadcast_to(doubtful, value.shape)
