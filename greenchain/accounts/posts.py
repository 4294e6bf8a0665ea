"""The posts of a role at authorities, and who fills each today: its holder, the stand-in of who is away, or nobody."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from greenchain.accounts.models import Absence, User


@dataclass(frozen=True, slots=True)
class Post:
    """A person's post at the authority with the code ``place``; ``filled_by`` is a person's key."""

    place: str
    holder: str
    filled_by: int | None
    stood_in: bool = False


def away(key: str) -> Exists:
    """Whether the person of a row (its field ``key``) is away today."""
    return Exists(Absence.objects.running().filter(person=OuterRef(key)))


def serves(user: Any, authority: int) -> bool:
    """Whether the person acts at the authority (its key) today: their own, or where they stand in."""
    return bool(user.authority_id == authority) or (
        user.is_official and places_of(user).filter(authority=authority).exists()
    )


def served_by(user: Any) -> QuerySet[User]:
    """The person, and those of the same role for whom they stand in today."""
    for_them = Absence.objects.running().filter(stand_in=user.pk).values("person")
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=for_them, role=user.role, is_active=True))


def places_of(user: Any) -> QuerySet[Any]:
    """The authorities at which the person acts in their role today: their own, and where they stand in."""
    return served_by(user).filter(authority__isnull=False).values("authority")


def posts(role: str, places: Iterable[str]) -> list[Post]:
    """The posts of a role at the authorities with these codes: one query."""
    running = Absence.objects.running().filter(person=OuterRef("pk"))
    here = ~Exists(Absence.objects.running().filter(person=OuterRef("stand_in")))
    filling = running.filter(here, stand_in__role=role, stand_in__is_active=True).values("stand_in")[:1]
    rows = (
        User.objects.filter(role=role, is_active=True, authority__code__in=places)
        .annotate(away=Exists(running), filling=Subquery(filling))
        .values_list("pk", "username", "authority__code", "away", "filling")
    )
    return [
        Post(place, name, filling if is_away else key, stood_in=is_away)
        for key, name, place, is_away, filling in rows
    ]
