"""The desks' verbs: correct, waive, endorse, send back, extend, reject."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from certification.application.models import Application
from certification.assessment.actions import run_checks
from certification.assessment.guards import latest_run
from certification.assessment.models import Correction, Waiver
from certification.examination.models import Endorsement, Return
from greenchain.clock import today


@transaction.atomic
def correct(
    application: Application, *, by: Any, code: str, field: str, after: str, reasons: str, before: str = ""
) -> Correction:
    """An auditor's finding replaces what was submitted, and the checks run anew."""
    application.advance("correct", by=by, code=code, field=field, before=before, after=after, reasons=reasons)
    correction = Correction.objects.create(
        application=application, code=code, field=field, before=before, after=after, reasons=reasons, by=by
    )
    run_checks(application, trigger="correct")
    return correction


@transaction.atomic
def correct_all(
    application: Application, *, by: Any, corrections: Sequence[Mapping[str, str]]
) -> list[Correction]:
    """Several findings of one sitting, each a move of its own as ``correct`` makes it; the checks run once."""
    made = []
    for given in corrections:
        application.advance("correct", by=by, **given)
        made.append(Correction.objects.create(application=application, by=by, **given))
    if made:
        run_checks(application, trigger="correct")
    return made


@transaction.atomic
def waive(
    application: Application, *, by: Any, check_key: str, requested_by: Any, reasons: str, until_on: dt.date
) -> Waiver:
    """A blocking finding no longer blocks this case until the date."""
    application.advance(
        "waive", by=by, check_key=check_key, requested_by=requested_by.pk, reasons=reasons, until_on=until_on
    )
    return Waiver.objects.create(
        application=application,
        check_key=check_key,
        requested_by=requested_by,
        granted_by=by,
        reasons=reasons,
        until_on=until_on,
    )


@transaction.atomic
def endorse(application: Application, *, by: Any, opinion: str) -> Endorsement:
    """The desk found the case in order; it goes to the next desk, the panel or selection."""
    desk, run = application.desk, latest_run(application)
    score = str(run.low) if run else None
    application.advance("endorse", by=by, opinion=opinion, desk=desk.code, score=score)
    assert run is not None  # noqa: S101 - the guard "checks_fresh" wants a run
    return Endorsement.objects.create(
        application=application, desk=desk, by=by, opinion=opinion, score=run.low, assessment=run
    )


def endorse_batch(applications: Sequence[Application], *, by: Any, opinion: str) -> list[Endorsement]:
    """Several cases with one shared opinion: all of them, or none."""
    with transaction.atomic():
        return [endorse(application, by=by, opinion=opinion) for application in applications]


@transaction.atomic
def send_back(
    application: Application,
    *,
    by: Any,
    codes: Sequence[str],
    due_on: dt.date,
    note: str = "",
    named: Sequence[str] = (),
) -> Return:
    """The applicant has until ``due_on`` to mend what is named; the clock of the desk stops."""
    came_from = application.status
    application.advance(
        "send_back",
        by=by,
        codes=list(codes),
        due_on=due_on,
        note=note,
        named=list(named),
        desk=application.desk.code,
    )
    application.kept_days = _left_to_desk(application)
    application.due_on, application.returned_from = due_on, came_from
    application.returns += 1
    application.save(update_fields=["due_on", "kept_days", "returned_from", "returns"])
    return Return.objects.create(
        application=application,
        number=application.returns,
        desk=application.desk,
        by=by,
        codes=list(codes),
        named=list(named),
        note=note,
        due_on=due_on,
    )


def _left_to_desk(application: Application) -> int | None:
    """The days that the desk has left; they are its own again when the case comes back."""
    if application.due_on is None:
        return None
    return application.round.desk_term(application.desk.level).left(application.due_on, today()).days


@transaction.atomic
def extend(application: Application, *, by: Any, due_on: dt.date) -> Application:
    """The applicant has longer to answer."""
    before = application.due_on
    application.advance("extend", by=by, due_on=due_on, before=before)
    application.due_on = due_on
    application.save(update_fields=["due_on"])
    return application


@transaction.atomic
def reject(application: Application, *, by: Any, reasons: str) -> Application:
    """The desk found that the case cannot go on; the applicant may appeal."""
    application.advance("reject", by=by, reasons=reasons, desk=application.desk.code)
    return application
