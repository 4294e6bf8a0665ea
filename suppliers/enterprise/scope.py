"""Who sees what belongs to an enterprise: its members, and the officials who answer for its place."""

from typing import TYPE_CHECKING

from django.db.models import Model, Q, QuerySet

from greenchain.accounts.models import Role
from suppliers.place.models import Authority, Level

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from greenchain.accounts.models import User

    Viewer = User | AnonymousUser

NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING


def member_of(user: "Viewer") -> "QuerySet[Model, int]":
    """Keys of the enterprises that ``user`` is a member of today."""
    from suppliers.enterprise.people import Membership  # noqa: PLC0415 - the models are scoped by this module

    return Membership.objects.current().filter(user=user.pk).values_list("enterprise_id", flat=True)


def enterprise_scope(user: "Viewer", enterprise: str, *regions: str) -> Q:
    """The rows ``user`` may see, as a condition.

    ``enterprise`` is the lookup of the enterprise ("pk" on the enterprise itself); ``regions`` are
    lookups of the regions whose desks answer for the row, what lies abroad or has no desk
    is seen by national officials. Evaluators and experts work on the
    frozen dossier, administrators have no power over cases: they see nothing here.
    """
    if not user.is_authenticated or not user.is_active:
        return NOTHING
    if user.role == Role.ENTERPRISE:
        return Q(**{f"{enterprise}__in": member_of(user)})
    if not user.is_official or user.authority is None:
        return NOTHING
    return desk_scope(user.authority, *regions)


def desk_scope(authority: Authority, *regions: str) -> Q:
    """The rows with one of ``regions`` under ``authority``; the nation also answers for what has no desk."""
    if authority.rank == Level.NATIONAL:
        return EVERYTHING
    desks = Authority.objects.under(authority)
    condition = Q()
    for region in regions:
        condition |= Q(**{f"{region}__desk__in": desks})
    return condition


def common_scope(user: "Viewer") -> Q:
    """Rows with an enterprise and an optional site: ``enterprise_scope``, and what concerns all its sites.

    An official who answers for a site sees what is kept for all sites (a certificate, a violation), not
    what belongs to a site elsewhere.
    """
    from suppliers.enterprise.identity import Enterprise  # noqa: PLC0415 - the models are scoped by this module

    condition = enterprise_scope(user, "enterprise", "enterprise__region", "site__region")
    if user.is_authenticated and user.is_active and user.is_official and user.authority is not None:
        condition |= Q(site__isnull=True, enterprise__in=Enterprise.objects.sited_under(user.authority))
    return condition
