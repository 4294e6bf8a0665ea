"""Cases of desks below that came up to an official, because nobody is left there who may act (``capacity``)."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from certification.application.models import Application
from certification.capacity import ALL
from certification.workflow import Move, Status, table
from greenchain.accounts.models import Absence, Role, User
from greenchain.accounts.posts import away, places_of
from greenchain.audit.models import AuditEntry
from suppliers.place.models import Authority

NEXT: Mapping[str, Mapping[str, str]] = {
    Role.AUDITOR: {Status.EXAMINATION: "endorse", Status.PANEL: "conclude"},
    Role.APPROVER: {Status.SELECTION: "select", Status.NOTICE: "dismiss", Status.DECISION: "grant"},
}
"""The move that a case waits for, by who makes it and by its status."""
AT_DESK = ("pk", "parent", "parent__parent")
AT_CASE = ("desk", "desk__parent", "desk__parent__parent")
"""A desk and the authorities above it, as deep as the tree goes below the nation."""


def gone_up_to(user: Any) -> QuerySet[Application]:
    """The open cases below at which nobody nearer may make the next move; those where the person stands in are not."""
    moves = NEXT.get(user.role, {}) if user.is_official else {}
    rows = {verb: next(row for row in table("A") if row.verb == verb) for verb in moves.values()}
    below = Application.objects.visible_to(user).exclude(desk__in=places_of(user))
    waiting = [_waiting(user, status, rows[verb]) for status, verb in moves.items()]
    return below.filter(reduce(or_, waiting)) if waiting else below.none()


def _waiting(user: Any, status: str, move: Move) -> Q:
    """Cases of the status with nobody left; asked of each desk, and of each case only where a part could bar."""
    if _bars(move, user.role):
        return Q(status=status) & ~_left(user, AT_CASE, move)
    deserted = Authority.objects.under(user.authority).filter(~_left(user, AT_DESK))
    return Q(status=status, desk__in=deserted.values("pk"))


def _bars(move: Move, role: str) -> bool:
    """Whether something that the role does could bar from the move; of who changed roles the case's page knows."""
    own = {row.verb for row in table("A") if any(each.startswith(f"{role}@") for each in row.roles)}
    return ALL in move.apart_from or not own.isdisjoint(move.apart_from)


def _left(user: Any, lineage: Sequence[str], move: Move | None = None) -> Q:
    """Whether somebody at the desk, or between it and the person's authority, may make the move."""
    here = User.objects.filter(
        ~away("pk"), _apart(move, "pk"), _between(user, lineage, ""), role=user.role, is_active=True
    )
    filled = Absence.objects.running().filter(
        ~away("stand_in"),
        _apart(move, "stand_in"),
        _between(user, lineage, "person__"),
        person__role=user.role,
        person__is_active=True,
        stand_in__role=user.role,
        stand_in__is_active=True,
    )
    return Q(Exists(here)) | Q(Exists(filled.exclude(stand_in=user)))


def _between(user: Any, lineage: Sequence[str], prefix: str) -> Q:
    """Who serves the desk or an authority above it, and one below the person's own."""
    at_one = reduce(or_, (Q(**{f"{prefix}authority": OuterRef(desk)}) for desk in lineage))
    within = Q(**{f"{prefix}authority__path__startswith": user.authority.path})
    return at_one & within & ~Q(**{f"{prefix}authority": user.authority_id})


def _apart(move: Move | None, key: str) -> Q:
    """Whether no earlier part in the case keeps the person of a row (its field ``key``) from the move."""
    if move is None:
        return Q()
    chain = Concat(Value("application:"), Cast(OuterRef(OuterRef("pk")), CharField()))
    done = AuditEntry.objects.filter(chain=chain, actor=OuterRef(key))
    verbs = [verb.removeprefix("-") for verb in move.apart_from]
    apart = done.exclude(verb__in=verbs) if ALL in move.apart_from else done.filter(verb__in=verbs)
    return ~Q(Exists(apart))
