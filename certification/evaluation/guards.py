"""Independence, the yearly cap, and a complete report."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from certification.application.guards import application_of
from certification.application.models import Application, Seat
from certification.body.models import Body
from certification.rules import guard
from certification.scheme.models import Evaluating
from certification.workflow import Case, Status
from greenchain.accounts.models import Role, User
from greenchain.clock import today
from greenchain.refusals import Refused
from suppliers.enterprise.models import Membership
from suppliers.place.models import Level

CAP = 15
"""National evaluations a year per legal representative, over all their bodies (13/2024, articles 20-21)."""
PUBLIC_MAIL = frozenset(
    "qq.com foxmail.com 163.com 126.com yeah.net sina.com 139.com gmail.com outlook.com hotmail.com".split()
)
"""Addresses that anyone may have say nothing about a tie."""
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
    _no_tie(application, person)


def _may_choose(application: Application, part: str) -> bool:
    return part == Role.EVALUATOR and application.round.evaluation != Evaluating.NONE


def _no_tie(application: Application, person: User) -> None:
    """Known ties refuse; without data the answer is "unknown, declared", never "independent"."""
    owner = application.applicant
    if Membership.objects.filter(user=person, enterprise=owner).exists():
        raise Refused(_("This person acts or acted for the applicant."), code="independent", field="user")
    bodies = person.bodies.all()
    same = bodies.filter(legal_representative=owner.legal_representative).exclude(legal_representative="")
    if same.exists():
        raise Refused(_("The body and the applicant have the same legal representative."), code="independent")
    domain = owner.contact_email.rpartition("@")[2].lower()
    if domain and domain not in PUBLIC_MAIL and person.email.lower().endswith(f"@{domain}"):
        raise Refused(_("The person and the applicant share an e-mail domain."), code="independent")


def _declared_by(application: Application, by: Any) -> None:
    if not application.seats.current().filter(user=by).exclude(declared="").exists():
        raise Refused(
            _("Declare your independence for this case first."), code="independent", field="declared"
        )


@guard("within_cap", asks=True)
def _within_cap(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    application = application_of(case)
    if inputs.get("part") != Role.EVALUATOR or application.level != Level.NATIONAL:
        return
    own = Body.objects.filter(members=inputs.get("user")).values_list("legal_representative", flat=True)
    bodies = Body.objects.select_for_update().filter(legal_representative__in=list(own))
    staff = User.objects.filter(bodies__in=[body.pk for body in bodies])
    taken = Seat.objects.filter(
        part=Role.EVALUATOR, user__in=staff, application__level=Level.NATIONAL, since_on__year=today().year
    )
    if taken.values("application").distinct().count() >= CAP:
        raise Refused(
            _(
                "This legal representative's bodies have %(cap)d national evaluations this year, which is the limit."
            )
            % {"cap": CAP},
            code="within_cap",
            field="user",
        )


@guard("author_reviewer_signatory", asks=True)
def _three_people(_case: Case, by: Any, inputs: Mapping[str, Any]) -> None:
    names = {str(inputs.get(key) or "").strip().lower() for key in ("technical_reviewer", "signatory")}
    author = (by.get_full_name() or by.get_username()).strip().lower()
    if "" in names or len(names | {author}) < 3:  # noqa: PLR2004 - three people
        raise Refused(
            _("Author, technical reviewer and signatory must be three different people."),
            code="author_reviewer_signatory",
            field="technical_reviewer",
        )


@guard("all_points", asks=True)
def _all_points(case: Case, _by: Any, inputs: Mapping[str, Any]) -> None:
    given = inputs.get("points") or {}
    indicators = application_of(case).scheme_version.definition.indicators
    wrong = [item.code for item in indicators if not _within(given.get(item.code), item.weight)]
    if wrong:
        raise Refused(
            _("Points from 0 to the weight, with a reason, are missing for: %(codes)s.")
            % {"codes": ", ".join(wrong)},
            code="all_points",
            field="points",
        )


def _within(entry: Any, weight: Decimal) -> bool:
    if not isinstance(entry, dict) or not str(entry.get("reason") or "").strip():
        return False
    try:
        return 0 <= Decimal(str(entry.get("points"))) <= weight
    except InvalidOperation:
        return False
