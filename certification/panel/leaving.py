"""What falls back when a person leaves: the seats that they hold and have not filled yet."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from certification.application.models import Application, Seat
from certification.evaluation.actions import give_up
from certification.panel.models import PanelScore
from certification.verification.models import Verification
from certification.workflow import OPEN
from greenchain.accounts.models import Role
from greenchain.audit.models import AuditEntry
from greenchain.audit.trail import record, subscribe

LEFT = "left"


@subscribe("leave")
def fall_back(_entry: AuditEntry, person: Any) -> None:
    """Cases return to the desk, evaluators' and experts' seats are free for the next; what was given stays."""
    scored = PanelScore.objects.filter(application=OuterRef("application"), expert=OuterRef("user"))
    held = Seat.objects.current().filter(user=person, application__status__in=OPEN.split())
    unfilled = held.exclude(Q(part=Role.EXPERT) & Q(Exists(scored))).select_related("application")
    for seat in unfilled.select_for_update(of=("self",)).order_by("pk"):
        give_up(seat, LEFT)
        _tell(seat.application, person, seat.part)
    planned = Verification.objects.filter(team=person, state=Verification.State.PLANNED)
    for visit in planned.select_related("application").order_by("pk"):
        _tell(visit.application, person, "visit", visit=visit.pk)


def _tell(case: Application, person: Any, part: str, **more: Any) -> None:
    record("fall_back", case, by=None, user=person.pk, name=person.get_username(), part=part, **more)
