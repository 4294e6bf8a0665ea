"""Cases of desks below that came up to an official, because nobody is left there who may act (``capacity``)."""

from collections.abc import Mapping
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

NEXT: Mapping[str, Mapping[str, str]] = {
    Role.AUDITOR: {Status.EXAMINATION: "endorse", Status.PANEL: "conclude"},
    Role.APPROVER: {Status.SELECTION: "select", Status.NOTICE: "dismiss", Status.DECISION: "grant"},
}
"""The move that a case waits for, by who makes it and by its status."""


def gone_up_to(user: Any) -> QuerySet[Application]:
    """The open cases below at which nobody nearer may make the next move; those where the person stands in are not."""
    moves = NEXT.get(user.role, {}) if user.is_official else {}
    rows = {verb: next(row for row in table("A") if row.verb == verb) for verb in moves.values()}
    below = Application.objects.visible_to(user).exclude(desk__in=places_of(user))
    waiting = [Q(status=status) & ~_left(user, rows[verb]) for status, verb in moves.items()]
    return below.filter(reduce(or_, waiting)) if waiting else below.none()


def _left(user: Any, move: Move) -> Q:
    """Whether somebody at the desk, or between it and the person's authority, may make the move."""
    here = User.objects.filter(
        ~away("pk"), ~_took_part(move, "pk"), _between(user, ""), role=user.role, is_active=True
    )
    filled = Absence.objects.running().filter(
        ~away("stand_in"),
        ~_took_part(move, "stand_in"),
        _between(user, "person__"),
        person__role=user.role,
        person__is_active=True,
        stand_in__role=user.role,
        stand_in__is_active=True,
    )
    return Q(Exists(here)) | Q(Exists(filled.exclude(stand_in=user)))


def _between(user: Any, prefix: str) -> Q:
    """Who serves the case's desk or an authority above it, and one below the person's own: three deep at most."""
    lineage = ("desk", "desk__parent", "desk__parent__parent")
    at_one = reduce(or_, (Q(**{f"{prefix}authority": OuterRef(desk)}) for desk in lineage))
    within = Q(**{f"{prefix}authority__path__startswith": user.authority.path})
    return at_one & within & ~Q(**{f"{prefix}authority": user.authority_id})


def _took_part(move: Move, key: str) -> Q:
    """Whether the person of a row (its field ``key``) is kept from the move by an earlier part in the case."""
    if not move.apart_from:
        return Q(pk__in=[])
    chain = Concat(Value("application:"), Cast(OuterRef(OuterRef("pk")), CharField()))
    done = AuditEntry.objects.filter(chain=chain, actor=OuterRef(key))
    verbs = [verb.removeprefix("-") for verb in move.apart_from]
    apart = done.exclude(verb__in=verbs) if ALL in move.apart_from else done.filter(verb__in=verbs)
    return Q(Exists(apart))
