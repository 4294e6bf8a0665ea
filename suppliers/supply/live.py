"""The network as it is now: the newest fold with everything laid over it that changed since.

An answer never waits for a fold and never shows what was: the fold is read as it stands, the changes since its horizon
come from the database. What was laid over is kept by the process as long as nothing else changes; inside a transaction
nothing is kept, since it may be rolled back.
"""

import datetime as dt
from threading import Lock

import numpy as np
from django.db import connection

from greenchain.clock import today
from suppliers.supply import folds, journal
from suppliers.supply.journal import LINKS
from suppliers.supply.network import Network, build, laid_over
from suppliers.supply.reading import read_all, read_of, turned
from suppliers.supply.rows import Rows

Key = tuple[object, ...]

_lock = Lock()
_kept: dict[str, tuple[Key, Network]] = {}


def network(day: dt.date | None = None) -> Network:
    """The links in force on ``day`` (today), with all changes that are committed or done by this transaction."""
    wanted = day or today()
    held = folds.newest(LINKS)
    if held is None:
        return build_now(wanted) if connection.in_atomic_block or wanted != today() else _of(fold())
    if connection.in_atomic_block or wanted != today():
        return _laid(held, wanted)
    key = (held.row.version, wanted, *journal.count_since(LINKS, held.row.horizon))
    kept = _kept.get(LINKS)
    if kept is None or kept[0] != key:
        kept = (key, _laid(held, wanted))
        with _lock:
            _kept[LINKS] = kept
    return kept[1]


def fold() -> folds.Fold:
    """Fold all links of today into new files."""
    behind = journal.horizon()  # taken first: what changes meanwhile is laid over, even if it is in the files
    found = build_now(today())
    arrays = {
        "nodes": found.nodes.astype(np.int32),
        "starts": found.up.starts,
        "targets": found.up.targets,
        "shares": found.up.shares,
        "down_starts": found.down.starts,
        "down_targets": found.down.targets,
        "down_shares": found.down.shares,
    }
    return folds.keep(LINKS, {name: array for name, array in arrays.items() if array is not None}, behind)


def fold_if_due() -> bool:
    """Fold when it is due; whether it was."""
    if not folds.due(LINKS):
        return False
    fold()
    journal.forget()
    return True


def build_now(day: dt.date) -> Network:
    """Built from the database, without files."""
    links = read_all(day)
    return build(links.pairs, links.shares)


def _of(held: folds.Fold) -> Network:
    arrays = held.arrays
    return Network(
        nodes=arrays["nodes"],
        up=Rows(arrays["starts"], arrays["targets"], arrays["shares"]),
        reverse=Rows(arrays["down_starts"], arrays["down_targets"], arrays["down_shares"]),
    )


def _laid(held: folds.Fold, day: dt.date) -> Network:
    changed = journal.keys_since(LINKS, held.row.horizon) | turned(held.row.day, day)
    if not changed:
        return _of(held)
    links = read_of(changed, day)
    return laid_over(_of(held), np.array(sorted(changed), dtype=np.int64), links.pairs, links.shares)
