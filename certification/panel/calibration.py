"""How each expert scores beside the others on the same cases: figures to talk about, no verdict.

A difference is an expert's points less the mean of the others' for the same dossier, over cases whose panel is
concluded. Below ``FEW`` cases nothing can be said (our choice), and the page says so.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from statistics import mean, stdev
from typing import Any

from certification.panel.models import PanelResult, PanelScore
from certification.workflow import Status
from greenchain.accounts.models import Role

FEW = 10
"""Below this many cases the figures mean nothing (our choice)."""
CENT = Decimal("0.01")
SOME = 2


@dataclass(frozen=True, slots=True)
class Calibration:
    """Points: ``mean_difference`` above 0 is kinder than the others; ``agreement``: share within the threshold."""

    cases: int = 0
    mean_difference: Decimal | None = None
    spread: Decimal | None = None
    agreement: Decimal | None = None

    @property
    def few(self) -> bool:
        """Whether there are too few cases to say anything."""
        return self.cases < FEW

    @property
    def percent(self) -> Decimal | None:
        """The agreement in per cent."""
        return None if self.agreement is None else self.agreement * 100


def calibrate(user: Any) -> dict[int, Calibration]:
    """By expert's key, over the concluded cases that the person sees; an expert gets only themselves."""
    scores = PanelScore.objects.visible_to(user).exclude(application__status=Status.PANEL)
    rows = scores.values_list("application", "dossier", "expert", "points")
    panels: dict[tuple[int, int], dict[int, Decimal]] = defaultdict(dict)
    for case, dossier, expert, points in rows:
        panels[case, dossier][expert] = points
    allowed = _thresholds(panels)
    found: dict[int, list[tuple[Decimal, bool]]] = defaultdict(list)
    for key, panel in panels.items():
        for expert, points in panel.items():
            others = [value for other, value in panel.items() if other != expert]
            if others and key in allowed:
                difference = points - mean(others)
                found[expert].append((difference, abs(difference) <= allowed[key]))
    told = {expert: _figures(each) for expert, each in found.items()}
    if getattr(user, "role", None) == Role.EXPERT:
        return {user.pk: told[user.pk]} if user.pk in told else {}
    return told


def _thresholds(panels: Any) -> dict[tuple[int, int], Decimal]:
    rows = PanelResult.objects.filter(application__in={case for case, _dossier in panels})
    return {
        (case, dossier): limit
        for case, dossier, limit in rows.values_list("application", "dossier", "threshold")
    }


def _figures(each: list[tuple[Decimal, bool]]) -> Calibration:
    differences = [difference for difference, _within in each]
    within = sum(within for _difference, within in each)
    return Calibration(
        cases=len(each),
        mean_difference=mean(differences).quantize(CENT),
        spread=stdev(differences).quantize(CENT) if len(each) >= SOME else None,
        agreement=(Decimal(within) / len(each)).quantize(CENT),
    )
