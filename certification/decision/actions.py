"""Grant, refuse; appeal, confirm, overturn."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files import File
from django.db import transaction

from certification.application.models import Application
from certification.assessment.guards import latest_run
from certification.assessment.models import Assessment, Severity, Waiver
from certification.decision.guards import appeals_of
from certification.decision.models import Appeal, AppealFile, Decision, Outcome
from certification.designation.actions import issue, next_number, restore, supersede
from certification.designation.models import Basis, Designation
from certification.evaluation.models import Evaluation
from certification.hearing.exhibits import take_in
from certification.notice.announcing import announce
from certification.notice.models import Annex
from certification.workflow import Case, Status
from greenchain.clock import now, today, working_days_after, years_after
from suppliers.place.models import Level

ANSWER_DAYS = 30
"""Working days in which an appeal is answered (ours)."""


@transaction.atomic
def grant(application: Application, *, by: Any, reasons: str = "") -> Decision:
    """The title is issued and announced; a renewed title of the same level ends in its favour."""
    application.advance("grant", by=by, reasons=reasons)
    old = application.from_title
    if old is not None and old.level == application.level and old.status == Status.CURRENT:
        supersede(old)
    title = issue(
        application.subject,
        version=application.scheme_version,
        level=application.level,
        authority=application.desk,
        basis=Basis.THIRD_PARTY if application.evaluations.exists() else Basis.SELF,
        basis_detail=_basis(application),
        valid_until=_valid_until(application),
    )
    announce(title, Annex.NEW)
    return Decision.objects.create(
        application=application, outcome=Outcome.GRANTED, by=by, reasons=reasons, designation=title
    )


def _basis(application: Application) -> dict[str, Any]:
    """What the title stands on, frozen: the version, the confirmed score, the desks that endorsed, the body."""
    run, dossier = latest_run(application), application.dossier
    evaluation = Evaluation.objects.filter(application=application).order_by("-pk").first()
    return {
        "application": application.number,
        "scheme": application.scheme_version.scheme.key,
        "version": application.scheme_version.version,
        "score": str(run.low.normalize()) if run else None,
        "assessment": run.number if run else None,
        "dossier_digest": dossier.digest if dossier else None,
        "year": application.year,
        "endorsed_by": [
            row.desk.code for row in application.endorsements.select_related("desk").order_by("pk")
        ],
        "evaluated_by": evaluation.body.name if evaluation else None,
        "waivers": _waivers(application, run),
    }


def _waivers(application: Application, run: Assessment | None) -> list[dict[str, Any]]:
    """The findings that were set aside and still are, where the scheme has them told in public."""
    if run is None or not application.scheme_version.definition.procedure.public_waivers:
        return []
    held = Waiver.objects.filter(application=application, until_on__gte=today()).order_by("pk")
    by_check = {row.check_key: row for row in held.select_related("granted_by__authority")}
    return [
        {
            "check": finding.check_key,
            "title": finding.title,
            "reasons": by_check[finding.check_key].reasons,
            "until_on": by_check[finding.check_key].until_on.isoformat(),
            "authority": getattr(by_check[finding.check_key].granted_by.authority, "code", None),
        }
        for finding in run.findings.filter(check_key__in=by_check).exclude(severity=Severity.PASSED)
    ]


def _valid_until(application: Application) -> Any:
    years = application.scheme_version.definition.validity_years(Level(application.level))
    return None if years is None else years_after(today(), years)


@transaction.atomic
def refuse(application: Application, *, by: Any, reasons: str) -> Decision:
    """No title is given; the applicant may appeal."""
    application.advance("refuse", by=by, reasons=reasons)
    return Decision.objects.create(application=application, outcome=Outcome.REFUSED, by=by, reasons=reasons)


def grant_batch(applications: Sequence[Application], *, by: Any, reasons: str = "") -> list[Decision]:
    """Decisions released in one go: all of them, or none."""
    with transaction.atomic():
        return [grant(application, by=by, reasons=reasons) for application in applications]


@transaction.atomic
def appeal(case: Case, *, by: Any, reasons: str, evidence: Iterable["File[bytes]"] = ()) -> Appeal:
    """Somebody who took no part looks again, within ``ANSWER_DAYS``; until then the outcome stands as it is."""
    authority = case.acting()
    number = next_number(f"AP-{authority.code}-{today().year}")
    due_on = working_days_after(today(), ANSWER_DAYS)
    case.advance("appeal", by=by, reasons=reasons, appeal=number, due_on=due_on)
    about = {"application": case} if isinstance(case, Application) else {"designation": case}
    made = Appeal.objects.create(
        **about, number=number, against=case.status, by=by, reasons=reasons, due_on=due_on
    )
    take_in(AppealFile, evidence, appeal=made)
    return made


@transaction.atomic
def confirm(case: Case, *, by: Any, reasons: str) -> Case:
    """The appeal is lost; the earlier outcome stands."""
    case.advance("confirm", by=by, reasons=reasons)
    _close(case, by, "confirmed", reasons)
    return case


@transaction.atomic
def overturn(case: Case, *, by: Any, reasons: str) -> Case:
    """The appeal is won; the case is where it was before."""
    case.advance("overturn", by=by, reasons=reasons)
    _close(case, by, "overturned", reasons)
    if isinstance(case, Designation):
        return restore(case)
    assert isinstance(case, Application)  # noqa: S101 - there are two kinds of case
    case.due_on = case.round.desk_term(case.desk.level).end(today())
    case.save(update_fields=["due_on"])
    return case


def _close(case: Case, by: Any, outcome: str, answer: str) -> None:
    appeals_of(case).open().update(outcome=outcome, answer=answer, answered_by=by, answered_at=now())
