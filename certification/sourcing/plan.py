"""When a supplier is to be audited next, and how: by its grade, its last audit, and the day it was graded so."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from certification.sourcing.rules import Rulebook
from greenchain.clock import months_after


@dataclass(frozen=True, slots=True)
class Due:
    """The next audit: at the latest on ``day``; None where the grade asks for none."""

    kind: str
    day: dt.date | None


def due(grade: str, since_on: dt.date, last: Mapping[str, dt.date], book: Rulebook) -> Due:
    """``last`` has the day of the last audit of each kind that was done.

    A supplier that was never audited in the way its grade asks for has ``first_audit_days`` from the day on which it
    got the grade; one whose audit is older than the interval was due when the interval ended, or by the same grace.
    """
    interval = book.plan[grade]
    if not interval.months:
        return Due("", None)
    grace = since_on + dt.timedelta(days=book.numbers["first_audit_days"])
    counts = ("onsite",) if interval.kind == "onsite" else ("onsite", "document")
    done = max((last[kind] for kind in counts if kind in last), default=None)
    if done is None:
        return Due(interval.kind, grace)
    following = months_after(done, interval.months)
    return Due(interval.kind, following if following >= since_on else grace)
