"""A desk's queue: hand cases to a colleague, share them out evenly, keep views of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from certification.application.models import Application
from certification.evaluation.actions import assign
from certification.queue.loads import held_at, load_of
from certification.queue.models import SavedView
from certification.workflow import Status
from greenchain.accounts.models import Role
from greenchain.audit.trail import record
from greenchain.clock import today
from greenchain.refusals import NotYours, Refused
from suppliers.place.models import Authority

FILTERS = frozenset("where who due heard status level scheme round q o".split())
"""What of the queue's address a view keeps."""
MOST = 20
"""Views that one person keeps."""


@transaction.atomic
def hand_to(applications: Sequence[Application], *, by: Any, user: Any) -> list[Application]:
    """The colleague has the cases now, and whoever of the desk had them has them no longer; all of them, or none."""
    _queue_up(by)
    return [case for case in applications if _hand(case, by, user)]


@transaction.atomic
def share_out(applications: Sequence[Application], *, by: Any) -> list[Application]:
    """The cases under examination that nobody has go to the desk's auditors, each to who has least and may have it."""
    _queue_up(by)
    taken = set(held_at(by.authority_id).values_list("application", flat=True))
    free = [case for case in applications if case.status == Status.EXAMINATION and case.pk not in taken]
    if not free:
        raise Refused(
            _("None of these cases is under examination and without an auditor."), code="already_done"
        )
    loads = load_of(by)
    for case in free:
        person = _least(case, by, loads)
        loads[person] += 1
    return free


def _least(case: Application, by: Any, loads: Mapping[Any, int]) -> Any:
    """Hand the case to the first, by load, whom neither an earlier part nor a tie keeps from it."""
    for person in sorted(loads, key=lambda each: (loads[each], each.pk)):
        try:
            with transaction.atomic():
                _hand(case, by, person)
        except NotYours:
            raise
        except Refused as no:
            if no.code not in {"independent", "apart_from"}:
                raise
        else:
            return person
    raise Refused(
        _(
            "Nobody at this desk may examine %(case)s: each took part in it, is tied to the applicant or is away."
        )
        % {"case": case},
        code="nobody_left",
    )


def _hand(case: Application, by: Any, user: Any) -> bool:
    """Whether the case changed hands."""
    seats = case.seats.current().filter(part=Role.AUDITOR, user__authority=case.desk_id)
    if seats.filter(user=user).exists():
        return False
    if case.is_apart("endorse", user):
        message = _("%(person)s took part in %(case)s earlier; somebody else must examine it.")
        raise Refused(message % {"person": user, "case": case}, code="apart_from", field="user")
    assign(case, by=by, user=user, part=Role.AUDITOR)
    seats.exclude(user=user).update(until_on=today(), ended="handed over")
    return True


def _queue_up(by: Any) -> None:
    """Two who share out at once must see each other's work: the desk's row is the queue."""
    if by.role != Role.AUDITOR or by.authority_id is None:
        raise NotYours(_("Auditors hand out the cases of their desk."), code="role")
    Authority.objects.select_for_update().get(pk=by.authority_id)


@transaction.atomic
def save_view(*, by: Any, name: str, query: Mapping[str, str], is_default: bool = False) -> SavedView:
    """The view stands under its name, in place of an older one of that name; at most one is shown first."""
    if not by.is_official:
        raise NotYours(_("Only officials keep views of the queue."), code="role")
    kept = {key: str(value)[:200] for key, value in query.items() if key in FILTERS and value}
    own = SavedView.objects.visible_to(by)
    if not name.strip():
        raise Refused(_("Give the view a name."), code="name", field="name")
    if own.exclude(name=name.strip()).count() >= MOST:
        raise Refused(_("You keep %(most)d views already; remove one first.") % {"most": MOST}, code="most")
    if is_default:
        own.update(is_default=False)
    view, _created = own.update_or_create(
        user=by, name=name.strip()[:40], defaults={"query": kept, "is_default": is_default}
    )
    record("save_view", view, by=by, name=view.name, query=kept, is_default=is_default)
    return view


@transaction.atomic
def drop_view(view: SavedView, *, by: Any) -> None:
    """The view is gone."""
    if view.user_id != by.pk:
        raise NotYours(_("This view is somebody else's."), code="not_yours")
    record("drop_view", view, by=by, name=view.name)
    view.delete()
