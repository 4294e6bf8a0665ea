"""What a process keeps of a fold, with everything laid over that changed since, as long as nothing else changes."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

from django.db import connection

from greenchain.clock import today
from suppliers.supply import folds, journal

T = TypeVar("T")


class Kept(Generic[T]):
    """An answer that never waits for a fold and never shows what was.

    ``kind``: the fold's, ``told``: of the changes that concern it. ``read``: the answer from a fold as it is now, or
    from the database alone where there is none. Inside a transaction nothing is kept, since it may be rolled back.
    """

    def __init__(
        self, kind: str, told: str, *, fold: Callable[[], folds.Fold], read: Callable[[folds.Fold | None], T]
    ) -> None:
        self.kind, self.told, self.fold, self.read = kind, told, fold, read
        self._lock = Lock()
        self._kept: tuple[tuple[Any, ...], T] | None = None

    def now(self) -> T:
        """The answer as of this moment."""
        held = folds.newest(self.kind)
        if connection.in_atomic_block:
            return self.read(held)
        held = held or self.fold()
        key = (held.row.version, today(), *journal.count_since(self.told, held.row.horizon))
        kept = self._kept
        if kept is None or kept[0] != key:
            kept = (key, self.read(held))
            with self._lock:
                self._kept = kept
        return kept[1]

    def fold_if_due(self) -> bool:
        """Fold when it is due; whether it was."""
        if not folds.due(self.kind, told=self.told):
            return False
        self.fold()
        return True
