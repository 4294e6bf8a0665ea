"""Do one thing to each of many rows: a refusal means that it is not due, a crash is logged and the others go on."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from greenchain.refusals import Refused

log = logging.getLogger(__name__)


def count_each(rows: Iterable[Any], act: Callable[[Any], Any]) -> int:
    """How many rows the act did something to; ``act`` answers whether it did."""
    count = 0
    for row in rows:
        try:
            count += bool(act(row))
        except Refused as no:
            log.info("%s: %s", row, no.code)
        except Exception:
            log.exception("%s failed", row)
    return count
