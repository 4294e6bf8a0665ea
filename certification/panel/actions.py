"""The panel's verbs: draw, score, conclude; late experts are replaced; who may be drawn is kept."""

import datetime as dt
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.guards import at_desk
from certification.application.models import Application, Seat
from certification.evaluation.actions import give_up
from certification.panel.combining import CENT, combined, spread
from certification.panel.draw import drawn, pool, seed_of
from certification.panel.models import Draw, PanelResult, PanelScore, seal
from certification.panel.standing import Standing, judging_of, standing
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.trail import record, subscribe
from greenchain.clock import today, working_days_after
from greenchain.refusals import Refused


@transaction.atomic
def draw(application: Application, *, by: Any = None) -> Draw:
    """The experts who are lacking have seats; who stood to be drawn, the seed and the lots are kept."""
    application.refresh_from_db(from_queryset=Application.objects.select_for_update(of=("self",)))
    application.may_try("draw", by)
    now = standing(application)
    if not now.lacking:
        raise Refused(_("The panel is complete."), code="already_done")
    seed = seed_of(application)
    sitting = [row.expert_id for row in now.given] + [seat.user_id for seat in now.seated]
    found = pool(application, sitting)
    candidates = [each.told() for each in found.candidates]
    people = drawn(seed, candidates, now.lacking)
    if not people:
        raise Refused(
            _("No expert is left to draw: %(count)d are kept from this case. Enter or assign one.")
            % {"count": len(found.left_out)},
            code="nobody_left",
        )
    row = Draw(
        application=application,
        cause=_cause(application, now),
        seed=seed,
        seats=now.lacking,
        candidates=candidates,
        left_out=found.left_out,
        drawn=people,
    )
    application.advance(
        "draw",
        by=by,
        cause=row.cause,
        seed=seed,
        candidates=[[each["user"], each["open"]] for each in candidates],
        left_out=len(found.left_out),
        drawn=people,
    )
    row.save()
    Seat.objects.bulk_create(Seat(application=application, user_id=user, part=Role.EXPERT) for user in people)
    return row


def _cause(application: Application, now: Standing) -> str:
    if now.apart and len(now.given) + len(now.seated) < now.wanted:
        return Draw.Cause.THIRD
    return Draw.Cause.AGAIN if application.draws.exists() else Draw.Cause.FIRST


@transaction.atomic
def score(
    application: Application,
    *,
    by: Any,
    points: Decimal,
    reasons: str,
    declared: str = "",
    criteria: Mapping[str, str] | None = None,
) -> PanelScore:
    """The expert declared independence and the points stand, sealed in the record until all are in."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if declared.strip():
        application.seats.current().filter(user=by).update(declared=declared.strip())
    given = Decimal(points).quantize(CENT)
    salt = secrets.token_hex(16)
    sealed = {"sealed": seal(salt, str(given), reasons)}
    application.advance("score", by=by, points=sealed, declared=declared)
    now = standing(application)
    row = PanelScore.objects.create(
        application=application,
        expert=by,
        dossier=now.dossier,
        points=given,
        criteria=dict(criteria or {}),
        reasons=reasons,
        salt=salt,
    )
    _settle(application)
    return row


def _settle(application: Application) -> None:
    """Once enough have scored, their points are opened and combined; whoever else had a seat needs it no longer."""
    now = standing(application)
    if not now.done or now.result is not None:
        return
    points = [row.points for row in now.given]
    total, how = combined(points, judging_of(application).combine)
    PanelResult.objects.create(
        application=application,
        dossier=now.dossier,
        points=total,
        given={str(row.expert_id): str(row.points) for row in now.given},
        combined=how,
        threshold=now.threshold,
        spread=spread(points),
    )
    for seat in now.seated:
        give_up(seat, "not needed")
    record(
        "open_scores",
        application,
        by=None,
        points=str(total),
        combined=how,
        threshold=str(now.threshold),
        given=[[row.expert_id, str(row.points), row.salt, row.sealed] for row in now.given],
    )


@transaction.atomic
def conclude(application: Application, *, by: Any) -> Application:
    """The panel is done; the case may be selected."""
    application.advance("conclude", by=by, **_came_to(application))
    application.due_on = at_desk(application, application.desk, Status.SELECTION).changes["due_on"]
    application.save(update_fields=["due_on"])
    _free(application, "concluded")
    return application


def _came_to(application: Application) -> dict[str, str]:
    result = standing(application).result
    return {"panel_score": str(result.points), "combined": result.combined} if result else {}


@transaction.atomic
def replace_late(seat: Seat) -> None:
    """An expert did not score in time: the seat ends, and another is drawn."""
    held = Seat.objects.select_for_update(of=("self",)).select_related("application__round").get(pk=seat.pk)
    answer_by = due_of(held)
    if held.until_on is not None or answer_by >= today() or held.application.status != Status.PANEL:
        raise Refused(_("This assignment is not overdue."), code="due_over")
    give_up(held, "timed_out")
    record("expert_late", held.application, by=None, seat=held.pk, answer_by=answer_by)


def due_of(seat: Seat) -> dt.date:
    """The last day on which the expert scores."""
    return working_days_after(seat.since_on, judging_of(seat.application).days)


def _free(application: Application, why: str) -> None:
    application.seats.current().filter(part=Role.EXPERT).update(until_on=today(), ended=why)


@subscribe("reject", "recall", "withdraw")
def _gone(_entry: Any, about: Any) -> None:
    """The case left the panel: nobody needs to score it."""
    if isinstance(about, Application) and about.status != Status.PANEL:
        _free(about, "left the panel")
