"""What the stored run must say before a case moves on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certification.application.guards import application_of, at_desk
from certification.application.hand import share, take
from certification.application.models import Application
from certification.assessment.casefile import gather
from certification.assessment.models import Assessment, Finding, Waiver
from certification.rules import Landing, guard, reasons_in, route
from certification.scheme.models import Evaluating
from certification.workflow import Case, Status
from greenchain.accounts.models import User
from greenchain.refusals import Refused
from suppliers.place.models import Level


def latest_run(application: Application) -> Assessment | None:
    """The newest stored run."""
    newest = Assessment.objects.filter(application=application).order_by("-number")
    if not application.hand:
        return newest.first()
    findings = findings_of(application)
    return findings[0].assessment if findings else application.once("run", newest.first)


def findings_of(application: Application) -> list[Finding]:
    """What the newest run found, in its order; one query with the run itself, since every run finds something."""
    newest = Assessment.objects.filter(application=application).order_by("-number").values("pk")[:1]
    rows = Finding.objects.filter(assessment__in=newest).select_related("assessment").order_by("pk")
    found: list[Finding] = application.once(
        "findings", lambda: list(rows) if application.left_by("submit") else []
    )
    return found


def waivers_of(application: Application) -> list[Waiver]:
    """What was set aside, in order, with who asked and who granted."""
    rows = Waiver.objects.filter(application=application).order_by("pk")
    people = rows.select_related("requested_by", "granted_by")
    found: list[Waiver] = application.once(
        "waivers", lambda: list(people) if application.left_by("waive") else []
    )
    return found


def read_findings(applications: Sequence[Application]) -> None:
    """The newest runs of many cases in hand, with their findings and waivers: three queries for all of them."""
    newest = Assessment.objects.filter(application=OuterRef("application")).order_by("-number").values("pk")
    runs = Assessment.objects.filter(application__in=applications, pk=Subquery(newest[:1])).in_bulk()
    findings = list(Finding.objects.filter(assessment__in=runs).order_by("pk"))
    for finding in findings:
        finding.assessment = runs[finding.assessment_id]
    of_case = {run.application_id: run for run in runs.values()}
    for application in applications:
        take(application).known["run"] = of_case.get(application.pk)
    share(applications, "findings", ((row.assessment.application_id, row) for row in findings))
    waivers = Waiver.objects.filter(application__in=applications).order_by("pk")
    people = waivers.select_related("requested_by", "granted_by")
    share(applications, "waivers", ((row.application_id, row) for row in people))


def blocking(application: Application) -> list[Finding]:
    """Findings of the newest run that keep the case and are not waived: what blocks, and hits left open."""
    kept = [finding for finding in findings_of(application) if finding.keeps]
    if not kept:
        return []
    waived = {waiver.check_key for waiver in waivers_of(application) if not waiver.is_over}
    return [finding for finding in kept if finding.check_key not in waived]


def pass_score(application: Application) -> Decimal:
    """The score that this level wants, of 100."""
    return application.scheme_version.definition.pass_score_at(Level(application.level))


def is_stale(application: Application) -> bool:
    """Whether an input changed since the newest run, or there is none."""
    return bool(application.once("stale", lambda: _is_stale(application)))


def _is_stale(application: Application) -> bool:
    run = latest_run(application)
    return run is None or run.inputs_digest != gather(application).digest


@guard("run_stored", asks=True)
def _run_stored(_case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    if inputs.get("run") is None:
        raise Refused(_("The checks have not run."), code="run_stored")


@guard("checks_fresh")
def _checks_fresh(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    if is_stale(application_of(case)):
        raise Refused(
            _("Something changed since the checks ran. They are being run again; try in a few seconds."),
            code="checks_fresh",
        )


@guard("nothing_blocking")
def _nothing_blocking(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    found = blocking(application)
    if not found:
        return
    over = _waivers_over(application, found)
    if over:
        told = {"finding": over[0][0].text(), "day": date_format(over[0][1].until_on)}
        message = _(
            "The waiver of this finding ended on %(day)s: %(finding)s It blocks until it is waived anew."
        )
    else:
        told = {"listed": " ".join(finding.text() for finding in found[:3])}
        message = _("Findings block this case: %(listed)s")
    raise Refused(message % told, code="nothing_blocking")


def _waivers_over(application: Application, found: list[Finding]) -> list[tuple[Finding, Waiver]]:
    """Of what blocks: what was set aside until a day that has passed, with the waiver that ended last."""
    rows = sorted(waivers_of(application), key=lambda row: row.until_on)
    ended = {row.check_key: row for row in rows}
    return [(finding, ended[finding.check_key]) for finding in found if finding.check_key in ended]


@guard("pass_score")
def _pass_score(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    run, wanted = latest_run(application), pass_score(application)
    reached = run.low if run else Decimal(0)
    if reached < wanted:
        raise Refused(
            _("The confirmed score is %(reached).1f; this level wants %(wanted)s.")
            % {"reached": reached, "wanted": wanted.normalize()},
            code="pass_score",
        )


@guard("correction", asks=True)
def _correction(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    definition = application_of(case).scheme_version.definition
    code, field, after = (str(inputs.get(key) or "") for key in ("code", "field", "after"))
    if not reasons_in(inputs):
        raise Refused(_("Say why: changed from A to B because …"), code="correction", field="reasons")
    if field == "veto":
        fits = code in {gate.key for gate in definition.gates} and after in {"confirmed", "cleared"}
    elif code in {gate.key for gate in definition.thresholds}:
        fits = field == "value" and _fits(field, after)
    else:
        fits = definition.indicator(code) is not None and _fits(field, after)
    if not fits:
        raise Refused(_("This cannot be corrected to that."), code="correction", field="after")


def _fits(field: str, after: str) -> bool:
    match field:
        case "value":
            return after.replace(".", "", 1).removeprefix("-").isdecimal()
        case "judgement":
            return after in {"none", "half", "full"}
        case "not_applicable":
            return after in {"yes", "no"}
        case _:
            return False


@guard("requested", asks=True)
def _requested(case: Case, by: Any, inputs: Mapping[str, Any]) -> None:
    asked = User.objects.filter(
        pk=inputs.get("requested_by") or 0, role="auditor", authority=application_of(case).desk
    )
    if not asked.exclude(pk=by.pk).exists():
        raise Refused(
            _("An auditor of this desk must have asked for the waiver."),
            code="requested",
            field="requested_by",
        )
    if inputs.get("check_key") not in {finding.check_key for finding in blocking(application_of(case))}:
        raise Refused(_("This finding does not block the case."), code="requested", field="check_key")


@route("after_check")
def _after_check(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> Landing:
    """Back to the desk that sent it back; else evaluation if the round wants it; else the first desk."""
    application = application_of(case)
    wanted = application.round.evaluation == Evaluating.REQUIRED
    back = application.returned_from
    if back == Status.EVALUATION or (wanted and not back):
        landing = at_desk(application, application.desk, Status.EVALUATION)
    else:
        landing = at_desk(application, application.desk, Status.EXAMINATION)
    return Landing(landing.status, {**landing.changes, "returned_from": ""})
