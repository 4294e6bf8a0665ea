"""What surveillance does by the clock, in its order; each step asks what is due and may run twice."""

import logging
from collections.abc import Callable

from certification.surveillance.accidents import remind_of_holds
from certification.surveillance.duties import owe_forms, owe_rebenchmarks
from certification.surveillance.ladder import propose_for_neglect, remind_of_duties
from certification.surveillance.publishing import publish_late
from certification.surveillance.ranking import propose_for_lowest, rank_due
from certification.surveillance.renewal import invite

log = logging.getLogger(__name__)
STEPS: tuple[Callable[[], int], ...] = (
    owe_forms,
    owe_rebenchmarks,
    remind_of_duties,
    propose_for_neglect,
    rank_due,
    propose_for_lowest,
    remind_of_holds,
    invite,
    publish_late,
)


def keep_true() -> None:
    """Every step; one that fails is logged and does not hold up the others."""
    for step in STEPS:
        try:
            step()
        except Exception:
            log.exception("%s failed", step.__name__)
