"""Who answers a complaint: officers of the one authority, and nobody who took part in what it is about."""

from typing import Any

from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.body.models import Body
from certification.complaint.models import OFFICERS, Complaint
from certification.designation.models import Designation
from certification.workflow import Status
from greenchain.accounts.models import Role, User
from greenchain.accounts.posts import serves
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import chain_of, history
from greenchain.refusals import NotYours, Refused
from suppliers.place.models import Authority, Level


def authority_for(about: Any) -> Authority:
    """Who keeps the title, or registered the body; a body that an administrator registered is the nation's."""
    if isinstance(about, Designation):
        return about.authority
    entry = history(about).filter(verb="approve_body").order_by("-seq").first()
    by = entry.actor.authority if entry and entry.actor else None
    return by or Authority.objects.filter(level=Level.NATIONAL).order_by("path")[0]


def must_stand(about: Any) -> None:
    """Refused for a title that has ended and a body that is not registered."""
    if isinstance(about, Body):
        stands = about.status == Body.Status.REGISTERED
    else:
        stands = about.status in {Status.CURRENT, Status.SUSPENDED}
    if not stands:
        raise Refused(_("There is nothing left to take away: it is no longer in force."), code="ended")


def took_part(complaint: Complaint, person: Any) -> bool:
    """Whether the person left an entry on the title, its case or the body, or complains."""
    return complaint.by_id == person.pk or person.pk in parts_in(complaint)


def parts_in(complaint: Complaint) -> set[int]:
    """Who left an entry on the title, its case or the body."""
    chains = [chain_of(complaint.subject)]
    if complaint.designation is not None:
        number = complaint.designation.basis_detail.get("application", "")
        chains += [chain_of(case) for case in Application.objects.filter(number=number)]
    done = AuditEntry.objects.filter(chain__in=chains, actor__isnull=False)
    return set(done.order_by().values_list("actor", flat=True).distinct())


def answering(complaint: Complaint) -> Authority:
    """The nearest authority, its own first and then upwards, with an approver who took no part; else its own.

    As for moves (``capacity``), but who is only away for a time still counts: a complaint that went up stays there.
    """
    lineage = list(Authority.objects.above(complaint.authority))
    apart = User.objects.filter(role=Role.APPROVER, is_active=True, authority__in=lineage)
    apart = apart.exclude(pk__in={*parts_in(complaint), complaint.by_id or 0})
    left = set(apart.values_list("authority", flat=True))
    return next((each for each in lineage if each.pk in left), complaint.authority)


def has_office(complaint: Complaint, person: Any, *roles: str) -> bool:
    """Whether the person is an officer of the complaint's authority, in one of the roles."""
    return person.is_active and person.role in roles and serves(person, complaint.authority_id)


def must_be_apart(complaint: Complaint, person: Any, *roles: str) -> None:
    """Refuse all but officers of the authority in these roles who took no part."""
    if not has_office(complaint, person, *roles):
        raise NotYours(_("Officers of the authority that answers do this."), code="role")
    if took_part(complaint, person):
        raise NotYours(
            _("You took part in this case earlier; somebody else must do this."), code="apart_from"
        )


def takes_up(complaint: Complaint, person: Any) -> bool:
    """Whether the person may take it up."""
    return has_office(complaint, person, *OFFICERS) and not took_part(complaint, person)


def has_it(complaint: Complaint, person: Any) -> bool:
    """Whether the person took it up."""
    return complaint.taken_by_id == person.pk and takes_up(complaint, person)


def decides(complaint: Complaint, person: Any) -> bool:
    """Whether the person may decide it."""
    return has_office(complaint, person, Role.APPROVER) and not took_part(complaint, person)
