"""Blind double scoring, and a third expert where two differ."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from certification.application.guards import application_of
from certification.panel.models import PanelScore
from certification.rules import guard
from certification.workflow import Case
from greenchain.refusals import Refused

EXPERTS = 2
THRESHOLD = Decimal(10)
"""Two experts who differ by more than this many points of 100 call for a third (our choice)."""
FULL = Decimal(100)


def _given(case: Case) -> list[Decimal]:
    return list(PanelScore.objects.filter(application=application_of(case)).values_list("points", flat=True))


@guard("blind", asks=True)
def _blind(case: Case, by: Any, inputs: Mapping[str, Any]) -> None:
    if PanelScore.objects.filter(application=application_of(case), expert=by).exists():
        raise Refused(_("You have scored this case already; scores are not changed."), code="already_done")
    try:
        points = Decimal(str(inputs.get("points")))
    except InvalidOperation:
        points = Decimal(-1)
    if not 0 <= points <= FULL or not str(inputs.get("reasons") or "").strip():
        raise Refused(_("Give 0 to 100 points and your reasons."), code="blind", field="points")


@guard("all_scored")
def _all_scored(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if len(_given(case)) < EXPERTS:
        raise Refused(_("Two experts must have scored."), code="all_scored")


@guard("agreed")
def _agreed(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    given = _given(case)
    if len(given) == EXPERTS and max(given) - min(given) > THRESHOLD:
        raise Refused(
            _("The two experts differ by more than %(threshold)d points; assign a third.")
            % {"threshold": THRESHOLD},
            code="agreed",
        )
