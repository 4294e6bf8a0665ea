"""What a member may do for their enterprise."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from greenchain.accounts.models import Role
from greenchain.refusals import NotYours
from suppliers.enterprise.identity import Enterprise
from suppliers.enterprise.people import Membership

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from suppliers.enterprise.scope import Viewer

CAN = {
    "view": ("owner", "editor", "viewer"),
    "edit": ("owner", "editor"),
    "own": ("owner",),
}


def may(user: "Viewer", enterprise: Enterprise, what: str) -> bool:
    """Whether ``user`` may "view", "edit" or "own" the enterprise's affairs as a member today."""
    if not user.is_authenticated or not user.is_active or user.role != Role.ENTERPRISE:
        return False
    return Membership.objects.current().filter(user=user, enterprise=enterprise, role__in=CAN[what]).exists()


def must(user: "Viewer", enterprise: Enterprise, what: str) -> None:
    """Raise NotYours unless ``user`` may "edit" or "own"."""
    if may(user, enterprise, what):
        return
    if what == "own":
        raise NotYours(_("Only an owner of the enterprise may do this."), code="role")
    raise NotYours(_("Only owners and editors of the enterprise may do this."), code="role")


def kept_by(user: "Viewer") -> "QuerySet[Enterprise]":
    """The enterprises for which ``user`` may enter and change things today."""
    mine = Membership.objects.current().filter(user=user.pk, role__in=CAN["edit"])
    return Enterprise.objects.filter(pk__in=mine.values("enterprise"))
