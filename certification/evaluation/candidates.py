"""Who may evaluate a case: each body with its ties, what it has taken this year, and why not."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.body.conditions import lacking
from certification.body.models import Body
from certification.evaluation.guards import CAP
from certification.evaluation.independence import Answer, Applicant, Aspect, overall, ties, with_lists
from certification.evaluation.models import Engagement
from greenchain.clock import today
from greenchain.languages import pick
from suppliers.place.models import Level


@dataclass(frozen=True, slots=True)
class Candidate:
    """A body as the desk, or an applicant who may choose, meets it before assigning."""

    body: Body
    people: list[Any]
    answer: Answer
    aspects: list[Aspect]
    taken: int | None
    """National evaluations of the year by the legal representative's bodies; None where the cap does not count."""
    why_not: str

    @property
    def cap(self) -> int:
        """The year's limit."""
        return CAP


def candidates(application: Application) -> list[Candidate]:
    """Every registered body, those that may be assigned first; the number of queries does not grow."""
    applicant = Applicant(application.applicant, today())
    counted = _taken() if application.level == Level.NATIONAL else None
    bodies = with_lists(Body.objects.filter(status=Body.Status.REGISTERED)).order_by("name", "pk")
    found = [_candidate(body, application, applicant, counted) for body in bodies]
    return sorted(found, key=lambda each: (bool(each.why_not), each.answer != Answer.CLEAR))


def _candidate(
    body: Body, application: Application, applicant: Applicant, counted: dict[str, int] | None
) -> Candidate:
    aspects = ties(body, applicant)
    count = None if counted is None else counted.get(body.legal_representative, 0)
    reasons = list(_reasons(body, application, aspects, count))
    people = [person for person in body.members.all() if person.is_active]
    return Candidate(body, people, overall(aspects), aspects, count, " ".join(reasons))


def _reasons(body: Body, application: Application, aspects: list[Aspect], count: int | None) -> Iterator[str]:
    yield from (pick(each.reason) for each in aspects if each.answer == Answer.TIED)
    if any(sanction.holds for sanction in body.sanctions.all()):
        yield _("The body is sanctioned.")
    if application.subject_key not in body.scope:
        yield _("This body does not evaluate such a subject.")
    if lacking(body):
        yield _("The body does not meet the conditions today.")
    if count is not None and count >= CAP:
        yield _("The year's limit is reached.")


def _taken() -> dict[str, int]:
    """National evaluations of this year by legal representative."""
    rows = Engagement.objects.national_in(today().year).values_list("legal_representative")
    return dict(rows.annotate(count=Count("seat__application", distinct=True)))
