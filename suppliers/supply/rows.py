"""Compressed sparse rows: for each place the places that it leads to, and a share for each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Places = NDArray[np.int32]
"""Places among the nodes: up to two billion links, at half the memory of their keys."""
Shares = NDArray[np.floating]
"""Shares of a buyer's purchases, 0 to 1; kept as float16: three digits at a quarter of the memory."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Rows:
    """``targets[starts[i]:starts[i + 1]]`` are where place ``i`` leads to, ``shares`` beside them if known."""

    starts: Places
    targets: Places
    shares: Shares | None = None

    def ends(self, frontier: Places, skip: Mask | None = None) -> Places:
        """All targets of all places of ``frontier`` at once, repeats included; ``skip``: not of these rows of it."""
        where, _lengths = self._where(frontier, skip)
        return self.targets[where]

    def edges(
        self, frontier: Places, only: Mask | None = None, skip: Mask | None = None
    ) -> tuple[Places, Places, Shares | None]:
        """(row in ``frontier``, target, share) of each link of ``frontier``; ``only``: those to these targets."""
        where, lengths = self._where(frontier, skip)
        row = np.repeat(np.arange(len(frontier), dtype=np.int32), lengths)
        targets = self.targets[where]
        if only is not None:
            wanted = np.flatnonzero(only[targets])
            where, row, targets = where[wanted], row[wanted], targets[wanted]
        return row, targets, None if self.shares is None else self.shares[where]

    def reversed(self, size: int) -> "Rows":
        """The same links from their other ends; ``size`` places."""
        sources = np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(self.starts))
        return rows_of(self.targets, sources, size, self.shares)

    def _where(self, frontier: Places, skip: Mask | None) -> tuple[Places, Places]:
        if skip is not None:
            frontier = np.where(skip, 0, frontier)  # what is skipped may stand beyond the rows
        starts = self.starts[frontier]
        lengths = self.starts[frontier + 1] - starts
        if skip is not None:
            lengths[skip] = 0
        ends = np.cumsum(lengths, dtype=np.int32)
        where = np.arange(ends[-1] if len(ends) else 0, dtype=np.int32)
        where += np.repeat(starts - (ends - lengths), lengths)
        return where, lengths


NO_ROWS = Rows(np.zeros(1, dtype=np.int32), np.zeros(0, dtype=np.int32))


def rows_of(sources: Places, targets: Places, size: int, shares: Shares | None = None) -> Rows:
    """The rows of links ``sources[i]`` to ``targets[i]`` among ``size`` places."""
    starts = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(sources, minlength=size), out=starts[1:])
    if len(sources) and bool(np.all(sources[1:] >= sources[:-1])):
        order: slice | Integers = slice(None)  # in order already, as the database gives them
    else:
        order = np.argsort(sources, kind="stable")
    found = targets[order].astype(np.int32, copy=False)
    return Rows(starts, found, None if shares is None else shares[order].astype(np.float16, copy=False))
