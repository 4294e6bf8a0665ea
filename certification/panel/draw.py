"""Who is drawn: whoever has fewest open cases first, and lots among equals, made anew from a recorded seed.

A lot is SHA-256 over seed and person. The seed is the head of the case's record when the panel was short of experts:
nobody chooses it, and everybody who has the record can draw again (our rule).
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from certification.application.models import Application, Seat
from certification.evaluation.independence import same
from certification.panel.independence import Matter, colleagues, left_out
from certification.panel.models import Draw, Expert, PanelScore
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.models import ChainHead
from greenchain.audit.trail import chain_of


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who stands to be drawn."""

    expert: Expert
    open: int

    def told(self) -> dict[str, Any]:
        """As the draw is kept."""
        return {
            "user": self.expert.user_id,
            "open": self.open,
            "employer": self.expert.employer,
            "identifier": self.expert.employer_identifier,
        }


@dataclass(frozen=True, slots=True)
class Pool:
    """Who may be drawn for a case, and who not, by the code of the reason."""

    candidates: list[Candidate]
    left_out: list[dict[str, Any]]


def pool(application: Application, panel: Iterable[int]) -> Pool:
    """The experts for the case; ``panel`` are the people who score it already. A fixed number of queries."""
    matter = Matter(application)
    sitting = list(Expert.objects.filter(user__in=panel).select_related("user"))
    busy = Count("user__seats", filter=Q(user__seats__in=unscored()), distinct=True)
    everybody = (
        Expert.objects.select_related("user", "authority").prefetch_related("ties").annotate(load=busy)
    )
    found = Pool([], [])
    rows: Any = everybody.filter(user__is_active=True, user__role=Role.EXPERT).order_by("user")
    for expert in rows:
        why = left_out(expert, matter) or ("colleague" if colleagues(expert, sitting) else "")
        if why:
            found.left_out.append({"user": expert.user_id, "why": why})
        else:
            found.candidates.append(Candidate(expert, expert.load))
    return found


def unscored() -> Any:
    """The seats of experts who still have to score."""
    held = Seat.objects.current().filter(part=Role.EXPERT, application__status=Status.PANEL)
    given = PanelScore.objects.filter(application=OuterRef("application"), expert=OuterRef("user"))
    return held.exclude(Exists(given))


def seed_of(application: Application) -> str:
    """The digest at the end of the case's record."""
    head = ChainHead.objects.filter(chain=chain_of(application)).first()
    return head.digest if head else ""


def lot(seed: str, user: int) -> str:
    """A person's lot: the lower one is drawn first among equals."""
    return hashlib.sha256(f"{seed}:{user}".encode()).hexdigest()


def drawn(seed: str, candidates: Sequence[dict[str, Any]], seats: int) -> list[int]:
    """The people drawn, in order; nobody shares an employer with somebody drawn before. Fewer where there are none."""
    rows = sorted(candidates, key=lambda row: (row["open"], lot(seed, row["user"])))
    chosen: list[dict[str, Any]] = []
    for row in rows:
        if len(chosen) < seats and not any(_same_house(row, other) for other in chosen):
            chosen.append(row)
    return [row["user"] for row in chosen]


def _same_house(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return same((one["employer"], one["identifier"]), (other["employer"], other["identifier"]))


def agrees(row: Draw) -> bool:
    """Whether the draw, made again from what was kept, draws the same people."""
    return drawn(row.seed, row.candidates, row.seats) == row.drawn
