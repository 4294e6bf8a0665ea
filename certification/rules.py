"""Guards and routes: what must hold before a move, and where it lands. Stages register them by key.

A system check refuses a key of the table that nobody registered.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from greenchain.refusals import Refused

if TYPE_CHECKING:
    from certification.workflow import Case


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a route sends a case: the status and the fields that change with it."""

    status: str
    changes: Mapping[str, Any] = field(default_factory=dict)


Guard = Callable[["Case", Any, Mapping[str, Any]], None]
Route = Callable[["Case", Any, Mapping[str, Any]], Landing]
GUARDS: dict[str, Guard] = {}
ROUTES: dict[str, Route] = {}
ASKING: set[str] = set()


def guard(key: str, *, asks: bool = False) -> Callable[[Guard], Guard]:
    """Register a guard; one that ``asks`` judges the inputs, so an offer cannot try it in advance."""

    def register(function: Guard) -> Guard:
        if key in GUARDS:
            raise ValueError(f"two guards are called {key}")
        GUARDS[key] = function
        if asks:
            ASKING.add(key)
        return function

    return register


def route(key: str) -> Callable[[Route], Route]:
    """Register a route: a function that says where a move lands."""

    def register(function: Route) -> Route:
        if key in ROUTES:
            raise ValueError(f"two routes are called {key}")
        ROUTES[key] = function
        return function

    return register


def reasons_in(inputs: Mapping[str, Any]) -> str:
    """The reasons given, stripped."""
    return str(inputs.get("reasons") or "").strip()


@guard("reasons", asks=True)
def _reasons(_case: "Case", _by: Any, inputs: Mapping[str, Any]) -> None:
    if not reasons_in(inputs):
        raise Refused(_("Please give your reasons."), code="reasons", field="reasons")
