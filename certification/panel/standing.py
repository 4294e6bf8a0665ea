"""How far a panel is: who scored, who still has to, who is lacking. It tells no points."""

from dataclasses import dataclass
from decimal import Decimal

from certification.application.models import Application, Seat
from certification.panel.combining import PAIR, spread
from certification.panel.models import PanelResult, PanelScore
from certification.scheme.definition import Judging
from greenchain.accounts.models import Role


@dataclass(frozen=True, slots=True)
class Standing:
    """The panel of one case for its newest dossier."""

    given: list[PanelScore]
    seated: list[Seat]
    threshold: Decimal
    dossier: int
    result: PanelResult | None

    @property
    def apart(self) -> bool:
        """Whether the first two differ by more than the threshold, so that a third is called."""
        first = [row.points for row in self.given[:PAIR]]
        return len(first) == PAIR and spread(first) > self.threshold

    @property
    def wanted(self) -> int:
        """How many must score."""
        return PAIR + 1 if self.apart else PAIR

    @property
    def lacking(self) -> int:
        """How many must still be drawn."""
        return max(self.wanted - len(self.given) - len(self.seated), 0)

    @property
    def done(self) -> bool:
        """Whether enough have scored."""
        return len(self.given) >= self.wanted


def judging_of(application: Application) -> Judging:
    """What the scheme version says of panel and rank."""
    return application.scheme_version.definition.judging


def threshold_of(application: Application) -> Decimal:
    """By how much two experts may differ: the round's, else the scheme version's, else ours."""
    own = application.round.panel_threshold
    return own if own is not None else judging_of(application).threshold


def dossier_of(application: Application) -> int:
    """The number of the newest dossier: what is scored, and what scores count for."""
    newest = application.dossier
    return newest.number if newest else 1


def standing(application: Application) -> Standing:
    """How far the case's panel is."""
    dossier = dossier_of(application)
    given: list[PanelScore] = []
    result, scored = None, []
    if application.left_by("score"):
        given = list(PanelScore.objects.filter(application=application, dossier=dossier).order_by("pk"))
        result = PanelResult.objects.filter(application=application, dossier=dossier).first()
        scored = [row.expert_id for row in given]
    seats = application.seats.current().filter(part=Role.EXPERT).select_related("user").order_by("pk")
    if not application.left_by("draw", "assign"):
        seats = seats.none()
    return Standing(
        given,
        [seat for seat in seats if seat.user_id not in scored],
        threshold_of(application),
        dossier,
        result,
    )
