"""The chosen cases of a batch by round and level: ranked, with what keeps each."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest
from django.utils.translation import gettext as _

from certification.application.hand import take_all
from certification.application.models import Application
from certification.assessment.guards import pass_score, read_findings
from certification.consultation.guards import read_answers
from certification.notice.ranking import places_taken
from certification.workflow import Status
from greenchain.refusals import Refused
from suppliers.place.models import Level

if TYPE_CHECKING:
    from certification.admin.application import ApplicationDesk
    from certification.admin.batch import Batch

LEFT = frozenset({"checks_fresh"})
"""Left to the act itself: whether anything changed since the checks ran takes all inputs of each case."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case on the page: its rank among its rivals, whether it was chosen, and why it cannot move."""

    case: Any
    rank: int
    tied: bool
    chosen: bool
    passing: Decimal
    why: str = ""
    stays: str = ""
    """Why the batch leaves a case as it is."""


@dataclass(frozen=True, slots=True)
class Group:
    """The cases of one round and level, with the quota."""

    round: Any
    level: str
    rows: list[Candidate]
    quota: int | None
    taken: int
    chosen: int

    @property
    def left(self) -> int | None:
        """Places that are left before this batch."""
        return None if self.quota is None else max(self.quota - self.taken, 0)

    @property
    def too_many(self) -> bool:
        """Whether more were chosen than there are places."""
        return self.left is not None and self.chosen > self.left

    @property
    def jumps(self) -> bool:
        """Whether a case was chosen although one with a better rank was not."""
        worst = max((row.rank for row in self.rows if row.chosen), default=0)
        return any(not row.chosen and row.rank < worst for row in self.rows)


def _stays(case: Any) -> str:
    """Why sharing out leaves the case as it is."""
    if case.status != Status.EXAMINATION:
        return _("not under examination")
    if not case.assigned:
        return ""
    return _("stays with %(person)s") % {"person": case.assigned}


@dataclass(frozen=True, slots=True)
class Table:
    """The chosen cases by round and level, as the page shows them."""

    desk: "ApplicationDesk"
    request: HttpRequest
    what: "Batch"
    cases: Sequence[Any]
    in_full: bool = False
    """Whether each case is judged by what is otherwise left to the act: it was refused, and the page says for whom."""

    def context(self) -> dict[str, Any]:
        """What the template needs."""
        if self.what.judged and self.what.verb:
            take_all(self.cases)
            read_findings(self.cases)
            read_answers(self.cases)
        groups = [self.group(*key) for key in sorted({(case.round_id, case.level) for case in self.cases})]
        full = self.what.ranked and any(group.too_many for group in groups)
        return {
            **self.desk.admin_site.each_context(self.request),
            "title": self.what.label,
            "opts": self.desk.opts,
            "what": self.what,
            "groups": groups,
            "cases": self.cases,
            "full": full,
            "ready": not full and all(not row.why for group in groups for row in group.rows if row.chosen),
            "checkbox": ACTION_CHECKBOX_NAME,
        }

    def group(self, round_id: int, level: int) -> Group:
        """One round and level: its cases ranked by confirmed score, equal scores sharing a rank."""
        mine = [case for case in self.cases if (case.round_id, case.level) == (round_id, level)]
        shown = [*mine, *self.rivals(mine)] if self.what.ranked else mine
        scores = [case.low or Decimal(0) for case in shown]
        chosen = {case.pk for case in mine}
        rows = [
            Candidate(
                case,
                rank=1 + sum(other > score for other in scores),
                tied=scores.count(score) > 1,
                chosen=case.pk in chosen,
                passing=pass_score(case),
                why=self.why(case) if case.pk in chosen else "",
                stays=_stays(case) if self.what.shares else "",
            )
            for case, score in zip(shown, scores, strict=True)
        ]
        rows.sort(key=lambda row: (row.rank, row.case.number))
        quota = mine[0].round.quota_at(level)
        taken = places_taken(mine[0]) if quota is not None else 0
        return Group(mine[0].round, str(Level(level).label), rows, quota, taken, len(mine))

    def rivals(self, mine: Sequence[Application]) -> list[Any]:
        """What else waits for selection in the same round, at the same level and desk."""
        first = mine[0]
        waiting = self.desk.get_queryset(self.request).filter(
            round=first.round_id, level=first.level, desk=first.desk_id, status=Status.SELECTION
        )
        return list(waiting.exclude(pk__in=[case.pk for case in mine]))

    def why(self, case: Application) -> str:
        """Why the case cannot make the move now; empty when it can."""
        user, verb = self.request.user, self.what.verb
        if self.what.examined and case.status != Status.EXAMINATION:
            return _("It is not under examination.")
        if not self.what.judged or not verb:
            return ""
        if self.what.shares and _stays(case):
            return ""
        offer = case.offer(verb, user, but=() if self.in_full else LEFT)
        if offer is not None:
            return offer.why
        try:
            case.may_try(verb, user)
        except Refused as no:
            return str(no)
        return ""
