"""Arrays in files that several processes map into memory and share: written apart, named, then announced.

A fold is a folder of ``.npy`` files, and a row in the database that says which changes are in it. The row comes last
and the files never change, so nobody reads half a fold; a database that was restored or emptied knows nothing of files
of another life. Each machine folds for itself into its own folder.
"""

import datetime as dt
import shutil
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction
from numpy.typing import NDArray

from greenchain.clock import now, today
from suppliers.supply import journal
from suppliers.supply.journal import KEPT_FOR, Horizon
from suppliers.supply.models import NetworkFold

ON_DISK = 2
"""The newest, and the one before it for those who are reading it."""
OFTEN = dt.timedelta(minutes=10)
LONG = KEPT_FOR / 4
MANY = 2_000
"""So many changes are folded in at once, fewer after ``OFTEN``; a fold is made anew after ``LONG`` in any case."""
Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Fold:
    """The arrays of one fold, mapped into memory."""

    row: NetworkFold
    arrays: Arrays


_open: dict[str, Fold] = {}
"""By kind the fold that this process has mapped."""


def newest(kind: str) -> Fold | None:
    """The newest fold that this machine has; None where there is none, or none young enough to know all changes."""
    young = NetworkFold.objects.filter(kind=kind, at__gte=now() - KEPT_FOR / 2).order_by("-pk")
    for row in young[: 2 * ON_DISK]:
        held = _open.get(kind)
        if held is not None and held.row.version == row.version:
            return held
        place = _place(row)
        if place.is_dir():
            found = _open[kind] = Fold(row, _mapped(place))
            return found
    return None


def due(kind: str, *, told: str = "") -> bool:
    """Whether it is time to fold: much changed, something changed a while ago, the day did, or it was long ago.

    ``told``: the kind of the changes that concern the fold, where it is not its own.
    """
    held = newest(kind)
    if held is None or held.row.day != today() or held.row.at < now() - LONG:
        return True
    count, _last = journal.count_since(told or kind, held.row.horizon)
    return count >= MANY or (count > 0 and held.row.at < now() - OFTEN)


def keep(kind: str, arrays: Arrays, behind: Horizon) -> Fold:
    """Write the arrays, announce them, and remove what is older than the last ``ON_DISK``."""
    row = NetworkFold(version=uuid.uuid4(), kind=kind, horizon=behind, day=today())
    place = _place(row)
    draft = place.with_suffix(".draft")
    draft.mkdir(parents=True)
    for name, array in arrays.items():
        np.save(draft / f"{name}.npy", array, allow_pickle=False)
    draft.rename(place)
    row.save(force_insert=True)
    transaction.on_commit(lambda: _tidy(kind))
    return Fold(row, _mapped(place))


def _tidy(kind: str) -> None:
    rows = NetworkFold.objects.filter(kind=kind).order_by("-pk")
    kept = {_place(row) for row in rows[: ON_DISK * 4]}
    NetworkFold.objects.filter(kind=kind, at__lt=now() - KEPT_FOR).delete()
    mine = sorted(
        (each for each in _folder().glob(f"{kind}-*") if each.is_dir() and each.suffix != ".draft"),
        key=lambda each: each.stat().st_mtime,
    )
    for old in {*mine[:-ON_DISK], *(each for each in mine if each not in kept)}:
        shutil.rmtree(old, ignore_errors=True)  # whoever has it mapped keeps it until they let go


def _mapped(place: Path) -> Arrays:
    return {each.stem: np.load(each, mmap_mode="r", allow_pickle=False) for each in place.glob("*.npy")}


def _place(row: NetworkFold) -> Path:
    return _folder() / f"{row.kind}-{row.version.hex}"


def _folder() -> Path:
    return Path(settings.NETWORK_DIR)
