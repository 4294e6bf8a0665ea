"""The proposed list: chosen by rank within the quota, all at once; what differs from the rank has its reason.

Writers, like ``actions``. The round's row is the queue, so two lists at once cannot take the same place.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.designation.actions import next_number
from certification.notice.models import PublicNotice
from certification.notice.ranking import Ranked, Ranking, ranking_of
from certification.scheme.models import Round
from certification.workflow import Status
from greenchain.clock import today
from greenchain.refusals import Refused


@transaction.atomic
def select(
    applications: Sequence[Application], *, by: Any, reasons: str = "", each: Mapping[int, str] | None = None
) -> list[PublicNotice]:
    """The cases are the proposed list; a public notice lists them, unless the round has none.

    ``each`` holds reasons by the case's key, ``reasons`` those for all: who is not next by rank needs one.
    """
    rows = _rows(applications)
    own = each or {}
    for application in sorted(applications, key=lambda case: (_rank(rows.get(case.pk)), case.pk)):
        application.advance(
            "select",
            by=by,
            **_place(rows.get(application.pk), chosen=True),
            **_why(application, own, reasons),
        )
    noticed = [application for application in applications if application.status == Status.NOTICE]
    noticed.sort(key=lambda case: (case.round_id, case.level))
    groups = groupby(noticed, key=lambda case: (case.round_id, case.level))
    return [_notice(list(cases), by) for _key, cases in groups]


@transaction.atomic
def pass_over(application: Application, *, by: Any, reasons: str = "") -> Application:
    """The case was not chosen this time: no fault, no bar; its rank stays in the record."""
    rows = _rows([application])
    place = _place(rows.get(application.pk), chosen=False)
    application.advance("pass_over", by=by, **place, **_why(application, {}, reasons))
    return application


@transaction.atomic
def compose(
    round_: Round,
    level: int,
    *,
    by: Any,
    chosen: Sequence[int],
    reasons: Mapping[int, str] | None = None,
    close: bool = False,
) -> list[PublicNotice]:
    """The chosen cases are the proposed list; with ``close`` the others are passed over.

    Refused where more are chosen than places are left, and where a case that differs from the ranking has no reason:
    chosen though not next, left out though within the quota, chosen among equals at the quota's edge.
    """
    Round.objects.select_for_update().get(pk=round_.pk)
    ranking = ranking_of(round_, level, by.authority)
    waiting = {row.case.pk: row for row in ranking.waiting}
    said = {key: text.strip() for key, text in (reasons or {}).items() if text.strip()}
    picked = [waiting[key] for key in dict.fromkeys(chosen) if key in waiting]
    if not picked or len(picked) != len(set(chosen)):
        raise Refused(
            _("Choose from the cases that wait for selection; some have moved on meanwhile."), code="chosen"
        )
    if ranking.left is not None and len(picked) > ranking.left:
        words = _("%(count)d cases are chosen and %(left)d places are left.")
        raise Refused(words % {"count": len(picked), "left": ranking.left}, code="within_quota")
    keys = {row.case.pk for row in picked}
    silent = [row.case.number for row in ranking.waiting if differs(row, keys) and row.case.pk not in said]
    if silent:
        words = _("Give a reason for each case that differs from the ranking: %(listed)s.")
        raise Refused(words % {"listed": ", ".join(silent)}, code="rank_or_reasons", field="reasons")
    notices = select([row.case for row in picked], by=by, each=said)
    if close:
        for row in ranking.waiting:
            if row.case.pk not in keys:
                row.case.advance("pass_over", by=by, **_place(row, chosen=False), **_why(row.case, said, ""))
    return notices


def differs(row: Ranked, chosen: set[int]) -> bool:
    """Whether choosing, or leaving out, this case is not what the rank alone says."""
    return row.proposed != (row.case.pk in chosen)


def _rows(applications: Sequence[Application]) -> dict[int, Ranked]:
    """Each case's place among its rivals; the rounds are locked in one order."""
    rounds = Round.objects.select_for_update().filter(pk__in={case.round_id for case in applications})
    list(rounds.order_by("pk"))
    groups: dict[Any, Ranking] = {}
    found: dict[int, Ranked] = {}
    for case in applications:
        authority = case.deciding_authority()
        key = (case.round_id, case.level, authority.pk)
        if key not in groups:
            groups[key] = ranking_of(case.round, case.level, authority)
        if (row := groups[key].of(case)) is not None:
            found[case.pk] = row
    return found


def _rank(row: Ranked | None) -> int:
    return row.rank if row else 0


def _place(row: Ranked | None, *, chosen: bool) -> dict[str, Any]:
    """What the record says of the case's place, and whether the rank alone says the same."""
    if row is None:
        return {"by_rank": True}
    return {"rank": row.rank, "of": row.rivals, "tied": row.tied, "by_rank": row.proposed == chosen}


def _why(application: Application, each: Mapping[int, str], reasons: str) -> dict[str, str]:
    said = each.get(application.pk, "") or reasons.strip()
    return {"reasons": said} if said else {}


def _notice(cases: list[Application], by: Any) -> PublicNotice:
    first = cases[0]
    day = today()
    notice = PublicNotice.objects.create(
        number=next_number(f"PN-{first.desk.code}-{day.year}"),
        round=first.round,
        authority=first.desk,
        level=first.level,
        starts_on=day,
        ends_on=first.round.notice_term(first.level).end(day),
        created_by=by,
    )
    notice.applications.set(cases)
    return notice
