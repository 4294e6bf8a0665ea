"""Many subjects' figures as columns: float64 by metric, and the rows of each table one after the other.

A float64 holds every decimal of at most 15 significant digits apart from every other one, and gives it back. A
subject with a figure beyond that, or of an outlandish size, keeps its figures as they are: it is one for the
scalar evaluator.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from certification.scheme.formula.language import Formula
from certification.scheme.formula.outcome import Cell, Inputs, Row

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
Kind = Literal["number", "flag", "word"]

DIGITS = 15
LARGEST = Decimal("1e30")
LEAST = Decimal("1e-30")


class Words(NamedTuple):
    """A column of words: each cell's place in ``known``, -1 where it is empty."""

    codes: Whole
    known: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ragged:
    """One table of n subjects: subject i has the rows ``start[i]`` to ``start[i + 1]``.

    ``start`` has n + 1 places, ``reported`` n; a table that was reported without rows is no missing one.
    An empty number is NaN, a flag that is not ticked False.
    """

    start: Whole
    reported: Flags
    numbers: Mapping[str, Floats]
    flags: Mapping[str, Flags]
    words: Mapping[str, Words]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return int(self.start[-1])

    def part(self, first: int, last: int) -> "Ragged":
        """The rows of the subjects from ``first`` up to ``last``."""
        begin, end = int(self.start[first]), int(self.start[last])
        return Ragged(
            start=self.start[first : last + 1] - begin,
            reported=self.reported[first:last],
            numbers={key: column[begin:end] for key, column in self.numbers.items()},
            flags={key: column[begin:end] for key, column in self.flags.items()},
            words={key: Words(column.codes[begin:end], column.known) for key, column in self.words.items()},
        )


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The figures of ``count`` subjects. A missing value is NaN.

    ``beyond`` holds the subjects whose figures float64 does not hold, by place, with those figures in full.
    """

    count: int
    values: Mapping[str, Floats]
    tables: Mapping[str, Ragged]
    beyond: Mapping[int, Inputs] = field(default_factory=dict)
    _missing: dict[str, Flags | None] = field(default_factory=dict, compare=False, repr=False)
    _positive: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    def missing(self, key: str) -> Flags | None:
        """Who did not report a metric; None where everybody did. Looked up once, since many formulas ask."""
        if key not in self._missing:
            found = np.isnan(self.values[key])
            self._missing[key] = found if found.any() else None
        return self._missing[key]

    def positive(self, key: str) -> bool:
        """Whether nobody reported less than zero."""
        if key not in self._positive:
            self._positive[key] = not (self.values[key] < 0).any()
        return self._positive[key]

    def part(self, first: int, last: int) -> "Columns":
        """The subjects from ``first`` up to ``last``, as views of the same memory."""
        return Columns(
            count=last - first,
            values={key: column[first:last] for key, column in self.values.items()},
            tables={key: table.part(first, last) for key, table in self.tables.items()},
            beyond={place - first: found for place, found in self.beyond.items() if first <= place < last},
        )

    def inputs(self, place: int) -> Inputs:
        """One subject's figures, exactly as they went in, for the scalar evaluator."""
        if place in self.beyond:
            return self.beyond[place]
        values = {key: _decimal(column[place]) for key, column in self.values.items()}
        tables = {key: table for key, table in self.tables.items() if table.reported[place]}
        return Inputs(values, {key: _rows(table, place) for key, table in tables.items()})


class Shape(NamedTuple):
    """Which figures are wanted as columns: metrics, and each table's columns with their kind."""

    metrics: frozenset[str]
    tables: Mapping[str, Mapping[str, Kind]]


def shape_of(formulas: Iterable[Formula], also: Iterable[str] = ()) -> Shape:
    """The figures that some formulas read, and the metrics ``also``."""
    metrics, tables = set(also), dict[str, dict[str, Kind]]()
    for formula in formulas:
        metrics |= formula.names
        for use in formula.uses:
            columns = tables.setdefault(use.table, {})
            if use.column:
                columns[use.column] = use.kind
    return Shape(frozenset(metrics), tables)


def columns_of(subjects: Sequence[Inputs], shape: Shape) -> Columns:
    """The subjects' figures as columns."""
    beyond = {place: found for place, found in enumerate(subjects) if not _fits(found, shape)}
    held = [Inputs({}, found.tables) if place in beyond else found for place, found in enumerate(subjects)]
    empty = dict.fromkeys(shape.tables, ())
    rows = [Inputs({}, empty) if place in beyond else found for place, found in enumerate(subjects)]
    return Columns(
        count=len(subjects),
        values={key: _floats(found.value(key) for found in held) for key in sorted(shape.metrics)},
        tables={key: _ragged(key, kinds, rows) for key, kinds in sorted(shape.tables.items())},
        beyond=beyond,
    )


def holds(figure: Decimal) -> bool:
    """Whether float64 tells this decimal apart from all others of its length, and gives it back."""
    return not figure or (
        LEAST < abs(figure) < LARGEST and len(figure.normalize().as_tuple().digits) <= DIGITS
    )


def _fits(found: Inputs, shape: Shape) -> bool:
    numbers = [found.value(key) for key in shape.metrics]
    for key, kinds in shape.tables.items():
        read = [column for column, kind in kinds.items() if kind == "number"]
        numbers += [_number(row.get(column)) for row in found.rows(key) or () for column in read]
    return all(holds(number) for number in numbers if number is not None)


def _ragged(key: str, kinds: Mapping[str, Kind], subjects: Sequence[Inputs]) -> Ragged:
    given = [found.rows(key) for found in subjects]
    rows = [row for each in given for row in each or ()]
    start = np.zeros(len(given) + 1, dtype=np.int64)
    np.cumsum([len(each or ()) for each in given], out=start[1:])

    def cells(kind: Kind) -> dict[str, list[Cell]]:
        return {name: [row.get(name) for row in rows] for name, found in kinds.items() if found == kind}

    return Ragged(
        start=start,
        reported=np.array([each is not None for each in given], dtype=np.bool_),
        numbers={name: _floats(map(_number, found)) for name, found in cells("number").items()},
        flags={
            name: np.array([cell is True for cell in found], dtype=np.bool_)
            for name, found in cells("flag").items()
        },
        words={name: _words(found) for name, found in cells("word").items()},
    )


def _words(cells: Sequence[Cell]) -> Words:
    known = tuple(sorted({cell for cell in cells if isinstance(cell, str)}))
    place = {word: number for number, word in enumerate(known)}
    codes = [place[cell] if isinstance(cell, str) else -1 for cell in cells]
    return Words(np.array(codes, dtype=np.int64), known)


def _floats(figures: Iterable[Decimal | None]) -> Floats:
    return np.array([np.nan if figure is None else float(figure) for figure in figures], dtype=np.float64)


def _number(cell: Cell) -> Decimal | None:
    return cell if isinstance(cell, Decimal) and cell.is_finite() else None


def _decimal(figure: np.float64) -> Decimal | None:
    """The decimal that the figure was: the shortest that float64 reads back."""
    return None if np.isnan(figure) else Decimal(repr(float(figure)))


def _rows(table: Ragged, place: int) -> list[Row]:
    found: list[Row] = []
    for line in range(int(table.start[place]), int(table.start[place + 1])):
        row: dict[str, Cell] = {key: _decimal(column[line]) for key, column in table.numbers.items()}
        row |= {key: bool(column[line]) for key, column in table.flags.items()}
        row |= {
            key: column.known[column.codes[line]] if column.codes[line] >= 0 else None
            for key, column in table.words.items()
        }
        found.append(row)
    return found
