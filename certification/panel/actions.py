"""The panel's verbs: score, conclude."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from certification.application.guards import at_desk
from certification.application.models import Application
from certification.panel.models import PanelScore
from certification.workflow import Status


@transaction.atomic
def score(
    application: Application, *, by: Any, points: Decimal, reasons: str, declared: str = ""
) -> PanelScore:
    """The expert declared independence and the points stand; nobody sees them before all are in."""
    if declared.strip():
        application.seats.current().filter(user=by).update(declared=declared.strip())
    application.advance("score", by=by, points=points, reasons=reasons, declared=declared)
    return PanelScore.objects.create(application=application, expert=by, points=points, reasons=reasons)


@transaction.atomic
def conclude(application: Application, *, by: Any) -> Application:
    """The panel is done; the case may be selected."""
    application.advance("conclude", by=by)
    application.due_on = at_desk(application, application.desk, Status.SELECTION).changes["due_on"]
    application.save(update_fields=["due_on"])
    return application
