"""Run the checks and store what they said."""

import logging
import time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from certification.application.models import Application
from certification.assessment.casefile import CaseFile, gather
from certification.assessment.checks import Check, Found, checks_of
from certification.assessment.models import Assessment, Finding, IndicatorScore, Severity
from certification.assessment.scoring import Score
from certification.workflow import Status
from greenchain.audit.trail import record
from greenchain.languages import spoken

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 3
PASSED = gettext_noop("Nothing to object to.")
BROKEN = gettext_noop("This check could not be carried out (%(error)s); a person must look.")
NEVER_ENDED = gettext_noop("The checks broke off %(count)s times; a person must look at this case.")


@transaction.atomic
def check(application: Application, *, worker: str = "") -> Assessment:
    """The checks ran, the run is stored, and the case lies where people act on it."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    application.refresh_from_db()
    run = (
        run_checks(application, trigger="submit", worker=worker)
        if application.status == Status.SUBMITTED
        else None
    )
    application.advance("check", run=run.number if run else None, worker=worker)
    assert run is not None  # noqa: S101 - advance refuses any other status
    return run


@transaction.atomic
def recheck(application: Application, *, trigger: str, worker: str = "", by: Any = None) -> Assessment:
    """A fresh run beside the old ones, because an input changed; the case stays where it is."""
    Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    run = run_checks(application, trigger=trigger, worker=worker)
    record("recheck", application, by=by, run=run.number, trigger=trigger, inputs=run.inputs_digest)
    return run


def run_checks(application: Application, *, trigger: str, worker: str = "") -> Assessment:
    """Gather, check, score and store; the caller records why."""
    begun = time.perf_counter()
    case = gather(application)
    given_up = application.check_attempts > MAX_ATTEMPTS
    found = [_never_ended()] if given_up else _findings(case)
    points = None if given_up else case.score
    run = Assessment.objects.create(
        application=application,
        number=application.assessments.count() + 1,
        scheme_version=application.scheme_version,
        inputs_digest=case.digest,
        trigger=trigger,
        worker=worker,
        duration_ms=round((time.perf_counter() - begun) * 1000),
        **{key: getattr(points, key) if points else 0 for key in TOTALS},
    )
    for finding in found:
        finding.assessment = run
    Finding.objects.bulk_create(found)
    if points:
        IndicatorScore.objects.bulk_create(_scores(run, points))
    return run


TOTALS = (
    "points",
    "awaiting",
    "scorable",
    "no_benchmark",
    "not_applicable",
    "missing",
    "bonus",
    "low",
    "high",
)


def _scores(run: Assessment, points: Score) -> list[IndicatorScore]:
    return [
        IndicatorScore(
            assessment=run,
            code=result.code,
            position=position,
            state=result.state,
            value=result.value,
            base=result.base,
            lead=result.lead,
            points=result.points,
            weight=result.weight,
            reason=dict(result.reason),
            trace=result.trace or {},
        )
        for position, result in enumerate(points.results)
    ]


def _findings(case: CaseFile) -> list[Finding]:
    clauses = case.definition.clauses
    return [
        _finding(case, check, clauses.get(check.key, {}).get("en", ""))
        for check in checks_of(case.definition)
    ]


def _never_ended() -> Finding:
    """What kills the worker each time must not keep the case for ever: people take over, and nothing is scored."""
    title = spoken(gettext_noop("The automatic checks"))
    reason = spoken(NEVER_ENDED, count=MAX_ATTEMPTS)
    return Finding(check_key="run", severity=Severity.BLOCKS, title=title, reason=reason)


def _finding(case: CaseFile, check: Check, clause: str) -> Finding:
    said = _said(case, check)
    return Finding(
        check_key=check.key,
        severity=said.severity,
        clause=clause,
        title=check.titles(),
        reason=said.reason,
        remedy=said.remedy,
        evidence=list(said.evidence),
        about=said.about,
    )


def _said(case: CaseFile, check: Check) -> Found:
    try:
        return check.run(case) or Found(Severity.PASSED, spoken(PASSED))
    except Exception as error:  # a crashing check becomes an error finding and goes on to people
        log.exception("check %s crashed on application %s", check.key, case.application)
        return Found(Severity.BLOCKS, spoken(BROKEN, error=type(error).__name__))
