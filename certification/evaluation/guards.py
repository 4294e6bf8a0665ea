"""Independence, the yearly cap, and a complete report."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from certification.application.guards import application_of
from certification.application.models import Application
from certification.body.conditions import lacking
from certification.body.models import Body, Staff
from certification.evaluation.findings import complete
from certification.evaluation.independence import Answer, ties_of
from certification.evaluation.models import Engagement
from certification.rules import guard
from certification.scheme.models import Evaluating
from certification.workflow import Case, Status
from greenchain.accounts.models import Role, User
from greenchain.clock import today
from greenchain.languages import pick
from greenchain.refusals import Refused
from suppliers.enterprise.models import Membership
from suppliers.place.models import Level

CAP = 15
"""National evaluations a year per legal representative, over all their bodies (13/2024, articles 20-21)."""
PARTS = {Status.EVALUATION: Role.EVALUATOR, Status.PANEL: Role.EXPERT, Status.EXAMINATION: Role.AUDITOR}


@guard("independent", asks=True)
def _independent(case: Case, by: Any, inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    if "points" in inputs:
        _declared_by(application, by)
        return
    person = User.objects.filter(pk=inputs.get("user") or 0, is_active=True).first()
    wanted = PARTS[Status(application.status)]
    if person is None or person.role != wanted or inputs.get("part") != wanted:
        raise Refused(
            _("This case needs an %(part)s now.") % {"part": wanted.label}, code="independent", field="user"
        )
    if by is not None and by.role == Role.ENTERPRISE and not _may_choose(application, wanted):
        raise Refused(_("In this round the desk chooses."), code="independent", field="user")
    if wanted == Role.AUDITOR and person.authority_id != application.desk_id:
        raise Refused(_("The auditor must serve this desk."), code="independent", field="user")
    if wanted == Role.EVALUATOR:
        _no_tie(application, person)
    elif Membership.objects.filter(user=person, enterprise=application.applicant).exists():
        raise Refused(_("This person acts or acted for the applicant."), code="independent", field="user")


def _may_choose(application: Application, part: str) -> bool:
    return part == Role.EVALUATOR and application.round.evaluation != Evaluating.NONE


def _no_tie(application: Application, person: User) -> None:
    """A known tie refuses; the rest is shown to the desk, and declared by the evaluator."""
    body = person.bodies.first()
    if body is None:
        raise Refused(_("This person acts for no evaluation body."), code="body", field="user")
    tied = [each for each in ties_of(body, application.applicant) if each.answer == Answer.TIED]
    if tied:
        reasons = " ".join(pick(each.reason) for each in tied)
        raise Refused(reasons, code="independent", field="user")


def _declared_by(application: Application, by: Any) -> None:
    if not application.seats.current().filter(user=by).exclude(declared="").exists():
        raise Refused(
            _("Declare your independence for this case first."), code="independent", field="declared"
        )


@guard("body_accepted", asks=True)
def _body_accepted(case: Case, by: Any, inputs: Mapping[str, Any]) -> None:
    """Registered, not sanctioned today; for a new case also fit for the subject and with enough staff."""
    assigning = "points" not in inputs
    if assigning and inputs.get("part") != Role.EVALUATOR:
        return
    members = {"members": inputs.get("user") if assigning else by}
    body = Body.objects.filter(**members).prefetch_related("staff").first()
    if body is None:
        raise Refused(_("This person acts for no evaluation body."), code="body", field="user")
    if (held := body.sanctions.current().first()) is not None:
        words = _("The body is sanctioned until %(day)s: it gets no case and its reports are not accepted.")
        raise Refused(words % {"day": held.until_on}, code="sanctioned", field="user")
    if body.status != Body.Status.REGISTERED:
        raise Refused(_("This body is not registered."), code="body", field="user")
    if not assigning:
        return
    if application_of(case).subject_key not in body.scope:
        raise Refused(_("This body does not evaluate such a subject."), code="scope", field="user")
    if missing := lacking(body):
        words = _("The body lacks: %(listed)s.") % {"listed": "; ".join(missing)}
        raise Refused(words, code="conditions", field="user")


@guard("within_cap", asks=True)
def _within_cap(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    """The legal representative's bodies are locked while their evaluations of the year are counted."""
    application = application_of(case)
    if inputs.get("part") != Role.EVALUATOR or application.level != Level.NATIONAL:
        return
    own = Body.objects.get(members=inputs.get("user")).legal_representative
    list(Body.objects.select_for_update().filter(legal_representative=own).order_by("pk"))
    if taken(own) - _counted_already(application, own) >= CAP:
        words = _("The bodies of %(name)s have %(cap)d national evaluations this year, which is the limit.")
        raise Refused(words % {"name": own, "cap": CAP}, code="within_cap", field="user")


def taken(legal_representative: str) -> int:
    """National evaluations of this year, over all bodies of one legal representative; each case counts once."""
    rows = Engagement.objects.national_in(today().year).filter(legal_representative=legal_representative)
    return rows.values("seat__application").distinct().count()


def _counted_already(application: Application, name: str) -> bool:
    """Whether this very case counts for the legal representative: another of their people takes it over."""
    rows = Engagement.objects.national_in(today().year).filter(legal_representative=name)
    return rows.filter(seat__application=application).exists()


@guard("author_reviewer_signatory", asks=True)
def _three_people(_case: Case, by: Any, inputs: Mapping[str, Any]) -> None:
    """Three different people; the reviewer has a title, and who signs is on the staff or represents the body."""
    reviewer, signatory = (_plain(inputs.get(key)) for key in ("technical_reviewer", "signatory"))
    author = _plain(by.get_full_name() or by.get_username())
    if not reviewer or not signatory or len({author, reviewer, signatory}) < 3:  # noqa: PLR2004 - three people
        raise Refused(
            _("Author, technical reviewer and signatory must be three different people."),
            code="author_reviewer_signatory",
            field="technical_reviewer",
        )
    body = Body.objects.filter(members=by).prefetch_related("staff").first()
    staff = [] if body is None else [row for row in body.staff.all() if not row.ended]
    if reviewer not in {_plain(row.name) for row in staff if row.title in Staff.TITLED}:
        raise Refused(
            _("The technical reviewer must be on the body's staff, with an intermediate title or above."),
            code="author_reviewer_signatory",
            field="technical_reviewer",
        )
    if signatory not in {_plain(row.name) for row in staff} | {_plain(body and body.legal_representative)}:
        raise Refused(
            _("The signatory must be on the body's staff, or be its legal representative."),
            code="author_reviewer_signatory",
            field="signatory",
        )


def _plain(name: Any) -> str:
    return str(name or "").strip().casefold()


@guard("all_points", asks=True)
def _all_points(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    indicators = application_of(case).scheme_version.definition.indicators
    wrong = complete(inputs.get("points") or {}, indicators)
    if wrong:
        raise Refused(
            _("Points from 0 to the weight, with a reason, are missing for: %(codes)s.")
            % {"codes": ", ".join(wrong)},
            code="all_points",
            field="points",
        )
