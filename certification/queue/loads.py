"""Who of a desk has how many cases."""

from typing import Any

from django.db.models import Count, Q

from certification.application.models import Seat
from certification.workflow import Status
from greenchain.accounts.models import Role, User
from greenchain.accounts.posts import away


def colleagues(user: Any) -> Any:
    """The auditors of the person's desk, the person among them."""
    return User.objects.filter(
        role=Role.AUDITOR, authority=user.authority_id, authority__isnull=False, is_active=True
    ).order_by("username")


def held_at(desk: int) -> Any:
    """The seats by which auditors of a desk have cases that it examines now."""
    return Seat.objects.current().filter(
        part=Role.AUDITOR,
        user__authority=desk,
        application__desk=desk,
        application__status=Status.EXAMINATION,
    )


def load_of(user: Any) -> dict[Any, int]:
    """How many cases under examination each auditor of the desk has who is not away; those without any too."""
    mine = Q(seats__in=held_at(user.authority_id))
    counted = colleagues(user).filter(~away("pk")).annotate(load=Count("seats", filter=mine, distinct=True))
    return {person: person.load for person in counted}
