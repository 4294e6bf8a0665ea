"""System checks: the table of moves and the scheme files name only what exists."""

from typing import Any

from django.core.checks import Error, register

from certification.assessment.checks import CHECKS
from certification.capacity import ALL
from certification.rules import GUARDS, ROUTES
from certification.scheme.loading import lint
from certification.workflow import MOVES, NEW, Status


@register()
def table_of_moves(**_kwargs: Any) -> list[Error]:
    """Refuse unknown guards, routes, statuses and verbs in the table."""
    verbs = {move.verb for move in MOVES}
    faults = []
    for move in MOVES:
        unknown = {key for key in move.guards if key not in GUARDS}
        unknown |= move.source - {*Status.values, NEW}
        unknown |= {verb for verb in move.apart_from if verb.removeprefix("-") not in {*verbs, ALL}}
        to = move.to.strip("()")
        known = ROUTES if move.to.startswith("(") else {*Status.values, "="}
        unknown |= set() if to in known else {to}
        faults += [
            Error(
                f"The row {move.case} {move.verb} names “{name}”, which nobody registered.",
                hint="Register the guard or route by this key, or correct the table in certification/workflow.py.",
                id="certification.E001",
            )
            for name in sorted(unknown)
        ]
    return faults


@register()
def scheme_files(**_kwargs: Any) -> list[Error]:
    """Refuse a scheme file with a fault, or one that names a check which nobody registered."""
    return [Error(str(fault), hint="See docs/howto.md.", id="certification.E002") for fault in lint(CHECKS)]
