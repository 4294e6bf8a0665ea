"""What keeps an expert from a case: field, employer, declared ties, an earlier part, a colleague on the panel.

Ties are computed from what experts, applicants and bodies declared; employers, advice and memberships count for three
years, as for evaluation bodies. The first reason found is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from certification.application.models import Application, Seat
from certification.body.mail import own_domains, shared
from certification.evaluation.independence import Applicant, Party, same
from certification.evaluation.models import Engagement
from certification.panel.models import Expert
from certification.scheme.subject import owner_of
from greenchain.audit.trail import history
from greenchain.clock import today

REASONS: Mapping[str, Any] = {
    "away": _("not in the pool, or away"),
    "scheme": _("does not judge this scheme"),
    "industry": _("does not know this industry"),
    "pool": _("stands in another authority's pool"),
    "part": _("took part in this case earlier"),
    "member": _("acts for the applicant, or did within three years"),
    "employer": _("works for the applicant or one of its owners"),
    "tie": _("declared a tie to the applicant"),
    "mail": _("shares an e-mail domain with the applicant"),
    "body": _("works for, or is tied to, the body that evaluated the case"),
    "colleague": _("has the same employer as another expert of this panel"),
}
"""Why somebody is left out of a draw, by code."""


@dataclass
class Matter:
    """What a case brings to the question, read once for any number of experts."""

    application: Application

    @cached_property
    def applicant(self) -> Applicant:
        """The applicant as it declared itself."""
        return Applicant(self.application.applicant, today())

    @cached_property
    def industry(self) -> str:
        """The division of the subject's industry; "" where none is known."""
        subject = self.application.subject
        found = getattr(subject, "industry_id", None) or self.application.applicant.industry_id
        found = found or getattr(owner_of(subject), "industry_id", None)
        return str(found or "")[:2]

    @cached_property
    def parts(self) -> set[int]:
        """Who did something in this case or had a seat in it."""
        acted = history(self.application).filter(actor__isnull=False).values_list("actor", flat=True)
        seated = Seat.objects.filter(application=self.application).values_list("user", flat=True)
        return {*filter(None, acted), *seated}

    @cached_property
    def bodies(self) -> list[Any]:
        """The bodies that evaluated or were asked to."""
        rows = Engagement.objects.filter(seat__application=self.application).select_related("body")
        return list({row.body_id: row.body for row in rows.prefetch_related("body__members")}.values())

    @cached_property
    def owners(self) -> list[Party]:
        """The applicant's names, and who owns it."""
        return [*self.applicant.parties, *self.applicant.owners]


def left_out(expert: Expert, matter: Matter) -> str:
    """The code of what keeps the expert from the case; "" for nothing."""
    case = matter.application
    if not expert.listed or expert.is_away:
        return "away"
    if expert.schemes and case.scheme_version.scheme.key not in expert.schemes:
        return "scheme"
    if expert.divisions and matter.industry and matter.industry not in expert.divisions:
        return "industry"
    if expert.authority is not None and not expert.authority.covers(case.home):
        return "pool"
    if expert.user_id in matter.parts:
        return "part"
    return tie(expert, matter)


def tie(expert: Expert, matter: Matter) -> str:
    """The code of what ties the expert to the applicant or to a body of the case; "" for nothing."""
    employer = (expert.employer, expert.employer_identifier)
    declared = [
        (row.name, row.identifier) for row in expert.ties.all() if row.reaches(matter.applicant.since)
    ]
    if expert.user_id in matter.applicant.people:
        return "member"
    if _any(matter.owners, [employer]):
        return "employer"
    if _any(matter.owners, declared):
        return "tie"
    if shared(own_domains([expert.user.email]), matter.applicant.domains):
        return "mail"
    for body in matter.bodies:
        if expert.user in body.members.all() or _any([(body.name, body.identifier)], [employer, *declared]):
            return "body"
    return ""


def colleagues(one: Expert, others: Iterable[Expert]) -> bool:
    """Whether one of the others has the same employer."""
    mine = (one.employer, one.employer_identifier)
    return any(same(mine, (other.employer, other.employer_identifier)) for other in others)


def _any(some: Iterable[Party], others: Iterable[Party]) -> bool:
    others = list(others)
    return any(same(one, other) for one in some for other in others)
