"""Where each enterprise is and what it makes, as arrays: its region and the division of its industry."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suppliers.enterprise.models import Enterprise
from suppliers.supply import folds, journal
from suppliers.supply.journal import PLACES
from suppliers.supply.keeping import Kept
from suppliers.supply.reading import KEYS_A_QUERY
from suppliers.supply.rows import Integers

ROW = np.dtype([("keys", "i8"), ("region", "i4"), ("industry", "i4")])
DIVISION = 2
"""An industry's code begins with so many digits of its division."""
Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Places:
    """By key, in no order: the region's code (GB/T 2260) and the division (GB/T 4754) as numbers, 0 where not known."""

    keys: Integers
    region: Codes
    industry: Codes

    def by_key(self, column: str, size: int) -> Codes:
        """A column to be read by keys, all of them below ``size``."""
        found = np.zeros(max(size, int(self.keys.max(initial=0)) + 1), dtype=np.int32)
        found[self.keys] = getattr(self, column)
        return found


def _fold() -> folds.Fold:
    behind = journal.horizon()
    found = _compute(None)
    return folds.keep(PLACES, {name: getattr(found, name) for name in ROW.names or ()}, behind)


def _read(held: folds.Fold | None) -> Places:
    if held is None:
        return _compute(None)
    found, changed = Places(**held.arrays), journal.keys_since(PLACES, held.row.horizon)
    if not changed:
        return found
    fresh, stays = _compute(changed), ~np.isin(found.keys, np.array(sorted(changed)))
    columns = (
        np.concatenate([getattr(found, name)[stays], getattr(fresh, name)]) for name in ROW.names or ()
    )
    return Places(*columns)


def _compute(keys: Iterable[int] | None) -> Places:
    """From the database: of these enterprises, or of all."""
    rows: list[Any] = []
    asked = Enterprise.objects.order_by().values_list("pk", "region_id", "industry_id")
    wanted = None if keys is None else sorted(keys)
    if wanted is None:
        rows = list(asked.iterator(chunk_size=20_000))
    for start in range(0, len(wanted or ()), KEYS_A_QUERY):
        rows += asked.filter(pk__in=(wanted or [])[start : start + KEYS_A_QUERY])
    coded = ((key, int(region or 0), int((industry or "0")[:DIVISION])) for key, region, industry in rows)
    found = np.fromiter(coded, dtype=ROW, count=len(rows))
    return Places(*(found[name] for name in ROW.names or ()))


_kept = Kept(PLACES, PLACES, fold=_fold, read=_read)
places, fold_if_due = _kept.now, _kept.fold_if_due
