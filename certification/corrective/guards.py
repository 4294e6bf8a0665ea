"""What keeps a desk from endorsing: a major nonconformity that is not corrected."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import ngettext

from certification.application.guards import application_of
from certification.application.models import Application
from certification.corrective.models import Nonconformity, Severity
from certification.rules import guard
from certification.workflow import Case
from greenchain.refusals import Refused

RAISED = "raise_nonconformity"


@guard("nonconformities_closed")
def _nonconformities_closed(case: Case, _by: Any, _inputs: Mapping[str, Any]) -> None:
    count = _major(application_of(case))
    if count:
        words = ngettext(
            "%(count)d major nonconformity is not corrected yet.",
            "%(count)d major nonconformities are not corrected yet.",
            count,
        )
        raise Refused(words % {"count": count}, code="nonconformities_closed")


def _major(application: Application) -> int:
    """How many major ones are open; a case in hand whose record has none is not asked."""
    if application.hand and all(entry.verb != RAISED for entry in application.hand.entries):
        return 0
    return Nonconformity.objects.unsettled().filter(application=application, severity=Severity.MAJOR).count()
