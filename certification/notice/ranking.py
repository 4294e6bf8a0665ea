"""The ranking of a round at one level: who stands where, what fits the quota, and where a tie crosses its edge.

Rank is by what the scheme version says (``judging.rank_by``: our choice is the confirmed score, then the panel's);
what is equal shares a rank (1, 2, 2, 4). Passed-over cases keep their place, so that ranks stay true while a list
is composed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, Subquery

from certification.application.models import Application
from certification.assessment.models import Assessment
from certification.panel.models import PanelResult
from certification.scheme.models import Round
from certification.workflow import Status
from suppliers.place.models import Authority

TAKEN = (Status.NOTICE, Status.DECISION, Status.GRANTED)
RANKED = (Status.SELECTION, *TAKEN, Status.NOT_SELECTED)
SUBJECTS = ("site", "enterprise", "product", "park", "applicant", "desk", "round")


@dataclass(frozen=True, slots=True)
class Ranked:
    """A case with its place. ``proposed``: it stands within the quota by rank; ``at_edge``: a tie crosses the quota."""

    case: Application
    score: Decimal
    panel: Decimal | None
    rank: int
    rivals: int
    """How many were ranked."""
    tied: bool
    proposed: bool
    at_edge: bool

    waits: bool
    """Whether it is still to be chosen at this desk; what went to the desk above ranks here and is chosen there."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """One round and level at one deciding authority; the rows stand best first."""

    round: Round
    level: int
    authority: Authority
    rank_by: tuple[str, ...]
    rows: list[Ranked]
    quota: int | None
    taken: int

    @property
    def left(self) -> int | None:
        """Places left; None without a limit."""
        return None if self.quota is None else max(self.quota - self.taken, 0)

    @property
    def waiting(self) -> list[Ranked]:
        """What may still be chosen."""
        return [row for row in self.rows if row.waits]

    @property
    def edge(self) -> list[Ranked]:
        """The equals among whom a person must choose."""
        return [row for row in self.rows if row.at_edge]

    def of(self, case: Application) -> Ranked | None:
        """The case's row."""
        return next((row for row in self.rows if row.case.pk == case.pk), None)


def decided_at(authority: Authority, level: int) -> Q:
    """A filter for cases of a level that this authority decides: under it, and under no nearer one that could."""
    nearer = Authority.objects.filter(path__startswith=authority.path, level__gte=level).exclude(
        pk=authority.pk
    )
    mine = Q(home__path__startswith=authority.path)
    for path in nearer.values_list("path", flat=True):
        mine &= ~Q(home__path__startswith=path)
    return mine


def places_taken(application: Application) -> int:
    """Cases of the same round, level and deciding authority that are selected or granted, wherever they lie now."""
    others = Application.objects.filter(round=application.round_id, level=application.level, status__in=TAKEN)
    mine = decided_at(application.deciding_authority(), application.level)
    return others.filter(mine).exclude(pk=application.pk).count()


def ranking_for(user: Any, round_: Round, level: int) -> Ranking | None:
    """The ranking at the official's own authority; None where that decides nothing at this level of the round."""
    if level not in round_.levels or not user.is_official or user.authority.level < level:
        return None
    near = round_.authority.covers(user.authority) or user.authority.covers(round_.authority)
    return ranking_of(round_, level, user.authority) if near else None


def ranking_of(round_: Round, level: int, authority: Authority) -> Ranking:
    """The ranking as it stands now."""
    low = Assessment.objects.filter(application=OuterRef("pk")).order_by("-number").values("low")[:1]
    panel = PanelResult.objects.filter(application=OuterRef("pk")).order_by("-dossier").values("points")[:1]
    found = Application.objects.filter(
        decided_at(authority, level), round=round_, level=level, status__in=RANKED
    )
    cases: list[Any] = list(
        found.annotate(low=Subquery(low), panel_points=Subquery(panel))
        .select_related(*SUBJECTS)
        .order_by("number")
    )
    rank_by = round_.scheme_version.definition.judging.rank_by
    quota = round_.quota_at(level)
    taken = sum(case.status in TAKEN for case in cases)
    return Ranking(
        round_,
        level,
        authority,
        rank_by,
        _ranked(cases, authority, rank_by, None if quota is None else quota - taken),
        quota,
        taken,
    )


def _ranked(
    cases: Sequence[Any], authority: Authority, rank_by: tuple[str, ...], left: int | None
) -> list[Ranked]:
    keys = {case.pk: _key(case, rank_by) for case in cases}
    all_keys = list(keys.values())
    waiting = [keys[case.pk] for case in cases if case.status == Status.SELECTION]
    rows = []
    for case in cases:
        key = keys[case.pk]
        before, equal = sum(other > key for other in waiting), waiting.count(key)
        waits = case.status == Status.SELECTION
        fits = left is None or before + equal <= left
        rows.append(
            Ranked(
                case,
                score=case.low or Decimal(0),
                panel=case.panel_points,
                rank=1 + sum(other > key for other in all_keys),
                rivals=len(cases),
                tied=all_keys.count(key) > 1,
                proposed=waits and fits,
                at_edge=waits and left is not None and before < left < before + equal,
                waits=waits and case.desk_id == authority.pk,
            )
        )
    return sorted(rows, key=lambda row: (row.rank, row.case.number))


def _key(case: Any, rank_by: tuple[str, ...]) -> tuple[Decimal, ...]:
    values = {"score": case.low, "panel": case.panel_points}
    return tuple(Decimal(-1) if values[name] is None else values[name] for name in rank_by)
